//! Connectif's purchases API (<https://api-docs.connectif.cloud/connectif-api/reference/purchases/post-purchase>).
//!
//! Whether it takes a purchase id twice is not documented; so a purchase that may have arrived is asked for before it is sent
//! again.

use jiff::{Timestamp, tz::TimeZone};
use purchase_core::{Purchase, purchase::Item};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    Advice, Answer, Order, Plan, Request, Verdict,
    answer::verdict,
    destination::{Secret, left_out, missing_contact, path_part},
    number::number,
    order::instant,
    request::{Method, Purpose},
};

/// Its documented address.
pub const BASE_URL: &str = "https://api.connectif.cloud";

/// An account.
#[derive(Clone, Debug)]
pub struct Connectif {
    /// Without a slash at its end.
    pub base_url: String,
    /// `<key id>:<key secret>`.
    pub key: Secret,
    /// Whether a purchase fires the workflows that wait for one; the API's default is that it does.
    pub trigger_purchase_event: bool,
}

/// <https://api-docs.connectif.cloud/connectif-api/resources/purchase>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    purchase_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart_id: Option<&'a str>,
    contact_email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<&'a str>,
    purchase_date: String,
    total_price: Box<RawValue>,
    total_quantity: u64,
    products: Vec<Product<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product<'a> {
    product_id: &'a str,
    quantity: u64,
    price: Box<RawValue>,
    #[serde(flatten)]
    more: More<'a>,
}

/// What the API does not demand; absent fields are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct More<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_detail_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price_original: Option<Box<RawValue>>,
    // The vendor writes the tax in capitals.
    #[serde(rename = "unitPriceWithoutVAT", skip_serializing_if = "Option::is_none")]
    unit_price_without_vat: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discounted_amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discounted_percentage: Option<Box<RawValue>>,
    #[serde(rename = "customField1", skip_serializing_if = "Option::is_none")]
    custom_field_1: Option<&'a str>,
    #[serde(rename = "customField2", skip_serializing_if = "Option::is_none")]
    custom_field_2: Option<&'a str>,
    #[serde(rename = "customField3", skip_serializing_if = "Option::is_none")]
    custom_field_3: Option<&'a str>,
}

/// One request that creates the purchase.
pub fn plan(settings: &Connectif, zone: Option<&TimeZone>, order: &Order) -> Plan {
    if let Some(advice) = missing_contact(order) {
        return Plan::NotSent(advice);
    }
    let mut notes = vec![];
    let at = Timestamp::from_millisecond(order.placed_at(zone)).unwrap_or_default();
    let purchase = &order.purchase;
    let body = Body {
        purchase_id: &purchase.purchase_id,
        cart_id: purchase.cart_id.as_deref(),
        contact_email: order.email().unwrap_or_default(),
        payment_method: purchase.payment_method.as_deref(),
        purchase_date: at.to_string(),
        total_price: number(&purchase.total_price),
        total_quantity: purchase.total_quantity,
        products: products(purchase, zone, &mut notes),
    };
    let Ok(body) = serde_json::to_string(&body) else {
        return Plan::NotSent(Advice::Unreadable);
    };
    let trigger = settings.trigger_purchase_event;
    Plan::Send {
        requests: vec![Request {
            purpose: Purpose::Deliver,
            method: Method::Post,
            url: format!("{}/purchases/?triggerPurchaseEvent={trigger}", settings.base_url),
            headers: headers(settings),
            body: Some(body),
        }],
        notes,
    }
}

fn products<'a>(purchase: &'a Purchase, zone: Option<&TimeZone>, notes: &mut Vec<String>) -> Vec<Product<'a>> {
    let mut products = vec![];
    for (index, item) in purchase.product_basket_item.iter().enumerate() {
        match product(item, zone) {
            Ok(product) => products.push(product),
            Err(missing) => notes.push(left_out(index, missing)),
        }
    }
    products
}

