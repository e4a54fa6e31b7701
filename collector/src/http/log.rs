//! One line of the log for each message. Texts of a payload may be personal and stay in the database.

use std::time::Instant;

use purchase_core::{
    Purchase, Severity,
    checkout::CheckoutReport,
    wire::{Outcome, Receipt},
};

use crate::store::Delivery;

/// Most paths in one line of the log.
const PATHS_LOGGED_MAX: usize = 20;

/// Most bytes of an `Origin` header in the log. An origin is a scheme, a host of at most 253 bytes and a port.
const ORIGIN_LOGGED_BYTES_MAX: usize = 300;

/// A page's message that is not taken, because `--site` does not name its site or origin. Browsers show pages nothing of such an
/// answer, so this line is all that its operator finds.
pub fn stranger(site: &str, origin: &str, reason: &str) {
    let origin = origin
        .get(..ORIGIN_LOGGED_BYTES_MAX.min(origin.len()))
        .unwrap_or_default();
    tracing::warn!(site, origin, reason, "message of a page not taken");
}

/// What the log says of a purchase.
pub struct Facts {
    total_price: String,
    state: &'static str,
    placed: bool,
}

impl Facts {
    pub fn of(purchase: &Purchase) -> Facts {
        Facts {
            total_price: purchase.total_price.to_string(),
            state: purchase.standing.state.name(),
            placed: purchase.standing.placed,
        }
    }
}

/// What became of a purchase's message; `facts` unless it was refused.
pub fn purchase(delivery: &Delivery, receipt: &Receipt, facts: Option<&Facts>, started: Instant) {
    let (site, source) = (delivery.site.as_str(), delivery.source);
    let purchase_id = receipt.purchase_id.as_deref().unwrap_or_default();
    let total_price = facts.map(|facts| facts.total_price.as_str());
    let state = facts.map(|facts| facts.state);
    let placed = facts.map(|facts| facts.placed);
    let ms = since(started);
    match receipt.outcome {
        Outcome::Accepted => {
            tracing::info!(
                site,
                purchase_id,
                total_price,
                state,
                placed,
                source,
                ms,
                "purchase stored"
            );
        }
        Outcome::Duplicate if receipt.conflict => {
            tracing::warn!(
                site,
                purchase_id,
                total_price,
                state,
                source,
                ms,
                "purchase differs from the stored one"
            );
        }
        Outcome::Duplicate => tracing::info!(site, purchase_id, state, placed, source, ms, "purchase known"),
        Outcome::Refused => {
            let page = delivery.page.as_deref().unwrap_or_default();
            let record_id = delivery.record_id.as_str();
            tracing::warn!(
                site,
                record_id,
                source,
                page,
                paths = paths(receipt),
                ms,
                "purchase refused"
            );
        }
    }
}

/// What became of a checkout's report.
pub fn report(delivery: &Delivery, report: &CheckoutReport, receipt: &Receipt, started: Instant) {
    let site = delivery.site.as_str();
    let checkout_id = report.checkout_id.as_str();
    let (state, basis, gateway) = (report.state.name(), report.basis.name(), report.gateway.as_deref());
    let ms = since(started);
    match receipt.outcome {
        Outcome::Accepted => tracing::info!(site, checkout_id, state, basis, gateway, ms, "checkout reported"),
        _ => tracing::info!(site, checkout_id, state, basis, gateway, ms, "checkout known"),
    }
}

fn since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The paths of the errors.
fn paths(receipt: &Receipt) -> String {
    let errors = receipt
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    errors
        .take(PATHS_LOGGED_MAX)
        .map(|problem| problem.path.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
