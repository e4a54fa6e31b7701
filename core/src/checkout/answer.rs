//! What the shop's order-status URL answers: one JSON object, the purchase in the documented fields with its `order_status`, or the status alone.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    OpenCheckout,
    decide::StatusAnswer,
    limits::{STATUS_BYTES_MAX, STATUS_RETRY_MS_MAX},
    open::usable_id,
};
use crate::{
    json::{self, Value},
    purchase::{ContactMode, Kind, Problem, Purchase, Rules, Said, trim},
    source::{Field, RawPurchase, RawValue, from_fields},
};

/// An answer that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What it says.
    pub answer: StatusAnswer,
    /// The purchase in it, as the JSON text of a call; none unless the answer has one that is accepted.
    pub data: Option<String>,
    /// The order it speaks of.
    pub purchase_id: Option<String>,
    /// The cart it speaks of.
    pub cart_id: Option<String>,
    /// How long not to ask again, in milliseconds, at most [`STATUS_RETRY_MS_MAX`].
    pub retry_after_ms: Option<u64>,
    /// What the shop's developer should know about the answer.
    pub problems: Vec<Problem>,
}

/// Said on the page only, because the collector never sees these answers.
const NO_STATUS: Said = Said::new("The order-status URL's answer names no order_status, so nothing follows from it.");

impl Reply {
    /// No answer that could be used: unreachable, an error, a page instead of JSON.
    pub fn none() -> Reply {
        Reply {
            answer: StatusAnswer::NoAnswer,
            data: None,
            purchase_id: None,
            cart_id: None,
            retry_after_ms: None,
            problems: Vec::new(),
        }
    }

    /// Reads an HTTP answer: 200 with the object, 404 for an order nobody knows (yet), 429 or 503 for later; anything else is none.
    pub fn from_response(status: u16, retry_after_ms: Option<u64>, body: &str, rules: &Rules<'_>) -> Reply {
        match status {
            200 => Reply::from_text(body, rules),
            404 => Reply {
                answer: StatusAnswer::NotFound,
                ..Reply::none()
            },
            429 | 503 => Reply {
                retry_after_ms: retry_after_ms.map(|ms| ms.min(STATUS_RETRY_MS_MAX)),
                ..Reply::none()
            },
            _ => Reply::none(),
        }
    }

    /// Reads the object. An `order_status` must stand in it: unlike a confirmation page an endpoint may answer for any order, so
    /// nothing follows from its silence. A purchase that would be refused counts as a state without one, with its problems.
    pub fn from_text(text: &str, rules: &Rules<'_>) -> Reply {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.len() > STATUS_BYTES_MAX || !text.starts_with('{') {
            return Reply::none();
        }
        let Ok(value) = json::read(text) else {
            return Reply::none();
        };
        let raw = from_fields(&value);
        let name = Field::OrderStatus.name();
        let Some(status) = sole(&raw, Field::OrderStatus) else {
            return Reply {
                problems: Vec::from([Problem::warning(name, Kind::Missing, "", NO_STATUS.plain())]),
                ..Reply::none()
            };
        };
        let mut judgement = Purchase::parse(&raw, rules);
        let purchase_id = sole(&raw, Field::PurchaseId);
        if purchase_id.is_none() {
            // The status alone: only what is wrong with it matters.
            judgement.problems.retain(|problem| problem.path == name);
        }
        let purchase = judgement.purchase;
        let standing = match &purchase {
            Some(purchase) => purchase.standing,
            None => rules.statuses.standing(status),
        };
        Reply {
            answer: StatusAnswer::State {
                standing,
                has_purchase: purchase.is_some(),
            },
            data: purchase.map(|_| data(text, value, rules.contact)),
            purchase_id: purchase_id.and_then(usable_id),
            cart_id: sole(&raw, Field::CartId).and_then(usable_id),
            retry_after_ms: None,
            problems: judgement.problems,
        }
    }

    /// Whether it can be about this checkout: an endpoint that answers with the session's last order may mean another one.
    pub(super) fn is_about(&self, checkout: &OpenCheckout) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        // A second try of the same cart may have become another order.
        let same_cart = self.cart_id.is_some() && self.cart_id == checkout.cart_id;
        !differ(&self.cart_id, &checkout.cart_id) && (same_cart || !differ(&self.purchase_id, &checkout.purchase_id))
    }
}

