//! Open checkouts: reported, merged by rank, closed by the purchase that came of them, and never a purchase themselves.

use axum::http::StatusCode;
use purchase_collector::store::TRANSITIONS_PER_CHECKOUT_MAX;
use serde_json::{Value, json};

use crate::world::{TOKEN, World, call, get, report};

async fn rows(world: &World, parameters: &str) -> Vec<Value> {
    let answer = world.read(&format!("/v1/checkouts?{parameters}")).await;
    answer["checkouts"].as_array().expect("a list").clone()
}

async fn only(world: &World) -> Value {
    let rows = rows(world, "").await;
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

/// A purchase of this cart and with this status.
fn bought(purchase_id: &str, cart_id: Option<&str>, status: &str) -> String {
    let mut data =
        json!({ "purchase_id": purchase_id, "total_quantity": 2, "total_price": "10.00", "order_status": status });
    if let Some(cart_id) = cart_id {
        data["cart_id"] = json!(cart_id);
    }
    call("p1", data)
}

#[tokio::test]
async fn a_report_is_kept_and_is_no_purchase() {
    let world = World::new(&[]).await;
    let contents = json!([
        "cn_cart",
        ["cart_id", "c1"],
        ["total_quantity", "3"],
        ["total_price", "1.180,75"]
    ]);
    let body = report("a1", &json!({ "contents": contents, "gateway": "redsys" }));
    let answer = world.post(body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(
        answer.json(),
        json!({ "receipt": 1, "id": "a1", "outcome": "accepted", "problems": [] })
    );
    assert_eq!(world.read("/v1/purchases").await, json!({ "purchases": [] }));
    assert_eq!(world.read("/v1/refusals").await, json!({ "refusals": [] }));
    let mut row = only(&world).await;
    for time in ["first_at", "received_at"] {
        assert!(row[time].take().is_i64());
    }
    assert!(row["transitions"][0]["at"].take().is_i64());
    assert_eq!(
        row,
        json!({
            "site": "demo", "checkout_id": "c1", "cart_id": "c1", "purchase_id": null, "state": "created",
            "gateway": "redsys", "basis": "left", "left_at": 1000, "first_at": null, "received_at": null,
            "total_price": "1180.75", "total_quantity": 3, "currency": "EUR", "closed_by": null, "closed_at": null,
            "transitions": [{ "at": null, "state": "created", "basis": "left", "gateway": "redsys" }],
        })
    );
}

#[tokio::test]
async fn reports_merge_by_rank_and_each_thing_is_news_once() {
    let world = World::new(&[]).await;
    let says = async |data: Value| {
        let answer = world.post(report("a1", &data)).await;
        assert_eq!(
            answer.status == StatusCode::CREATED,
            answer.json()["outcome"] == "accepted"
        );
        (answer.status == StatusCode::CREATED, only(&world).await)
    };
    let (is_news, _) = says(json!({ "left_at": 5000 })).await;
    assert!(is_news);
    let (is_news, _) = says(json!({ "left_at": 5000 })).await;
    assert!(!is_news);

    let (is_news, row) = says(json!({ "state": "pending", "basis": "returned", "gateway": "stripe" })).await;
    assert!(is_news);
    assert_eq!(
        (&row["state"], &row["basis"], &row["gateway"], &row["left_at"]),
        (&json!("pending"), &json!("returned"), &json!("stripe"), &json!(5000))
    );

    // The same on better grounds, then on worse ones, then a lower rank, which says nothing of the state.
    for (basis, expected) in [("status", "status"), ("left", "status")] {
        let (is_news, row) = says(json!({ "state": "pending", "basis": basis })).await;
        assert!(is_news);
        assert_eq!(row["basis"], expected);
    }
    let (is_news, row) = says(json!({ "state": "unknown", "basis": "returned" })).await;
    assert!(is_news);
    assert_eq!((&row["state"], &row["basis"]), (&json!("pending"), &json!("status")));

    // The second try: later, with another gateway and an order of its own by now.
    let second = json!({ "left_at": 9000, "gateway": "redsys", "purchase_id": "77" });
    let (is_news, row) = says(second).await;
    assert!(!is_news, "this state on this basis is known");
    assert_eq!(
        (&row["state"], &row["left_at"], &row["gateway"], &row["purchase_id"]),
        (&json!("pending"), &json!(9000), &json!("redsys"), &json!("77"))
    );
    let (_, row) = says(json!({ "left_at": 7000, "gateway": "stripe", "purchase_id": "78" })).await;
    assert_eq!(
        (&row["left_at"], &row["gateway"], &row["purchase_id"]),
        (&json!(9000), &json!("redsys"), &json!("77")),
        "an earlier one that comes later"
    );
    let said: Vec<String> = row["transitions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            ["state", "basis", "gateway"]
                .map(|key| row[key].as_str().unwrap_or("-"))
                .join(" ")
        })
        .collect();
    assert_eq!(
        said,
        [
            "created left -",
            "pending returned stripe",
            "pending status -",
            "pending left -",
            "unknown returned -",
            "created left redsys",
            "created left stripe",
        ]
    );
}

#[tokio::test]
async fn invented_gateways_do_not_fill_the_disk() {
    let world = World::new(&[]).await;
    for n in 0..TRANSITIONS_PER_CHECKOUT_MAX + 5 {
        world.post(report("a1", &json!({ "gateway": format!("g{n}") }))).await;
    }
    let kept = async || only(&world).await["transitions"].as_array().map(Vec::len);
    assert_eq!(kept().await, usize::try_from(TRANSITIONS_PER_CHECKOUT_MAX).ok());
    let answer = world
        .post(report("a1", &json!({ "state": "canceled", "basis": "returned" })))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(kept().await, usize::try_from(TRANSITIONS_PER_CHECKOUT_MAX + 1).ok());
}

#[tokio::test]
async fn contents_are_those_of_the_first_report_that_has_any() {
    let world = World::new(&[]).await;
    let with = |price: &str| json!({ "contents": { "total_price": price, "total_quantity": "many" } });
    world.post(report("a1", &json!({}))).await;
    assert_eq!(only(&world).await["total_price"], Value::Null);
    world.post(report("a2", &with("20,50"))).await;
    world.post(report("a3", &with("99"))).await;
    let row = only(&world).await;
    assert_eq!(
        (&row["total_price"], &row["total_quantity"], &row["currency"]),
        (&json!("20.5"), &Value::Null, &json!("EUR"))
    );
}

#[tokio::test]
async fn a_purchase_closes_the_checkouts_of_its_cart_and_of_its_id() {
    for (data, purchase) in [
        (json!({}), bought("7", Some("c1"), "completed")),
        (
            json!({ "cart_id": null, "purchase_id": "7" }),
            bought("7", None, "completed"),
        ),
        // A canceled order is no open checkout either.
        (json!({}), bought("7", Some("c1"), "canceled")),
    ] {
        for report_first in [true, false] {
            let world = World::new(&[]).await;
            let messages = [report("a1", &data), purchase.clone()];
            let order = if report_first { [0, 1] } else { [1, 0] };
            for index in order {
                assert_eq!(world.post(messages[index].clone()).await.status, StatusCode::CREATED);
            }
            let row = only(&world).await;
            assert_eq!(row["closed_by"], "7", "{data} {report_first}");
            assert!(row["closed_at"].is_i64());
        }
    }
}

#[tokio::test]
async fn what_is_not_placed_leaves_the_checkout_open_until_it_is() {
    let world = World::new(&[]).await;
    world.post(report("a1", &json!({}))).await;
    world.post(bought("7", Some("c1"), "pending")).await;
    assert_eq!(only(&world).await["closed_by"], Value::Null);
    // Nor does a report that comes after such an order close it.
    world
        .post(report("a2", &json!({ "state": "pending", "basis": "returned" })))
        .await;
    assert_eq!(only(&world).await["closed_by"], Value::Null);
    // The later message does not name the cart, the earlier one did.
    world.post(bought("7", None, "completed")).await;
    assert_eq!(only(&world).await["closed_by"], "7");
}

#[tokio::test]
async fn a_cart_that_only_a_repeat_names_closes_too() {
    let world = World::new(&[]).await;
    world.post(bought("7", None, "completed")).await;
    world.post(bought("7", Some("c1"), "completed")).await;
    world.post(report("a1", &json!({}))).await;
    assert_eq!(only(&world).await["closed_by"], "7");
}

#[tokio::test]
async fn a_closed_checkout_stays_closed_by_the_first() {
    let world = World::new(&[]).await;
    world.post(report("a1", &json!({}))).await;
    world.post(bought("7", Some("c1"), "completed")).await;
    let closed_at = only(&world).await["closed_at"].clone();
    // A second order with the same cart number.
    world
        .post(report(
            "a1",
            &json!({ "left_at": 9_999_999_999_999_u64, "state": "unknown", "basis": "returned" }),
        ))
        .await;
    world.post(bought("8", Some("c1"), "completed")).await;
    let row = only(&world).await;
    assert_eq!((&row["closed_by"], &row["closed_at"]), (&json!("7"), &closed_at));
}

#[tokio::test]
async fn two_carts_are_two_checkouts_and_one_purchase_closes_one() {
    let world = World::new(&[]).await;
    for cart in ["c1", "c2"] {
        world
            .post(report("a1", &json!({ "checkout_id": cart, "cart_id": cart })))
            .await;
    }
    // The same cart of another shop is another cart.
    let other = report("a1", &json!({})).replace("\"demo\"", "\"other\"");
    world.post(other).await;
    world.post(bought("7", Some("c1"), "completed")).await;
    let ids = async |parameters: &str| {
        let rows = rows(&world, parameters).await;
        let mut ids: Vec<String> = rows
            .iter()
            .map(|row| {
                format!(
                    "{}/{}",
                    row["site"].as_str().unwrap_or("?"),
                    row["checkout_id"].as_str().unwrap_or("?")
                )
            })
            .collect();
        ids.sort();
        ids.join(" ")
    };
    assert_eq!(ids("open=true").await, "demo/c2 other/c1");
    assert_eq!(ids("open=false").await, "demo/c1");
    assert_eq!(ids("open=true&site=demo").await, "demo/c2");
    assert_eq!(ids("").await, "demo/c1 demo/c2 other/c1");
    let newest = rows(&world, "limit=1").await;
    assert_eq!(newest.len(), 1);
    assert_eq!(newest[0]["transitions"].as_array().map(Vec::len), Some(1));
    let after = newest[0]["received_at"].as_i64().expect("a time");
    assert!(rows(&world, &format!("after={after}")).await.is_empty());
}

#[tokio::test]
async fn no_contact_is_kept() {
    let world = World::new(&[]).await;
    let mut body: Value = serde_json::from_str(&report(
        "a1",
        &json!({ "contents": {
            "cart_id": "c1", "email": "secret@buyer.example", "total_price": 7, "total_quantity": 1,
        } }),
    ))
    .expect("it is JSON");
    body["contact"] = json!("secret@buyer.example");
    assert_eq!(world.post(body.to_string()).await.status, StatusCode::CREATED);
    assert_eq!(only(&world).await["total_price"], "7");
    world.store.close().await;
    let kept = world.all_that_is_kept().await;
    assert!(kept.contains("\"total_price\":7"), "the envelope is kept");
    assert!(!kept.contains("secret@buyer.example") && !kept.contains("\"contact\""));
}

#[tokio::test]
async fn reading_checkouts_needs_the_token_and_sense() {
    let world = World::new(&[]).await;
    assert_eq!(
        world.send(get("/v1/checkouts", &[])).await.status,
        StatusCode::UNAUTHORIZED
    );
    let header = format!("Bearer {TOKEN}");
    let wrong = get("/v1/checkouts?open=perhaps", &[("authorization", &header)]);
    assert_eq!(world.send(wrong).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_no_report_is_no_envelope() {
    let world = World::new(&[]).await;
    for data in [
        json!({ "state": "completed" }),
        json!({ "left_at": "now" }),
        json!({ "checkout_id": "" }),
    ] {
        assert_eq!(
            world.post(report("a1", &data)).await.status,
            StatusCode::BAD_REQUEST,
            "{data}"
        );
    }
    assert!(rows(&world, "").await.is_empty());
}