fn product<'a>(item: &'a Item, zone: Option<&TimeZone>) -> Result<Product<'a>, &'static str> {
    Ok(Product {
        product_id: item.product_id.as_deref().ok_or("product_id")?,
        quantity: item.quantity.ok_or("quantity")?,
        price: number(item.price.as_ref().ok_or("price")?),
        more: More {
            name: item.name.as_deref(),
            product_detail_url: item.url.as_deref(),
            unit_price: item.unit_price.as_ref().map(number),
            image_url: item.image_url.as_deref(),
            thumbnail_url: item.thumbnail_url.as_deref(),
            description: item.description.as_deref(),
            brand: item.brand.as_deref(),
            // The page's markup begins with a slash, this API's examples do not.
            categories: item.category.iter().map(|path| path.trim_start_matches('/')).collect(),
            tags: &item.tag,
            rating: item.rating_value.as_ref().map(number),
            rating_count: item.rating_count,
            review_count: item.review_count,
            published_at: item
                .published_at
                .as_ref()
                .and_then(|date| date_time(date.as_str(), zone)),
            unit_price_original: item.unit_price_original.as_ref().map(number),
            unit_price_without_vat: item.unit_price_without_vat.as_ref().map(number),
            discounted_amount: item.discounted_amount.as_ref().map(number),
            discounted_percentage: item.discounted_percentage.as_ref().map(number),
            custom_field_1: item.custom_field_1.as_deref(),
            custom_field_2: item.custom_field_2.as_deref(),
            custom_field_3: item.custom_field_3.as_deref(),
        },
    })
}

/// A whole date-time in UTC, which the API asks for; a date without a zone is the shop's, without one UTC's.
fn date_time(date: &str, zone: Option<&TimeZone>) -> Option<String> {
    let at = instant(date, Some(zone.unwrap_or(&TimeZone::UTC)))?;
    Some(Timestamp::from_millisecond(at).ok()?.to_string())
}

/// Creates the contact unless it is there, and changes nothing of one that is: no field is sent
/// (<https://api-docs.connectif.cloud/connectif-api/reference/contacts/patch-contact>). None without an address.
pub fn contact(settings: &Connectif, order: &Order) -> Option<Request> {
    Some(Request {
        purpose: Purpose::CreateContact,
        method: Method::Patch,
        url: format!("{}/contacts/{}", settings.base_url, path_part(order.email()?)),
        headers: headers(settings),
        body: Some("{}".to_owned()),
    })
}

/// <https://api-docs.connectif.cloud/connectif-api/reference/purchases/get-purchase-by-purchase-id>
pub fn verification(settings: &Connectif, order: &Order) -> Request {
    let id = path_part(&order.purchase.purchase_id);
    Request {
        purpose: Purpose::Verify,
        method: Method::Get,
        url: format!("{}/purchases/purchase-id/{id}", settings.base_url),
        headers: headers(settings),
        body: None,
    }
}

/// <https://api-docs.connectif.cloud/connectif-api/guides/authentication>
fn headers(settings: &Connectif) -> Vec<(&'static str, String)> {
    vec![
        ("accept", "application/json".to_owned()),
        ("authorization", format!("apiKey {}", settings.key.expose())),
        ("content-type", "application/json".to_owned()),
    ]
}

/// The error codes come with status 400 (<https://api-docs.connectif.cloud/connectif-api/guides/custom-error-codes>).
pub fn read(answer: &Answer) -> Verdict {
    #[derive(Deserialize)]
    struct HttpError {
        code: Option<String>,
    }
    let code = serde_json::from_str::<HttpError>(&answer.body)
        .ok()
        .and_then(|error| error.code);
    match (answer.status, code.as_deref()) {
        (400, Some("E0101")) => Verdict::CreateContact,
        (400, Some("E0102")) => Verdict::Refused(Advice::ProductsUnknown),
        (400, Some("E0103")) => Verdict::Refused(Advice::ProductDomain),
        _ => verdict(answer),
    }
}
