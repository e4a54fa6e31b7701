//! A shop made of a few pages, which also serves the tag's files as a CDN or the shop itself would, and the collector behind a path.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::process::{free_port, setting};

/// What every page runs first: it keeps what happens, so that a test can ask for it afterwards. Its nonce is in every policy.
const PROBE: &str = "
{
window.__seen = [];
const keep = (name, detail) => { __seen[__seen.length] = { name, detail } };
for (const name of ['captured', 'registered', 'refused', 'retrying', 'expired', 'failed'])
  document.addEventListener('purchase-tag:' + name, (event) => keep(name, event.detail));
window.addEventListener('error', (event) => event.message && keep('exception', String(event.message)));
window.addEventListener('unhandledrejection', (event) => keep('exception', String(event.reason)));
document.addEventListener('securitypolicyviolation', (event) => keep('violation', event.violatedDirective + ' ' + event.blockedURI));
const { warn } = console;
console.warn = (...words) => { keep('warning', words.join(' ')); warn.apply(console, words) };
const { fetch } = window;
window.fetch = (what, ...rest) => { keep('fetch', String(what.url || what)); return fetch(what, ...rest) };
}
";

/// Stands in every policy, for [`PROBE`] alone.
pub const PROBE_SOURCE: &str = "'nonce-probe'";

/// Where the tag's files are.
pub const FILES: &str = "/assets/";

/// Where the collector is, behind a reverse proxy.
pub const PATH: &str = "/shop/t";

/// A page: its headers, and what its head and body hold.
#[derive(Clone, Default)]
pub struct Page {
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// After the probe.
    pub head: String,
    /// The whole body.
    pub body: String,
}

/// A running shop, until it is dropped.
pub struct Site {
    /// Scheme, host and port.
    pub origin: String,
    shared: &'static Shared,
    task: JoinHandle<()>,
}

/// What the requests share. One per shop, for as long as the tests run.
struct Shared {
    collector: String,
    client: reqwest::Client,
    pages: Mutex<HashMap<String, Page>>,
    files: Mutex<HashMap<String, Vec<u8>>>,
    /// The file that does not come yet.
    late: watch::Sender<Option<String>>,
}

impl Site {
    /// Starts one in front of the collector at an address.
    pub async fn start(collector: String) -> Site {
        let shared = Box::leak(Box::new(Shared {
            collector,
            client: crate::process::client(),
            pages: Mutex::default(),
            files: Mutex::default(),
            late: watch::Sender::new(None),
        }));
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
        let router = Router::new().fallback(any(answer)).with_state(&*shared);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Site {
            origin: format!("http://127.0.0.1:{port}"),
            shared,
            task,
        }
    }

    /// Puts a page under a path, and answers with its address.
    pub fn page(&self, path: &str, page: Page) -> String {
        lock(&self.shared.pages).insert(path.into(), page);
        format!("{}{path}", self.origin)
    }

    /// Serves other bytes than the build's under a file's name.
    pub fn replace(&self, name: &str, bytes: Vec<u8>) {
        lock(&self.shared.files).insert(name.into(), bytes);
    }

    /// From now on a file does not come; with none it comes, also to those who wait for it.
    pub fn hold_back(&self, name: Option<String>) {
        self.shared.late.send_replace(name);
    }

    /// Address of the tag's files.
    pub fn files(&self) -> String {
        format!("{}{FILES}", self.origin)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The build's file of this name.
pub fn built(name: &str) -> Vec<u8> {
    let path = PathBuf::from(setting("PURCHASE_DIST")).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The build's only file whose name ends so.
pub fn built_name(ending: &str) -> String {
    let entries = std::fs::read_dir(setting("PURCHASE_DIST")).expect("the folder of the build");
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.find(|name| name.ends_with(ending)).expect("a file of the build")
}

async fn answer(State(shared): State<&'static Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(name) = path.strip_prefix(FILES) {
        return file(shared, name).await;
    }
    if let Some(rest) = request
        .uri()
        .path_and_query()
        .and_then(|it| it.as_str().strip_prefix(PATH))
    {
        let rest = rest.to_owned();
        return forward(shared, &rest, request).await;
    }
    let page = lock(&shared.pages).get(&path).cloned();
    page.map_or_else(|| StatusCode::NOT_FOUND.into_response(), render)
}

fn render(Page { headers, head, body }: Page) -> Response {
    let html = format!(
        "<!doctype html><html><head><meta charset=utf-8><link rel=icon href=data:,><script nonce=probe>{PROBE}</script>\n{head}\
         </head><body>\n{body}</body></html>"
    );
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store");
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Body::from(html)).expect("the headers are well-formed")
}

/// As any file server with the documented headers.
async fn file(shared: &Shared, name: &str) -> Response {
    let mut late = shared.late.subscribe();
    // The sender lives as long as the shop.
    let _ = late.wait_for(|late| late.as_deref() != Some(name)).await;
    let bytes = lock(&shared.files).get(name).cloned().unwrap_or_else(|| built(name));
    let kind = if name.ends_with(".wasm") {
        "application/wasm"
    } else {
        "text/javascript"
    };
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN.as_str(), "*"),
        ("cross-origin-resource-policy", "cross-origin"),
    ];
    (headers, bytes).into_response()
}

/// As a reverse proxy that takes its own path away.
async fn forward(shared: &Shared, path: &str, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let sent = shared
        .client
        .request(head.method, format!("{}{path}", shared.collector))
        .headers(of_content(&head.headers))
        .body(body)
        .send()
        .await;
    let Ok(answer) = sent else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, headers) = (answer.status(), of_content(answer.headers()));
    let body: Bytes = answer.bytes().await.unwrap_or_default();
    (status, headers, body).into_response()
}

/// Headers without those of one connection.
fn of_content(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [
        header::HOST,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    headers
}

/// A test that panicked while it held the lock has failed already; the others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
