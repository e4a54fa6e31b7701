//! `/console/destinations`: how well purchases are passed on, and passing on again.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection, rejection::QueryRejection},
    response::Redirect,
    routing::{get, post},
};
use serde::Deserialize;

use super::{earlier, list_query::ListQuery, purchase};
use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::{Admin, SignedIn},
        answer::{Page, page},
        frame::Frame,
    },
    store::{CircuitState, DestinationHealth, PassKey},
};

/// The routes.
pub fn router() -> Router<Console> {
    Router::new()
        .route("/console/destinations", get(show))
        .route("/console/replay", post(replay))
        .route("/console/replay-dead", post(replay_dead))
}

#[derive(Template)]
#[template(path = "destinations.html")]
struct Destinations {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    rows: Vec<DestinationHealth>,
    /// How many purchases were just added.
    added: Option<i64>,
}

impl Destinations {
    /// The key of the text about how it does.
    fn standing(&self, row: &DestinationHealth) -> &'static str {
        match row.circuit {
            _ if !row.configured => "badge-unconfigured",
            CircuitState::Closed if row.dead > 0 => "circuit-dead",
            CircuitState::Closed => "circuit-closed",
            CircuitState::Open => "circuit-open",
            CircuitState::HalfOpen => "circuit-half-open",
        }
    }

    /// Whether what waits is about to leave.
    fn is_well(&self, row: &DestinationHealth) -> bool {
        row.configured && row.circuit == CircuitState::Closed
    }

    /// The class of the badge about it.
    fn badge(&self, row: &DestinationHealth) -> &'static str {
        match row.circuit {
            _ if !row.configured => "calm",
            CircuitState::Closed if row.dead > 0 => "noted",
            CircuitState::Closed => "succeeded",
            CircuitState::HalfOpen => "noted",
            CircuitState::Open => "failed",
        }
    }
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
    added: Result<Query<earlier::Added>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let Query(added) = added.map_err(|_| ConsoleError::Malformed)?;
    page(&Destinations {
        added: added.added,
        sites: console.site_keys().await?,
        rows: console
            .store
            .destinations_health(query.site().as_deref(), now_ms())
            .await?,
        frame,
        query,
    })
}

#[derive(Deserialize)]
struct Entry {
    site: String,
    id: String,
    destination: String,
    event: String,
}

/// Passes one purchase on again. Twice is harmless.
async fn replay(
    _: Admin,
    State(console): State<Console>,
    entry: Result<Form<Entry>, FormRejection>,
) -> Result<Redirect, ConsoleError> {
    let Form(entry) = entry.map_err(|_| ConsoleError::Malformed)?;
    let back = purchase::address(&entry.site, &entry.id);
    let key = PassKey {
        site: entry.site,
        purchase_id: entry.id,
        destination: entry.destination,
        event: entry.event,
    };
    let found = console.store.replay(key, now_ms()).await?;
    Ok(Redirect::to(&format!("{back}&done={}", done(found))))
}

#[derive(Deserialize)]
struct Destination {
    site: String,
    destination: String,
}

/// Passes on again all that a destination did not take. Twice is harmless.
async fn replay_dead(
    _: Admin,
    State(console): State<Console>,
    destination: Result<Form<Destination>, FormRejection>,
) -> Result<Redirect, ConsoleError> {
    let Form(Destination { site, destination }) = destination.map_err(|_| ConsoleError::Malformed)?;
    let count = console.store.replay_dead(&site, &destination, now_ms()).await?;
    Ok(Redirect::to(&format!("/console/destinations?done={}", done(count > 0))))
}

fn done(found: bool) -> &'static str {
    if found { "queued" } else { "nothing-queued" }
}
