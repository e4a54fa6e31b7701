//! Orders and destinations for the tests.

use std::{fs, path::Path};

use purchase_collector::passing::{
    Destination, Order,
    config::{self, Config},
    order::read_purchase,
};
use purchase_core::order::{Course, Standing, State};
use serde_json::{Value, json};

/// When the tests' orders were captured, received a second later, in milliseconds since 1970: 2025-11-21T22:16:33Z.
pub const CAPTURED_AT: i64 = 1_763_763_393_000;

/// When the canceled ones were canceled, in milliseconds since 1970: 2025-11-21T22:17:03Z.
pub const CANCELED_AT: i64 = CAPTURED_AT + 30_000;

/// The secret of all destinations.
pub const KEY: &str = "key-id:0123456789abcdef";

/// The purchase that the destinations' documents describe, with a line that lacks a price.
pub fn documented() -> Value {
    json!({
        "purchase_id": "00123/ä", "total_quantity": 4, "total_price": "180.75", "cart_id": "558",
        "purchase_date": "2025-11-21T23:00:00+01:00", "payment_method": "Visa", "source_type": "digital-store",
        "email": "ann+x@shop.example",
        "product_basket_item": [
            {
                "quantity": 3, "price": "179.751", "url": "https://shop.example/p/1", "product_id": "P-1", "name": "Mug",
                "unit_price": "59.917", "image_url": "https://cdn.example/1.jpg", "thumbnail_url": "https://cdn.example/1s.jpg",
                "description": "A <b>mug</b>", "availability": "InStock", "category": ["/Kitchen/Mugs", "/New"], "tag": ["new"],
                "brand": "Acme", "review_count": 3, "rating_value": "4.5", "rating_count": 7,
                "related_external_product_id": ["P-2"], "priority": 1, "unit_price_original": "70.25",
                "unit_price_without_vat": "49.79", "discounted_percentage": "14.23", "discounted_amount": "10",
                "published_at": "2020-05-03T10:15:00Z", "custom_field_1": "x"
            },
            { "quantity": 1, "product_id": "P-3", "name": "Bowl", "category": ["/Kitchen/Mugs"] }
        ]
    })
}

/// An order of the site "demo" with this canonical purchase.
pub fn order(purchase: &Value, state: State) -> Order {
    let said = Standing { state, placed: true };
    Order {
        site: "demo".to_owned(),
        purchase: read_purchase(&purchase.to_string()).expect("a canonical purchase"),
        course: Course::begin(said),
        captured_at: CAPTURED_AT,
        received_at: CAPTURED_AT + 1_000,
        canceled_at: (state == State::Canceled).then_some(CANCELED_AT),
    }
}

/// The configuration of this text; `KEY` in it is the path of a file with a secret.
pub fn config(text: &str) -> Config {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    fs::write(&key, format!(" {KEY}\n")).expect("the secret is written");
    let file = folder.path().join("destinations.toml");
    fs::write(&file, text.replace("KEY", &key.display().to_string())).expect("the configuration is written");
    config::load(&file).expect("the configuration is complete")
}

/// One destination of the site "demo" with these lines.
pub fn destination(kind: &str, lines: &str) -> Destination {
    let text = format!("[[destination]]\nsite = \"demo\"\nkind = \"{kind}\"\nkey_file = \"KEY\"\n{lines}\n");
    config(&text).destinations.remove(0)
}

/// The canonical purchases of all conformance vectors, with their titles.
pub fn vectors() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("the vectors") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("vectors are text");
        let file: Value = serde_json::from_str(&text).expect("vectors are JSON");
        for case in file["cases"].as_array().into_iter().flatten() {
            for expected in case["expect"].as_array().into_iter().flatten() {
                if expected["purchase"].is_object() {
                    found.push((
                        format!("{}: {}", path.display(), case["name"]),
                        expected["purchase"].clone(),
                    ));
                }
            }
        }
    }
    assert!(found.len() > 500, "the vectors are there: {}", found.len());
    found
}
