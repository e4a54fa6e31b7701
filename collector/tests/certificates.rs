//! A machine without certificates of authorities, as small containers are: purchases are received all the same.

#![cfg(unix)]

mod world;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use world::{envelope, process::post};

/// Most attempts until a new authority is used, each after a tenth of a second at most.
const ATTEMPTS_MAX: usize = 100;

/// An authority that never signed anything.
const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBhDCCASugAwIBAgIUaVDXpjnhS1IrJRIW1u60ShjvBikwCgYIKoZIzj0EAwIw\n\
FzEVMBMGA1UEAwwMQW4gYXV0aG9yaXR5MCAXDTI2MTEyMjEyMTAzMFoYDzIxMjYx\n\
MDI5MTIxMDMwWjAXMRUwEwYDVQQDDAxBbiBhdXRob3JpdHkwWTATBgcqhkjOPQIB\n\
BggqhkjOPQMBBwNCAAS0wcM5NOmoLPVcteAqlbW3RH40MdOssfgNsGe1nfLrs+4w\n\
ZxHpZYdSoTJsE355mEmSaXN7k4NbsA+S5+c9bCjoo1MwUTAdBgNVHQ4EFgQUM5rG\n\
OHl9GCw5XAW/h4yuczS16WIwHwYDVR0jBBgwFoAUM5rGOHl9GCw5XAW/h4yuczS1\n\
6WIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAyWmNxqmXA7ZD9\n\
tJ8JgjUqtUQcgjmTRIh8D/yJIKZ4JAIgKvtsRI4RwaRgsvm5qwF2YRYqu66McKE/\n\
ToqdtfTY/ew=\n\
-----END CERTIFICATE-----\n";

/// A collector on a machine whose only certificates are to be in the file `authorities` of the folder.
struct Collector {
    process: Child,
    log: Box<dyn Iterator<Item = Value>>,
}

impl Collector {
    fn start(folder: &Path, options: &[&str]) -> Collector {
        let mut process = Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--database"])
            .arg(folder.join("x.db"))
            .args(options)
            .env("SSL_CERT_FILE", folder.join("authorities"))
            .env("SSL_CERT_DIR", folder.join("nothing"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let log = BufReader::new(process.stderr.take().expect("stderr is a pipe")).lines();
        let log = log.map_while(Result::ok).map(|line| match serde_json::from_str(&line) {
            Ok(line) => line,
            Err(_) => panic!("no line of a log: {line}"),
        });
        Collector {
            process,
            log: Box::new(log),
        }
    }

    /// Reads the log to the line that it is ready: its address, and the warnings before it.
    fn ready(&mut self) -> (String, Vec<Value>) {
        let mut warnings = vec![];
        loop {
            let line = self.log.next().expect("it starts");
            if line["message"] == "collector ready" {
                return (line["address"].as_str().expect("an address").to_owned(), warnings);
            }
            warnings.push(line);
        }
    }

    /// Reads the log to the next attempt to pass a purchase on: what it says to do.
    fn advice(&mut self) -> String {
        let line = self.log.find(|line| line["message"] == "purchase passed on later");
        let line = line.expect("an attempt");
        line["advice"].as_str().expect("an advice").to_owned()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn without_destinations_nothing_is_said_of_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut collector = Collector::start(folder.path(), &["--site", "demo=https://shop.example"]);
    let (address, warnings) = collector.ready();
    assert_eq!(warnings, Vec::<Value>::new());
    let (status, _) = post(&address, &envelope("a1", "10023", "180.75")).expect("an answer");
    assert_eq!(status, 201);
}

/// A collector that passes purchases on to this address, with what it warned of before it was ready, and a purchase that it took.
fn passing_on_to(url: &str, folder: &Path) -> (Collector, Vec<Value>) {
    let (file, key) = (folder.join("destinations.toml"), folder.join("key"));
    fs::write(&key, "a-secret-of-a-webhook").expect("the secret is written");
    let text = format!(
        "[delivery]\nretry_ms_min = 20\nretry_ms_max = 100\npoll_ms = 50\ncircuit_ms = 50\ncircuit_ms_max = 100\n\
         [[destination]]\nsite = \"demo\"\nkind = \"webhook\"\nkey_file = \"{}\"\nurl = \"{url}\"\n",
        key.display()
    );
    fs::write(&file, text).expect("the configuration is written");
    let file = file.to_str().expect("the path is text");
    let mut collector = Collector::start(folder, &["--site", "demo=https://shop.example", "--destinations", file]);
    let (address, warnings) = collector.ready();
    let (status, _) = post(&address, &envelope("a1", "10023", "180.75")).expect("an answer");
    assert_eq!(status, 201);
    (collector, warnings)
}

#[test]
fn a_purchase_is_received_and_passed_on_when_there_are_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    // Nobody listens on the port 9, so nothing ever leaves; only the reason changes.
    let (mut collector, warnings) = passing_on_to("https://127.0.0.1:9/", folder.path());
    let [warning] = &warnings[..] else {
        panic!("{warnings:?}")
    };
    assert_eq!(warning["level"], "WARN", "{warning}");
    let error = warning["error"].as_str().expect("a reason");
    assert!(error.contains("install the package ca-certificates"), "{error}");
    assert_eq!(collector.advice(), "no-certificates");
    fs::write(folder.path().join("authorities"), AUTHORITY).expect("the authority is written");
    let found = (0..ATTEMPTS_MAX).any(|_| collector.advice() == "unreachable");
    assert!(found, "the authority is used without a new start");
}

#[test]
fn an_address_without_tls_needs_no_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut collector, _) = passing_on_to("http://127.0.0.1:9/", folder.path());
    assert_eq!(collector.advice(), "unreachable");
}