/// The first text or number of this field; none if it is blank or a placeholder.
pub(super) fn sole(raw: &RawPurchase, field: Field) -> Option<&str> {
    let (_, value) = raw.fields.iter().find(|(own, _)| *own == field)?;
    match value {
        RawValue::Text(text) | RawValue::Number(text) => {
            Some(trim(text)).filter(|text| !matches!(*text, "" | "null" | "undefined"))
        }
        RawValue::Wrong(_) => None,
    }
}

/// The text as it came, without the buyer's address unless the configuration asks for it in plain text.
fn data(text: &str, value: Value, contact: ContactMode) -> String {
    if contact == ContactMode::Email || value.get("email").is_none() {
        return text.to_string();
    }
    without_email(value)
}

/// The JSON text without an `email` key.
pub(super) fn without_email(value: Value) -> String {
    let value = match value {
        Value::Map(mut entries) => {
            entries.retain(|(key, _)| key != "email");
            Value::Map(entries)
        }
        other => other,
    };
    let mut out = String::new();
    json::write(&mut out, &value);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Platform, Standing, State, StatusRules};

    const PURCHASE: &str =
        r#"{"purchase_id":"1","cart_id":"c","total_quantity":1,"total_price":"2","order_status":"processing"}"#;

    fn woo() -> Rules<'static> {
        Rules {
            statuses: StatusRules {
                platform: Some(Platform::WooCommerce),
                custom: None,
            },
            ..Rules::default()
        }
    }

    #[track_caller]
    fn says(text: &str, state: State, placed: bool, has_purchase: bool) -> Reply {
        let reply = Reply::from_text(text, &woo());
        let standing = Standing { state, placed };
        assert_eq!(reply.answer, StatusAnswer::State { standing, has_purchase }, "{text}");
        reply
    }

    #[test]
    fn a_purchase_with_its_status() {
        let reply = says(PURCHASE, State::Pending, true, true);
        assert_eq!(reply.data.as_deref(), Some(PURCHASE));
        assert_eq!(
            (reply.purchase_id.as_deref(), reply.cart_id.as_deref()),
            (Some("1"), Some("c"))
        );
    }

    #[test]
    fn a_status_alone_and_a_purchase_that_would_be_refused() {
        let alone = says(r#"{"order_status":"on-hold"}"#, State::Pending, false, false);
        assert_eq!((alone.data, alone.problems), (None, Vec::new()));
        let refused = says(
            r#"{"order_status":"processing","purchase_id":"1"}"#,
            State::Pending,
            true,
            false,
        );
        assert_eq!(refused.data, None);
        assert!(refused.problems.iter().any(|problem| problem.path == "total_price"));
        let unknown = says(r#"{"order_status":"engraving"}"#, State::Unknown, false, false);
        assert_eq!(unknown.problems.len(), 1);
    }

    #[test]
    fn what_is_no_answer() {
        for text in [
            "",
            "null",
            "[]",
            "<html>",
            "{",
            "{}",
            r#"{"order_status":""}"#,
            r#"{"order_status":[1]}"#,
        ] {
            let reply = Reply::from_text(text, &woo());
            assert_eq!((reply.answer, reply.data), (StatusAnswer::NoAnswer, None), "{text}");
        }
        let silent = PURCHASE.replace("order_status", "orderstate");
        assert_eq!(Reply::from_text(&silent, &woo()).answer, StatusAnswer::NoAnswer);
        let large = PURCHASE.replace("\"c\"", &alloc::format!("\"{}\"", "c".repeat(STATUS_BYTES_MAX)));
        assert_eq!(Reply::from_text(&large, &woo()).answer, StatusAnswer::NoAnswer);
    }

    #[test]
    fn status_codes() {
        let read = |status| Reply::from_response(status, Some(u64::MAX), PURCHASE, &woo());
        assert!(matches!(read(200).answer, StatusAnswer::State { .. }));
        assert_eq!(read(404).answer, StatusAnswer::NotFound);
        assert_eq!(
            (read(503).answer, read(503).retry_after_ms),
            (StatusAnswer::NoAnswer, Some(STATUS_RETRY_MS_MAX))
        );
        for status in [0, 201, 302, 401, 500] {
            assert_eq!(read(status), Reply::none(), "{status}");
        }
    }

    #[test]
    fn the_buyers_address_is_left_out_unless_it_is_asked_for() {
        let text = PURCHASE.replacen('{', "{\"email\":\"a@b.example\",", 1);
        assert_eq!(Reply::from_text(&text, &woo()).data.as_deref(), Some(PURCHASE));
        let plain = Rules {
            contact: ContactMode::Email,
            ..woo()
        };
        assert_eq!(Reply::from_text(&text, &plain).data, Some(text));
    }
}
