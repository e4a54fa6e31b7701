//! Erasing as an operator does it: `serve --retention-days`, and the command `erase` beside a collector that works.

#![cfg(unix)]

mod world;

use std::{
    io::Write,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use purchase_collector::{
    clock::now_ms,
    store::{Store, StoreError, Work, Writing, sql},
};
use serde_json::{Value, json};

use world::{
    World, call,
    process::{Collector, post},
};

const EMAIL: &str = "jane.doe@shop.example";

/// Longest wait for what must happen, in seconds.
const PATIENCE_SECONDS: u64 = 60;

const DAY_MS: i64 = 86_400_000;

/// An envelope with the buyer's address.
fn bought(site: &str, purchase_id: &str) -> String {
    let data = json!({ "purchase_id": purchase_id, "total_quantity": 1, "total_price": "5", "email": EMAIL });
    let mut envelope: Value = serde_json::from_str(&call("r", data)).expect("an envelope");
    envelope["site"] = json!(site);
    envelope["config"] = json!({ "contact": "email" });
    envelope.to_string()
}

/// The purchases that have their contact, by site and id.
async fn with_contact(store: &Store) -> Vec<(String, String)> {
    let select =
        "SELECT site, purchase_id FROM purchases WHERE purchase LIKE '%@%' OR envelope LIKE '%@%' ORDER BY 1, 2";
    store.all(sql(select)).await.expect("the rows")
}

/// When a purchase arrived, in milliseconds since 1970.
struct Arrived(&'static str, i64);

impl Work for Arrived {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let update = sql("UPDATE purchases SET received_at = $2 WHERE purchase_id = $1");
        writing.execute(update.bind(self.0).bind(self.1)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_erases_by_age_from_its_start_and_not_a_day_too_early() {
    let world = World::new(&[]).await;
    for (id, age) in [("young", 6 * DAY_MS), ("old", 7 * DAY_MS + 1)] {
        world.post(bought("demo", id)).await;
        assert_eq!(
            world.store.write(Arrived(id, now_ms() - age)).await.expect("written"),
            1
        );
    }
    let file = world.folder.path().join("purchases.db");
    let _collector = Collector::start(&["--retention-days", "7", "--database", file.to_str().expect("text")]);
    let started = Instant::now();
    while with_contact(&world.store).await.len() == 2 {
        assert!(
            started.elapsed() < Duration::from_secs(PATIENCE_SECONDS),
            "nothing is erased"
        );
        tokio::task::yield_now().await;
    }
    // One transaction erases all that is due.
    assert_eq!(
        with_contact(&world.store).await,
        [("demo".to_owned(), "young".to_owned())]
    );
}

/// What the command says; the address comes from standard input.
fn erase(database: &str, options: &[&str], email: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    command.args(["erase", "--database", database]).args(options).arg("-");
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = pipes.spawn().expect("the binary runs");
    let mut input = process.stdin.take().expect("a pipe");
    input.write_all(email.as_bytes()).expect("it reads");
    drop(input);
    let output = process.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("text"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_erased_beside_a_collector_that_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purchases.db");
    let database = file.to_str().expect("text");
    let collector = Collector::start(&["--database", database]);
    for site in ["demo", "other"] {
        let answer = post(&collector.address, &bought(site, "1"));
        assert!(answer.is_some_and(|(status, _)| status == 201));
    }
    let store = Store::open(&file.clone().into()).await.expect("the file opens");
    for wrong in ["", "@", "jane.doe", "two words@shop.example"] {
        let (code, said) = erase(database, &[], wrong);
        assert_eq!(
            (code, said.contains("give one e-mail address")),
            (Some(1), true),
            "{wrong:?}: {said}"
        );
    }
    let (code, said) = erase(database, &["--site", "other"], &format!("{}\n", EMAIL.to_uppercase()));
    assert_eq!((code, said.contains("from 1 purchases")), (Some(0), true), "{said}");
    assert_eq!(with_contact(&store).await, [("demo".to_owned(), "1".to_owned())]);
    let (code, said) = erase(database, &[], EMAIL);
    assert_eq!((code, said.contains("from 1 purchases")), (Some(0), true), "{said}");
    // What the browser repeats brings nothing back.
    let again = post(&collector.address, &bought("demo", "1"));
    assert!(again.is_some_and(|(status, _)| status == 200));
    assert_eq!(with_contact(&store).await, []);
}
