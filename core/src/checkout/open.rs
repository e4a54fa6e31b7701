//! One open checkout, and its stored text: `o1 <state> <left_at> <asks> <next_at> <json>`. It begins like no outbox record, so that
//! the two can lie in one store.

use alloc::{
    format,
    string::{String, ToString},
};

use super::{
    Basis,
    decide::Seen,
    limits::{AGE_MS_MAX, ASK_PAUSE_MS_MAX, STORED_BYTES_MAX},
    report::{ID_CHARS_MAX, is_gateway},
};
use crate::{
    json::{self, Value},
    order::State,
    outbox::Timestamp,
    wire::write::record_id,
};

/// The format written today; other versions are left in storage for the release that knows them.
const VERSION: &str = "o1";

/// What the browser keeps of a checkout: no line, no amount, nothing of the shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCheckout {
    /// Its key in storage: 17 of `a-z 0-9`, from [`OpenCheckout::id_of`].
    pub id: String,
    /// The cart.
    pub cart_id: Option<String>,
    /// The order, where the shop created it before the payment.
    pub purchase_id: Option<String>,
    /// The gateway, as far as the departure or a return told.
    pub gateway: Option<String>,
    /// How far it came by what was reported; never [`State::Completed`].
    pub state: State,
    /// What that rests on.
    pub basis: Basis,
    /// When the shopper left last.
    pub left_at: Timestamp,
    /// How often the order-status URL was asked since.
    pub asks: u32,
    /// Not asked again before this.
    pub next_at: Timestamp,
    /// Whether its order was registered already as a purchase that is not placed yet.
    pub registered: bool,
}

impl OpenCheckout {
    /// The key of what a checkout page states, the same each time: by the cart, else by the order, else by the whole contents.
    pub fn id_of(cart_id: Option<&str>, purchase_id: Option<&str>, contents: &str) -> String {
        let (kind, text) = match (cart_id, purchase_id) {
            (Some(cart_id), _) => ("cart", cart_id),
            (None, Some(purchase_id)) => ("purchase", purchase_id),
            (None, None) => ("contents", contents),
        };
        String::from("o") + &record_id(kind, text)
    }

    /// The key in reports: what the shop calls it, so that another browser's report and the purchase meet it.
    pub fn checkout_id(&self) -> &str {
        let named = self.cart_id.as_deref().or(self.purchase_id.as_deref());
        named.unwrap_or(&self.id)
    }

    /// Whether this purchase came of it: the same order or the same cart.
    pub fn became(&self, seen: &Seen) -> bool {
        self.purchase_id.as_deref() == Some(&seen.purchase_id)
            || (self.cart_id.is_some() && self.cart_id == seen.cart_id)
    }

    /// Whether reporting this would tell anything: a higher state, or the same on better grounds.
    pub fn is_news(&self, state: State, basis: Basis) -> bool {
        (state, basis) > (self.state, self.basis)
    }

    /// The stored text.
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{VERSION} {} {} {} {} {{\"basis\":\"{}\"",
            self.state.name(),
            self.left_at.0,
            self.asks,
            self.next_at.0,
            self.basis.name()
        );
        for (key, id) in [
            ("cart_id", &self.cart_id),
            ("purchase_id", &self.purchase_id),
            ("gateway", &self.gateway),
        ] {
            if let Some(id) = id {
                out.push(',');
                json::write_text(&mut out, key);
                out.push(':');
                json::write_text(&mut out, id);
            }
        }
        out.push_str(if self.registered { ",\"registered\":true}" } else { "}" });
        out
    }

    /// Reads a stored text; `id` is the last part of its key. None if it is of another version or no checkout.
    pub fn from_text(id: &str, text: &str) -> Option<OpenCheckout> {
        let mut parts = text.splitn(6, ' ');
        if text.len() > STORED_BYTES_MAX || parts.next()? != VERSION {
            return None;
        }
        let state = State::from_name(parts.next()?).filter(|state| *state != State::Completed)?;
        let left_at = Timestamp(parts.next()?.parse().ok()?);
        let asks = parts.next()?.parse().ok()?;
        let next_at = Timestamp(parts.next()?.parse().ok()?);
        let value = json::read(parts.next()?).ok()?;
        let text_of = |key: &str| value.get(key).and_then(Value::text);
        Some(OpenCheckout {
            id: id.into(),
            cart_id: text_of("cart_id").and_then(usable_id),
            purchase_id: text_of("purchase_id").and_then(usable_id),
            gateway: text_of("gateway").filter(|name| is_gateway(name)).map(Into::into),
            state,
            basis: text_of("basis").and_then(Basis::from_name)?,
            left_at,
            asks,
            next_at,
            registered: value.get("registered") == Some(&Value::Bool(true)),
        })
    }

