//! Several collectors beside one database, at the same time with the same purchases: nothing twice, nothing lost.

use std::collections::BTreeSet;

use axum::{Router, http::StatusCode};
use purchase_collector::store::Store;
use serde_json::{Value, json};

use crate::world::{self, Answer, World, call, envelope, order, post, report, send};

const COLLECTORS: usize = 3;

/// A world and further collectors on its database.
async fn collectors() -> (World, Vec<Router>) {
    let world = World::new(&[]).await;
    let mut routers = vec![world.router.clone()];
    while routers.len() < COLLECTORS {
        let store = Store::open(&world.address).await.expect("another collector starts");
        routers.push(world::router(&store, &world::serve_options(&[])));
    }
    (world, routers)
}

/// Sends all bodies at once, to the collectors in turn.
async fn all_at_once(routers: &[Router], bodies: impl IntoIterator<Item = String>) -> Vec<Answer> {
    let sent: Vec<_> = bodies
        .into_iter()
        .zip(routers.iter().cycle())
        .map(|(body, router)| tokio::spawn(send(router.clone(), post(body))))
        .collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.expect("no panic"));
    }
    answers
}

fn count(answers: &[Answer], status: StatusCode) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_purchase_from_everywhere_is_stored_once_and_every_delivery_is_counted() {
    let (world, routers) = collectors().await;
    let bodies = (0..60).map(|number| envelope(&format!("a{number}"), "7", &format!("1{}.00", number % 4)));
    let answers = all_at_once(&routers, bodies).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 1, "{answers:?}");
    assert_eq!(count(&answers, StatusCode::OK), 59, "{answers:?}");

    let history = world.read("/v1/purchases/demo/7").await;
    assert_eq!(history["deliveries_total"], 60);
    let deliveries = history["deliveries"].as_array().expect("a list");
    let numbers: Vec<_> = deliveries.iter().filter_map(|row| row["number"].as_i64()).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
    let records: BTreeSet<_> = deliveries.iter().filter_map(|row| row["record_id"].as_str()).collect();
    assert_eq!(records.len(), 60);
    // Three of the four contents are not the first one, and each came 15 times.
    let conflicts = history["conflicts"].as_array().expect("a list");
    let times: Vec<_> = conflicts.iter().map(|row| &row["times"]).collect();
    assert_eq!(times, [&json!(15); 3]);
    let answered = answers.iter().filter(|answer| answer.json()["conflict"] == true);
    assert_eq!(answered.count(), 45);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn states_from_everywhere_add_up() {
    let (world, routers) = collectors().await;
    for round in 0..8 {
        let id = format!("o{round}");
        let states = ["created", "pending", "canceled", "completed", "unknown", "pending"];
        let bodies = states
            .iter()
            .enumerate()
            .map(|(n, state)| order(&format!("a{n}"), &id, Some(state)));
        let answers = all_at_once(&routers, bodies).await;
        assert_eq!(count(&answers, StatusCode::CREATED), 1, "{answers:?}");
        let history = world.read(&format!("/v1/purchases/demo/{id}")).await;
        assert_eq!(
            (&history["placed"], &history["deliveries_total"]),
            (&json!(true), &json!(6))
        );
        // What one source says twice is one transition.
        let said: Vec<_> = history["transitions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| &row["state"])
            .collect();
        let distinct: BTreeSet<_> = said.iter().filter_map(|state| state.as_str()).collect();
        assert_eq!((said.len(), distinct.len()), (5, 5), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_checkout_stays_open_beside_its_purchase() {
    let (world, routers) = collectors().await;
    for round in 0..15 {
        // Three pairs at a time: found by the cart, by the purchase, and by the cart that only an earlier message names.
        let (cart, bought, late) = (format!("c{round}"), format!("b{round}"), format!("l{round}"));
        let purchase = |id: &str, cart: Option<&str>, status: &str| {
            let mut data = json!({
                "purchase_id": id, "total_quantity": 1, "total_price": "5", "order_status": status,
            });
            if let Some(cart) = cart {
                data["cart_id"] = json!(cart);
            }
            call("p1", data)
        };
        all_at_once(&routers, [purchase(&late, Some(&late), "pending")]).await;
        let left = |id: &str, keys: Value| {
            let mut data = json!({ "checkout_id": id });
            for (key, value) in keys.as_object().into_iter().flatten() {
                data[key] = value.clone();
            }
            report("r1", &data)
        };
        let bodies = [
            purchase(&cart, Some(&cart), "completed"),
            left(&cart, json!({ "cart_id": cart })),
            purchase(&bought, None, "completed"),
            left(&bought, json!({ "cart_id": null, "purchase_id": bought })),
            purchase(&late, None, "completed"),
            left(&late, json!({ "cart_id": late })),
        ];
        let answers = all_at_once(&routers, bodies).await;
        assert_eq!(count(&answers, StatusCode::CREATED), 5, "{answers:?}");
        let open = world.read("/v1/checkouts?open=true").await;
        assert_eq!(open["checkouts"], json!([]), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reports_from_everywhere_are_one_checkout() {
    let (world, routers) = collectors().await;
    let bodies = (0..30).map(|number| report(&format!("a{number}"), &json!({ "left_at": 1000 + number })));
    let answers = all_at_once(&routers, bodies).await;
    assert_eq!(count(&answers, StatusCode::CREATED), 1, "{answers:?}");
    let checkouts = world.read("/v1/checkouts").await;
    assert_eq!(checkouts["checkouts"][0]["left_at"], 1029);
    assert_eq!(
        checkouts["checkouts"][0]["transitions"].as_array().map(Vec::len),
        Some(1)
    );
}
