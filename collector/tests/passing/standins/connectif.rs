//! Connectif: nothing says that it dedupes, so a purchase that is posted twice is there twice.

use serde_json::{Value, json};

use super::{Arrived, KEY, Known};

/// The domain of product pages that the account allows.
const DOMAIN: &str = "https://shop.example/";

/// When a purchase that was taken is shown to who asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    #[default]
    AtOnce,
    /// Only after it was asked for so many times.
    Late {
        vain: usize,
    },
    Never,
}

impl Shows {
    fn next(&mut self) -> bool {
        match self {
            Shows::AtOnce | Shows::Late { vain: 0 } => true,
            Shows::Late { vain } => {
                *vain -= 1;
                false
            }
            Shows::Never => false,
        }
    }
}

pub fn judge(known: &mut Known, arrived: &Arrived) -> (u16, String) {
    if arrived.header("authorization") != format!("apiKey {KEY}") {
        known.broken.push("wrong authorization".to_owned());
        return (401, r#"{"status":401}"#.to_owned());
    }
    let path: Vec<_> = arrived.path.trim_matches('/').split('/').collect();
    match (arrived.method.as_str(), &path[..]) {
        ("POST", ["purchases", "?triggerPurchaseEvent=true"]) => create(known, &arrived.json()),
        ("GET", ["purchases", "purchase-id", id]) => match known.taken.get(*id) {
            Some(found) if known.shows.next() => (200, found[0].to_string()),
            _ => (404, r#"{"status":404}"#.to_owned()),
        },
        ("PATCH", ["contacts", email]) => {
            known.contacts.push(email.replace("%40", "@"));
            (200, "{}".to_owned())
        }
        _ => {
            known.broken.push(format!("{} {}", arrived.method, arrived.path));
            (404, "{}".to_owned())
        }
    }
}

fn create(known: &mut Known, body: &Value) -> (u16, String) {
    let error = |code: &str, more: Value| {
        let mut error = json!({"status": 400, "title": "Bad Request", "detail": "for ann@shop.example", "code": code});
        error["productsId"] = more;
        (400, error.to_string())
    };
    let complete = body["purchaseId"].is_string()
        && body["contactEmail"].is_string()
        && body["totalPrice"].is_number()
        && body["totalQuantity"].is_u64()
        && body["products"].is_array();
    if !complete {
        known.broken.push(format!("incomplete: {body}"));
        return error("E0000", Value::Null);
    }
    let email = body["contactEmail"].as_str().unwrap_or_default().to_owned();
    if !known.contacts.contains(&email) {
        return error("E0101", Value::Null);
    }
    for product in body["products"].as_array().into_iter().flatten() {
        let id = product["productId"].as_str().unwrap_or_default();
        if known.unknown_products.iter().any(|unknown| unknown == id) {
            return error("E0102", json!([id]));
        }
        let url = product["productDetailUrl"].as_str();
        if url.is_some_and(|url| !url.starts_with(DOMAIN)) {
            return error("E0103", json!([id]));
        }
    }
    let id = body["purchaseId"].as_str().unwrap_or_default().to_owned();
    known.taken.entry(id).or_default().push(body.clone());
    (201, body.to_string())
}
