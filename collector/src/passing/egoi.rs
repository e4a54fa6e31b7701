//! E-goi's orders API, single and bulk
//! (<https://developers.egoi.com/api/v3/>, texts in `docs/apis/tags/EcommerceApi.md` of E-goi/sdk-python).
//!
//! An order that is sent again replaces what was known of it; each request tells the order's present state, so that it does
//! not matter in which order two of them arrive.

use jiff::{Timestamp, tz::TimeZone};
use purchase_core::{Purchase, purchase::Item};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Advice, Order, Plan, Request,
    destination::{Secret, left_out, missing_contact, path_part},
    number::{is_positive, number},
    request::{Method, Purpose},
};

/// Its documented address.
pub const BASE_URL: &str = "https://api.egoiapp.com";

/// An account.
#[derive(Clone, Debug)]
pub struct Egoi {
    /// Without a slash at its end.
    pub base_url: String,
    /// The API key.
    pub key: Secret,
    /// Where orders go.
    pub route: Route,
}

/// The two ways to hand orders over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// One order each, to the connected site of this domain.
    Single {
        /// As it was connected, such as `shop.example`.
        domain: String,
    },
    /// Lists of orders, to a contact list.
    Bulk {
        /// The list's number.
        list_id: u64,
        /// The shop's address.
        store_url: String,
    },
}

#[derive(Serialize)]
struct SingleOrder<'a> {
    order_id: &'a str,
    order_total: Box<RawValue>,
    order_status: &'static str,
    order_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart_id: Option<&'a str>,
    contact: Contact<'a>,
    products: Vec<Product<'a>>,
}

#[derive(Serialize)]
struct Contact<'a> {
    base: ContactBase<'a>,
}

#[derive(Serialize)]
struct ContactBase<'a> {
    email: &'a str,
}

#[derive(Serialize)]
struct Product<'a> {
    product_identifier: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    price: Box<RawValue>,
    quantity: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_link: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    related_products: &'a [String],
}

#[derive(Serialize)]
struct BulkOrder<'a> {
    order_id: &'a str,
    revenue: Box<RawValue>,
    store_url: &'a str,
    date: String,
    contact_id: &'a str,
    order_status: &'static str,
    items: Vec<BulkItem<'a>>,
}

#[derive(Serialize)]
struct BulkItem<'a> {
    id: &'a str,
    name: &'a str,
    price: Box<RawValue>,
    quantity: u64,
}

/// One request with the order as it stands now, or why E-goi would refuse it.
pub fn plan(settings: &Egoi, zone: Option<&TimeZone>, order: &Order) -> Plan {
    if let Some(advice) = missing_contact(order) {
        return Plan::NotSent(advice);
    }
    if !is_positive(&order.purchase.total_price) {
        return Plan::NotSent(Advice::TotalNotPositive);
    }
    let mut notes = vec![];
    let (path, body) = match &settings.route {
        Route::Single { domain } => (
            format!("/{}/orders", path_part(domain)),
            single(order, zone, &mut notes).map(|order| serde_json::to_string(&order)),
        ),
        Route::Bulk { list_id, store_url } => (
            format!("/lists/{list_id}/orders"),
            bulk(order, zone, store_url, &mut notes).map(|order| serde_json::to_string(&[order])),
        ),
    };
    let body = match body {
        None => return Plan::NotSent(Advice::NoLines),
        Some(Err(_)) => return Plan::NotSent(Advice::Unreadable),
        Some(Ok(body)) => body,
    };
    Plan::Send {
        requests: vec![Request {
            purpose: Purpose::Deliver,
            method: Method::Post,
            url: format!("{}{path}", settings.base_url),
            headers: vec![
                ("accept", "application/json".to_owned()),
                ("apikey", settings.key.expose().to_owned()),
                ("content-type", "application/json".to_owned()),
            ],
            body: Some(body),
        }],
        notes,
    }
}

/// None if no line can be told.
fn single<'a>(order: &'a Order, zone: Option<&TimeZone>, notes: &mut Vec<String>) -> Option<SingleOrder<'a>> {
    let purchase = &order.purchase;
    let products = lines(purchase, notes, product);
    (!products.is_empty()).then(|| SingleOrder {
        order_id: &purchase.purchase_id,
        order_total: number(&purchase.total_price),
        order_status: order.course.state.name(),
        order_date: order.local_time(zone).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        cart_id: purchase.cart_id.as_deref(),
        contact: Contact {
            base: ContactBase {
                email: order.email().unwrap_or_default(),
            },
        },
        products,
    })
}

/// None if no line can be told.
fn bulk<'a>(
    order: &'a Order,
    zone: Option<&TimeZone>,
    store_url: &'a str,
    notes: &mut Vec<String>,
) -> Option<BulkOrder<'a>> {
    let purchase = &order.purchase;
    let items = lines(purchase, notes, bulk_item);
    let at = Timestamp::from_millisecond(order.placed_at(zone)).unwrap_or_default();
    (!items.is_empty()).then(|| BulkOrder {
        order_id: &purchase.purchase_id,
        revenue: number(&purchase.total_price),
        store_url,
        date: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        contact_id: order.email().unwrap_or_default(),
        order_status: order.course.state.name(),
        items,
    })
}

fn lines<'a, T>(
    purchase: &'a Purchase,
    notes: &mut Vec<String>,
    read: impl Fn(&'a Item) -> Result<T, &'static str>,
) -> Vec<T> {
    let mut lines = vec![];
    for (index, item) in purchase.product_basket_item.iter().enumerate() {
        match read(item) {
            Ok(line) => lines.push(line),
            Err(missing) => notes.push(left_out(index, missing)),
        }
    }
    lines
}

fn product(item: &Item) -> Result<Product<'_>, &'static str> {
    Ok(Product {
        product_identifier: item.product_id.as_deref().ok_or("product_id")?,
        name: item.name.as_deref(),
        description: item.description.as_deref(),
        price: number(item.unit_price.as_ref().ok_or("unit_price")?),
        quantity: item.quantity.ok_or("quantity")?,
        brand: item.brand.as_deref(),
        link: item.url.as_deref(),
        image_link: item.image_url.as_deref(),
        categories: item.category.iter().map(|path| category(path)).collect(),
        related_products: &item.related_external_product_id,
    })
}

fn bulk_item(item: &Item) -> Result<BulkItem<'_>, &'static str> {
    Ok(BulkItem {
        id: item.product_id.as_deref().ok_or("product_id")?,
        name: item.name.as_deref().ok_or("name")?,
        price: number(item.unit_price.as_ref().ok_or("unit_price")?),
        quantity: item.quantity.ok_or("quantity")?,
    })
}

/// Levels are separated by `>` here, by `/` in the shop's markup.
fn category(path: &str) -> String {
    path.trim_matches('/').split('/').collect::<Vec<_>>().join(">")
}
