//! What the page tells the collector of an open checkout. Never a purchase, whatever it says.

use alloc::string::{String, ToString};

use super::OpenCheckout;
use crate::{
    json::{self, Value},
    markup::{self, Node},
    order::State,
    source::{RawPurchase, from_fields},
};

/// Longest id of a checkout, a cart or a purchase in a report, in characters.
pub(super) const ID_CHARS_MAX: usize = 256;

/// Longest name of a gateway, in characters.
const GATEWAY_CHARS_MAX: usize = 64;

/// Whether this may be a gateway's name: 1 to 64 characters.
pub(crate) fn is_gateway(name: &str) -> bool {
    (1..=GATEWAY_CHARS_MAX).contains(&name.chars().count())
}

/// What a report rests on, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The shopper left for the gateway.
    Left,
    /// The shopper came back to a page that is no confirmation, perhaps with parameters that say how it went: a hint, no proof.
    Returned,
    /// The shop's order-status URL answered.
    Status,
}

impl Basis {
    /// The name used in reports and the data base.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Left => "left",
            Basis::Returned => "returned",
            Basis::Status => "status",
        }
    }

    /// The inverse of [`Basis::name`].
    pub fn from_name(name: &str) -> Option<Basis> {
        [Basis::Left, Basis::Returned, Basis::Status]
            .into_iter()
            .find(|basis| basis.name() == name)
    }
}

/// The `data` of an envelope whose source is `checkout`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutReport {
    /// The checkout's key within its site: the cart's id, else the purchase's, else a hash of what the page stated.
    pub checkout_id: String,
    /// The cart.
    pub cart_id: Option<String>,
    /// The order, where the shop creates it before the payment.
    pub purchase_id: Option<String>,
    /// How far it came; [`State::Completed`] is for purchases only and never read here.
    pub state: State,
    /// When the shopper left for the gateway, in milliseconds since 1970, the device's clock.
    pub left_at: u64,
    /// The gateway that was left for, as the gateway table or the shop names it: by the address that the shopper left by, else by the
    /// parameters or the page that the shopper came back with.
    pub gateway: Option<String>,
    /// What it rests on.
    pub basis: Basis,
    /// The cart's or the order's fields as the checkout page stated them, unjudged; no contact.
    pub contents: Option<RawPurchase>,
}

impl CheckoutReport {
    /// Reads `{"checkout_id", "cart_id", "purchase_id", "state", "left_at", "gateway", "basis", "contents"}`; `contents` is
    /// the `cn_cart` element's tree or an object of fields. None if a required key is missing or malformed.
    pub fn from_value(value: &Value) -> Option<CheckoutReport> {
        let text_of = |key: &str| value.get(key).and_then(Value::text);
        let id_of = |key: &str| text_of(key).filter(|id| (1..=ID_CHARS_MAX).contains(&id.chars().count()));
        Some(CheckoutReport {
            checkout_id: id_of("checkout_id")?.to_string(),
            cart_id: id_of("cart_id").map(ToString::to_string),
            purchase_id: id_of("purchase_id").map(ToString::to_string),
            state: text_of("state")
                .and_then(State::from_name)
                .filter(|state| *state != State::Completed)?,
            left_at: value.get("left_at").and_then(Value::whole)?,
            gateway: text_of("gateway")
                .filter(|name| is_gateway(name))
                .map(ToString::to_string),
            basis: text_of("basis").and_then(Basis::from_name)?,
            contents: value.get("contents").and_then(contents),
        })
    }
}

/// The JSON text of a report on where the checkout stands by now; `contents` is JSON text already.
pub(super) fn write(checkout: &OpenCheckout, contents: Option<&str>) -> String {
    let mut out = String::from("{\"checkout_id\":");
    json::write_text(&mut out, checkout.checkout_id());
    let entries = [
        ("cart_id", checkout.cart_id.as_deref()),
        ("purchase_id", checkout.purchase_id.as_deref()),
        ("state", Some(checkout.state.name())),
        ("gateway", checkout.gateway.as_deref()),
        ("basis", Some(checkout.basis.name())),
    ];
    for (key, text) in entries {
        if let Some(text) = text {
            out.push(',');
            json::write_text(&mut out, key);
            out.push(':');
            json::write_text(&mut out, text);
        }
    }
    out.push_str(",\"left_at\":");
    out.push_str(&checkout.left_at.0.to_string());
    if let Some(contents) = contents {
        out.push_str(",\"contents\":");
        out.push_str(contents);
    }
    out.push('}');
    out
}

pub(super) fn contents(value: &Value) -> Option<RawPurchase> {
    match value {
        Value::List(_) => markup::cart(&Node::from_value(value)?),
        Value::Map(_) => Some(RawPurchase {
            contact: None,
            ..from_fields(value)
        }),
        _ => None,
    }
}
