//! E-goi: an order that comes again replaces the one that is there; what it refuses is what its plugins leave out.

use serde_json::Value;

use super::{Arrived, KEY, Known};

pub fn judge(known: &mut Known, arrived: &Arrived) -> (u16, String) {
    if arrived.header("apikey") != KEY {
        known.broken.push("wrong key".to_owned());
        return (401, "{}".to_owned());
    }
    let body = arrived.json();
    match (arrived.method.as_str(), arrived.path.as_str()) {
        ("POST", "/shop.example/orders") => {
            let right = body["order_total"].as_f64().is_some_and(|total| total > 0.0)
                && body["products"].as_array().is_some_and(|products| !products.is_empty())
                && body["contact"]["base"]["email"].is_string();
            take(known, &body, right, 202)
        }
        ("POST", "/lists/7/orders") => {
            let entry = &body[0];
            let right = entry["revenue"].as_f64().is_some_and(|total| total > 0.0)
                && entry["items"].as_array().is_some_and(|items| !items.is_empty())
                && entry["contact_id"].is_string()
                && entry["store_url"].is_string()
                && entry["date"].is_string();
            take(known, entry, right, 201)
        }
        _ => {
            known.broken.push(format!("{} {}", arrived.method, arrived.path));
            (404, "{}".to_owned())
        }
    }
}

fn take(known: &mut Known, order: &Value, right: bool, status: u16) -> (u16, String) {
    const STATES: [&str; 5] = ["created", "pending", "completed", "canceled", "unknown"];
    let id = order["order_id"].as_str().unwrap_or_default();
    let state = order["order_status"].as_str().unwrap_or_default();
    if !right || id.is_empty() || !STATES.contains(&state) {
        known.broken.push(format!("refused: {order}"));
        return (422, r#"{"title":"Unprocessable Entity","errors":{}}"#.to_owned());
    }
    known.taken.insert(id.to_owned(), vec![order.clone()]);
    (status, "{}".to_owned())
}
