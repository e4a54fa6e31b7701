//! `/console/earlier`: passing on what was stored before a destination was configured.

use std::time::Duration;

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;
use tokio::{sync::oneshot, time::timeout};

use super::list_query::day;
use crate::{
    clock::now_ms,
    console::{Console, ConsoleError, access::Admin},
};

/// How long the reader waits to be told how many there were; adding goes on meanwhile and afterwards.
const WAIT: Duration = Duration::from_secs(5);

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/earlier", post(add))
}

/// What the address of the destinations' page tells of it.
#[derive(Deserialize)]
pub struct Added {
    /// How many purchases were added.
    pub added: Option<i64>,
}

#[derive(Deserialize)]
struct Wanted {
    site: String,
    destination: String,
    /// A day, `YYYY-MM-DD`, in the reader's time zone.
    from: String,
    /// The last day; an empty one is no limit.
    to: String,
}

/// Adds them. Twice is harmless: what was added is there, and while it is being done the second one is sent away.
async fn add(
    Admin(frame): Admin,
    State(console): State<Console>,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<Redirect, ConsoleError> {
    let Form(wanted) = wanted.map_err(|_| ConsoleError::Malformed)?;
    let zone = &frame.words.zone;
    let since = day(&wanted.from, zone, 0).ok_or(ConsoleError::Malformed)?;
    let until = match wanted.to.trim() {
        "" => i64::MAX,
        to => day(to, zone, 1).ok_or(ConsoleError::Malformed)?,
    };
    let destination = console.store.routes().named(&wanted.site, &wanted.destination);
    let destination = destination.ok_or(ConsoleError::NotFound)?;
    let to = |done: &str| Ok(Redirect::to(&format!("/console/destinations?{done}")));
    let Ok(held) = console.adding.try_lock_owned() else {
        return to("done=still-adding");
    };
    let (tell, told) = oneshot::channel();
    let store = console.store;
    // On a task of its own, which neither the request's time limit nor a reader who leaves ends.
    tokio::spawn(async move {
        let result = store.backfill(&destination, since..until, now_ms(), |_| {}).await;
        let (site, name) = (&destination.site, &destination.name);
        match &result {
            Ok(done) => tracing::info!(site, destination = name, added = done.added, "earlier purchases added"),
            Err(error) => tracing::error!(site, destination = name, %error, "earlier purchases could not be added"),
        }
        drop(held);
        let _ = tell.send(result);
    });
    match timeout(WAIT, told).await {
        Ok(result) => to(&format!("added={}", result.map_err(|_| ConsoleError::Failed)??.added)),
        Err(_) => to("done=adding"),
    }
}
