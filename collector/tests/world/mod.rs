//! A collector in the test's own process: the router called as a service, on a real database: a file, or in the program
//! `postgres` a PostgreSQL server.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod postgres;
#[cfg(unix)]
pub mod process;
#[cfg(unix)]
pub mod shop;
#[cfg(target_os = "linux")]
pub mod small_disk;

use std::path::Path;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use clap::Parser;
use http_body_util::BodyExt;
use purchase_collector::{
    cli::{Cli, Command, Serve},
    http,
    secrets::Secrets,
    store::{DatabaseAddress, Store},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// The token of the tests' read API.
pub const TOKEN: &str = "a-read-token";

/// Whether this program's tests run on PostgreSQL.
pub const ON_POSTGRES: bool = matches!(env!("CARGO_CRATE_NAME").as_bytes(), b"postgres");

/// A collector and what it keeps.
pub struct World {
    pub router: Router,
    pub store: Store,
    pub address: DatabaseAddress,
    pub folder: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl World {
    /// A collector with these options of `serve`.
    pub async fn new(options: &[&str]) -> World {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let options = serve_options(options);
        let address = new_address(folder.path()).await;
        let store = Store::open(&address).await.expect("the database opens");
        World {
            router: router(&store, &options),
            store,
            address,
            folder,
        }
    }

    /// The file as it is, or the texts of all rows. The store is closed.
    pub async fn all_that_is_kept(&self) -> String {
        match &self.address {
            DatabaseAddress::File(path) => {
                let mut bytes = std::fs::read(path).expect("the database");
                bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
                String::from_utf8_lossy(&bytes).into_owned()
            }
            DatabaseAddress::Postgres(options) => postgres::texts_of_all_rows(options).await,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(self.router.clone(), request).await
    }

    pub async fn post(&self, body: impl Into<Body>) -> Answer {
        self.send(post(body)).await
    }

    /// Reads with the token.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self
            .send(get(path, &[("authorization", &format!("Bearer {TOKEN}"))]))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        answer.json()
    }
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("the header is text"))
    }
}

/// An empty database, as `--database` names it: a file in this folder, or a schema on the server.
pub async fn new_database(folder: &Path) -> String {
    if ON_POSTGRES {
        postgres::schema().await
    } else {
        folder
            .join("purchases.db")
            .to_str()
            .expect("the path is text")
            .to_owned()
    }
}

/// The address of an empty database.
pub async fn new_address(folder: &Path) -> DatabaseAddress {
    DatabaseAddress::parse(&new_database(folder).await).expect("an address")
}

/// The collector on a store that is open already.
pub fn router(store: &Store, options: &Serve) -> Router {
    let secrets = Secrets::load(options).expect("the secrets are right");
    http::router(store.clone(), options, secrets)
}

pub fn serve_options(options: &[&str]) -> Serve {
    let token: &[&str] = if options.contains(&"--read-token") {
        &[]
    } else {
        &["--read-token", TOKEN]
    };
    let arguments = [&["purchase-collector", "serve"], token, options].concat();
    match Cli::try_parse_from(arguments).expect("the options are right").command {
        Command::Serve(options) => options,
        _ => unreachable!("the command is serve"),
    }
}

pub async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("a router always answers");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("the body ends").to_bytes().to_vec();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

pub fn get(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("the request is well-formed")
}

pub fn post(body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/v1/purchases?sent_at=1763765393500&attempt=2").header("content-type", "text/plain");
    request.body(body.into()).expect("the request is well-formed")
}

/// An envelope of the site "demo" with a purchase of this id and total.
pub fn envelope(record_id: &str, purchase_id: &str, total_price: &str) -> String {
    json!({
        "v": 1, "site": "demo", "id": record_id, "source": "markup", "captured_at": 1_763_765_393_000_u64,
        "page": "https://shop.example/order-confirmation", "config": { "currency": "EUR" },
        "data": ["cn_purchase ", ["purchase_id", purchase_id], ["total_quantity", "2"], ["total_price", total_price]],
    })
    .to_string()
}

/// An envelope of the site "demo" with an order of this id and status; a status of none is a confirmation page's.
pub fn order(record_id: &str, purchase_id: &str, status: Option<&str>) -> String {
    let mut data = json!({ "purchase_id": purchase_id, "total_quantity": 2, "total_price": "10.00" });
    if let Some(status) = status {
        data["order_status"] = json!(status);
    }
    call(record_id, data)
}

/// An envelope of the site "demo" with a call of these fields.
pub fn call(record_id: &str, data: Value) -> String {
    json!({
        "v": 1, "site": "demo", "id": record_id, "source": "call", "captured_at": 1_763_765_393_000_u64, "data": data,
    })
    .to_string()
}

/// An envelope of the site "demo" that reports a checkout. `data` wins over what a shopper leaves behind who left for the
/// gateway with the cart "c1".
pub fn report(record_id: &str, data: &Value) -> String {
    let mut whole = json!({
        "checkout_id": "c1", "cart_id": "c1", "state": "created", "basis": "left", "left_at": 1000,
    });
    for (key, value) in data.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    json!({
        "v": 1, "site": "demo", "id": record_id, "source": "checkout", "captured_at": 1_763_765_393_000_u64,
        "page": "https://shop.example/checkout", "config": { "currency": "EUR", "decimal": "comma" }, "data": whole,
    })
    .to_string()
}
