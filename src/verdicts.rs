//! Judges this page's purchases on the page, so that its developer sees at once what is wrong. The collector judges the same
//! bytes again, and only its receipt counts.

use purchase_core::{
    Contact, ContactMode, FixedZone, Judgement, Problem, Purchase, Rules, Severity, Zone,
    checkout::Seen,
    wire::{Envelope, PageConfig},
};
use serde::Serialize;

use crate::{driver::Driver, events, zone::IntlZone};

/// One of this page's purchases, as `snapshot` and the events show it.
#[derive(Clone, Serialize)]
pub struct PageVerdict {
    /// The record's id.
    pub id: String,
    /// `captured`, then what the collector or the page said.
    pub outcome: &'static str,
    /// The shop's id, where it could be read.
    pub purchase_id: Option<String>,
    /// What was found on the page.
    pub problems: Vec<Problem>,
}

/// Judges an envelope of this page, remembers the verdict, and tells the developer. Answers with the purchase's ids and standing
/// if it is accepted and was not judged before.
pub fn judge(driver: &Driver, envelope: &Envelope) -> Option<Seen> {
    if driver.has_verdict(&envelope.id) {
        return None;
    }
    let judgement = match envelope.sole_purchase() {
        Ok(raw) => with_rules(&envelope.config, envelope.page.as_deref(), |rules| {
            Purchase::parse(raw, rules)
        }),
        Err(problem) => Judgement {
            purchase: None,
            problems: vec![problem],
        },
    };
    let Judgement { purchase, problems } = judgement;
    let seen = purchase.map(|purchase| Seen {
        purchase_id: purchase.purchase_id,
        cart_id: purchase.cart_id,
        standing: purchase.standing,
    });
    let verdict = PageVerdict {
        id: envelope.id.clone(),
        outcome: if seen.is_some() { "captured" } else { "refused" },
        purchase_id: seen.as_ref().map(|seen| seen.purchase_id.clone()),
        problems,
    };
    if let Some(text) = sentence(&verdict) {
        if verdict.outcome == "refused" {
            events::console_error(&text)
        } else {
            events::console_warn(&text)
        }
    }
    driver.remember(verdict.clone());
    if verdict.outcome == "refused" {
        events::dispatch("refused", &verdict);
    }
    seen
}

/// The SHA-256 of an address, in hexadecimal; none if it is no address.
pub fn hashed(email: &str) -> Option<String> {
    Contact::read(email.trim(), ContactMode::Sha256).map(|contact| contact.as_str().to_owned())
}

/// Runs `then` with a page's reading rules.
pub fn with_rules<T>(config: &PageConfig, page_url: Option<&str>, then: impl FnOnce(&Rules<'_>) -> T) -> T {
    let name = config.time_zone.as_deref();
    let fixed = name.and_then(FixedZone::from_name);
    let named = name.map(IntlZone);
    let zone = fixed
        .as_ref()
        .map(|zone| zone as &dyn Zone)
        .or(named.as_ref().map(|zone| zone as &dyn Zone));
    let PageConfig {
        decimal,
        currency,
        contact,
        ..
    } = *config;
    then(&Rules {
        decimal,
        zone,
        currency,
        contact,
        page_url,
        statuses: config.statuses(),
    })
}

/// What the console says: nothing if there is nothing to mend.
fn sentence(verdict: &PageVerdict) -> Option<String> {
    let mut text = match &verdict.purchase_id {
        Some(id) => format!("purchase-tag: purchase {id}:"),
        None => String::from("purchase-tag: this purchase is refused:"),
    };
    let length = text.len();
    for problem in verdict
        .problems
        .iter()
        .filter(|problem| problem.severity > Severity::Normalised)
    {
        let Problem {
            path,
            message,
            text: found,
            ..
        } = problem;
        let message = message.text();
        text += &if found.is_empty() {
            format!("\n  {path}: {message}")
        } else {
            format!("\n  {path} \"{found}\": {message}")
        };
    }
    (text.len() > length).then_some(text)
}
