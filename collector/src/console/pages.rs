//! The pages, one file each.

mod accuracy;
mod checkouts;
mod destinations;
mod earlier;
mod list_query;
mod login;
mod overview;
mod preferences;
mod purchase;
mod purchases;
mod refusal;
mod refused;
mod style;
mod test_purchase;

use axum::{Router, extract::DefaultBodyLimit, routing::get};

use super::{Console, ConsoleError};

/// Largest form, in bytes: all of them are small.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// All routes.
pub fn router() -> Router<Console> {
    Router::new()
        .route("/console", get(overview::show))
        .merge(style::router())
        .merge(login::router())
        .merge(preferences::router())
        .merge(purchases::router())
        .merge(purchase::router())
        .merge(refused::router())
        .merge(refusal::router())
        .merge(checkouts::router())
        .merge(accuracy::router())
        .merge(destinations::router())
        .merge(earlier::router())
        .merge(test_purchase::router())
        .route("/console/{*rest}", get(|| async { ConsoleError::NotFound }))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}
