//! An order as the confirmation page's address carries it. The page needs no kept order, so a script can open any:
//!
//! ```text
//! /order-confirmation?order=10023&item=SKU-987:3&item=SKU-114:1&payment=card&date=2026-11-21T10:00:00%2B0100
//!                    &cart=558&key=5d1f…&variant=markup
//! ```
//!
//! | name | meaning | if it is left out |
//! |---|---|---|
//! | `order` | order number, printed as given | `10023` |
//! | `item` | `reference:units`; repeat for more lines; units are printed as given and count as 1 if they are no number; `item=` alone is an order without lines; an unknown reference costs 0.00 | `SKU-987:3`, or the variant's |
//! | `payment` | `card`, `instant`, `transfer`; anything else is printed as given | `card` |
//! | `date` | when it was placed, printed as given | `2026-11-21T10:00:00+0100` |
//! | `cart` | cart number, printed as given | empty, as the module prints a cart that is gone |
//! | `total`, `quantity` | printed as given instead of the computed total and units | computed |
//! | `email`, `name`, `surname` | the buyer in `cn_client_info`; guests have none | empty |
//! | `key` | the secret PrestaShop puts into this address; read by nobody | – |
//! | `variant`, `delay` | how the page states the purchase, see `confirmation.rs` | `markup` |

use jiff::Zoned;
use url::form_urlencoded;

use crate::{
    cart::{Cart, next_number},
    random,
};

/// The order number of an address that names none.
const DEFAULT_NUMBER: &str = "10023";
/// A fixed moment, because a reload of the same address must be the same purchase.
const DEFAULT_DATE: &str = "2026-11-21T10:00:00+0100";

/// Ways to pay: key in addresses and forms, name on pages, whether one pays at the gateway.
pub const PAYMENTS: [(&str, &str, bool); 3] = [
    ("card", "Credit card", true),
    ("instant", "Instant bank payment", true),
    ("transfer", "Bank transfer", false),
];

/// An order, every value as the address gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Order number.
    pub number: String,
    /// Reference and units of each line.
    pub items: Vec<(String, String)>,
    /// Key of a way to pay, or any text.
    pub payment: String,
    /// When it was placed.
    pub date: String,
    /// Cart number; may be empty.
    pub cart: String,
    /// Printed instead of the computed total.
    pub total: Option<String>,
    /// Printed instead of the computed units.
    pub quantity: Option<String>,
    /// The buyer's e-mail; empty for guests.
    pub email: String,
    /// The buyer's first name; empty for guests.
    pub name: String,
    /// The buyer's last name; empty for guests.
    pub surname: String,
}

impl Order {
    /// Reads an address's query; `default_item` is the line of an address that names none. Never fails, see the table
    /// above.
    pub fn from_query(query: &str, default_item: (&str, &str)) -> Self {
        let mut order = Self::default();
        let mut items = None;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match key.as_ref() {
                "order" => order.number = value,
                "item" => items.get_or_insert_with(Vec::new).push(value),
                "payment" => order.payment = value,
                "date" => order.date = value,
                "cart" => order.cart = value,
                "total" => order.total = Some(value),
                "quantity" => order.quantity = Some(value),
                "email" => order.email = value,
                "name" => order.name = value,
                "surname" => order.surname = value,
                _ => {}
            }
        }
        order.items = match items {
            Some(items) => items
                .iter()
                .filter(|item| !item.is_empty())
                .map(|item| split_item(item))
                .collect(),
            None => vec![(default_item.0.to_owned(), default_item.1.to_owned())],
        };
        or_default(&mut order.number, DEFAULT_NUMBER);
        or_default(&mut order.payment, PAYMENTS[0].0);
        or_default(&mut order.date, DEFAULT_DATE);
        order
    }

    /// A new order of this cart, placed now, with the date in the server's zone.
    pub fn place(cart: &Cart, payment: &str) -> Self {
        Self {
            number: next_number().to_string(),
            items: cart
                .lines()
                .iter()
                .map(|(product, units)| (product.sku.to_owned(), units.to_string()))
                .collect(),
            payment: payment.to_owned(),
            date: now(),
            cart: cart.id.clone(),
            ..Self::default()
        }
    }

    /// Path and query of the confirmation page of a placed order.
    pub fn confirmation_path(&self, variant: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("order", &self.number);
        for (sku, units) in &self.items {
            query.append_pair("item", &format!("{sku}:{units}"));
        }
        query
            .append_pair("payment", &self.payment)
            .append_pair("date", &self.date)
            .append_pair("cart", &self.cart);
        query.append_pair("key", &random::hex());
        if !variant.is_empty() {
            query.append_pair("variant", variant);
        }
        format!("/order-confirmation?{}", query.finish())
    }

    /// The way to pay as pages name it.
    pub fn payment_name(&self) -> &str {
        PAYMENTS
            .iter()
            .find(|(key, ..)| *key == self.payment)
            .map_or(&self.payment, |(_, name, _)| name)
    }
}

/// Splits at the last colon, so that a reference may hold one; without a colon it is one unit.
fn split_item(item: &str) -> (String, String) {
    let (sku, units) = item.rsplit_once(':').unwrap_or((item, "1"));
    (sku.to_owned(), units.to_owned())
}

fn or_default(value: &mut String, default: &str) {
    if value.is_empty() {
        default.clone_into(value);
    }
}

/// This moment, as the shop prints moments: in the server's zone, with its offset.
pub fn now() -> String {
    Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: (&str, &str) = ("SKU-987", "3");

    fn pair(sku: &str, units: &str) -> (String, String) {
        (sku.to_owned(), units.to_owned())
    }

    #[test]
    fn an_empty_address_is_the_documented_example() {
        let order = Order::from_query("", ITEM);
        assert_eq!((order.number.as_str(), order.payment.as_str()), ("10023", "card"));
        assert_eq!(order.items, [pair("SKU-987", "3")]);
        assert_eq!(order.date, "2026-11-21T10:00:00+0100");
    }

    #[test]
    fn values_are_kept_as_given() {
        let order = Order::from_query(
            "order=007%20%3Cb%3E&item=a:b:x&item=c&payment=Bizum&date=x%2B0100&total=180%2C75",
            ITEM,
        );
        assert_eq!(order.number, "007 <b>");
        assert_eq!(order.items, [pair("a:b", "x"), pair("c", "1")]);
        assert_eq!((order.payment_name(), order.date.as_str()), ("Bizum", "x+0100"));
        assert_eq!(order.total.as_deref(), Some("180,75"));
        assert!(Order::from_query("item=", ITEM).items.is_empty());
    }

    #[test]
    fn a_placed_order_returns_from_its_own_address() {
        let mut cart = Cart::default();
        cart.add("SKU-987", 2);
        cart.add("SKU-330", 1);
        let order = Order::place(&cart, "transfer");
        let path = order.confirmation_path("late");
        let query = path.strip_prefix("/order-confirmation?").unwrap();
        assert!(query.contains("&variant=late"));
        assert_eq!(Order::from_query(query, ITEM), order);
    }
}
