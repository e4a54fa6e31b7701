//! A built shop's web server: the files as they were built, but for the collector's address, which tests choose late.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, process::Child};
use tower_http::services::ServeDir;

use crate::{
    process::{answers, setting},
    proxy::REMEMBER_EVENTS,
};

/// What the shops' sources and the package's README call the collector.
const COLLECTOR: &str = "https://collector.example";

/// Largest file of a shop, in bytes.
const FILE_BYTES_MAX: usize = 16 << 20;

/// Keeps what a page's console is told that somebody should mend.
const REMEMBER_CONSOLE: &str = "
window.__said = [];
for (const level of ['warn', 'error']) {
  const say = console[level];
  console[level] = (...things) => { window.__said.push(things.join(' ')); say(...things); };
}
";

/// Where a shop's pages come from.
pub enum Pages {
    /// Files.
    Folder(PathBuf),
    /// A server of the shop's own.
    Server {
        /// With its scheme, without a path.
        address: String,
        /// Killed when this is dropped.
        _program: Child,
    },
}

impl Pages {
    /// A folder below those that the projects were built in.
    pub fn built(folder: &str) -> Pages {
        Pages::Folder(built(folder))
    }

    /// A folder of the sources.
    pub fn source(folder: &str) -> Pages {
        Pages::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
    }

    /// A program that serves the shop on a port, once it answers.
    pub async fn served(port: u16, program: Child) -> Pages {
        let address = origin(port);
        answers(&address).await;
        Pages::Server {
            address,
            _program: program,
        }
    }
}

/// Where a project was built.
pub fn built(folder: &str) -> PathBuf {
    let built = PathBuf::from(setting("PURCHASE_PACKAGES")).join(folder);
    assert!(built.is_dir(), "{folder} is not built");
    built
}

/// The address of what listens on a port.
pub fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The server, running for as long as the tests do.
pub struct Front {
    origin: String,
}

struct Shared {
    pages: Pages,
    collector: String,
    client: reqwest::Client,
}

impl Front {
    /// Serves a shop whose purchases go to the collector at an address.
    pub async fn start(port: u16, pages: Pages, collector: String) -> Front {
        let shared: &Shared = Box::leak(Box::new(Shared {
            pages,
            collector,
            client: crate::process::client(),
        }));
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async { axum::serve(listener, router).await });
        Front { origin: origin(port) }
    }

    /// The address of a page.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

async fn answer(State(shared): State<&'static Shared>, mut request: Request) -> Response {
    // What is compressed cannot be changed.
    request.headers_mut().remove(header::ACCEPT_ENCODING);
    let answer = match &shared.pages {
        Pages::Folder(folder) => {
            let answer = ServeDir::new(folder).try_call(request).await;
            answer.map_or_else(
                |error| error.to_string().into_response(),
                |answer| answer.map(Body::new),
            )
        }
        Pages::Server { address, .. } => passed_on(shared, address, request).await,
    };
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, FILE_BYTES_MAX).await.expect("a file of a shop");
    let Ok(text) = std::str::from_utf8(&body) else {
        return (head, body).into_response();
    };
    let is_page = kind(&head.headers).starts_with("text/html");
    let mut text = text.replace(COLLECTOR, &shared.collector);
    if is_page {
        let prelude = format!("<head><script>{REMEMBER_EVENTS}{REMEMBER_CONSOLE}</script>");
        text = text.replacen("<head>", &prelude, 1);
    }
    head.headers.remove(header::CONTENT_LENGTH);
    (head, text).into_response()
}

async fn passed_on(shared: &Shared, address: &str, request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut headers = request.headers().clone();
    headers.remove(header::HOST);
    let answer = shared
        .client
        .get(format!("{address}{path}"))
        .headers(headers)
        .send()
        .await;
    let Ok(answer) = answer else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let status = answer.status();
    let mut headers = answer.headers().clone();
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONNECTION);
    (status, headers, answer.bytes().await.unwrap_or_default()).into_response()
}

fn kind(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
}
