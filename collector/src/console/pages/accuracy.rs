//! `/console/accuracy`: how many of those who pay are heard of, by gateway and by payment method.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};

use super::list_query::ListQuery;
use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        frame::Frame,
        ratio::{self, DepartureSum, MethodSum, NEVER_HOURS},
    },
    store::console::{DEPARTURES_READ_MAX, HOUR_MS, LATE_MINUTES, PURCHASES_READ_MAX},
};

/// How far back the page looks, in days.
const DAYS: i64 = 30;

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/accuracy", get(show))
}

#[derive(Template)]
#[template(path = "accuracy.html")]
struct Accuracy {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    gateways: Vec<DepartureSum>,
    left_by_method: Vec<DepartureSum>,
    methods: Vec<MethodSum>,
    is_cut: bool,
    days: i64,
    late_minutes: i64,
    never_hours: i64,
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let now = now_ms();
    let since = now - DAYS * 24 * HOUR_MS;
    let site = query.site();
    let departures = console.store.departures(site.as_deref(), since).await?;
    let methods = console.store.methods(site.as_deref(), since).await?;
    let reaches = |len: usize, max: i64| i64::try_from(len).is_ok_and(|len| len >= max);
    page(&Accuracy {
        sites: console.site_keys().await?,
        gateways: ratio::by_gateway(&departures, now),
        left_by_method: ratio::left_by_method(&departures, now),
        methods: ratio::by_method(&methods),
        is_cut: reaches(departures.len(), DEPARTURES_READ_MAX) || reaches(methods.len(), PURCHASES_READ_MAX),
        days: DAYS,
        late_minutes: LATE_MINUTES,
        never_hours: NEVER_HOURS,
        frame,
        query,
    })
}
