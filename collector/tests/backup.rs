//! A copy of the file, taken while purchases arrive, and restored.

#![cfg(unix)]

mod world;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
};

use purchase_collector::store::{Store, sql};

use world::{
    envelope,
    process::{Collector, post},
};

/// Acknowledged purchases before the copy begins.
const BEFORE: usize = 100;

fn run(command: &str, database: &Path, copy: &Path) -> Output {
    let mut collector = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    collector.arg(command).arg("--database").arg(database).arg(copy);
    collector.output().expect("the binary runs")
}

/// The one sentence of a command that fails.
#[track_caller]
fn failure(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr).expect("the message is text");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_under_load_has_all_that_was_acknowledged_before_it_began() {
    let folder = tempfile::tempdir().expect("a folder");
    let (database, copy) = (folder.path().join("used.db"), folder.path().join("copy.db"));
    let collector = Collector::start(&["--database", database.to_str().expect("text")]);
    let (over, next, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(1), Mutex::new(BTreeSet::new()));
    let (notice, noticed) = mpsc::channel();
    let before = std::thread::scope(|scope| {
        for _ in 0..4 {
            let (address, over, next, acknowledged) = (&collector.address, &over, &next, &acknowledged);
            let notice = notice.clone();
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let id = next.fetch_add(1, Ordering::Relaxed).to_string();
                    let answer = post(address, &envelope(&format!("r{id}"), &id, "10.00"));
                    assert!(answer.is_some_and(|(status, _)| status == 201));
                    acknowledged.lock().expect("no panic").insert(id);
                    let _ = notice.send(());
                }
            });
        }
        for _ in 0..BEFORE {
            noticed.recv().expect("the collector answers");
        }
        let before = acknowledged.lock().expect("no panic").clone();
        let output = run("backup", &database, &copy);
        over.store(true, Ordering::Relaxed);
        assert!(output.status.success(), "{output:?}");
        before
    });
    drop(collector);

    let restored = folder.path().join("restored.db");
    let output = run("restore", &restored, &copy);
    assert!(output.status.success(), "{output:?}");
    let store = Store::open(&restored.into()).await.expect("the restored file opens");
    let stored: Vec<(String,)> = store
        .all(sql("SELECT purchase_id FROM purchases"))
        .await
        .expect("the rows");
    let stored: BTreeSet<_> = stored.into_iter().map(|(id,)| id).collect();
    assert!(
        before.len() >= BEFORE && before.is_subset(&stored),
        "{before:?} {stored:?}"
    );
}

#[tokio::test]
async fn a_page_that_is_damaged_is_noticed_before_it_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let store = Store::open(&path("used.db").into()).await.expect("a database");
    store.close().await;
    assert!(run("backup", &path("used.db"), &path("copy.db")).status.success());
    let mut bytes = fs::read(path("copy.db")).expect("the copy");
    // The last page is an index's, which nobody reads who only counts rows.
    let from = bytes.len() - 4_096;
    bytes[from..].fill(0xff);
    fs::write(path("copy.db"), &bytes).expect("a file");
    assert!(failure(run("restore", &path("new.db"), &path("copy.db"))).contains("damaged"));
    assert!(!path("new.db").exists());
}

#[tokio::test]
async fn what_an_interrupted_copy_left_behind_is_in_nobodys_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let store = Store::open(&path("used.db").into()).await.expect("a database");
    store.close().await;
    for (command, database, copy, left) in [
        ("backup", "used.db", "copy.db", "copy.db.unfinished"),
        ("restore", "new.db", "copy.db", "new.db.unfinished"),
    ] {
        fs::write(path(left), "half a copy".repeat(10_000)).expect("a file");
        let output = run(command, &path(database), &path(copy));
        assert!(output.status.success(), "{output:?}");
        assert!(!path(left).exists(), "{command}");
    }
    let store = Store::open(&path("new.db").into()).await.expect("it is restored");
    store.ping().await.expect("it answers");
}

#[tokio::test]
async fn nothing_is_overwritten_and_nothing_damaged_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let store = Store::open(&path("used.db").into()).await.expect("a database");
    store.close().await;
    assert!(run("backup", &path("used.db"), &path("copy.db")).status.success());
    assert!(failure(run("backup", &path("used.db"), &path("copy.db"))).contains("exists already"));
    assert!(failure(run("restore", &path("used.db"), &path("copy.db"))).contains("exists already"));
    assert!(failure(run("backup", &path("missing.db"), &path("other.db"))).contains("cannot be copied"));
    for companion in ["fresh.db-wal", "fresh.db-shm", "fresh.db-journal"] {
        fs::write(path(companion), "of another database").expect("a file");
        assert!(failure(run("restore", &path("fresh.db"), &path("copy.db"))).contains("exists already"));
        fs::remove_file(path(companion)).expect("it is there");
    }

    let mut bytes = fs::read(path("copy.db")).expect("the copy");
    let half = bytes.len() / 2;
    bytes.truncate(half);
    fs::write(path("half.db"), &bytes).expect("a file");
    assert!(failure(run("restore", &path("new.db"), &path("half.db"))).contains("damaged"));
    fs::write(path("text.db"), "no database".repeat(100)).expect("a file");
    assert!(failure(run("restore", &path("new.db"), &path("text.db"))).contains("damaged"));
    // Whole, but nothing of ours.
    fs::write(path("empty.db"), "").expect("a file");
    assert!(failure(run("restore", &path("new.db"), &path("empty.db"))).contains("damaged"));
    assert!(failure(run("backup", &path("empty.db"), &path("other.db"))).contains("damaged"));
    assert!(!path("new.db").exists() && !path("other.db").exists());

    let server = Path::new("postgres://nobody@localhost/nothing");
    assert!(failure(run("backup", server, &path("other.db"))).contains("pg_dump"));
}
