//! A purchase that was judged: every value in it has its documented type and format.

mod contact;
mod currency;
pub mod date;
mod decimal;
mod item;
mod judge;
mod message;
mod number;
mod problem;
mod read;
mod rules;
pub mod said;
mod text;

use alloc::{string::String, vec::Vec};
use serde::Serialize;

pub use self::{
    contact::Contact,
    currency::Currency,
    date::DateTime,
    decimal::Decimal,
    item::Item,
    judge::Judgement,
    message::{Message, Said},
    problem::{Kind, PROBLEMS_MAX, Problem, QUOTE_CHARS_MAX, Severity},
    rules::{ContactMode, DecimalMark, FixedZone, Rules, Zone},
};
pub(crate) use self::{
    number::plain_amount,
    text::{is_placeholder, trim},
};
use crate::{order::Standing, source::RawPurchase};

/// A purchase in canonical form. Its JSON form has the markup's names, amounts and dates as text, whole numbers as
/// numbers, and leaves absent fields out.
///
/// Field meanings: <https://support.connectif.ai/hc/en-us/articles/360014651860--Purchase-completed-tag>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Purchase {
    /// The shop's id of the purchase, verbatim (leading zeros, letters); with the site it is the idempotency key.
    pub purchase_id: String,
    /// Units bought, repeats included.
    pub total_quantity: u64,
    /// Total amount, 0 or more.
    pub total_price: Decimal,
    /// The cart that became this purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart_id: Option<String>,
    /// When it was placed, as the shop says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_date: Option<DateTime>,
    /// Free text, in the page's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Free text about the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// `marketplace`, `digital-store`, `point-of-sale`, `third-party` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_type: Option<&'static str>,
    /// The order's status in the words of the shop's platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_status: Option<String>,
    /// What that status means; a page that names none says [`Standing::CONFIRMED`].
    #[serde(skip)]
    pub standing: Standing,
    /// From a source that names one, else from the configuration; the markup has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The buyer, only if the configuration asks for it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The lines, in the page's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub product_basket_item: Vec<Item>,
}

impl Purchase {
    /// Judges one raw purchase. Pure and total: the same input always gives the same judgement, and no input panics;
    /// the work is linear in the input, which the sources bound.
    pub fn parse(raw: &RawPurchase, rules: &Rules<'_>) -> Judgement {
        judge::judge(raw, rules)
    }
}
