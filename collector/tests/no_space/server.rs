//! A PostgreSQL server on a full disk.

use purchase_collector::store::{DatabaseAddress, Store};

use crate::{
    erp::Erp,
    story::{self, Disk},
    world::{
        postgres::server::{Part, Server},
        process::Collector,
        small_disk,
    },
};

/// Room for the server's own tables, and some to fill.
const DATA_DISK: &str = "96m";

/// Room for some segments of the write-ahead log.
const LOG_DISK: &str = "8m";

/// A server with this part of it on a small disk.
struct OnDisk(Server, Part);

impl Disk for OnDisk {
    fn fill(&mut self) {
        self.0.tell("fill");
    }

    fn clear(&mut self) {
        self.0.tell("clear");
    }

    fn help(&mut self) {
        if matches!(self.1, Part::Log) {
            self.0.tell("revive");
        }
    }

    async fn stored(&self) -> Store {
        let address = DatabaseAddress::parse(&self.0.url("public")).expect("an address");
        Store::open(&address).await.expect("the database opens")
    }
}

async fn play(part: Part, size: &str, reason: &str) {
    let Some(server) = Server::start_on_disk(part, |folder| small_disk::command(folder, size)) else {
        return;
    };
    let settings = tempfile::tempdir().expect("a folder");
    let erp = Erp::start().await;
    let url = server.url("public");
    let destinations = erp.destinations(settings.path());
    let mut options = vec!["--database", &url, "--request-seconds-max", "3"];
    options.extend(destinations.iter().map(String::as_str));
    let collector = Collector::start(&options);
    story::play(&mut OnDisk(server, part), &collector, &erp, reason).await;
}

/// The server lives, and answers each write that needs room with an error (53100).
#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_tables_have_no_room() {
    play(Part::Data, DATA_DISK, "No space left on device").await;
}

/// The server ends all connections, and then itself if it finds no room when it starts again. An operator makes room and starts it.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_log_has_no_room() {
    play(Part::Log, LOG_DISK, "").await;
}
