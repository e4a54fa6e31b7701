//! A destination that can be made to answer late.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

/// Everything happens soon, but for the answers, which may take two seconds.
const DELIVERY: &str = "[delivery]\ntimeout_ms = 2000\nlease_ms = 9000\nretry_ms_min = 20\nretry_ms_max = 200\npoll_ms = 50\n\
                        circuit_ms = 100\ncircuit_ms_max = 300\n";

/// The merchant's own receiver.
pub struct Erp {
    address: String,
    arrived: watch::Receiver<BTreeSet<String>>,
    answers: watch::Sender<bool>,
}

#[derive(Clone)]
struct App {
    arrived: Arc<Mutex<watch::Sender<BTreeSet<String>>>>,
    answers: watch::Receiver<bool>,
}

impl Erp {
    pub async fn start() -> Erp {
        let (arriving, arrived) = watch::channel(BTreeSet::new());
        let (answers, answer) = watch::channel(true);
        let app = App {
            arrived: Arc::new(Mutex::new(arriving)),
            answers: answer,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let router = Router::new().route("/", post(receive)).with_state(app);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Erp {
            address,
            arrived,
            answers,
        }
    }

    /// Writes the file of destinations, with this one, into the folder; the option that names it.
    pub fn destinations(&self, folder: &Path) -> [String; 2] {
        let (key, file) = (folder.join("key"), folder.join("destinations.toml"));
        std::fs::write(&key, "0123456789abcdef").expect("the key is written");
        let destination = format!(
            "{DELIVERY}[[destination]]\nsite = \"demo\"\nkind = \"webhook\"\nkey_file = \"{}\"\nurl = \"http://{}/\"\n",
            key.display(),
            self.address
        );
        std::fs::write(&file, destination).expect("the configuration is written");
        ["--destinations".to_owned(), file.display().to_string()]
    }

    /// Whether it answers what arrives, now and from now on.
    pub fn answers(&self, answers: bool) {
        self.answers.send_replace(answers);
    }

    /// Waits until all of these purchases have arrived.
    pub async fn has(&self, ids: &BTreeSet<String>) {
        let mut arrived = self.arrived.clone();
        arrived
            .wait_for(|arrived| ids.is_subset(arrived))
            .await
            .expect("it runs");
    }
}

async fn receive(State(mut app): State<App>, Json(body): Json<Value>) -> StatusCode {
    let id = body["purchase_id"].as_str().expect("an id").to_owned();
    app.arrived.lock().expect("no panic").send_modify(|arrived| {
        arrived.insert(id);
    });
    app.answers.wait_for(|answers| *answers).await.expect("it runs");
    StatusCode::NO_CONTENT
}
