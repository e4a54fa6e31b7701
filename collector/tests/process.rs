//! The server as a process: its socket, its log, its end.

#![cfg(unix)]

mod world;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use world::envelope;

fn start(options: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .args([&["serve"], options].concat())
        .env_remove("PURCHASE_READ_TOKEN")
        .env_remove("PURCHASE_SERVER_SECRETS")
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

/// A server with a database of its own: its log, each line read, and the address it listens on.
fn listening(folder: &Path, more: &[&str]) -> (Child, impl Iterator<Item = Value> + use<>, String) {
    let file = folder.join("x.db");
    let common = [
        "--listen",
        "127.0.0.1:0",
        "--log",
        "json",
        "--database",
        file.to_str().expect("text"),
    ];
    let mut server = start(&[&common[..], more].concat());
    let lines = BufReader::new(server.stderr.take().expect("stderr is a pipe")).lines();
    let mut log = lines.map(|line| {
        serde_json::from_str::<Value>(&line.expect("the log is text")).expect("each line of the log is JSON")
    });
    let ready = log.find(|line| line["message"] == "collector ready");
    let address = ready.expect("it says so")["address"]
        .as_str()
        .expect("an address")
        .to_owned();
    (server, log, address)
}

/// The one sentence of a server that does not start.
fn failure(options: &[&str]) -> String {
    let output = start(options).wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).expect("the message is text");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[test]
fn what_prevents_the_start_is_one_sentence_with_its_option() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.db");
    let file = file.to_str().expect("the path is text");
    assert!(failure(&["--listen", &address, "--database", file]).contains("--listen"));
    let nowhere = folder.path().join("no/folder/x.db");
    let nowhere = nowhere.to_str().expect("the path is text");
    assert!(failure(&["--listen", "127.0.0.1:0", "--database", nowhere]).contains("--database"));
    std::fs::write(
        file,
        "this is no database, and long enough to be seen as such".repeat(50),
    )
    .expect("the file is written");
    assert!(failure(&["--listen", "127.0.0.1:0", "--database", file]).contains("--database"));
    assert!(failure(&["--listen", "127.0.0.1:0", "--assets", nowhere]).contains("--assets"));
}

#[test]
fn a_wrong_secret_prevents_the_start_and_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let short = folder.path().join("short");
    std::fs::write(&short, "tooshort").expect("the file is written");
    let short = format!("demo={}", short.display());
    let nowhere = format!("demo={}", folder.path().join("nothing").display());
    for options in [
        ["--server-secret", "tooshort-and-no-key"],
        ["--server-secret", "tooshort=="],
        ["--server-secret", "demo=tooshort"],
        ["--server-secret", "other=tooshort-no-such-site"],
        ["--server-secret-file", &short],
        ["--server-secret-file", &nowhere],
        // Nobody could check what these require.
        ["--require-signature", "other"],
        ["--require-signature", "demo"],
    ] {
        let all = [
            &["--listen", "127.0.0.1:0", "--site", "demo=https://shop.example"],
            &options[..],
        ]
        .concat();
        let sentence = failure(&all);
        assert!(sentence.contains(options[0]), "{sentence}");
        assert!(!sentence.contains("tooshort"), "{sentence}");
        assert!(
            sentence.contains("--server-secret") || options[1] == "other",
            "{sentence}"
        );
    }
}

