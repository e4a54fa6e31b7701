//! The departure for the gateway, as the checkout page states it.

use alloc::{
    format,
    string::{String, ToString},
};

use super::{answer::sole, of_host, report};
use crate::{json, outbox::Timestamp, source::Field};

/// The stored text's version; others are left in storage for the release that knows them.
const VERSION: &str = "l2";

/// The version before, without a host; read all the same.
const WITHOUT_HOST: &str = "l1";

/// A checkout that the shopper leaves for the gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The cart.
    pub cart_id: Option<String>,
    /// The order, where the shop creates it before the payment.
    pub purchase_id: Option<String>,
    /// The gateway, if the address that the shopper left by is one of its [hosts](super::of_host).
    pub gateway: Option<&'static str>,
    /// The `cn_cart` element's tree, or the object of a call, as JSON text; what is neither is left out of the report, as is what is larger
    /// than [`CONTENTS_BYTES_MAX`](super::CONTENTS_BYTES_MAX). Carried by the report only and never kept.
    pub contents: String,
}

impl Leaving {
    /// Reads the ids out of the contents; none if they name neither cart nor order, or are no JSON.
    pub fn of_contents(contents: String) -> Leaving {
        let stated = json::read(&contents).ok().and_then(|value| report::contents(&value));
        let id = |field| Some(sole(stated.as_ref()?, field)?.to_string());
        Leaving {
            cart_id: id(Field::CartId),
            purchase_id: id(Field::PurchaseId),
            gateway: None,
            contents,
        }
    }

    /// The text that is stored where no module was there to take it: `l2 <left_at> <host> <contents>`, where `host`
    /// is that of the link or form, empty if it is none's. It begins like no record and no open checkout.
    pub fn to_text(left_at: Timestamp, host: &str, contents: &str) -> String {
        format!("{VERSION} {} {host} {contents}", left_at.0)
    }

    /// Reads a stored text: when the shopper left, and what the page stated. None if it is anything else.
    pub fn from_text(text: &str) -> Option<(Timestamp, Leaving)> {
        let (version, rest) = text.split_once(' ')?;
        let (left_at, rest) = rest.split_once(' ')?;
        let (host, contents) = match version {
            VERSION => rest.split_once(' ')?,
            WITHOUT_HOST => ("", rest),
            _ => return None,
        };
        let leaving = Leaving {
            gateway: of_host(host),
            ..Leaving::of_contents(contents.to_string())
        };
        Some((Timestamp(left_at.parse().ok()?), leaving))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_read_from_markup_and_from_fields() {
        let markup = "[\"cn_cart\",[\"cart_id\",\" 558 \"],[\"total_price\",\"20\"]]";
        let fields = "{\"cartId\":558,\"purchase_id\":\"10023\"}";
        let read = |contents: &str| Leaving::of_contents(contents.into());
        assert_eq!(read(markup).cart_id.as_deref(), Some("558"));
        assert_eq!(read(markup).purchase_id, None);
        assert_eq!(read(fields).cart_id.as_deref(), Some("558"));
        assert_eq!(read(fields).purchase_id.as_deref(), Some("10023"));
        assert_eq!(read("<html>").cart_id, None);
    }

    #[test]
    fn what_is_written_is_read() {
        for (host, gateway) in [("sis-t.redsys.es", Some("redsys")), ("", None), ("shop.example", None)] {
            let text = Leaving::to_text(Timestamp(7), host, "{\"cart_id\":\"a b\"}");
            let (left_at, leaving) = Leaving::from_text(&text).expect("a departure");
            assert_eq!((left_at, leaving.cart_id.as_deref()), (Timestamp(7), Some("a b")));
            assert_eq!(leaving.gateway, gateway, "{host}");
        }
        // As an earlier release wrote it.
        let (left_at, leaving) = Leaving::from_text("l1 7 {\"cart_id\":\"a b\"}").expect("a departure");
        assert_eq!((left_at, leaving.cart_id.as_deref()), (Timestamp(7), Some("a b")));
        for garbage in ["", "l1", "l1 x {}", "l2 7 {}", "l3 7  {}", "o1 7 {}", "1 0 0 0 {}"] {
            assert_eq!(Leaving::from_text(garbage), None, "{garbage}");
        }
    }
}
