//! `/console`: how things are now.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};

use super::list_query::ListQuery;
use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        chart::{self, Chart},
        frame::Frame,
    },
    sites::Sites,
    store::{
        CircuitState, DestinationHealth, StoreError,
        console::{HOUR_MS, LATE_MINUTES, SiteRow},
    },
};

/// Hours that the chart shows.
const CHART_HOURS: i64 = 72;

/// Hours that the figures beside it count.
const FIGURES_HOURS: i64 = 24;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    heard: Vec<SiteRow>,
    /// The shops whose purchases are taken now.
    taken: Arc<Sites>,
    warnings: Vec<(SiteRow, u32)>,
    chart: Chart,
    chart_hours: i64,
    purchases: i64,
    late: i64,
    refused: i64,
    open: i64,
    /// Whether purchases are passed on anywhere.
    passed_on: bool,
    given_up: i64,
    /// Destinations that are left alone now.
    paused: Vec<DestinationHealth>,
    late_minutes: i64,
    now: i64,
}

impl Overview {
    /// From a time to now, in milliseconds.
    fn since(&self, at: &i64) -> i64 {
        self.now - *at
    }

    fn is_quiet(&self, site: &str) -> bool {
        self.warnings.iter().any(|(warned, _)| warned.site == site)
    }

    fn is_gone(&self, site: &str) -> bool {
        !self.taken.takes(site)
    }

    fn hours(&self, hours: &u32) -> i64 {
        i64::from(*hours)
    }
}

/// A destination that failed and is waited for, with something that waits.
fn is_paused(destination: &DestinationHealth) -> bool {
    destination.circuit != CircuitState::Closed && destination.waiting > 0
}

/// The page.
pub async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let now = now_ms();
    let site = query.site();
    let since = now - now.rem_euclid(HOUR_MS) - (CHART_HOURS - 1) * HOUR_MS;
    let hours = console.store.hours(site.as_deref(), since).await?;
    let heard = console.store.sites_heard().await?;
    let recent = now - FIGURES_HOURS * HOUR_MS;
    let figures = console.store.hours(site.as_deref(), recent).await?;
    let destinations = console.store.destinations_health(site.as_deref(), now).await?;
    page(&Overview {
        passed_on: !destinations.is_empty(),
        given_up: destinations.iter().map(|destination| destination.dead).sum(),
        paused: destinations.into_iter().filter(is_paused).collect(),
        sites: console.keys(&heard),
        warnings: console
            .quiet
            .warnings(heard.iter().filter(|row| console.sites.takes(&row.site)), now),
        taken: console.sites,
        chart: chart::chart(&hours, now, CHART_HOURS, &frame.words),
        chart_hours: CHART_HOURS,
        purchases: figures.iter().map(|row| row.purchases).sum(),
        late: figures.iter().map(|row| row.late).sum(),
        refused: console.store.refused_since(site.as_deref(), recent).await?,
        open: console.store.open_since(site.as_deref(), recent).await?,
        late_minutes: LATE_MINUTES,
        heard,
        now,
        frame,
        query,
    })
}

impl Console {
    /// The shops' keys, for choosing one: those of the options and those that have purchases.
    pub async fn site_keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.keys(&self.store.sites_heard().await?))
    }

    fn keys(&self, heard: &[SiteRow]) -> Vec<String> {
        let heard = heard.iter().map(|row| row.site.clone());
        let mut keys: Vec<String> = heard.chain(self.sites.keys()).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}
