//! A file that cannot grow: 503, nothing acknowledged that is not stored, and recovery by itself.
//!
//! The system refuses the collector's writes beyond a size (`RLIMIT_FSIZE`), which needs no rights and no disk of its own. SQLite
//! sees it as a failing disk.

#![cfg(target_os = "linux")]

mod world;

use std::{collections::BTreeSet, process::Command};

use purchase_collector::store::{Store, sql};

use world::{
    envelope,
    process::{Collector, post},
};

/// Largest file of the collector at first, in blocks of 512 bytes: the tables and a few dozen purchases.
const BLOCKS_MAX: u32 = 2_500;

/// Most purchases until the file must be full.
const PURCHASES_MAX: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_stored_and_room_is_enough_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("purchases.db");
    let mut command = Command::new("sh");
    // Without the trap the system would end the process instead of refusing the write.
    let script = format!("trap '' XFSZ; ulimit -S -f {BLOCKS_MAX}; exec \"$@\"");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_purchase-collector"), "serve"]);
    command
        .args(["--listen", "127.0.0.1:0", "--log", "json", "--database"])
        .arg(&database);
    let collector = Collector::spawn(command);

    let mut acknowledged = BTreeSet::new();
    let mut refused = 0;
    for id in (0..PURCHASES_MAX).map(|id| id.to_string()) {
        let (status, answer) = post(&collector.address, &envelope("r", &id, "10.00")).expect("it answers");
        if status == 201 {
            acknowledged.insert(id);
            continue;
        }
        assert_eq!(status, 503, "{answer}");
        assert!(
            answer.to_ascii_lowercase().contains("\r\nretry-after: 30\r\n"),
            "{answer}"
        );
        refused += 1;
        if refused == 20 {
            break;
        }
    }
    assert!(
        refused == 20 && acknowledged.len() > 10,
        "{refused} refused of {}",
        acknowledged.len()
    );

    let process = collector.id().to_string();
    let room = Command::new("prlimit")
        .args(["--pid", &process, "--fsize=unlimited"])
        .status();
    assert!(room.expect("prlimit runs").success());
    for id in (PURCHASES_MAX..PURCHASES_MAX + 20).map(|id| id.to_string()) {
        let (status, answer) = post(&collector.address, &envelope("r", &id, "10.00")).expect("it answers");
        assert_eq!(status, 201, "it recovers by itself: {answer}");
        acknowledged.insert(id);
    }
    drop(collector);

    let store = Store::open(&database.into()).await.expect("the file opens");
    let stored: Vec<(String, i64)> = store
        .all(sql("SELECT purchase_id, deliveries FROM purchases"))
        .await
        .expect("the rows");
    assert!(stored.iter().all(|(_, deliveries)| *deliveries == 1), "{stored:?}");
    let stored: BTreeSet<_> = stored.into_iter().map(|(id, _)| id).collect();
    assert_eq!(acknowledged, stored);
}
