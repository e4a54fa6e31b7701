//! From a file to a PostgreSQL server, and from there to a dump and back: nothing is different afterwards.

#![cfg(unix)]

mod world;

use std::{
    path::Path,
    process::{Command, Output},
};

use purchase_collector::store::{DatabaseAddress, Store};
use serde_json::{Value, json};

use world::{
    World, envelope,
    postgres::server::{Server, programs},
    report,
};

/// Purchases: more than one statement moves.
const PURCHASES: usize = 1_100;

/// What the read API tells of everything.
async fn seen(url: &str) -> Vec<Value> {
    let address = DatabaseAddress::parse(url).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let router = world::router(&store, &world::serve_options(&[]));
    let bearer = format!("Bearer {}", world::TOKEN);
    let mut answers = Vec::new();
    for path in [
        "/v1/purchases?limit=1000",
        "/v1/purchases/demo/1",
        "/v1/purchases/demo/1100",
        "/v1/checkouts",
        "/v1/refusals",
    ] {
        let request = world::get(path, &[("authorization", &bearer)]);
        let answer = world::send(router.clone(), request).await;
        assert_eq!(answer.status, 200, "{path}");
        answers.push(answer.json());
    }
    store.close().await;
    answers
}

fn moved(from: &Path, to: &str) -> Output {
    let mut collector = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    collector.arg("move").arg(from).env("PURCHASE_DATABASE", to);
    collector.output().expect("the binary runs")
}

/// A program of PostgreSQL's, for this database of the server.
fn postgres_program(server: &Server, name: &str, database: &str, arguments: &[&str]) {
    let mut program = Command::new(programs().join(name));
    let address = format!(
        "postgres://postgres@localhost/{database}?host={}",
        server.folder().display()
    );
    program.args(arguments).arg(format!("--dbname={address}"));
    let output = program.output().expect("the program runs");
    assert!(output.status.success(), "{name}: {output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_to_a_server_and_a_dump_of_that_is_the_same_again() {
    let world = World::new(&[]).await;
    for id in 1..=PURCHASES {
        let body = envelope(&format!("r{id}"), &id.to_string(), "10.00");
        assert_eq!(world.post(body).await.status, 201);
    }
    // A conflict, a refusal, a checkout; and what is no ASCII.
    world.post(envelope("r1b", "1", "11.00")).await;
    world.post(envelope("bad", "ñ'\"\\", "ten")).await;
    world.post(report("c", &json!({ "gateway": "paypal" }))).await;
    world.store.close().await;
    let file = world.folder.path().join("purchases.db");
    let before = seen(file.to_str().expect("text")).await;
    assert_eq!(before[0]["purchases"].as_array().map(Vec::len), Some(1_000));
    for (place, list) in [(3, "checkouts"), (4, "refusals")] {
        assert_eq!(
            before[place][list].as_array().map(Vec::len),
            Some(1),
            "{}",
            before[place]
        );
    }

    let server = Server::start();
    let url = server.url("public");
    let output = moved(&file, &url);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(said.contains("\npurchases: 1100 rows\n"), "{said}");
    assert!(said.contains("deliveries: 1101 rows\n"), "{said}");
    assert_eq!(seen(&url).await, before);

    let again = moved(&file, &url);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    let sentence = String::from_utf8(again.stderr).expect("text");
    assert!(sentence.contains("has rows already"), "{sentence}");
    assert_eq!(seen(&url).await, before, "nothing is there twice");

    let dump = world.folder.path().join("purchases.dump");
    let dump = dump.to_str().expect("text");
    postgres_program(&server, "pg_dump", "postgres", &["--format=custom", "--file", dump]);
    let restore = ["--clean", "--if-exists", "--no-owner", dump];
    postgres_program(&server, "psql", "postgres", &["--command=CREATE DATABASE other"]);
    postgres_program(&server, "pg_restore", "other", &restore);
    let other = url.replace("/postgres?", "/other?");
    assert_eq!(seen(&other).await, before);
    // Over what is there, as after a disaster.
    postgres_program(&server, "pg_restore", "other", &restore);
    assert_eq!(seen(&other).await, before);
}

#[tokio::test]
async fn what_cannot_be_moved_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.db");
    for (to, part) in [
        ("postgres://localhost/x", "is no file"),
        ("other.db", "name the PostgreSQL database"),
    ] {
        let output = moved(&missing, to);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8(output.stderr).expect("text");
        assert!(text.contains(part) && text.trim_end().lines().count() == 1, "{text}");
    }
    assert!(!missing.exists());
}