#[test]
fn secrets_come_from_the_environment_and_are_in_no_log_answer_or_help() {
    const SECRETS: [&str; 2] = ["first-secret-of-demo", "second-secret-of-demo"];
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.db");
    let mut command = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    command.env(
        "PURCHASE_SERVER_SECRETS",
        format!("demo={} demo={}", SECRETS[0], SECRETS[1]),
    );
    let help = command
        .args(["serve", "--help"])
        .output()
        .expect("the binary runs")
        .stdout;
    let mut server = Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--database"])
        .arg(&file)
        .env(
            "PURCHASE_SERVER_SECRETS",
            format!("demo={} demo={}", SECRETS[0], SECRETS[1]),
        )
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut log = BufReader::new(server.stderr.take().expect("stderr is a pipe"));
    let mut logged = String::new();
    let address = loop {
        let start = logged.len();
        assert!(
            log.read_line(&mut logged).expect("the log is text") > 0,
            "it starts: {logged}"
        );
        let line: Value = serde_json::from_str(&logged[start..]).expect("each line of the log is JSON");
        if line["message"] == "collector ready" {
            break line["address"].as_str().expect("an address").to_owned();
        }
    };
    let mut answers = String::new();
    let body = r#"{"site":"demo","purchase_id":"1","total_quantity":1,"total_price":"5"}"#;
    for (secret, extra, status) in [
        (SECRETS[0], "", "201"),
        (SECRETS[1], "", "200"),
        ("first-secret-of-demo-but-wrong", "", "401"),
        (SECRETS[0], "Origin: https://shop.example\r\n", "403"),
    ] {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        let request = format!(
            "POST /v1/purchases HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {secret}\r\n{extra}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        answers += &answer;
    }
    let signalled = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    assert!(signalled.expect("kill runs").success());
    log.read_to_string(&mut logged).expect("the log is text");
    assert!(server.wait().expect("it ends").success());
    assert!(
        logged.contains("purchase stored") && logged.contains("\"source\":\"server\""),
        "{logged}"
    );
    for text in [logged, answers, String::from_utf8_lossy(&help).into_owned()] {
        assert!(!text.contains("secret-of-demo"), "{text}");
    }
}

#[test]
fn a_request_that_runs_at_the_signal_gets_its_receipt() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, mut log, address) = listening(folder.path(), &[]);
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");

    let body = envelope("a1", "10023", "180.75");
    let (first, rest) = body.split_at(20);
    let head = format!(
        "POST /v1/purchases HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{first}",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    std::thread::sleep(Duration::from_millis(200));
    let signalled = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(signalled.success());
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(rest.as_bytes()).expect("it still reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers and closes");
    assert!(
        answer.starts_with("HTTP/1.1 201") && answer.contains("\"outcome\":\"accepted\""),
        "{answer}"
    );
    assert!(answer.to_ascii_lowercase().contains("\r\ndate: "), "{answer}");

    let stored = log
        .find(|line| line["message"] == "purchase stored")
        .expect("it is logged");
    assert_eq!(
        (&stored["site"], &stored["purchase_id"]),
        (&Value::from("demo"), &Value::from("10023"))
    );
    assert_eq!(
        (&stored["total_price"], &stored["source"]),
        (&Value::from("180.75"), &Value::from("markup"))
    );
    assert!(stored["ms"].is_u64());
    let name = stored["span"]["id"]
        .as_str()
        .expect("a line of the log names its request");
    assert!(
        answer.contains(&format!("x-request-id: {name}\r\n")),
        "{name}: {answer}"
    );
    assert!(log.any(|line| line["message"] == "collector stopped"));
    assert!(server.wait().expect("it ends").success());
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_does_not_hold_its_connection() {
    /// More than the sockets' buffers hold, so that the server has to wait for the client.
    const FILE_BYTES: usize = 32 * 1024 * 1024;
    let folder = tempfile::tempdir().expect("a folder");
    let assets = folder.path().join("assets");
    std::fs::create_dir(&assets).expect("a folder");
    std::fs::write(assets.join("large.js"), vec![b' '; FILE_BYTES]).expect("the file is written");
    let assets = assets.to_str().expect("text");
    let narrow = [
        "--assets",
        assets,
        "--connections-max",
        "1",
        "--request-seconds-max",
        "1",
    ];
    let (mut server, _log, address) = listening(folder.path(), &narrow);
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the system takes it");
        stream
    };
    let silent = ask("/tag/large.js");
    let mut other = ask("/v1/health");
    other
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    let mut answer = String::new();
    other
        .read_to_string(&mut answer)
        .expect("the only connection becomes free");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(silent);
    server.kill().expect("it runs");
    server.wait().expect("it ends");
}

#[test]
fn a_page_of_another_origin_is_named_in_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, mut log, address) = listening(folder.path(), &["--site", "demo=http://127.0.0.1:8000"]);
    let mut stream = TcpStream::connect(address).expect("it listens");
    let body = r#"{"v":1,"site":"demo","id":"r1","source":"markup","captured_at":1,"data":["cn_purchase"]}"#;
    let request = format!(
        "POST /v1/purchases HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://localhost:8000\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    server.kill().expect("it runs");
    server.wait().expect("it ends");
    let line = log.find(|line| line["level"] == "WARN").expect("its operator is told");
    assert_eq!(line["origin"], "http://localhost:8000", "{line}");
    assert_eq!(line["site"], "demo", "{line}");
}
