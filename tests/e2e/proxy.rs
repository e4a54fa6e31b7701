//! A proxy in front of the real collector that does to requests what networks do, and counts what it saw.
//!
//! It has two ports, because a shop's page may get the tag's files (from a cache) and yet not reach the collector: one for
//! purchases, one for files.

mod answers;
mod connections;
mod fault;
mod seen;

use std::sync::{Mutex, MutexGuard};

use hyper::body::Bytes;
use tokio::{net::TcpStream, sync::watch, time::sleep};

use self::connections::Port;
use crate::process::{PATIENCE, free_port, until};

pub use self::{
    fault::{Fault, File, FileFault, RetryAfter},
    seen::Seen,
};

/// Put before the tag: keeps the tag's events, so that a test can ask for one that has happened already.
pub const REMEMBER_EVENTS: &str = "
window.__seen = [];
for (const name of ['captured', 'registered', 'refused', 'retrying', 'expired', 'failed'])
  document.addEventListener('purchase-tag:' + name, (event) => window.__seen[window.__seen.length] = ({ name, detail: event.detail }));
window.addEventListener('error', (event) => window.__seen[window.__seen.length] = ({ name: 'exception', detail: String(event.message) }));
window.addEventListener('unhandledrejection', (event) => window.__seen[window.__seen.length] = ({ name: 'exception', detail: String(event.reason) }));
window.addEventListener('pageshow', (event) => window.__seen[window.__seen.length] = ({ name: 'pageshow', detail: event.persisted }));
";

/// The proxy, running.
pub struct Proxy {
    purchases: Port,
    files: Port,
    state: &'static State,
}

/// What the connections share. One per proxy, for as long as the tests run.
struct State {
    collector: String,
    client: reqwest::Client,
    fault: watch::Sender<Fault>,
    file_fault: watch::Sender<Option<(File, FileFault)>>,
    prelude: Mutex<String>,
    /// As the collector last served it.
    loader: Mutex<Bytes>,
    seen: Mutex<Seen>,
    /// How many signals there were.
    signals: watch::Sender<usize>,
}

impl Proxy {
    /// Starts one in front of the collector at an address.
    pub async fn start(collector: String) -> Proxy {
        let state = Box::leak(Box::new(State {
            collector,
            client: crate::process::client(),
            fault: watch::Sender::new(Fault::None),
            file_fault: watch::Sender::new(None),
            prelude: Mutex::default(),
            loader: Mutex::default(),
            seen: Mutex::default(),
            signals: watch::Sender::new(0),
        }));
        let (purchases, files) = (free_port(), free_port());
        Proxy {
            purchases: Port::open(purchases, connections::Kind::Purchases, state),
            files: Port::open(files, connections::Kind::Files, state),
            state,
        }
    }

    /// Where purchases are sent.
    pub fn purchases(&self) -> String {
        format!("http://127.0.0.1:{}", self.purchases.number)
    }

    /// Where the tag's files are.
    pub fn files(&self) -> String {
        format!("http://127.0.0.1:{}", self.files.number)
    }

    /// From now on, requests with purchases suffer this; it is in force when this returns.
    pub async fn set(&self, fault: Fault) {
        let refuses = fault == Fault::Refuse;
        self.state.fault.send_replace(fault);
        let address = ("127.0.0.1", self.purchases.number);
        until("the port for purchases", || async {
            (TcpStream::connect(address).await.is_err() == refuses).then_some(())
        })
        .await;
    }

    /// From now on, this happens to one of the tag's files; with none they are all well.
    pub fn set_file(&self, fault: Option<(File, FileFault)>) {
        self.state.file_fault.send_replace(fault);
    }

    /// From now on, pages run this script just before the loader.
    pub fn set_prelude(&self, script: &str) {
        script.clone_into(&mut lock(&self.state.prelude));
    }

    /// What it saw so far.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.state.seen)
    }

    /// Waits until a page asks for `/signal` on the port for files, after `work` has begun; drops `work` then.
    pub async fn signal_during(&self, work: impl Future<Output = ()>) {
        let mut signals = self.state.signals.subscribe();
        signals.mark_unchanged();
        let ended = async {
            work.await;
            sleep(PATIENCE).await;
        };
        tokio::select! {
            told = signals.changed() => told.expect("the proxy keeps the sender"),
            () = ended => panic!("waited {PATIENCE:?} in vain for the page's signal"),
        }
    }
}

impl State {
    fn prelude(&self) -> String {
        format!("{REMEMBER_EVENTS}{}\n", lock(&self.prelude))
    }
}

/// A test that panicked while it held the lock has failed already; the others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
