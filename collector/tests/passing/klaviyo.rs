//! Klaviyo's contract, in two independent readings.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::OnceLock,
    time::Duration,
};

use jsonschema::Validator;
use purchase_collector::passing::{Request, client::Client};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// What our own schema finds wrong in the body of an event.
pub fn violations(body: &Value) -> Vec<String> {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let schema = serde_json::from_str(include_str!("klaviyo-event.schema.json")).expect("the schema is JSON");
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("the schema is one")
    });
    schema
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A mock server made of Klaviyo's OpenAPI document.
pub struct Contract {
    address: String,
    client: Client,
    _prism: Child,
    _folder: tempfile::TempDir,
}

/// The document, if it is at hand: in the folder that `PURCHASE_CONTRACTS` names, or beside the project.
fn document() -> Option<PathBuf> {
    let folder = env::var_os("PURCHASE_CONTRACTS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/contracts"));
    Some(folder.join("klaviyo/create_event.json")).filter(|path| path.is_file())
}

impl Contract {
    /// None if the document or Prism is not at hand, which is said. `cargo xtask test` sees to Prism.
    pub async fn start() -> Option<Contract> {
        let Some(document) = document() else {
            eprintln!("Klaviyo's OpenAPI document is not at hand: its requests are checked by our own schema only");
            return None;
        };
        let Some(packages) = env::var_os("PURCHASE_PRISM").map(PathBuf::from) else {
            eprintln!(
                "PURCHASE_PRISM does not name the packages of tests/passing/npm: `cargo xtask test` installs them"
            );
            return None;
        };
        let mut description: Value =
            serde_json::from_str(&fs::read_to_string(document).expect("the document is text")).expect("it is JSON");
        drop_nullable_without_type(&mut description);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("create_event.json");
        fs::write(&file, description.to_string()).expect("the document is written");

        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a port")
            .port();
        let mut prism = Command::new("node")
            .arg(packages.join("node_modules/@stoplight/prism-cli/dist/index.js"))
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(&file)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut lines = BufReader::new(prism.stdout.take().expect("stdout is a pipe")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("the log is text") {
                if line.contains("is listening") {
                    return true;
                }
            }
            false
        };
        let ready = tokio::time::timeout(Duration::from_secs(60), ready).await;
        assert_eq!(ready, Ok(true), "Prism starts");
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Contract {
            address: format!("http://127.0.0.1:{port}"),
            client: Client::new(10_000).expect("a client"),
            _prism: prism,
            _folder: folder,
        })
    }

    /// What the document says to this request.
    pub async fn status(&self, request: &Request) -> u16 {
        let request = Request {
            url: format!("{}/api/events", self.address),
            ..request.clone()
        };
        self.client.exchange(&request).await.expect("Prism answers").status
    }
}

/// `nullable` beside `$ref` or `oneOf` means nothing in OpenAPI 3.0, but makes Prism's validator give up, and Prism then takes every
/// body.
fn drop_nullable_without_type(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("nullable") == Some(&Value::Bool(true)) && !fields.contains_key("type") {
                fields.remove("nullable");
            }
            fields.values_mut().for_each(drop_nullable_without_type);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nullable_without_type),
        _ => {}
    }
}
