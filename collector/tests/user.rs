//! `purchase-collector user`: who may sign in, over the program itself.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

const PASSWORD: &str = "correct horse battery";

/// Runs `user` with the password on standard input, or in the variable.
fn user(database: &Path, what: &[&str], password: &str, by_variable: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    command.arg("user").args(what).arg("--database").arg(database);
    command.env_remove("PURCHASE_USER_PASSWORD");
    if by_variable {
        command.env("PURCHASE_USER_PASSWORD", password);
    }
    let mut running = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = running.stdin.take().expect("its input is a pipe");
    if !by_variable {
        // A program that fails before it reads has closed its end.
        let _ = writeln!(input, "{password}");
    }
    drop(input);
    running.wait_with_output().expect("the program ends")
}

#[track_caller]
fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// The one sentence of what could not be done.
#[track_caller]
fn failure(output: &Output) -> String {
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).expect("text");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[test]
fn people_are_added_listed_changed_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.db");
    let does = |what: &[&str], by_variable| user(&file, what, PASSWORD, by_variable);
    printed(&does(&["add", "Ana@Shop.example", "--role", "admin"], true));
    printed(&does(&["add", "eva"], false));
    assert_eq!(
        printed(&does(&["list"], false)),
        "admin  ana@shop.example\nviewer  eva\n"
    );
    assert!(failure(&does(&["add", "eva"], true)).contains("user password eva"));
    printed(&does(&["password", "eva"], false));
    assert!(failure(&does(&["password", "nobody"], true)).contains("user list"));
    printed(&does(&["remove", "eva"], false));
    assert!(failure(&does(&["remove", "eva"], false)).contains("nobody named eva"));
    assert_eq!(printed(&does(&["list"], false)), "admin  ana@shop.example\n");
    let kept = std::fs::read(&file).expect("the database");
    let wal = std::fs::read(file.with_extension("db-wal")).unwrap_or_default();
    let kept = String::from_utf8_lossy(&[kept, wal].concat()).into_owned();
    assert!(kept.contains("$argon2id$") && !kept.contains(PASSWORD));
}

#[test]
fn a_short_password_is_refused_not_told_and_makes_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.db");
    for by_variable in [false, true] {
        let sentence = failure(&user(&file, &["add", "ana"], "too-short-one", by_variable));
        assert!(
            sentence.contains("at least 15 characters") && !sentence.contains("too-short-one"),
            "{sentence}"
        );
    }
    assert!(!file.exists());
}
