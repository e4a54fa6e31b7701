//! Judges the purchase of one envelope by the rules the envelope itself carries.

use purchase_core::{Judgement, Kind, Problem, Purchase, Rules, Severity, Zone, wire::Envelope};

use crate::zone::SiteZone;

/// The judgement on an envelope. An envelope without exactly one purchase is refused; a time zone nobody knows is a
/// warning, and dates without a zone stay as printed.
pub fn judge(envelope: &Envelope) -> Judgement {
    let raw = match envelope.sole_purchase() {
        Ok(raw) => raw,
        Err(problem) => {
            return Judgement {
                purchase: None,
                problems: vec![problem],
            };
        }
    };
    let config = &envelope.config;
    let zone = config.time_zone.as_deref().and_then(SiteZone::from_name);
    let rules = Rules {
        decimal: config.decimal,
        zone: zone.as_ref().map(|zone| zone as &dyn Zone),
        currency: config.currency,
        contact: config.contact,
        page_url: envelope.page.as_deref(),
        statuses: config.statuses(),
    };
    let mut judgement = Purchase::parse(raw, &rules);
    if let (None, Some(name)) = (&zone, &config.time_zone) {
        judgement.problems.push(unknown_zone(name));
    }
    judgement
}

fn unknown_zone(name: &str) -> Problem {
    Problem {
        path: "config.time_zone".to_owned(),
        kind: Kind::UnknownValue,
        severity: Severity::Warning,
        text: name.chars().take(purchase_core::purchase::QUOTE_CHARS_MAX).collect(),
        message:
            "Write an IANA name such as Europe/Madrid, or an offset such as +01:00; dates without a zone were kept as \
                  printed."
                .to_owned(),
    }
}
