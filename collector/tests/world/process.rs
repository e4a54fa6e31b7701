//! Collectors as processes, and requests to them over the network.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

/// Longest wait for an answer, in seconds.
const ANSWER_SECONDS_MAX: u64 = 30;

/// A running collector; killed at the end of the test.
pub struct Collector {
    process: Child,
    log: Arc<Mutex<Vec<Value>>>,
    /// `host:port`.
    pub address: String,
}

impl Collector {
    /// Starts one and waits until it is ready.
    pub fn start(options: &[&str]) -> Collector {
        let mut command = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json"])
            .args(options);
        Collector::spawn(command)
    }

    /// Runs a command that is or becomes a collector.
    pub fn spawn(mut command: Command) -> Collector {
        let mut process = command.stderr(Stdio::piped()).spawn().expect("the collector starts");
        let mut log = BufReader::new(process.stderr.take().expect("its log is a pipe"));
        let address = loop {
            let mut line = String::new();
            assert!(
                log.read_line(&mut line).expect("the log is text") > 0,
                "the collector ended"
            );
            let line: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line of a log: {line}"));
            if line["message"] == "collector ready" {
                break line["address"].as_str().expect("an address").to_owned();
            }
        };
        let lines = Arc::<Mutex<Vec<Value>>>::default();
        let kept = Arc::clone(&lines);
        // A full pipe would hold the collector up.
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                // What is no JSON is kept as a text.
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.lock().expect("no panic").push(line);
            }
        });
        Collector {
            process,
            log: lines,
            address,
        }
    }

    /// The lines of its log that came since it was ready.
    pub fn log(&self) -> Vec<Value> {
        self.log.lock().expect("no panic").clone()
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Posts an envelope; status and whole answer, or nothing if there was no whole answer.
pub fn post(address: &str, body: &str) -> Option<(u16, String)> {
    let length = body.len();
    let head = format!("POST /v1/purchases HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: {length}");
    ask(
        address,
        &format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n{body}"),
    )
}

/// Gets a path; as [`post`].
pub fn get(address: &str, path: &str) -> Option<(u16, String)> {
    ask(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    )
}

fn ask(address: &str, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))
        .ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    answer.contains("\r\n\r\n").then_some((status, answer))
}
