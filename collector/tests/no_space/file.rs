//! A file on a full disk.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::PathBuf,
    process::Command,
};

use purchase_collector::store::Store;
use tempfile::TempDir;

use crate::{
    erp::Erp,
    story::{self, Disk},
    world::{process::Collector, small_disk},
};

/// Room for the file and its log, and some to fill.
const DISK: &str = "16m";

/// The disk as this program sees it: through the collector that it belongs to.
struct OfCollector {
    process: u32,
    path: PathBuf,
    copies: TempDir,
}

impl Disk for OfCollector {
    fn fill(&mut self) {
        let mut ballast = File::create(self.path.join("ballast")).expect("a file");
        let full = loop {
            if let Err(full) = ballast.write_all(&[0; 4096]) {
                break full;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
    }

    fn clear(&mut self) {
        std::fs::remove_file(self.path.join("ballast")).expect("it is removed");
    }

    /// A copy of what is on the disk, as a collector would find it that starts after a power cut. SQLite itself would not find the
    /// way through the other process.
    async fn stored(&self) -> Store {
        let copy = tempfile::tempdir_in(&self.copies).expect("a folder").keep();
        signal("-STOP", self.process);
        for file in ["purchases.db", "purchases.db-wal"] {
            std::fs::copy(self.path.join(file), copy.join(file)).expect("it is copied");
        }
        signal("-CONT", self.process);
        let store = Store::open(&copy.join("purchases.db").into()).await;
        store.expect("the file opens")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_disk_is_full() {
    let (folder, settings) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let Some(mut command) = small_disk::command(folder.path(), DISK) else {
        return;
    };
    let erp = Erp::start().await;
    command.args([env!("CARGO_BIN_EXE_purchase-collector"), "serve"]);
    command.args(["--listen", "127.0.0.1:0", "--log", "json"]);
    command.args(erp.destinations(settings.path()));
    command.arg("--database").arg(folder.path().join("purchases.db"));
    let collector = Collector::spawn(command);
    let process = collector.id();
    let inside = folder.path().strip_prefix("/").expect("the path is absolute");
    let path = PathBuf::from(format!("/proc/{process}/root")).join(inside);
    let copies = tempfile::tempdir().expect("a folder");
    let mut disk = OfCollector { process, path, copies };
    story::play(&mut disk, &collector, &erp, "database or disk is full").await;
}

/// `kill` as the shell has it.
fn signal(name: &str, process: u32) {
    let signalled = Command::new("kill").args([name, &process.to_string()]).status();
    assert!(signalled.expect("kill runs").success());
}
