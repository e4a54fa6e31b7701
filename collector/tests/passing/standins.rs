//! Stand-ins for the platforms: servers that enforce the documented rules, dedupe as documented, and fail in every way.

mod connectif;
mod egoi;
mod faults;
mod klaviyo;
mod webhook;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::Response,
};
use purchase_collector::passing::Request;
use serde_json::Value;

pub use self::{
    connectif::Shows,
    faults::{Fault, Faults},
};

/// The secret that all stand-ins expect; `orders::KEY`.
pub const KEY: &str = crate::orders::KEY;

/// Which platform a stand-in stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Connectif,
    Klaviyo,
    Egoi,
    Webhook,
}

/// One request as it arrived.
pub struct Arrived {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Arrived {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// What a stand-in knows.
#[derive(Default)]
pub struct Known {
    /// What was taken, by the platform's own key, each time it was taken as a new one.
    pub taken: BTreeMap<String, Vec<Value>>,
    /// Contacts, where they must be known first.
    pub contacts: Vec<String>,
    /// Rules of the platform that a request broke and that no fault excuses: there must be none.
    pub broken: Vec<String>,
    /// When requests arrived.
    pub arrivals: Vec<Instant>,
    /// Requests for Klaviyo as they arrived, for its contract.
    pub requests: Vec<Request>,
    /// Products that are in no catalogue.
    pub unknown_products: Vec<String>,
    /// When Connectif shows what it took.
    pub shows: Shows,
}

/// A running stand-in.
pub struct StandIn {
    pub address: String,
    pub known: Arc<Mutex<Known>>,
    pub faults: Arc<Mutex<Faults>>,
}

#[derive(Clone)]
struct App {
    platform: Platform,
    known: Arc<Mutex<Known>>,
    faults: Arc<Mutex<Faults>>,
}

impl StandIn {
    /// On a free port.
    pub async fn start(platform: Platform, faults: Faults) -> StandIn {
        let app = App {
            platform,
            known: Arc::default(),
            faults: Arc::new(Mutex::new(faults)),
        };
        let (known, faults) = (Arc::clone(&app.known), Arc::clone(&app.faults));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let router = Router::new().fallback(receive).with_state(app);
        tokio::spawn(async move { axum::serve(listener, router).await });
        StandIn { address, known, faults }
    }

    /// How often each of the platform's keys was taken as a new one.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let known = self.known.lock().expect("no panic");
        known
            .taken
            .iter()
            .map(|(key, values)| (key.clone(), values.len()))
            .collect()
    }

    pub fn broken(&self) -> Vec<String> {
        self.known.lock().expect("no panic").broken.clone()
    }

    pub fn arrivals(&self) -> Vec<Instant> {
        self.known.lock().expect("no panic").arrivals.clone()
    }

    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock().expect("no panic") = faults;
    }
}

impl App {
    fn judge(&self, arrived: &Arrived) -> (u16, String) {
        let mut known = self.known.lock().expect("no panic");
        match self.platform {
            Platform::Connectif => connectif::judge(&mut known, arrived),
            Platform::Klaviyo => klaviyo::judge(&mut known, arrived),
            Platform::Egoi => egoi::judge(&mut known, arrived),
            Platform::Webhook => webhook::judge(&mut known, arrived),
        }
    }
}

async fn receive(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let fault = app.faults.lock().expect("no panic").next();
    let arrived = Arrived {
        method,
        path: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    app.known.lock().expect("no panic").arrivals.push(Instant::now());
    match fault {
        Fault::None | Fault::LostAnswer => {}
        Fault::Status(status) => return answer(status, "<html>an error</html>"),
        Fault::Throttle { seconds } => {
            let mut response = answer(429, "{}");
            response.headers_mut().insert("retry-after", seconds.into());
            return response;
        }
        Fault::Hang => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            return answer(500, "");
        }
        Fault::Reset => return broken_off(),
        Fault::LateEffect { after } => {
            // On its own: who asked does not wait for it.
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                app.judge(&arrived);
            });
            return std::future::pending().await;
        }
    }
    let (status, text) = app.judge(&arrived);
    if fault == Fault::LostAnswer {
        return broken_off();
    }
    answer(status, &text)
}

fn answer(status: u16, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}

/// The connection ends in the middle of the answer.
fn broken_off() -> Response {
    let parts = futures_util::stream::iter([Ok("{"), Err(std::io::Error::other("broken off"))]);
    let mut response = Response::new(Body::from_stream(parts));
    response.headers_mut().insert("content-length", 100.into());
    response
}
