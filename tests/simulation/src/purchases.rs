//! What a shopper buys, and the truth about where it is.

use purchase_core::{
    Purchase, Rules,
    outbox::{KEEPALIVE_BYTES_MAX, RECORD_BYTES_MAX},
    source::SourceKind,
    wire::{Envelope, new_envelope},
};

use crate::chance::Chance;

pub const SITE: &str = "demo";

/// One record's purchase. Two records may state the same purchase, from two sources.
pub struct Bought {
    /// The record's id.
    pub id: String,
    pub purchase_id: String,
    data: String,
    /// Whether the collector takes it.
    pub is_valid: bool,
    /// Every envelope that was captured for it: a reload captures at another time.
    pub captures: Vec<String>,
    /// When it was captured first, in milliseconds of the world.
    pub captured_at: Option<u64>,
    /// How often it was sent, by all pages.
    pub sends: u32,
    /// Requests that are under way to the collector.
    pub under_way: u32,
    /// IndexedDB writes that were begun and are not committed.
    pub puts_pending: u32,
    pub expired: bool,
    pub too_large: bool,
    pub lost_by_physics: bool,
}

impl Bought {
    /// The `index`-th purchase of a shopper; `again` if it states the same order as the one before, otherwise.
    pub fn new(index: usize, again: bool, chance: &mut Chance) -> Bought {
        let purchase_id = format!("P{}", index - usize::from(again));
        let padding = match chance.below(3_000) {
            0 => RECORD_BYTES_MAX + 1,
            1..=30 => chance.between(KEEPALIVE_BYTES_MAX as u64, 100_000) as usize,
            31..=90 => chance.between(20_000, KEEPALIVE_BYTES_MAX as u64) as usize,
            _ => 0,
        };
        let price = if chance.percent(10) {
            ""
        } else {
            ",\"total_price\":\"180.75\""
        };
        let quantity = 1 + index;
        let data = format!(
            "{{\"purchase_id\":\"{purchase_id}\",\"total_quantity\":{quantity}{price},\"source_name\":\"our web shop {}\"}}",
            "x".repeat(padding)
        );
        let (id, text) = new_envelope(SourceKind::Call, SITE, 0, None, "{}", &data);
        Bought {
            id,
            purchase_id,
            data,
            is_valid: is_valid(&text),
            captures: Vec::new(),
            captured_at: None,
            sends: 0,
            under_way: 0,
            puts_pending: 0,
            expired: false,
            too_large: false,
            lost_by_physics: false,
        }
    }

    /// The envelope that a page captures at this time of the device's clock.
    pub fn capture(&mut self, clock: u64) -> String {
        let page = Some("https://shop.example/order-confirmation");
        let (_, text) = new_envelope(SourceKind::Call, SITE, clock, page, "{}", &self.data);
        if !self.captures.contains(&text) {
            self.captures.push(text.clone());
        }
        text
    }
}

/// The production judgement, as the collector makes it.
fn is_valid(text: &str) -> bool {
    let envelope = Envelope::read(text).expect("the core reads what it writes");
    let raw = envelope.sole_purchase().expect("a call is one purchase");
    Purchase::parse(raw, &Rules::default()).purchase.is_some()
}
