//! A real collector on a database file of its own, and what it has stored.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Child;

use crate::process::{answers, free_port, setting, start, until};

/// Whoever may read.
const TOKEN: &str = "reader";

/// A collector that can be stopped and started again on the same port and database.
pub struct Collector {
    port: u16,
    site: Option<String>,
    secrets: Vec<String>,
    signing: Vec<String>,
    database: String,
    _folder: TempDir,
    process: Option<Child>,
}

impl Collector {
    /// A collector that is not running yet. `site` is `KEY=ORIGIN`; without it every site is accepted.
    pub fn new(site: Option<String>) -> Collector {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Collector {
            port: free_port(),
            site,
            secrets: Vec::new(),
            signing: Vec::new(),
            database: folder.path().join("purchases.db").to_string_lossy().into_owned(),
            _folder: folder,
            process: None,
        }
    }

    /// The same with the secrets of shops' servers, each as `KEY=SECRET`.
    pub fn with_secrets(mut self, secrets: Vec<String>) -> Collector {
        self.secrets = secrets;
        self
    }

    /// The same with sites that require signatures.
    pub fn with_signing(mut self, sites: Vec<String>) -> Collector {
        self.signing = sites;
        self
    }

    /// The same with another database than a file of its own.
    pub fn with_database(self, database: String) -> Collector {
        Collector { database, ..self }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        PathBuf::from(&self.database)
    }

    /// Starts it; returns when it answers.
    pub async fn start(&mut self) {
        let mut arguments = vec!["serve".into(), "--listen".into(), format!("127.0.0.1:{}", self.port)];
        arguments.extend(["--database".into(), self.database.clone()]);
        arguments.extend([
            "--read-token".into(),
            TOKEN.into(),
            "--assets".into(),
            setting("PURCHASE_DIST"),
        ]);
        arguments.extend(self.site.iter().flat_map(|site| ["--site".into(), site.clone()]));
        arguments.extend(
            self.secrets
                .iter()
                .flat_map(|secret| ["--server-secret".into(), secret.clone()]),
        );
        arguments.extend(
            self.signing
                .iter()
                .flat_map(|site| ["--require-signature".into(), site.clone()]),
        );
        self.process = Some(start(&setting("PURCHASE_COLLECTOR_BIN"), arguments));
        answers(&format!("{}/v1/health", self.url())).await;
    }

    /// Kills it without warning.
    pub async fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.expect("the collector can be killed");
        }
    }

    /// What its read API says.
    pub async fn read(&self, path: &str) -> Value {
        let request = crate::process::client()
            .get(format!("{}{path}", self.url()))
            .bearer_auth(TOKEN);
        let answer = request.send().await.expect("the collector answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("the collector answers JSON")
    }

    /// Every stored purchase, newest first.
    pub async fn purchases(&self) -> Vec<Value> {
        list(self.read("/v1/purchases?limit=1000").await, "purchases")
    }

    /// The stored purchases of one shop, newest first.
    pub async fn purchases_of(&self, site: &str) -> Vec<Value> {
        list(
            self.read(&format!("/v1/purchases?limit=1000&site={site}")).await,
            "purchases",
        )
    }

    /// The open and closed checkouts of one shop, newest first.
    pub async fn checkouts_of(&self, site: &str) -> Vec<Value> {
        list(
            self.read(&format!("/v1/checkouts?limit=1000&site={site}")).await,
            "checkouts",
        )
    }

    /// Every refusal, newest first.
    pub async fn refusals(&self) -> Vec<Value> {
        list(self.read("/v1/refusals").await, "refusals")
    }

    /// Waits until there are so many purchases, and returns them.
    pub async fn wait_for_purchases(&self, count: usize) -> Vec<Value> {
        until(&format!("{count} purchases in the collector"), || async {
            Some(self.purchases().await).filter(|purchases| purchases.len() == count)
        })
        .await
    }

    /// The stored purchases' ids, sorted.
    pub async fn purchase_ids(&self) -> Vec<String> {
        let purchases = self.purchases().await;
        let mut ids: Vec<String> = purchases
            .iter()
            .filter_map(|purchase| purchase["purchase_id"].as_str().map(Into::into))
            .collect();
        ids.sort();
        ids
    }
}

fn list(value: Value, key: &str) -> Vec<Value> {
    value[key]
        .as_array()
        .unwrap_or_else(|| panic!("the answer has no {key}: {value}"))
        .clone()
}
