//! Messages of the shop's own server: who may send them, and that they and the browser's make one purchase.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::world::{Answer, World, call, order, post, report};

const SECRET: &str = "0123456789abcdef-demo";

async fn world() -> World {
    World::new(&[
        "--site",
        "demo=https://shop.example",
        "--site",
        "other=https://x.example",
        "--server-secret",
        "demo=0123456789abcdef-demo",
    ])
    .await
}

/// A server message with these headers.
async fn send(world: &World, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::post("/v1/purchases").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world
        .send(
            request
                .body(Body::from(body.to_owned()))
                .expect("the request is well-formed"),
        )
        .await
}

/// A server message with the site's secret.
async fn tell(world: &World, body: &Value) -> Answer {
    send(
        world,
        &[("authorization", &format!("Bearer {SECRET}"))],
        &body.to_string(),
    )
    .await
}

fn purchase(purchase_id: &str, total_price: &str) -> Value {
    json!({ "site": "demo", "purchase_id": purchase_id, "total_quantity": 2, "total_price": total_price })
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

fn signature(secret: &str, time: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    mac.update(format!("{time}.{body}").as_bytes());
    let code: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={time},v1={code}")
}

#[tokio::test]
async fn a_server_tells_a_purchase_in_either_shape() {
    let world = world().await;
    let flat = purchase("7", "10.00");
    let answer = tell(&world, &flat).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let receipt = answer.json();
    assert_eq!(
        (&receipt["outcome"], &receipt["purchase_id"]),
        (&json!("accepted"), &json!("7"))
    );
    assert!(receipt["id"].as_str().is_some_and(|id| id.len() == 64));
    let paths: Vec<&Value> = receipt["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|p| &p["path"])
        .collect();
    assert_eq!(paths, ["product_basket_item"], "site is no field of the purchase");

    let nested = json!({
        "site": "demo", "config": { "decimal": "comma", "currency": "EUR", "time_zone": "Europe/Madrid" },
        "purchase": {
            "purchaseId": "8", "totalQuantity": 1, "totalPrice": "1.234", "orderStatus": "pending",
            "purchaseDate": "2026-01-15T10:00:00",
        },
    });
    assert_eq!(tell(&world, &nested).await.status, StatusCode::CREATED);
    let history = world.read("/v1/purchases/demo/8").await;
    assert_eq!(
        (
            &history["source"],
            &history["state"],
            &history["placed"],
            &history["order_status"]
        ),
        (&json!("server"), &json!("pending"), &json!(false), &json!("pending"))
    );
    assert_eq!(
        (
            &history["purchase"]["total_price"],
            &history["purchase"]["purchase_date"],
            &history["purchase"]["currency"]
        ),
        (&json!("1234"), &json!("2026-01-15T10:00:00+01:00"), &json!("EUR"))
    );
    assert_eq!(history["envelope"], nested.to_string());
    assert_eq!(history["transitions"][0]["source"], "server");
    assert_eq!(history["page"], Value::Null);
}

#[tokio::test]
async fn browser_and_server_make_one_purchase_in_either_order() {
    for server_first in [true, false] {
        let world = world().await;
        let mut message = purchase("7", "10.00");
        message["order_status"] = json!("completed");
        for is_server in [server_first, !server_first] {
            let answer = if is_server {
                tell(&world, &message).await
            } else {
                world.post(order("a1", "7", Some("pending"))).await
            };
            let expected = if is_server == server_first {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            assert_eq!(answer.status, expected);
            assert_eq!(answer.json().get("conflict"), None);
        }
        assert_eq!(
            world.read("/v1/purchases").await["purchases"].as_array().map(Vec::len),
            Some(1)
        );
        let history = world.read("/v1/purchases/demo/7").await;
        assert_eq!(
            (&history["state"], &history["placed"], &history["order_status"]),
            (&json!("completed"), &json!(true), &json!("completed"))
        );
        let mut said: Vec<String> = history["transitions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["source"].as_str().unwrap_or("?"),
                    row["state"].as_str().unwrap_or("?")
                )
            })
            .collect();
        said.sort();
        assert_eq!(said, ["call pending", "server completed"]);
    }
}

#[tokio::test]
async fn another_content_is_kept_beside_the_first_whoever_was_first() {
    for server_first in [true, false] {
        let world = world().await;
        let browser = call(
            "a1",
            json!({ "purchase_id": "7", "total_quantity": 2, "total_price": "99.00" }),
        );
        let mut outcomes = Vec::new();
        for is_server in [server_first, !server_first] {
            let answer = if is_server {
                tell(&world, &purchase("7", "10.00")).await
            } else {
                world.post(browser.clone()).await
            };
            outcomes.push(answer.json().get("conflict").is_some());
        }
        assert_eq!(outcomes, [false, true]);
        let history = world.read("/v1/purchases/demo/7").await;
        let kept = [&history["purchase"], &history["conflicts"][0]["purchase"]]
            .map(|purchase| purchase["total_price"].clone());
        let expected = if server_first { ["10", "99"] } else { ["99", "10"] };
        assert_eq!(kept, expected);
    }
}

#[tokio::test]
async fn a_server_completes_a_checkout_that_never_returned() {
    let world = world().await;
    world
        .post(report("a1", &json!({ "state": "unknown", "basis": "returned" })))
        .await;
    let mut message = purchase("7", "10.00");
    message["cart_id"] = json!("c1");
    tell(&world, &message).await;
    let listed = world.read("/v1/checkouts").await;
    assert_eq!(
        (&listed["checkouts"][0]["state"], &listed["checkouts"][0]["closed_by"]),
        (&json!("unknown"), &json!("7"))
    );
}

#[tokio::test]
async fn signatures_are_as_good_as_the_secret_while_they_are_fresh() {
    let world = world().await;
    let body = purchase("7", "10.00").to_string();
    let signed = async |text: &str, body: &str| send(&world, &[("x-purchase-signature", text)], body).await;
    let good = signature(SECRET, now(), &body);
    assert_eq!(signed(&good, &body).await.status, StatusCode::CREATED);
    // Played again: nothing happens twice.
    let again = signed(&good, &body).await;
    assert_eq!(
        (again.status, &again.json()["outcome"]),
        (StatusCode::OK, &json!("duplicate"))
    );

    let other = purchase("8", "10.00").to_string();
    for (text, body) in [
        (good.clone(), &other),
        (signature(SECRET, now() - 301, &other), &other),
        (signature(SECRET, now() + 310, &other), &other),
        (signature("another secret, long enough", now(), &other), &other),
        (String::new(), &other),
    ] {
        let answer = signed(&text, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{text}");
    }
    // A wrong signature is not mended by the right secret beside it.
    let headers = [
        ("x-purchase-signature", "t=1,v1=00"),
        ("authorization", "Bearer 0123456789abcdef-demo"),
    ];
    assert_eq!(send(&world, &headers, &other).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world.read("/v1/purchases").await["purchases"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn who_has_not_the_sites_secret_is_told_one_sentence() {
    let world = world().await;
    let body = purchase("7", "10.00").to_string();
    let mut sentences = Vec::new();
    for (header, body) in [
        ("", body.clone()),
        ("Bearer wrong", body.clone()),
        ("Bearer ", body.clone()),
        ("Basic 0123456789abcdef-demo", body.clone()),
        ("Bearer 0123456789abcdef-demo2", body.clone()),
        // The site of another shop, which has no secret.
        ("Bearer 0123456789abcdef-demo", body.replace("\"demo\"", "\"other\"")),
        ("Bearer a-read-token", body.clone()),
    ] {
        let headers: &[(&str, &str)] = if header.is_empty() {
            &[]
        } else {
            &[("authorization", header)]
        };
        let answer = send(&world, headers, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(!String::from_utf8_lossy(&answer.body).contains("0123456789"));
        sentences.push(answer.body);
    }
    sentences.dedup();
    assert_eq!(sentences.len(), 1);

    let unknown = body.replace("\"demo\"", "\"unknown\"");
    let headers = [("authorization", "Bearer 0123456789abcdef-demo")];
    assert_eq!(send(&world, &headers, &unknown).await.status, StatusCode::FORBIDDEN);
    for broken in [
        "{}",
        "[]",
        r#"{"site":"demo","purchase":7}"#,
        r#"{"site":"de mo"}"#,
        "{",
    ] {
        assert_eq!(
            send(&world, &headers, broken).await.status,
            StatusCode::BAD_REQUEST,
            "{broken}"
        );
    }
    assert_eq!(world.read("/v1/purchases").await, json!({ "purchases": [] }));
    assert_eq!(world.read("/v1/refusals").await, json!({ "refusals": [] }));
}

#[tokio::test]
async fn a_secret_in_a_browser_is_refused() {
    let world = world().await;
    let origin = ("origin", "https://shop.example");
    let body = purchase("7", "10.00").to_string();
    let fresh = signature(SECRET, now(), &body);
    let envelope = order("a1", "7", None);
    for (name, value, body) in [
        ("authorization", "Bearer 0123456789abcdef-demo", &body),
        ("authorization", "Bearer wrong", &body),
        ("x-purchase-signature", fresh.as_str(), &body),
        ("authorization", "Bearer 0123456789abcdef-demo", &envelope),
    ] {
        let answer = send(&world, &[origin, (name, value)], body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name} {value}");
        assert!(
            answer.json()["error"]
                .as_str()
                .is_some_and(|error| error.contains("does not belong in browsers"))
        );
    }
    assert_eq!(world.read("/v1/purchases").await, json!({ "purchases": [] }));

    // What a proxy adds to a page's envelope costs no purchase.
    for header in ["Bearer of-a-proxy", "Basic dXNlcjpwYXNz"] {
        let answer = send(&world, &[origin, ("authorization", header)], &envelope).await;
        assert!(answer.status.is_success(), "{header}");
    }
}

#[tokio::test]
async fn envelopes_as_json_and_envelopes_of_servers_go_on_working() {
    let world = world().await;
    assert_eq!(
        send(&world, &[], &order("a1", "1", None)).await.status,
        StatusCode::CREATED
    );
    let headers = [("authorization", "Bearer 0123456789abcdef-demo")];
    let answer = send(&world, &headers, &order("a1", "2", None)).await;
    assert_eq!(
        (answer.status, &answer.json()["id"]),
        (StatusCode::CREATED, &json!("a1"))
    );
    // As text without credentials a server message is what it always was: no envelope.
    assert_eq!(
        world.post(purchase("3", "10.00").to_string()).await.status,
        StatusCode::BAD_REQUEST
    );
    let mut text = post(purchase("3", "10.00").to_string());
    let secret = "Bearer 0123456789abcdef-demo".parse().expect("a header");
    text.headers_mut().insert("authorization", secret);
    assert_eq!(world.send(text).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn malformed_purchases_of_a_server_are_refused_and_kept_apart() {
    let world = world().await;
    for (id, times) in [("7", 2), ("8", 1)] {
        for _ in 0..times {
            let answer = tell(&world, &purchase(id, "-5")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.json()["outcome"], "refused");
        }
    }
    let listed = world.read("/v1/refusals").await;
    let rows = listed["refusals"].as_array().expect("a list");
    let mut times: Vec<i64> = rows.iter().filter_map(|row| row["times"].as_i64()).collect();
    times.sort_unstable();
    assert_eq!(times, [1, 2]);
    assert_eq!(rows[0]["source"], "server");
}

#[tokio::test]
async fn an_address_is_kept_only_if_the_message_asks_for_it() {
    let world = world().await;
    for (id, mode) in [("1", json!(null)), ("2", json!("sha256")), ("3", json!("email"))] {
        let mut message = purchase(id, "10.00");
        message["email"] = json!("buyer@mail.example");
        message["config"] = json!({ "contact": mode });
        assert_eq!(tell(&world, &message).await.status, StatusCode::CREATED);
        let history = world.read(&format!("/v1/purchases/demo/{id}")).await;
        assert_eq!(
            history.to_string().contains("buyer@mail.example"),
            mode == "email",
            "{mode}"
        );
        assert_eq!(history["purchase"].get("email_sha256").is_some(), mode == "sha256");
        assert!(
            history["envelope"]
                .as_str()
                .is_some_and(|text| text.contains("\"total_price\":\"10.00\""))
        );
    }
}

#[tokio::test]
async fn a_secret_can_be_replaced_while_both_are_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    std::fs::write(&file, "the-new-secret-of-demo\n").expect("the file is written");
    let new = format!("demo={}", file.display());
    let world = World::new(&[
        "--server-secret",
        "demo=0123456789abcdef-demo",
        "--server-secret-file",
        &new,
    ])
    .await;
    for (id, secret) in [("1", SECRET), ("2", "the-new-secret-of-demo")] {
        let headers = [("authorization", &*format!("Bearer {secret}"))];
        let answer = send(&world, &headers, &purchase(id, "10.00").to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
}
