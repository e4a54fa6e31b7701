//! Signatures on pages: what the shop's server vouches for, what somebody changed in a browser, and which of it is stored.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use hmac::{Hmac, KeyInit, Mac};
use purchase_collector::store::{StoreError, Work, Writing, console::Role, sql};
use serde_json::{Value, json};
use sha2::Sha256;

use super::console::reader::form;
use crate::world::{self, Answer, World, call};

const SECRET: &str = "0123456789abcdef-demo";
const DATE: &str = "2024-09-13T10:49:31+02:00";

/// The options of a collector that checks signatures.
const CHECKED: [&str; 4] = [
    "--site",
    "demo=https://shop.example",
    "--server-secret",
    "demo=0123456789abcdef-demo",
];

async fn checking() -> World {
    World::new(&CHECKED).await
}

async fn requiring() -> World {
    World::new(&[&CHECKED[..], &["--require-signature", "demo"]].concat()).await
}

/// As a shop's server signs.
pub fn signature(secret: &str, id: &str, total: &str, date: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    mac.update(format!("{id}\n{total}\n{date}").as_bytes());
    let code = mac.finalize().into_bytes();
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn purchase(id: &str, total: &str) -> Value {
    json!({ "purchase_id": id, "total_quantity": 2, "total_price": total, "purchase_date": DATE })
}

/// The same, signed by the shop's server.
fn signed(id: &str, total: &str) -> Value {
    let mut purchase = purchase(id, total);
    purchase["signature"] = json!(signature(SECRET, id, total, DATE));
    purchase
}

/// The record's id is made of the content, as the loader does, more or less.
async fn state(world: &World, purchase: &Value) -> Answer {
    let digest = purchase
        .to_string()
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    world.post(call(&format!("{digest:x}"), purchase.clone())).await
}

/// The signature's problems in a receipt: kind and severity.
#[track_caller]
fn of_signature(receipt: &Value) -> Vec<(String, String)> {
    let problems = receipt["problems"].as_array().expect("a list").iter();
    let text = |problem: &Value, key: &str| problem[key].as_str().expect("a text").to_owned();
    problems
        .filter(|problem| problem["path"] == "signature")
        .map(|problem| (text(problem, "kind"), text(problem, "severity")))
        .collect()
}

#[track_caller]
fn assert_refused(answer: &Answer, kind: &str) {
    let receipt = answer.json();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{receipt}");
    assert_eq!(
        of_signature(&receipt),
        [(kind.to_owned(), "error".to_owned())],
        "{receipt}"
    );
}

async fn is_verified(world: &World, id: &str) -> bool {
    let row = world.read(&format!("/v1/purchases/demo/{id}")).await;
    assert_eq!(row["verified_at"].is_i64(), row["verified"] == true, "{row}");
    row["verified"].as_bool().expect("it is told")
}

#[tokio::test]
async fn a_page_as_the_server_signed_it_is_verified_and_played_again_is_harmless() {
    for world in [checking().await, requiring().await] {
        let answer = state(&world, &signed("7", "10.00")).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        assert_eq!(of_signature(&answer.json()), []);
        assert!(is_verified(&world, "7").await);
        let before = world.read("/v1/purchases").await;
        assert_eq!(before["purchases"][0]["verified"], true);

        // The same again, and from another page's load: nothing happens twice, and the first proof stands.
        for record in ["a1", "a2"] {
            let again = world.post(call(record, signed("7", "10.00"))).await;
            assert_eq!(
                (again.status, &again.json()["outcome"]),
                (StatusCode::OK, &json!("duplicate"))
            );
            assert_eq!(again.json().get("conflict"), None);
        }
        let after = world.read("/v1/purchases").await;
        assert_eq!(after["purchases"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            after["purchases"][0]["verified_at"],
            before["purchases"][0]["verified_at"]
        );
        // The signature is no part of the purchase: a repeat without one is the same purchase.
        assert_eq!(after["purchases"][0]["purchase"].get("signature"), None);
    }
}

#[tokio::test]
async fn what_was_changed_in_the_browser_is_refused_and_kept_among_the_refused() {
    for world in [checking().await, requiring().await] {
        let mut forged = Vec::new();
        for (field, value) in [
            ("total_price", json!("1.00")),
            ("total_price", json!(1)),
            ("purchase_id", json!("8")),
            ("purchase_date", json!("2024-09-14T10:49:31+02:00")),
            ("purchase_date", Value::Null),
            ("signature", json!("")),
            ("signature", json!("0".repeat(64))),
            ("signature", json!("not hexadecimal")),
            (
                "signature",
                json!(signature("another secret, long enough", "7", "10.00", DATE)),
            ),
        ] {
            let mut purchase = signed("7", "10.00");
            purchase[field] = value;
            forged.push(purchase);
        }
        let unsigned = forged.remove(5);
        for purchase in &forged {
            assert_refused(&state(&world, purchase).await, "wrong_signature");
        }
        state(&world, &forged[0]).await;
        assert_eq!(world.read("/v1/purchases").await, json!({ "purchases": [] }));
        let refusals = world.read("/v1/refusals").await;
        let rows = refusals["refusals"].as_array().expect("a list");
        assert_eq!(rows.len(), forged.len());
        let times: i64 = rows.iter().filter_map(|row| row["times"].as_i64()).sum();
        assert_eq!(times, 1 + i64::try_from(forged.len()).expect("few"));
        assert!(
            rows.iter()
                .all(|row| of_signature(row) == [("wrong_signature".to_owned(), "error".to_owned())])
        );

        // An empty signature is none.
        let answer = state(&world, &unsigned).await;
        match answer.status {
            StatusCode::CREATED => assert!(!is_verified(&world, "7").await),
            _ => assert_refused(&answer, "missing"),
        }
    }
}

#[tokio::test]
async fn without_a_signature_a_purchase_is_taken_unless_the_site_requires_one() {
    let world = checking().await;
    assert_eq!(state(&world, &purchase("7", "10.00")).await.status, StatusCode::CREATED);
    assert!(!is_verified(&world, "7").await);
    // A repeat with a signature, of the same total and date, is the proof that was missing.
    let repeat = state(&world, &signed("7", "10.00")).await;
    assert_eq!((repeat.status, repeat.json().get("conflict")), (StatusCode::OK, None));
    assert!(is_verified(&world, "7").await);

    let world = requiring().await;
    assert_refused(&state(&world, &purchase("7", "10.00")).await, "missing");
    // With everything else that is wrong.
    let answer = state(&world, &purchase("7", "free")).await;
    assert_refused(&answer, "missing");
    assert!(
        answer.json()["problems"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|one| one["path"] == "total_price")
    );
    assert_eq!(state(&world, &signed("7", "10.00")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_signature_proves_nothing_about_another_total_that_is_stored() {
    let world = checking().await;
    state(&world, &purchase("7", "1.00")).await;
    let answer = state(&world, &signed("7", "10.00")).await;
    assert_eq!(answer.json()["conflict"], true);
    assert!(!is_verified(&world, "7").await);
    // Nor about another date.
    let mut other = purchase("8", "10.00");
    other["purchase_date"] = json!("2024-09-14T10:49:31+02:00");
    state(&world, &other).await;
    state(&world, &signed("8", "10.00")).await;
    assert!(!is_verified(&world, "8").await);
}

#[tokio::test]
async fn a_total_that_the_browsers_rules_decide_is_not_verified() {
    let mut purchase = signed("7", "1.234");
    purchase["signature"] = json!(signature(SECRET, "7", "1.234", DATE));
    let mut envelope: Value = serde_json::from_str(&call("a1", purchase.clone())).expect("an envelope");
    envelope["config"] = json!({ "decimal": "comma" });
    let mut as_number = envelope.clone();
    as_number["data"]["total_price"] = json!(1.234);

    for message in [&envelope, &as_number] {
        let world = checking().await;
        let answer = world.post(message.to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        assert_eq!(
            of_signature(&answer.json()),
            [("ambiguous".to_owned(), "warning".to_owned())]
        );
        assert!(!is_verified(&world, "7").await);
        assert_refused(&requiring().await.post(message.to_string()).await, "ambiguous");
    }
}

/// A server message with the site's secret.
async fn tell(world: &World, body: &Value) -> StatusCode {
    let request = Request::post("/v1/purchases")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {SECRET}"))
        .body(Body::from(body.to_string()));
    world.send(request.expect("the request is well-formed")).await.status
}

#[tokio::test]
async fn a_message_of_the_server_itself_verifies_and_needs_no_signature() {
    let message = |id: &str, total: &str, date: Value| json!({ "site": "demo", "purchase_id": id, "total_quantity": 2, "total_price": total, "purchase_date": date });
    let world = requiring().await;
    assert_eq!(
        tell(&world, &message("1", "10.00", json!(DATE))).await,
        StatusCode::CREATED
    );
    assert!(is_verified(&world, "1").await);

    let world = checking().await;
    for (id, total, date, verified) in [
        ("2", "10.00", json!(DATE), true),
        ("3", "10.00", Value::Null, true),
        ("4", "11.00", json!(DATE), false),
        ("5", "10.00", json!("2024-09-14T10:49:31+02:00"), false),
    ] {
        state(&world, &purchase(id, "10.00")).await;
        assert!(!is_verified(&world, id).await);
        assert_eq!(tell(&world, &message(id, total, date)).await, StatusCode::OK);
        assert_eq!(is_verified(&world, id).await, verified, "{id}");
    }
}

#[tokio::test]
async fn either_secret_signs_while_one_is_replaced_and_none_checks_nothing() {
    let world = World::new(&[&CHECKED[..], &["--server-secret", "demo=the-new-secret-of-demo"]].concat()).await;
    let mut renewed = signed("8", "10.00");
    renewed["signature"] = json!(signature("the-new-secret-of-demo", "8", "10.00", DATE));
    for purchase in [signed("7", "10.00"), renewed] {
        assert_eq!(state(&world, &purchase).await.status, StatusCode::CREATED);
        assert!(is_verified(&world, purchase["purchase_id"].as_str().expect("an id")).await);
    }

    let world = World::new(&[]).await;
    let answer = state(&world, &signed("7", "10.00")).await;
    assert_eq!(
        (answer.status, of_signature(&answer.json())),
        (StatusCode::CREATED, Vec::new())
    );
    assert!(!is_verified(&world, "7").await);
}

#[tokio::test]
async fn the_console_tells_and_judging_again_is_no_way_around_the_signature() {
    let mut world = requiring().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    state(&world, &signed("7", "10.00")).await;
    let page = world.page("/console/purchase?site=demo&id=7", &ana).await;
    assert!(page.contains(">verified</span>"), "{page}");
    assert!(
        page.contains("the shop’s server vouches for id, total and date"),
        "{page}"
    );
    let spanish = world
        .page(
            "/console/purchase?site=demo&id=7",
            &format!("{ana}; purchase_console_language=es"),
        )
        .await;
    assert!(spanish.contains(">verificada</span>"), "{spanish}");

    let mut forged = signed("8", "10.00");
    forged["total_price"] = json!("1.00");
    state(&world, &forged).await;
    let list = world.page("/console/refused", &ana).await;
    assert!(
        list.contains("<code>signature</code>") && list.contains("does not fit the purchase"),
        "{list}"
    );
    let digest = list
        .split("digest=")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a link");
    let again = || form("/console/refusal", &ana, &[("site", "demo"), ("digest", digest)]);
    let answer = world.send(again()).await;
    assert!(answer.header("location").contains("done=still-refused"), "{answer:?}");
    assert_eq!(
        world.read("/v1/purchases").await["purchases"].as_array().map(Vec::len),
        Some(1)
    );

    // Once the collector has the secret that the shop signs with, it is what it says.
    let options = [
        "--server-secret",
        "demo=0123456789abcdef-demo",
        "--server-secret",
        "demo=another-secret-of-demo",
    ];
    forged["signature"] = json!(signature("another-secret-of-demo", "8", "1.00", DATE));
    state(&world, &forged).await;
    world.router = world::router(&world.store, &world::serve_options(&options));
    let list = world.page("/console/refused", &ana).await;
    let digests = list.split("digest=").skip(1).filter_map(|rest| rest.split('"').next());
    for digest in digests {
        world
            .send(form("/console/refusal", &ana, &[("site", "demo"), ("digest", digest)]))
            .await;
    }
    assert!(is_verified(&world, "8").await);
}

#[tokio::test]
async fn a_test_purchase_is_made_also_where_signatures_are_required() {
    let world = requiring().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let answer = world
        .send(form("/console/test-purchase", &ana, &[("site", "demo")]))
        .await;
    let location = answer.header("location").to_owned();
    assert!(location.contains("done=test-made"), "{answer:?}");
    let page = world.page(&location, &ana).await;
    assert!(page.contains("Stored<") && !page.contains(">verified</span>"), "{page}");
}

/// As if an earlier version had refused what this one takes.
struct Readable;

impl Work for Readable {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let update = "UPDATE refusals SET envelope = REPLACE(envelope, 'free', '10.00')";
        writing.execute(sql(update)).await
    }
}

#[tokio::test]
async fn what_the_server_said_and_was_refused_is_verified_when_it_is_judged_again() {
    let world = requiring().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let message = json!({ "site": "demo", "purchase_id": "1", "total_quantity": 2, "total_price": "free" });
    assert_eq!(tell(&world, &message).await, StatusCode::UNPROCESSABLE_ENTITY);
    let list = world.page("/console/refused", &ana).await;
    let link = list.split("digest=").nth(1).and_then(|rest| rest.split('"').next());
    let digest = link.expect("a link");
    assert_eq!(world.store.write(Readable).await.expect("written"), 1);
    let answer = world
        .send(form("/console/refusal", &ana, &[("site", "demo"), ("digest", digest)]))
        .await;
    assert!(answer.header("location").ends_with("done=judged-again"), "{answer:?}");
    assert!(is_verified(&world, "1").await);
}
