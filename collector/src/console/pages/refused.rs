//! `/console/refused`: what was refused, grouped by recurring cause.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};

use super::{list_query::ListQuery, refusal};
use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        causes::{self, Cause},
        frame::Frame,
        problems::Sentence,
    },
    store::console::{HOUR_MS, REFUSALS_READ_MAX},
};

/// A cause that was seen within this time goes on, in hours.
const GOES_ON_HOURS: i64 = 24;

/// Most causes on the page.
const CAUSES_MAX: usize = 100;

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/refused", get(show))
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    causes: Vec<Cause>,
    is_cut: bool,
    now: i64,
}

impl Refused {
    fn href(&self, cause: &Cause) -> String {
        refusal::address(&cause.site, &cause.digest)
    }

    /// "with comma decimals": the kind, and what the text looks like.
    fn kind(&self, cause: &Cause) -> String {
        let shaped = cause.shape.name().map(|shape| format!("{}-{shape}", cause.kind));
        let words = &self.frame.words;
        shaped
            .filter(|name| words.language.has(&format!("cause-{}", name.replace('_', "-"))))
            .map_or_else(|| words.named("kind", &cause.kind), |name| words.named("cause", &name))
    }

    fn advice(&self, cause: &Cause) -> Sentence {
        cause.problem.sentence(&self.frame.words)
    }

    fn goes_on(&self, cause: &Cause) -> bool {
        self.now - cause.last_at < GOES_ON_HOURS * HOUR_MS
    }
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let rows = console.store.refused(query.site().as_deref()).await?;
    let mut causes = causes::group(&rows);
    let is_cut = causes.len() > CAUSES_MAX || i64::try_from(rows.len()).is_ok_and(|rows| rows >= REFUSALS_READ_MAX);
    causes.truncate(CAUSES_MAX);
    page(&Refused {
        sites: console.site_keys().await?,
        causes,
        is_cut,
        now: now_ms(),
        frame,
        query,
    })
}
