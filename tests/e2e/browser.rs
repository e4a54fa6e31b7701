//! A real browser with a profile of its own: it can be closed, killed and started again on the same profile.

mod appearance;
mod devtools;
mod engine;
mod processes;
mod tabs;

use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use self::{engine::Driver, processes::Processes};
use crate::process::{until, within};

pub use self::{
    appearance::Appearance,
    engine::{Engine, StorageAccess},
};

/// Most browsers at once, so that what a small machine measures is not its own load.
const BROWSERS_MAX: usize = 2;

/// How long a page may take to say what it holds, in milliseconds. A browser's IndexedDB may hang.
pub const ANSWER_MS_MAX: u32 = 3_000;

static BROWSERS: Semaphore = Semaphore::const_new(BROWSERS_MAX);

/// A browser. Dropped without [`Browser::close`], it is killed.
pub struct Browser {
    /// Which one.
    pub engine: Engine,
    storage: StorageAccess,
    profile: TempDir,
    running: Option<Running>,
    _permit: Option<SemaphorePermit<'static>>,
}

/// The processes of a browser that is not closed or killed.
struct Running {
    client: Client,
    processes: Processes,
    driver: Driver,
}

impl Browser {
    /// Starts one on a new profile; waits for its turn.
    pub async fn start(engine: Engine) -> Browser {
        Browser::with_storage(engine, StorageAccess::Allowed).await
    }

    /// Starts one whose settings allow or deny storage to pages.
    pub async fn with_storage(engine: Engine, storage: StorageAccess) -> Browser {
        let permit = BROWSERS.acquire().await.expect("the semaphore is never closed");
        Browser::on_new_profile(engine, storage, Some(permit)).await
    }

    /// Starts one of the same engine on another profile. It waits for no turn, so that two tests with a browser each do not wait
    /// for each other.
    pub async fn start_beside(&self) -> Browser {
        Browser::on_new_profile(self.engine, self.storage, None).await
    }

    async fn on_new_profile(
        engine: Engine,
        storage: StorageAccess,
        permit: Option<SemaphorePermit<'static>>,
    ) -> Browser {
        let mut browser = Browser {
            engine,
            storage,
            profile: tempfile::tempdir().expect("a temporary folder"),
            running: None,
            _permit: permit,
        };
        browser.run_on_profile().await;
        browser
    }

    /// Kills every process of the browser at once, as a crash or a flat battery does, and starts it again on the same profile.
    pub async fn kill_and_restart(&mut self) {
        self.kill();
        self.run_on_profile().await;
    }

