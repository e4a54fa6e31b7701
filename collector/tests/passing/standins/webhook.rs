//! A merchant's own receiver: it checks the signature, and tells repeats apart by the id.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Arrived, KEY, Known};

pub fn judge(known: &mut Known, arrived: &Arrived) -> (u16, String) {
    let body = arrived.json();
    if !is_signed(arrived) || body["event"] != arrived.header("x-purchase-event") {
        known.broken.push("wrong signature or event".to_owned());
        return (400, String::new());
    }
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    known.taken.entry(id).or_insert_with(|| vec![body.clone()]);
    (204, String::new())
}

fn is_signed(arrived: &Arrived) -> bool {
    let signature = arrived.header("x-purchase-signature");
    let Some((time, code)) = signature.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")) else {
        return false;
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("a key of any length");
    mac.update(format!("{time}.{}", arrived.body).as_bytes());
    let expected: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    code == expected
}
