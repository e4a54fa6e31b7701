//! A real Chromium, headless, with a fresh profile.

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::Child;

use crate::process::{answers, free_port, setting, start};

/// How long a script that waits for an event may take, in milliseconds.
const SCRIPT_MS_MAX: u64 = 20_000;

/// Runs before any script of a page: keeps the tag's events, so that a test can ask for one that has happened already.
const REMEMBER_EVENTS: &str = "
    window.__seen = [];
    for (const name of ['captured', 'registered', 'refused', 'retrying', 'expired', 'failed'])
      document.addEventListener('purchase-tag:' + name, (event) => window.__seen.push({ name, detail: event.detail }));
    window.addEventListener('error', (event) => window.__seen.push({ name: 'exception', detail: String(event.message) }));
    window.addEventListener('unhandledrejection', (event) => window.__seen.push({ name: 'exception', detail: String(event.reason) }));
    window.addEventListener('pageshow', (event) => window.__seen.push({ name: 'pageshow', detail: event.persisted }));
";

/// A browser with one tab.
pub struct Browser {
    client: Client,
    _driver: Child,
}

impl Browser {
    /// Starts one.
    pub async fn start() -> Browser {
        let port = free_port();
        let driver = start(&setting("CHROMEDRIVER"), [format!("--port={port}")]);
        let url = format!("http://127.0.0.1:{port}");
        answers(&format!("{url}/status")).await;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let capabilities = json!({
            "browserName": "chrome",
            "timeouts": { "script": SCRIPT_MS_MAX },
            "goog:chromeOptions": { "binary": setting("CHROME"), "args": arguments },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("an object was written")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&url)
            .await;
        let browser = Browser {
            client: client.expect("the browser starts"),
            _driver: driver,
        };
        browser
            .cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": REMEMBER_EVENTS }),
            )
            .await;
        browser
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let command = Cdp {
            command: command.into(),
            parameters,
        };
        self.client
            .issue_cmd(command)
            .await
            .expect("the browser takes the command")
    }

    /// Opens a page; returns when it is loaded.
    pub async fn open(&self, url: &str) {
        self.client
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// Goes back in history.
    pub async fn back(&self) {
        self.client.back().await.expect("there is a page to go back to");
    }

    /// Runs a script in the page and returns its value.
    pub async fn run(&self, script: &str) -> Value {
        self.client
            .execute(script, vec![])
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script that calls `done` with its value.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.client
            .execute_async(&script, arguments)
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits for an event of the tag, past or to come, and returns its detail.
    pub async fn event(&self, name: &str) -> Value {
        let script = "
            const name = arguments[0];
            const seen = window.__seen.find((event) => event.name === name);
            if (seen) done(seen.detail);
            else document.addEventListener('purchase-tag:' + name, (event) => done(event.detail), { once: true });";
        self.run_async(script, vec![name.into()]).await
    }

    /// Every event so far, as `{name, detail}`.
    pub async fn events(&self) -> Vec<Value> {
        self.run("return window.__seen")
            .await
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// Fails if a script of the page threw.
    #[track_caller]
    pub fn assert_no_exception(events: &[Value]) {
        assert!(
            events.iter().all(|event| event["name"] != "exception"),
            "a script threw: {events:?}"
        );
    }

    /// What the tag has left in localStorage.
    pub async fn stored_keys(&self) -> Vec<String> {
        let keys = self
            .run("return Object.keys(localStorage).filter((key) => key.startsWith('purchase-tag:'))")
            .await;
        keys.as_array()
            .into_iter()
            .flatten()
            .filter_map(|key| key.as_str().map(Into::into))
            .collect()
    }

    /// Ends it.
    pub async fn close(self) {
        self.client.close().await.expect("the browser ends");
    }
}

/// ChromeDriver's way to a command of the browser's own protocol.
#[derive(Debug)]
struct Cdp {
    command: String,
    parameters: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}
