//! The collector: durable, idempotent on the purchase's id, refusing what is malformed with a receipt.

use std::collections::{BTreeMap, BTreeSet};

use purchase_core::wire::{Envelope, Outcome, Receipt};

use crate::purchases::Bought;

/// What one shopper's requests left at the collector.
#[derive(Default)]
pub struct Collector {
    /// By purchase id: every content that was ever stored for it. More than one would be a doubled purchase.
    pub stored: BTreeMap<String, Vec<String>>,
    /// By record id.
    pub refused: BTreeSet<String>,
    seen: BTreeSet<String>,
}

/// What the collector made of one request.
pub struct Received {
    pub status: u16,
    pub body: String,
    /// Whether this record had come before.
    pub is_repeat: bool,
}

impl Collector {
    pub fn receive(&mut self, bought: &[Bought], body: &str) -> Received {
        let Some(bought) = bought.iter().find(|b| b.captures.iter().any(|text| text == body)) else {
            let error = Envelope::read(body).err().map(|error| error.to_string());
            return Received {
                status: 400,
                body: format!("{{\"error\":\"{}\"}}", error.unwrap_or_default().replace('"', "'")),
                is_repeat: false,
            };
        };
        let is_repeat = !self.seen.insert(bought.id.clone());
        let (status, outcome) = if !bought.is_valid {
            self.refused.insert(bought.id.clone());
            (422, Outcome::Refused)
        } else if self.stored.contains_key(&bought.purchase_id) {
            (200, Outcome::Duplicate)
        } else {
            let contents = self.stored.entry(bought.purchase_id.clone()).or_default();
            contents.push(body.to_owned());
            (201, Outcome::Accepted)
        };
        Received {
            status,
            body: receipt(&bought.id, outcome),
            is_repeat,
        }
    }

    /// Whether the record's purchase is stored.
    pub fn has(&self, bought: &Bought) -> bool {
        bought.is_valid && self.stored.contains_key(&bought.purchase_id)
    }
}

/// The text of a receipt.
pub fn receipt(id: &str, outcome: Outcome) -> String {
    let receipt = Receipt {
        id: id.to_owned(),
        outcome,
        purchase_id: None,
        conflict: false,
        problems: Vec::new(),
    };
    receipt.to_text()
}
