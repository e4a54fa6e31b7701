//! Klaviyo: of the events with the same id, profile and metric the first one counts.

use purchase_collector::passing::{
    Request,
    request::{Method, Purpose},
};

use super::{Arrived, KEY, Known};
use crate::klaviyo::violations;

pub fn judge(known: &mut Known, arrived: &Arrived) -> (u16, String) {
    let refused = |known: &mut Known, status: u16, why: String| {
        known.broken.push(why);
        let error = r#"{"errors":[{"id":"1","code":"invalid","title":"Invalid input.","detail":"refused"}]}"#;
        (status, error.to_owned())
    };
    if arrived.header("authorization") != format!("Klaviyo-API-Key {KEY}") {
        return refused(known, 401, "wrong authorization".to_owned());
    }
    if arrived.header("revision") != "2026-07-15" || arrived.header("content-type") != "application/vnd.api+json" {
        return refused(known, 400, "revision or content type".to_owned());
    }
    if arrived.method != "POST" || arrived.path != "/api/events" {
        return refused(known, 404, format!("{} {}", arrived.method, arrived.path));
    }
    let names = ["accept", "authorization", "content-type", "revision"];
    known.requests.push(Request {
        purpose: Purpose::Deliver,
        method: Method::Post,
        url: arrived.path.clone(),
        headers: names.map(|name| (name, arrived.header(name).to_owned())).into(),
        body: Some(arrived.body.clone()),
    });
    let body = arrived.json();
    let violations = violations(&body);
    if !violations.is_empty() {
        return refused(known, 400, violations.join("; "));
    }
    let attributes = &body["data"]["attributes"];
    let text = |pointer: &str| {
        attributes
            .pointer(pointer)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    };
    let key = format!(
        "{} {} {}",
        text("/metric/data/attributes/name"),
        text("/unique_id"),
        text("/profile/data/attributes/email")
    );
    known.taken.entry(key).or_insert_with(|| vec![body.clone()]);
    (202, String::new())
}