    /// Kills every process of the browser at once.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.processes.kill();
        }
    }

    /// Kills the processes that pages run in; the browser itself goes on.
    pub fn kill_renderers(&self) {
        if let Some(running) = &self.running {
            running.processes.kill_renderers();
        }
    }

    /// Ends it as its menu does; [`Browser::kill_and_restart`] starts it again.
    pub async fn quit(&mut self) {
        if let Some(running) = &self.running {
            running.client.clone().close().await.expect("the browser ends");
        }
    }

    /// Name and version, as the driver tells them.
    pub fn version(&self) -> String {
        let capabilities = self.client().capabilities();
        let of = |key| {
            capabilities
                .and_then(|all| all.get(key))
                .and_then(Value::as_str)
                .unwrap_or("?")
        };
        format!("{} {}", self.engine.title(), of("browserVersion"))
    }

    /// Opens a page; returns when it is loaded.
    pub async fn open(&self, url: &str) {
        self.client()
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Opens a page that may leave by itself before it is loaded.
    pub async fn visit(&self, url: &str) {
        // What the driver says of a page that went away while it loaded differs between engines.
        let _ = self.client().goto(url).await;
    }

    /// Leaves the page by a link on it, as a shopper does, and returns when the next one is loaded. Where a test goes back: of 200
    /// plain pages on this machine Firefox kept 194 in its back/forward cache when the driver opened the next one, and all when the
    /// page did.
    pub async fn follow(&self, url: &str) {
        let script = format!("Object.assign(document.createElement('a'), {{ href: {url:?} }}).click()");
        self.run(&script).await;
        until(&format!("the link leads to {url}"), || async {
            let is_there = format!("return location.href === {url:?} && document.readyState === 'complete'");
            self.try_run(&is_there)
                .await
                .is_ok_and(|there| there == true)
                .then_some(())
        })
        .await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client().refresh().await.expect("the page loads again");
    }

    /// Goes back in history.
    pub async fn back(&self) {
        self.client().back().await.expect("there is a page to go back to");
    }

    /// Runs a script in the page and returns its value.
    pub async fn run(&self, script: &str) -> Value {
        self.try_run(script)
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script in the page; an error if the page went away meanwhile.
    pub async fn try_run(&self, script: &str) -> Result<Value, fantoccini::error::CmdError> {
        self.client().execute(script, vec![]).await
    }

    /// Runs a script that calls `done` with its value.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.client()
            .execute_async(&script, arguments)
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// The same; null if the page went away meanwhile, or has not answered after `limit_ms` milliseconds.
    pub async fn ask(&self, script: &str, limit_ms: u32) -> Value {
        let script =
            format!("const done = arguments[arguments.length - 1]; setTimeout(() => done(null), {limit_ms}); {script}");
        let answer = self.client().execute_async(&script, vec![]).await;
        answer.unwrap_or_default()
    }

    /// Waits for an event of the tag, past or to come, and returns its detail. The proxy's prelude keeps what is past.
    pub async fn event(&self, name: &str) -> Value {
        let script = "
            const name = arguments[0];
            const seen = window.__seen || [];
            let at = 0;
            while (at < seen.length && seen[at].name !== name) at++;
            if (at < seen.length) done(seen[at].detail);
            else document.addEventListener('purchase-tag:' + name, (event) => done(event.detail), { once: true });";
        self.run_async(script, vec![name.into()]).await
    }

    /// Every event so far, as `{name, detail}`.
    pub async fn events(&self) -> Vec<Value> {
        let events = self.try_run("return window.__seen").await.unwrap_or_default();
        events.as_array().cloned().unwrap_or_default()
    }

    /// Waits until the tab shows an address.
    pub async fn arrives_at(&self, url: &str) {
        self.shows(url, |shown| shown == url).await;
    }

    /// Waits until the tab shows an address that begins so.
    pub async fn arrives_below(&self, start: &str) {
        self.shows(start, |shown| shown.starts_with(start)).await;
    }

    async fn shows(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        until(&format!("the tab shows {what}"), || async {
            let shown = self.try_run("return location.href").await.unwrap_or_default();
            shown.as_str().is_some_and(&is_it).then_some(())
        })
        .await;
    }

    /// Waits until the page has an element with an id.
    pub async fn awaits(&self, id: &str) -> Element {
        until(&format!("an element #{id}"), || async {
            self.client().find(Locator::Id(id)).await.ok()
        })
        .await
    }

    /// Presses the element with an id, as a pointer does, once it is there.
    pub async fn press(&self, id: &str) {
        self.awaits(id)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// The text of the element with an id, once it is there.
    pub async fn text(&self, id: &str) -> String {
        let text = self.awaits(id).await.text().await;
        text.unwrap_or_else(|error| panic!("{id}: {error}"))
    }

    /// Removes the cookies of the page's site.
    pub async fn forget_cookies(&self) {
        self.client()
            .delete_all_cookies()
            .await
            .expect("cookies can be removed");
    }

    /// Whether the page came from the back/forward cache.
    pub async fn is_restored(&self) -> bool {
        let events = self.events().await;
        events
            .iter()
            .any(|event| event["name"] == "pageshow" && event["detail"] == true)
    }

    /// Fails if a script of the page threw.
    #[track_caller]
    pub fn assert_no_exception(events: &[Value]) {
        assert!(
            events.iter().all(|event| event["name"] != "exception"),
            "a script threw: {events:?}"
        );
    }

    /// The keys of the records that the tag has left in localStorage.
    pub async fn stored_keys(&self) -> Vec<String> {
        let keys = self
            .run("return Object.keys(localStorage).filter((key) => /^purchase-tag:[^:]+:r:/.test(key))")
            .await;
        keys.as_array()
            .into_iter()
            .flatten()
            .filter_map(|key| key.as_str().map(Into::into))
            .collect()
    }

    /// Waits until neither the module nor localStorage holds a record any more; false if one does after `patience`.
    pub async fn outbox_is_empty(&self, patience: Duration) -> bool {
        within(patience, || async {
            let script = "
                let stored = 0;
                try { stored = Object.keys(localStorage).filter((key) => /^purchase-tag:[^:]+:r:/.test(key)).length } catch {}
                if (stored) done(stored);
                else if (!window.purchaseTag || !purchaseTag.version) done('no loader');
                else purchaseTag('snapshot', (snapshot) => done(snapshot ? snapshot.records.length : 0));";
            self.ask(script, ANSWER_MS_MAX).await == 0
        })
        .await
    }

    /// Ends it properly.
    pub async fn close(mut self) {
        self.quit().await;
        self.kill();
    }

    fn client(&self) -> &Client {
        &self.running.as_ref().expect("the browser runs").client
    }

    async fn run_on_profile(&mut self) {
        let driver = Driver::start(self.engine).await;
        let capabilities = self.engine.capabilities(self.profile.path(), self.storage);
        let Value::Object(capabilities) = capabilities else {
            unreachable!("capabilities are an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.engine.title()));
        let processes = Processes::started_by(driver.id());
        self.running = Some(Running {
            client,
            processes,
            driver,
        });
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.kill();
    }
}
