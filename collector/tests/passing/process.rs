//! A collector as a process of its own, that can be killed, and its database.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use purchase_collector::{
    passing::client::Client,
    store::{DatabaseAddress, Pass, Store},
};
use serde_json::{Value, json};

use crate::{orders::KEY, postgres, standins::StandIn};

/// Longest wait for anything that is to happen.
const PATIENCE: Duration = Duration::from_secs(90);

/// The delivery's limits for tests: everything happens soon.
const QUICK: &str = "[delivery]\ntimeout_ms = 400\nlease_ms = 1700\nretry_ms_min = 20\nretry_ms_max = 200\npoll_ms = 50\n\
                     verify_ms = 20\ncircuit_failures = 4\ncircuit_ms = 100\ncircuit_ms_max = 300\n";

/// A database, a configuration, and as many collectors as are started.
pub struct Setup {
    pub store: Store,
    database: String,
    folder: tempfile::TempDir,
}

/// A running collector.
pub struct Collector {
    pub address: String,
    process: Child,
}

impl Setup {
    /// On a SQLite file, with these destinations.
    pub async fn on_file(destinations: &str) -> Setup {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("purchases.db").display().to_string();
        Setup::new(folder, database, destinations).await
    }

    /// On a PostgreSQL server.
    pub async fn on_server(destinations: &str) -> Setup {
        let database = postgres::schema().await;
        Setup::new(tempfile::tempdir().expect("a folder"), database, destinations).await
    }

    async fn new(folder: tempfile::TempDir, database: String, destinations: &str) -> Setup {
        std::fs::write(folder.path().join("key"), KEY).expect("the secret is written");
        // It chooses the cryptography that every client of this program uses.
        Client::new(1).expect("a client");
        let setup = Setup {
            store: Store::open(&DatabaseAddress::parse(&database).expect("an address"))
                .await
                .expect("the database opens"),
            database,
            folder,
        };
        setup.configure(destinations);
        setup
    }

    /// Changes the destinations of collectors that are started from now on.
    pub fn configure(&self, destinations: &str) {
        let key = self.folder.path().join("key");
        let text = format!("{QUICK}{destinations}").replace("KEY", &key.display().to_string());
        std::fs::write(self.file(), text).expect("the configuration is written");
    }

