//! Control characters in texts from outside: PostgreSQL cannot store U+0000, and nothing of it may look like a broken database.

use axum::http::StatusCode;
use purchase_collector::store::console::Role;
use serde_json::{Value, json};

use crate::world::{World, call, get, report};

const SECRET: &str = "0123456789abcdef-demo";

/// Every text of a purchase with this in it.
fn data(text: &str) -> Value {
    let item = json!({
        "product_id": text, "name": text, "url": format!("https://shop.example/{text}"), "image_url": text, "brand": text,
        "description": text, "category": [text, text], "tag": text, "quantity": 1, "price": "5.00", "unit_price": "5.00",
        "availability": text, "published_at": text,
    });
    json!({
        "purchase_id": format!("1{text}2"), "cart_id": text, "total_quantity": 1, "total_price": "5.00", "payment_method": text,
        "purchase_date": text, "order_status": text, "source_name": text, "email": format!("{text}@shop.example"),
        text: text, "product_basket_item": [item],
    })
}

/// An envelope with the text wherever a shop or a browser writes one.
fn envelope(record_id: &str, data: Value, text: &str) -> String {
    let mut envelope: Value = serde_json::from_str(&call(record_id, data)).expect("it is JSON");
    envelope["page"] = json!(format!("https://shop.example/{text}"));
    envelope["gateway"] = json!(text);
    envelope["basis"] = json!("status");
    envelope["contact"] = json!(format!("{text}@shop.example"));
    envelope["config"] = json!({ "contact": "email", "time_zone": text, "currency": text, "order_statuses": text });
    envelope.to_string()
}

#[tokio::test]
async fn no_character_is_an_error_of_the_collector() {
    let options = ["--site", "demo=https://shop.example", "--server-secret"];
    let secret = format!("demo={SECRET}");
    let world = World::new(&[&options[..], &[&secret]].concat()).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    for (number, text) in ["\0", "\n", "\u{1b}[2J", "\u{7f}", "\u{85}", "a\0\r\n\tb"]
        .iter()
        .enumerate()
    {
        let ids = ["a", "b", "c", "d", "e", "f"].map(|kind| format!("{kind}{number}"));
        let mut refused = data(text);
        refused["total_price"] = json!(text);
        let mut other = data(text);
        other["total_price"] = json!("6.00");
        let left = json!({
            "checkout_id": format!("k{text}k"), "cart_id": text, "purchase_id": format!("1{text}2"), "gateway": text,
            "contents": data(text),
        });
        for (body, status) in [
            (report(&ids[0], &left), StatusCode::CREATED),
            (envelope(&ids[1], data(text), text), StatusCode::CREATED),
            (envelope(&ids[2], data(text), text), StatusCode::OK),
            (envelope(&ids[3], other, text), StatusCode::OK),
            (envelope(&ids[4], refused, text), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let answer = world.post(body.clone()).await;
            assert_eq!(answer.status, status, "{body}: {answer:?}");
        }
        let mut message = data(text);
        message["site"] = json!("demo");
        message["purchase_id"] = json!(format!("s{text}s"));
        let mut request = crate::world::post(message.to_string());
        let bearer = format!("Bearer {SECRET}").parse().expect("a header");
        request.headers_mut().insert("authorization", bearer);
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");

        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("id", format!("1{text}2").as_str()),
                ("q", text),
                ("site", "demo"),
                ("state", text),
            ])
            .finish();
        let page = world.page(&format!("/console/purchase?{query}"), &ana).await;
        assert!(page.contains("control character"), "{text:?}: {page}");
        world.page(&format!("/console/purchases?{query}"), &ana).await;
        // A shop of which nobody heard.
        for path in [
            "/console",
            "/console/purchases",
            "/console/refused",
            "/console/checkouts",
            "/console/accuracy",
            "/console/destinations",
            "/console/purchase",
            "/console/refusal",
            "/v1/purchases",
            "/v1/refusals",
            "/v1/checkouts",
            "/v1/destinations",
        ] {
            let nobody = query.replace(
                "site=demo",
                &format!(
                    "site={}",
                    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                ),
            );
            let bearer = format!("Bearer {}", crate::world::TOKEN);
            let request = get(
                &format!("{path}?{nobody}"),
                &[("cookie", &ana), ("authorization", &bearer)],
            );
            let answer = world.send(request).await;
            assert!(!answer.status.is_server_error(), "{path}?{nobody}: {answer:?}");
        }
    }
    for path in [
        "/console/purchases",
        "/console/refused",
        "/console/checkouts",
        "/console/accuracy",
    ] {
        world.page(path, &ana).await;
    }
    for path in ["/v1/purchases", "/v1/refusals", "/v1/checkouts"] {
        world.read(path).await;
    }
    world.store.ready().await.expect("nothing was wrong with the database");
}
