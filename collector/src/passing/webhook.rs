//! Signed JSON to an address of the merchant's, for everything that has no destination of its own.

use hmac::{Hmac, KeyInit, Mac};
use purchase_core::Purchase;
use serde::Serialize;
use sha2::Sha256;

use super::{
    Advice, Answer, Event, Order, Plan, Request, Verdict,
    answer::verdict,
    destination::Secret,
    request::{Method, Purpose},
};
use crate::hexadecimal::hexadecimal;

/// A receiver.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its whole address.
    pub url: String,
    /// What requests are signed with.
    pub secret: Secret,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    event: &'static str,
    site: &'a str,
    purchase_id: &'a str,
    state: &'static str,
    placed: bool,
    captured_at: i64,
    received_at: i64,
    purchase: &'a Purchase,
}

/// One request, signed at `now`, in milliseconds since 1970. Its `id` is the same however often it is sent, and it is sent until
/// it is answered with 2xx: the receiver tells repeats apart by it.
pub fn plan(settings: &Webhook, order: &Order, event: Event, now: i64) -> Plan {
    let id = format!("{}:{}:{}", order.site, order.purchase.purchase_id, event.name());
    let body = Body {
        id: &id,
        event: event.name(),
        site: &order.site,
        purchase_id: &order.purchase.purchase_id,
        state: order.course.state.name(),
        placed: order.course.placed,
        captured_at: order.captured_at,
        received_at: order.received_at,
        purchase: &order.purchase,
    };
    let Ok(body) = serde_json::to_string(&body) else {
        return Plan::NotSent(Advice::Unreadable);
    };
    Plan::Send {
        requests: vec![Request {
            purpose: Purpose::Deliver,
            method: Method::Post,
            url: settings.url.clone(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-purchase-event", event.name().to_owned()),
                ("x-purchase-signature", signature(&settings.secret, now / 1000, &body)),
            ],
            body: Some(body),
        }],
        notes: vec![],
    }
}

/// `t=<unix seconds>,v1=<hex of HMAC-SHA-256(secret, t "." body)>`: the same as of messages that shops send to the collector.
fn signature(secret: &Secret, seconds: i64, body: &str) -> String {
    let mut text = format!("t={seconds},v1=");
    // A key of HMAC may have any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) {
        mac.update(format!("{seconds}.").as_bytes());
        mac.update(body.as_bytes());
        text += &hexadecimal(mac.finalize().into_bytes());
    }
    text
}

/// A receiver that knows the `id` already may say so with 409: then it has it.
pub fn read(answer: &Answer) -> Verdict {
    match answer.status {
        409 => Verdict::Delivered,
        _ => verdict(answer),
    }
}
