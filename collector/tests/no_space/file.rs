//! A file on a full disk.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use crate::{
    erp::Erp,
    story::{self, Disk},
    world::{process::Collector, small_disk},
};

/// Room for the file and its log, and some to fill.
const DISK: &str = "16m";

/// The disk as this program sees it: through the process that it belongs to.
struct OfProcess(PathBuf);

impl Disk for OfProcess {
    fn fill(&mut self) {
        let mut ballast = File::create(self.0.join("ballast")).expect("a file");
        let full = loop {
            if let Err(full) = ballast.write_all(&[0; 4096]) {
                break full;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
    }

    fn clear(&mut self) {
        std::fs::remove_file(self.0.join("ballast")).expect("it is removed");
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
    let root = PathBuf::from(format!("/proc/{}/root", collector.id()));
    let seen = root.join(folder.path().strip_prefix("/").expect("the path is absolute"));
    let database = seen.join("purchases.db").display().to_string();
    story::play(
        &mut OfProcess(seen),
        &collector,
        &erp,
        &database,
        "database or disk is full",
    )
    .await;
}
