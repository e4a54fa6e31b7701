//! The confirmation page: an order, and the way in which the page states it to the tag.
//!
//! | `variant=` | the page |
//! |---|---|
//! | `markup` | prints `cn_purchase` and `cn_client_info` as the PrestaShop module does |
//! | `malformed` | the same with an impossible date, a total of `€ 1.2.3`, no `total_quantity`, and a first item with `two` units and no name |
//! | `late` | a script of the shop inserts the same markup `delay=` milliseconds after load (300; at most 60,000), child by child |
//! | `several` | two blocks; the second purchase's id ends in `-2` |
//! | `json` | a JSON script element with class `cn_purchase` |
//! | `data-layer` | a GA4 `purchase` entry in `dataLayer`, which the tag is told to read |
//! | `call` | a call of `purchaseTag('purchase', …)` with Connectif's camelCase names |
//! | `localised` | markup with amounts such as `1.234,56 €`; without `item=` the line is `SKU-451:1` |

use minijinja::{Value, context, value::Serde};
use url::form_urlencoded;

use crate::{
    amount::Cents,
    catalogue::Product,
    markup::{Basket, ClientInfo, Totals, line_total},
    order::Order,
    statement,
    status::{Platform, Status},
};

/// Every variant, the default first.
pub const VARIANTS: [&str; 8] = [
    "markup",
    "malformed",
    "late",
    "several",
    "json",
    "data-layer",
    "call",
    "localised",
];
/// Wait before a client-rendered page inserts its markup, in milliseconds.
const DELAY_DEFAULT: u32 = 300;
/// The longest such wait, in milliseconds.
const DELAY_MAX: u32 = 60_000;

/// An opened confirmation page.
pub struct Confirmation {
    /// The order in the address.
    pub order: Order,
    variant: &'static str,
    delay: u32,
}

impl Confirmation {
    /// Reads the page's query; unknown variants are `markup`.
    pub fn from_query(query: &str) -> Self {
        let value = |name: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, it)| it)
        };
        let asked = value("variant").unwrap_or_default();
        let variant = VARIANTS.into_iter().find(|name| *name == asked).unwrap_or(VARIANTS[0]);
        let delay = value("delay")
            .and_then(|text| text.parse().ok())
            .unwrap_or(DELAY_DEFAULT)
            .min(DELAY_MAX);
        // The documentation's example, 3 × 60.25 = 180.75; and a price that shows a thousands mark.
        let default_item = if variant == "localised" {
            ("SKU-451", "1")
        } else {
            ("SKU-987", "3")
        };
        Self {
            order: Order::from_query(query, default_item),
            variant,
            delay,
        }
    }

    /// What `confirmation.html` needs. `unpaid` is the status of an order that the shop keeps and that is not paid; its
    /// markup states it where a platform is configured, since without one a confirmation page is a purchase.
    pub fn context(&self, origin: &str, unpaid: Option<Status>, platform: Option<Platform>) -> Value {
        let order = &self.order;
        let totals = Totals::of(order);
        let lines: Vec<_> = order.items.iter().map(|(sku, units)| line(sku, units)).collect();
        context! {
            variant => self.variant,
            delay => self.delay,
            statement => self.statement(origin, platform.and(unpaid).map(|it| it.word(platform))),
            unpaid => unpaid.map(Status::name),
            client => Serde(ClientInfo::of_order(order)),
            number => order.number.as_str(),
            date => readable_date(&order.date),
            payment => order.payment_name(),
            lines => lines,
            shipping => if totals.shipping == Cents(0) { "free".to_owned() } else { totals.shipping.english() },
            total => order.total.clone().unwrap_or_else(|| totals.total.english()),
        }
    }

    /// The purchase in this variant's form: a list of blocks for markup, else one object.
    fn statement(&self, origin: &str, status: Option<&'static str>) -> Value {
        let mut basket = Basket::of_order(&self.order, origin);
        basket.order_status = status;
        match self.variant {
            "json" => Value::from(Serde(statement::json(&basket))),
            "call" => Value::from(Serde(statement::call(&basket))),
            "data-layer" => Value::from(Serde(statement::data_layer(&basket))),
            "several" => {
                let mut second = basket.clone();
                second.purchase_id.push_str("-2");
                Value::from(Serde([basket, second]))
            }
            "malformed" => {
                spoil(&mut basket);
                Value::from(Serde([basket]))
            }
            "localised" => {
                localise(&mut basket, &self.order);
                Value::from(Serde([basket]))
            }
            _ => Value::from(Serde([basket])),
        }
    }
}

fn spoil(basket: &mut Basket) {
    "2026-02-30T10:00:00+0100".clone_into(&mut basket.purchase_date);
    "€ 1.2.3".clone_into(&mut basket.total_price);
    basket.total_quantity = None;
    if let Some(item) = basket.product_basket_item.first_mut() {
        "two".clone_into(&mut item.quantity);
        item.name = None;
    }
}

fn localise(basket: &mut Basket, order: &Order) {
    if order.total.is_none() {
        basket.total_price = Totals::of(order).total.continental();
    }
    for item in &mut basket.product_basket_item {
        item.price = line_total(&item.product_id, &item.quantity).continental();
        item.unit_price = Product::by_sku(&item.product_id)
            .map_or(Cents(0), |product| product.price)
            .continental();
    }
}

/// One line of the page's visible table.
fn line(sku: &str, units: &str) -> Value {
    let product = Product::by_sku(sku);
    context! {
        name => product.map_or(sku, |product| product.name),
        picture => product.map(|product| product.sku),
        units => units,
        price => line_total(sku, units).english(),
    }
}

/// `21 November 2026, 10:00`; a text that is no date stays as it is.
pub fn readable_date(text: &str) -> String {
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text)
        .and_then(|parsed| parsed.to_datetime())
        .map_or_else(
            |_| text.to_owned(),
            |date| date.strftime("%-d %B %Y, %H:%M").to_string(),
        )
}

#[cfg(test)]
mod tests;
