//! The four places a purchase is read from. Each turns its own shape into a [`RawPurchase`]; none judges.

pub(crate) mod data_layer;
pub(crate) mod fields;
pub(crate) mod names;
mod signed;

use alloc::{string::String, vec::Vec};

pub use self::{
    fields::{from_fields, purchases_from_text, purchases_from_value},
    names::Field,
    signed::{SIGNED_FIELDS, Signed},
};
use crate::purchase::Problem;

/// Where a capture came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `cn_purchase` elements.
    Markup,
    /// `purchaseTag('purchase', {…})`.
    Call,
    /// The GA4 (or Universal Analytics) `purchase` entry of the data layer.
    DataLayer,
    /// A JSON script element.
    Json,
    /// A checkout that was left for the gateway: a report, no purchase.
    Checkout,
}

impl SourceKind {
    /// The name used in envelopes, reports and the data base.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Markup => "markup",
            SourceKind::Call => "call",
            SourceKind::DataLayer => "data-layer",
            SourceKind::Json => "json",
            SourceKind::Checkout => "checkout",
        }
    }

    /// The inverse of [`SourceKind::name`].
    pub fn from_name(name: &str) -> Option<SourceKind> {
        [
            SourceKind::Markup,
            SourceKind::Call,
            SourceKind::DataLayer,
            SourceKind::Json,
            SourceKind::Checkout,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// A value as found, before anything judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// A text, untrimmed.
    Text(String),
    /// A number, in the digits of the payload's text.
    Number(String),
    /// A value that can never be right: what it looks like (`[…]`, `true`), for the message.
    Wrong(&'static str),
}

/// One purchase as found: fields in the order of the page, names known, values unjudged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawPurchase {
    /// The purchase's own fields; a repeated one stands several times.
    pub fields: Vec<(Field, RawValue)>,
    /// The lines.
    pub items: Vec<RawItem>,
    /// The buyer's e-mail as found; read by [`Purchase::parse`](crate::Purchase::parse) only if the rules ask for it.
    pub contact: Option<String>,
    /// The currency the source itself names (GA4 does, the markup cannot).
    pub currency: Option<String>,
    /// Whether the source has no totals by its nature (GA4), so that they are computed from the lines.
    pub derive_totals: bool,
    /// What was noticed while reading.
    pub notes: Vec<Problem>,
}

/// One line as found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawItem {
    /// The line's fields; a repeated one stands several times.
    pub fields: Vec<(Field, RawValue)>,
}
