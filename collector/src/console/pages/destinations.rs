//! `/console/destinations`: how well purchases are passed on.

use askama::Template;
use axum::{Router, routing::get};

use crate::console::{
    Console,
    access::SignedIn,
    answer::{Page, page},
    frame::Frame,
};

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/destinations", get(show))
}

#[derive(Template)]
#[template(path = "destinations.html")]
struct Destinations {
    frame: Frame,
}

async fn show(SignedIn(frame): SignedIn) -> Page {
    page(&Destinations { frame })
}
