//! The collector over HTTP: one router per kind of answer.

mod assets;
mod client;
mod credentials;
mod error;
mod limits;
mod log;
mod metrics;
mod panel;
mod purchases;
mod rates;
mod read;
mod request_id;

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, Method, header, request::Parts},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    set_header::SetResponseHeaderLayer,
};

pub use self::error::HttpError;
use self::{limits::Limits, metrics::Metrics, rates::Rates};
use crate::{
    cli::Serve,
    console::{self, Console},
    secrets::Secrets,
    sites::Sites,
    store::Store,
};

/// How long browsers remember that a JSON client may post.
const PREFLIGHT_HOURS: u64 = 2;

/// What every handler may use. Clones share it.
#[derive(Clone, Debug)]
pub struct App {
    store: Store,
    sites: Arc<Sites>,
    secrets: Arc<Secrets>,
    read_token: Option<Arc<str>>,
    rates: Arc<Rates>,
    metrics: Metrics,
}

/// The whole collector as one service.
pub fn router(store: Store, options: &Serve, secrets: Secrets) -> Router {
    let sites = Arc::new(Sites::new(options.sites.clone()));
    let read_token = options
        .read_token
        .as_deref()
        .filter(|token| !token.is_empty())
        .map(Into::into);
    let metrics = Metrics::new(store.figures());
    let secrets = Arc::new(secrets);
    let app = App {
        store: store.clone(),
        sites: Arc::clone(&sites),
        secrets: Arc::clone(&secrets),
        read_token,
        rates: Arc::new(Rates::new(options)),
        metrics: metrics.clone(),
    };
    let limits = Limits::new(options, Arc::clone(&app.rates));
    let api = Router::new()
        .merge(purchases::router(options.body_bytes_max))
        .merge(read::router())
        .route("/v1/health", get(ready))
        .route("/v1/health/ready", get(ready))
        .with_state(app.clone());
    // Beside the limits: what tells that a collector is full must not wait for it, and a full collector is no dead one.
    let probes = Router::new()
        .merge(metrics::router())
        .route("/v1/health/live", get(live))
        .with_state(app);
    let console = console::router(Console::new(store, Arc::clone(&sites), secrets, options));
    let counted = guarded(api, sites, limits.clone())
        .merge(limited(console, limits.of_console()))
        .merge(probes);
    let mut router = Router::new()
        .merge(counted.layer(middleware::from_fn_with_state(metrics, metrics::count)))
        .merge(panel::router());
    if let Some(folder) = &options.assets {
        router = router.nest_service("/tag", assets::service(folder));
    }
    let nosniff = HeaderValue::from_static("nosniff");
    router
        .fallback(|| async { HttpError::NotFound })
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            nosniff,
        ))
        .layer(middleware::from_fn(request_id::name))
}

/// From the inside out: a panic and a full collector are answered like anything else, readable for the page.
fn guarded(api: Router, sites: Arc<Sites>, limits: Limits) -> Router {
    limited(api, limits).layer(cors(sites))
}

fn limited(router: Router, limits: Limits) -> Router {
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(limits, limits::enforce))
}

/// Beacons come with credentials, so the origin is answered by name and never as `*`. There are no cookies to protect.
fn cors(sites: Arc<Sites>) -> CorsLayer {
    let knows = move |origin: &HeaderValue, _: &Parts| origin.to_str().is_ok_and(|origin| sites.knows_origin(origin));
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(knows))
        .allow_credentials(true)
        .allow_methods([Method::POST, Method::GET])
        .allow_headers([header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, header::DATE])
        .max_age(Duration::from_secs(PREFLIGHT_HOURS * 3600))
}

/// A bug: one request fails, the collector goes on.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    HttpError::Panic.into_response()
}

/// Whether purchases can be sent here: the database answers and takes them.
async fn ready(State(app): State<App>) -> Result<Response, HttpError> {
    app.store.ready().await?;
    Ok(live().await)
}

/// Whether the process is worth keeping: it answers.
async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use axum::{body::Body, http::Request};
    use clap::Parser;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panic_is_a_500_that_the_page_can_read() {
        let Command::Serve(options) = Cli::parse_from(["purchase-collector", "serve"]).command else {
            return;
        };
        let limits = Limits::new(&options, Arc::new(Rates::new(&options)));
        async fn handler() -> &'static str {
            panic!("a bug")
        }
        let router = guarded(Router::new().route("/bug", get(handler)), Arc::default(), limits);
        let request = Request::get("/bug")
            .header("origin", "https://shop.example")
            .body(Body::empty());
        let answer = router
            .oneshot(request.expect("well-formed"))
            .await
            .expect("a router always answers");
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers()["access-control-allow-origin"], "https://shop.example");
    }
}
