//! Figures for Prometheus, at `GET /metrics` for those who have the read token.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use purchase_core::{source::SourceKind, wire::Outcome};
use tokio::time::timeout;

use super::{App, HttpError, read::Reader};
use crate::{
    clock::now_ms,
    message,
    store::{Delivery, Figures, Store},
};

/// Upper bounds of the buckets of a request's time, in seconds.
const REQUEST_SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Upper bounds of the buckets of a purchase's way from the page to here, in seconds: a second to thirty days.
const DELIVERY_SECONDS: [f64; 10] = [
    1.0,
    5.0,
    30.0,
    60.0,
    600.0,
    3_600.0,
    21_600.0,
    86_400.0,
    604_800.0,
    2_592_000.0,
];

/// Longest wait for what the database knows; figures without it are better than none.
const DATABASE_SECONDS_MAX: u64 = 2;

/// The content type of what Prometheus reads (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The collector's figures. Clones share them.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram>,
    running: Gauge,
    messages: Family<MessageLabels, Counter>,
    delivery_seconds: Family<SiteLabels, Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MessageLabels {
    site: String,
    source: String,
    outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SiteLabels {
    site: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DestinationLabels {
    site: String,
    destination: String,
}

impl Metrics {
    pub fn new(store: &Figures) -> Metrics {
        let mut registry = Registry::with_prefix("purchase_collector");
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let request_seconds =
            Family::<RouteLabels, Histogram>::new_with_constructor(|| Histogram::new(REQUEST_SECONDS));
        registry.register_with_unit(
            "request",
            "Time from a request's head to its answer",
            Unit::Seconds,
            request_seconds.clone(),
        );
        let running = Gauge::default();
        registry.register("requests_running", "Requests worked on now", running.clone());
        let messages = Family::default();
        registry.register(
            "messages",
            "Purchases, reports and server messages with a receipt",
            messages.clone(),
        );
        let delivery_seconds =
            Family::<SiteLabels, Histogram>::new_with_constructor(|| Histogram::new(DELIVERY_SECONDS));
        registry.register_with_unit(
            "delivery",
            "Time from a new purchase's capture, by the device's clock, to its receipt",
            Unit::Seconds,
            delivery_seconds.clone(),
        );
        registry.register(
            "pass_attempts",
            "Attempts to pass a purchase on, as finished by this collector",
            store.attempts.clone(),
        );
        registry.register(
            "store_failures",
            "Reads and writes that the database failed",
            store.failures.clone(),
        );
        registry.register(
            "store_group_size",
            "Writes in one transaction of a database file",
            store.group_size.clone(),
        );
        Metrics {
            registry: Arc::new(registry),
            requests,
            request_seconds,
            running,
            messages,
            delivery_seconds,
        }
    }

    /// Counts a message that has a receipt. `site` is a configured one's key, or nothing: no client may invent series.
    pub fn message(&self, site: Option<&str>, delivery: &Delivery, outcome: Outcome) {
        let site = site.unwrap_or_default().to_owned();
        // A report is no purchase, and a server does not say when a page stated it.
        let has_capture = ![SourceKind::Checkout.name(), message::SOURCE].contains(&delivery.source);
        self.messages
            .get_or_create(&MessageLabels {
                site: site.clone(),
                source: delivery.source.to_owned(),
                outcome: outcome.name().to_owned(),
            })
            .inc();
        if outcome == Outcome::Accepted && has_capture {
            // A device's clock may be ahead.
            let ms = u64::try_from(now_ms().saturating_sub(delivery.captured_at)).unwrap_or_default();
            self.delivery_seconds
                .get_or_create(&SiteLabels { site })
                .observe(Duration::from_millis(ms).as_secs_f64());
        }
    }
}

/// Methods by name as far as we answer any; the others are a client's to invent.
fn method(given: &Method) -> &'static str {
    match *given {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

/// The route.
pub fn router() -> Router<App> {
    Router::new().route("/metrics", get(show))
}

async fn show(_: Reader, State(app): State<App>) -> Result<Response, HttpError> {
    let mut text = String::new();
    let queue = of_database(&app.store).await;
    encode_registry(&mut text, &app.metrics.registry)
        .and_then(|()| encode_registry(&mut text, &queue))
        .and_then(|()| encode_eof(&mut text))
        .map_err(|_| HttpError::Panic)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}

/// The queue as all collectors beside this one see it. Without an answer its series are missing, and `database_up` is 0.
async fn of_database(store: &Store) -> Registry {
    let mut registry = Registry::with_prefix("purchase_collector");
    let (waiting, dead, open) = <(DestinationFamily, DestinationFamily, DestinationFamily)>::default();
    let up = Gauge::<i64>::default();
    registry.register("database_up", "Whether the database answered just now", up.clone());
    let asked = timeout(Duration::from_secs(DATABASE_SECONDS_MAX), async {
        store.ping().await?;
        store.queue_lengths(now_ms()).await
    });
    let Ok(Ok(lengths)) = asked.await else {
        return registry;
    };
    up.set(1);
    for length in lengths {
        let labels = DestinationLabels {
            site: length.site,
            destination: length.destination,
        };
        waiting.get_or_create(&labels).set(length.waiting);
        dead.get_or_create(&labels).set(length.dead);
        open.get_or_create(&labels).set(i64::from(length.is_open));
    }
    registry.register("passes_waiting", "Entries that wait to be passed on", waiting);
    registry.register("passes_dead", "Entries that were given up", dead);
    registry.register("circuit_open", "Whether nothing leaves for the destination now", open);
    registry
}

type DestinationFamily = Family<DestinationLabels, Gauge>;

/// Counts and times a request. Routes by their pattern, so that nobody outside chooses how many series there are.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let method = method(request.method()).to_owned();
    let started = std::time::Instant::now();
    let running = Running::start(&metrics.running);
    let response = next.run(request).await;
    drop(running);
    metrics
        .request_seconds
        .get_or_create(&RouteLabels { route: route.clone() })
        .observe(started.elapsed().as_secs_f64());
    metrics
        .requests
        .get_or_create(&RequestLabels {
            route,
            method,
            status: response.status().as_u16(),
        })
        .inc();
    response
}

/// Counted as running until dropped: a client may leave before its answer.
struct Running(Gauge);

impl Running {
    fn start(gauge: &Gauge) -> Running {
        gauge.inc();
        Running(gauge.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}