    /// Takes over what another tab wrote of the same checkout: the later departure, the higher state.
    pub(super) fn merge(&mut self, other: OpenCheckout) {
        if other.is_later_than(self) {
            (self.asks, self.next_at) = (other.asks, other.next_at);
        }
        self.left_at = self.left_at.max(other.left_at);
        if self.is_news(other.state, other.basis) {
            (self.state, self.basis) = (other.state, other.basis);
        }
        self.registered |= other.registered;
        self.cart_id = self.cart_id.take().or(other.cart_id);
        self.purchase_id = self.purchase_id.take().or(other.purchase_id);
        self.gateway = self.gateway.take().or(other.gateway);
    }

    fn is_later_than(&self, other: &OpenCheckout) -> bool {
        (self.left_at, self.asks) > (other.left_at, other.asks)
    }

    /// After a clock step nothing may lie further ahead than it ever could. Answers whether anything did.
    pub(super) fn pull_back(&mut self, now: Timestamp) -> bool {
        let before = (self.left_at, self.next_at);
        self.left_at = self.left_at.min(now);
        self.next_at = self.next_at.min(now.plus(ASK_PAUSE_MS_MAX));
        before != (self.left_at, self.next_at)
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        now.since(self.left_at) > AGE_MS_MAX
    }
}

/// An id as a checkout keeps it; none if it is empty, longer than a report's, or the `0` that stands for none.
pub(super) fn usable_id(id: &str) -> Option<String> {
    let id = crate::purchase::trim(id);
    ((1..=ID_CHARS_MAX).contains(&id.chars().count()) && id != "0").then(|| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{is_record_id, record_from_text};

    fn checkout() -> OpenCheckout {
        OpenCheckout {
            id: OpenCheckout::id_of(Some("c 1"), None, ""),
            cart_id: Some("c 1".into()),
            purchase_id: Some("\"10023".into()),
            gateway: Some("redsys".into()),
            state: State::Pending,
            basis: Basis::Status,
            left_at: Timestamp(5),
            asks: 3,
            next_at: Timestamp(7),
            registered: true,
        }
    }

    #[test]
    fn what_is_written_is_read_and_is_no_outbox_record() {
        let full = checkout();
        let bare = OpenCheckout {
            cart_id: None,
            purchase_id: None,
            gateway: None,
            registered: false,
            ..checkout()
        };
        for checkout in [full, bare] {
            let text = checkout.to_text();
            assert_eq!(OpenCheckout::from_text(&checkout.id, &text), Some(checkout));
            assert_eq!(record_from_text("a", &text), None);
        }
    }

    #[test]
    fn garbage_and_other_versions_are_no_checkouts() {
        for text in [
            "",
            "o1",
            "o1 created 1 2 3",
            "o1 created 1 2 3 ",
            "o1 created 1 2 3 []",
            "o1 created 1 2 3 {\"basis\":\"x\"}",
            "o1 created 1 2 3 {\"basis\":\"left\"",
            "o1 created -1 2 3 {\"basis\":\"left\"}",
            "o1 created 1 99999999999 3 {\"basis\":\"left\"}",
            "o1 completed 1 2 3 {\"basis\":\"left\"}",
            "o2 created 1 2 3 {\"basis\":\"left\"}",
            "1 0 0 0 {}",
        ] {
            assert_eq!(OpenCheckout::from_text("a", text), None, "{text}");
        }
        let long = format!(
            "o1 created 1 2 3 {{\"basis\":\"left\",\"x\":\"{}\"}}",
            "y".repeat(STORED_BYTES_MAX)
        );
        assert_eq!(OpenCheckout::from_text("a", &long), None);
    }

    #[test]
    fn keys_may_be_record_ids_and_tell_carts_from_orders() {
        let cart = OpenCheckout::id_of(Some("1"), Some("2"), "");
        assert!(is_record_id(&cart));
        assert_eq!(cart, OpenCheckout::id_of(Some("1"), None, "x"));
        assert_ne!(cart, OpenCheckout::id_of(None, Some("1"), ""));
        assert_ne!(cart, OpenCheckout::id_of(None, None, "1"));
    }

    #[test]
    fn news_is_a_higher_state_or_better_grounds() {
        let known = checkout();
        assert!(known.is_news(State::Canceled, Basis::Returned));
        assert!(!known.is_news(State::Pending, Basis::Status));
        assert!(!known.is_news(State::Unknown, Basis::Status));
        let hinted = OpenCheckout {
            basis: Basis::Returned,
            ..known
        };
        assert!(hinted.is_news(State::Pending, Basis::Status));
    }
}
