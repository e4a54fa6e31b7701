//! The values that the shop's module prints into `cn_purchase`, `cn_cart` and `cn_client_info`, already as text.
//! Their order and escaping are in `templates/markup.html`.

use serde::Serialize;

use crate::{
    amount::Cents,
    cart::Cart,
    catalogue::{self, Product},
    order::Order,
};

/// A `cn_purchase` or `cn_cart`; fields have the names of the classes. What is `None` is not printed at all.
#[derive(Clone, Debug, Serialize)]
pub struct Basket {
    /// Empty in a `cn_cart`.
    pub purchase_id: String,
    /// Empty in a `cn_cart`.
    pub purchase_date: String,
    /// Empty in a `cn_cart`.
    pub payment_method: String,
    /// May be empty.
    pub cart_id: String,
    /// Units.
    pub total_quantity: Option<String>,
    /// With shipping.
    pub total_price: String,
    /// Only where the shop states one.
    pub order_status: Option<&'static str>,
    /// The lines.
    pub product_basket_item: Vec<Item>,
}

/// A `product_basket_item`.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Units.
    pub quantity: String,
    /// Line total, six decimals.
    pub price: String,
    /// Product page.
    pub url: String,
    /// Reference.
    pub product_id: String,
    /// Name as shown.
    pub name: Option<String>,
    /// HTML.
    pub description: String,
    /// Product picture.
    pub image_url: String,
    /// Up to four decimals.
    pub unit_price: String,
    /// `instock` or `outofstock`.
    pub availability: String,
    /// Often empty.
    pub brand: String,
    /// Leading slash.
    pub category: Vec<String>,
    /// References.
    pub related_external_product_id: Vec<String>,
    /// Search words.
    pub tag: Vec<String>,
}

/// A `cn_client_info`; all of it is empty for guests.
#[derive(Debug, Default, Serialize)]
pub struct ClientInfo {
    /// `primary_key`.
    pub email: String,
    /// `_name`.
    pub name: String,
    /// `_surname`.
    pub surname: String,
    /// `_newsletter_subscription_status`.
    pub newsletter: &'static str,
}

impl Basket {
    /// A placed order, as the module prints it on the confirmation page.
    pub fn of_order(order: &Order, origin: &str) -> Self {
        let computed = Totals::of(order);
        Self {
            purchase_id: order.number.clone(),
            purchase_date: order.date.clone(),
            payment_method: order.payment_name().to_owned(),
            cart_id: order.cart.clone(),
            total_quantity: Some(order.quantity.clone().unwrap_or_else(|| computed.units.to_string())),
            total_price: order.total.clone().unwrap_or_else(|| computed.total.six_decimals()),
            order_status: None,
            product_basket_item: order
                .items
                .iter()
                .map(|(sku, units)| Item::new(sku, units, origin))
                .collect(),
        }
    }

    /// A cart, as the module prints it on every page while it holds something.
    pub fn of_cart(cart: &Cart, origin: &str) -> Self {
        let line = |(product, units): &(&Product, u64)| Item::new(product.sku, &units.to_string(), origin);
        Self {
            purchase_id: String::new(),
            purchase_date: String::new(),
            payment_method: String::new(),
            cart_id: cart.id.clone(),
            total_quantity: Some(cart.units().to_string()),
            total_price: cart.total().six_decimals(),
            order_status: None,
            product_basket_item: cart.lines().iter().map(line).collect(),
        }
    }
}

impl Item {
    fn new(sku: &str, units: &str, origin: &str) -> Self {
        let product = Product::by_sku(sku);
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        Self {
            quantity: units.to_owned(),
            price: line_total(sku, units).six_decimals(),
            url: format!("{origin}/product/{}", product.map_or(sku, |product| product.slug)),
            product_id: sku.to_owned(),
            name: Some(product.map_or(sku, |product| product.name).to_owned()),
            description: product.map_or("", |product| product.description).to_owned(),
            image_url: product.map_or_else(String::new, |product| format!("{origin}/images/{}.svg", product.sku)),
            unit_price: product.map_or("0", |product| product.unit_price).to_owned(),
            availability: if product.is_some_and(|it| it.last_piece) {
                "outofstock"
            } else {
                "instock"
            }
            .to_owned(),
            brand: product.map_or("", |product| product.brand).to_owned(),
            category: texts(product.map_or(&[], |product| product.categories)),
            related_external_product_id: texts(product.map_or(&[], |product| product.related)),
            tag: texts(product.map_or(&[], |product| product.tags)),
        }
    }
}

impl ClientInfo {
    /// The buyer of this order.
    pub fn of_order(order: &Order) -> Self {
        Self {
            email: order.email.clone(),
            name: order.name.clone(),
            surname: order.surname.clone(),
            newsletter: if order.email.is_empty() { "" } else { "unsubscribed" },
        }
    }
}

/// What the shop computes for an order.
pub struct Totals {
    /// All units.
    pub units: u64,
    /// Shipping, 0.00 for larger orders.
    pub shipping: Cents,
    /// Lines and shipping.
    pub total: Cents,
}

impl Totals {
    /// Computes them from the order's lines.
    pub fn of(order: &Order) -> Self {
        let lines = || order.items.iter().map(|(sku, units)| (sku.as_str(), units.as_str()));
        let sum = lines().fold(Cents(0), |sum, (sku, units)| sum.plus(line_total(sku, units)));
        let shipping = catalogue::shipping(sum);
        let units = lines().fold(0_u64, |all, (_, units)| all.saturating_add(count(units)));
        Self {
            units,
            shipping,
            total: sum.plus(shipping),
        }
    }
}

/// The line's price; a reference that is not sold here costs nothing.
pub fn line_total(sku: &str, units: &str) -> Cents {
    Product::by_sku(sku).map_or(Cents(0), |product| product.price.times(count(units)))
}

fn count(units: &str) -> u64 {
    units.parse().unwrap_or(1)
}
