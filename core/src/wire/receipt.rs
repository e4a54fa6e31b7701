//! The receipt: the collector's answer to one envelope.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::{
    json::{self, Value},
    outbox::{Answer, ReceiptVerdict},
    purchase::Problem,
};

/// The format written today.
const VERSION: u64 = 1;

/// What the collector did with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored just now.
    Accepted,
    /// Known already.
    Duplicate,
    /// Malformed.
    Refused,
}

impl Outcome {
    /// The name in receipts, reports and the data base.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Duplicate => "duplicate",
            Outcome::Refused => "refused",
        }
    }

    /// The inverse of [`Outcome::name`].
    pub fn from_name(name: &str) -> Option<Outcome> {
        [Outcome::Accepted, Outcome::Duplicate, Outcome::Refused]
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }
}

/// The collector's answer to one envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The envelope's id.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The purchase, unless it is refused.
    pub purchase_id: Option<String>,
    /// Whether a purchase of this id is stored with another content; the stored one stands.
    pub conflict: bool,
    /// As [`Purchase::parse`](crate::Purchase::parse) found them.
    pub problems: Vec<Problem>,
}

impl Receipt {
    /// The receipt as JSON text.
    pub fn to_text(&self) -> String {
        let mut out = String::from("{\"receipt\":1");
        put(&mut out, "id", &self.id);
        put(&mut out, "outcome", self.outcome.name());
        if let Some(purchase_id) = &self.purchase_id {
            put(&mut out, "purchase_id", purchase_id);
        }
        if self.conflict {
            out.push_str(",\"conflict\":true");
        }
        out.push_str(",\"problems\":[");
        for (index, problem) in self.problems.iter().enumerate() {
            out.push_str(if index == 0 { "{\"path\":" } else { ",{\"path\":" });
            json::write_text(&mut out, &problem.path);
            put(&mut out, "kind", problem.kind.name());
            put(&mut out, "severity", problem.severity.name());
            put(&mut out, "text", &problem.text);
            put(&mut out, "message", &problem.message.text());
            out.push('}');
        }
        out.push_str("]}");
        out
    }
}

fn put(out: &mut String, key: &str, text: &str) {
    out.push(',');
    json::write_text(out, key);
    out.push(':');
    json::write_text(out, text);
}

/// What a page needs of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptView {
    /// The envelope's id.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The purchase, unless it is refused.
    pub purchase_id: Option<String>,
}

impl ReceiptView {
    /// Reads a body. None if it is anything but a receipt: a proxy's page, a captive portal, a truncated text.
    pub fn read(body: &str) -> Option<ReceiptView> {
        let value = json::read(body).ok()?;
        if value.get("receipt").and_then(Value::whole) != Some(VERSION) {
            return None;
        }
        Some(ReceiptView {
            id: value.get("id")?.text()?.to_string(),
            outcome: Outcome::from_name(value.get("outcome")?.text()?)?,
            purchase_id: value.get("purchase_id").and_then(Value::text).map(ToString::to_string),
        })
    }
}

/// What an HTTP answer to the record `id` means to the outbox.
pub fn answer(id: &str, status: u16, retry_after_ms: Option<u64>, receipt: Option<&ReceiptView>) -> Answer {
    let receipt = receipt
        .filter(|receipt| receipt.id == id)
        .map(|receipt| match receipt.outcome {
            Outcome::Accepted | Outcome::Duplicate => ReceiptVerdict::Confirmed,
            Outcome::Refused => ReceiptVerdict::Refused,
        });
    Answer {
        status,
        retry_after_ms,
        receipt,
    }
}