    /// The configuration's file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("destinations.toml")
    }

    /// Starts a collector; when this returns it answers.
    pub fn start(&self) -> Collector {
        let mut process = program(&self.database)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--destinations"])
            .arg(self.file())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut log = BufReader::new(process.stderr.take().expect("stderr is a pipe")).lines();
        let mut said = String::new();
        let address = loop {
            let line = log
                .next()
                .unwrap_or_else(|| panic!("it starts: {said}"))
                .expect("the log is text");
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            if event["message"] == "collector ready" {
                break event["address"].as_str().expect("an address").to_owned();
            }
            said += &line;
        };
        std::thread::spawn(move || {
            for line in log.map_while(Result::ok) {
                let secret = line.contains(&KEY[8..]) || line.contains('@');
                assert!(!secret, "no secret and no address in the log: {line}");
            }
        });
        Collector { address, process }
    }

    fn replayed(&self, arguments: &[&str]) -> Output {
        let mut replay = program(&self.database);
        replay.arg("replay").args(arguments).output().expect("the binary runs")
    }

    /// What `purchase-collector replay` says when it cannot do it.
    pub fn replay_fails(&self, arguments: &[&str]) -> String {
        let output = self.replayed(arguments);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("it is text")
    }

    /// What `purchase-collector replay` prints.
    pub fn replay(&self, arguments: &[&str]) -> String {
        let output = self.replayed(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout)
            .expect("it is text")
            .trim_end()
            .to_owned()
    }

    /// The way of a purchase to a destination, for the event `placed`.
    pub async fn pass(&self, purchase_id: &str, destination: &str) -> Option<Pass> {
        self.pass_of(purchase_id, destination, "placed").await
    }

    async fn pass_of(&self, purchase_id: &str, destination: &str, event: &str) -> Option<Pass> {
        let passes = self
            .store
            .passes_of("demo", purchase_id)
            .await
            .expect("the database answers");
        passes
            .into_iter()
            .find(|pass| pass.destination == destination && pass.event == event)
    }

    /// Waits until the purchase's way to the destination is in this state.
    pub async fn until(&self, purchase_id: &str, destination: &str, state: &str) -> Pass {
        self.until_event(purchase_id, destination, "placed", state).await
    }

    /// The same for any event.
    pub async fn until_event(&self, purchase_id: &str, destination: &str, event: &str, state: &str) -> Pass {
        let end = Instant::now() + PATIENCE;
        loop {
            let pass = self.pass_of(purchase_id, destination, event).await;
            match pass {
                Some(pass) if pass.state == state => return pass,
                other => assert!(
                    Instant::now() < end,
                    "{purchase_id} is not {state} at {destination}: {other:?}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until nothing is to be done any more, for any of so many purchases.
    pub async fn until_done(&self, purchases: usize) {
        let end = Instant::now() + PATIENCE;
        for number in 0..purchases {
            let id = format!("P{number}");
            loop {
                let passes = self.store.passes_of("demo", &id).await.expect("the database answers");
                if !passes.is_empty() && passes.iter().all(|pass| pass.due_at.is_none()) {
                    break;
                }
                assert!(Instant::now() < end, "{id} is not done: {passes:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

fn program(database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    command
        .env_remove("PURCHASE_READ_TOKEN")
        .env_remove("PURCHASE_SERVER_SECRETS");
    command.env("PURCHASE_DATABASE", database);
    command
}

impl Collector {
    /// Posts an envelope until it is answered; a collector that is being killed answers nothing. Whether it was.
    pub async fn post(&self, body: &Value) -> bool {
        let client = reqwest::Client::new();
        let sent = client
            .post(format!("http://{}/v1/purchases", self.address))
            .body(body.to_string())
            .send()
            .await;
        sent.is_ok_and(|answer| answer.status().is_success())
    }

    /// kill -9.
    pub fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it ends");
    }

    /// SIGTERM, and its end.
    pub fn stop(mut self) {
        let status = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .expect("kill runs");
        assert!(status.success());
        assert!(self.process.wait().expect("it ends").success());
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines of a destination at this stand-in.
pub fn destination(kind: &str, at: &StandIn) -> String {
    let (base, more) = match kind {
        "webhook" => ("url", ""),
        "egoi" => ("base_url", "domain = \"shop.example\"\n"),
        "klaviyo" => ("base_url", "currency = \"EUR\"\n"),
        _ => ("base_url", ""),
    };
    format!(
        "[[destination]]\nsite = \"demo\"\nkind = \"{kind}\"\nkey_file = \"KEY\"\n{base} = \"{}\"\n{more}",
        at.address
    )
}

/// A placed purchase with two lines and a buyer; `more` wins.
pub fn purchase(id: &str, more: Value) -> Value {
    let line = |product: &str| {
        json!({
            "product_id": product, "name": "Mug", "url": "https://shop.example/p/1", "unit_price": "5.25", "quantity": 1,
            "price": "5.25",
        })
    };
    let mut data = json!({
        "purchase_id": id, "total_quantity": 2, "total_price": "10.50", "email": "ann@shop.example",
        "product_basket_item": [line("A"), line("B")],
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        data[key] = value.clone();
    }
    let record: String = id.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    json!({
        "v": 1, "site": "demo", "id": format!("r{record}{}", data["order_status"].as_str().unwrap_or_default()),
        "source": "call", "captured_at": 1_763_765_393_000_u64, "config": { "contact": "email" }, "data": data,
    })
}

/// A seed: that of `PURCHASE_SEED`, to repeat a run, or a new one.
pub fn seed() -> u64 {
    let seed = std::env::var("PURCHASE_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("PURCHASE_SEED={seed}");
    seed
}
