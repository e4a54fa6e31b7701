//! What became of purchases: states merge by rank whatever comes first, and everything that was said is kept.

use axum::http::StatusCode;
use purchase_collector::{
    clock::now_ms,
    passing::Routes,
    store::{StoreError, TRANSITIONS_PER_PURCHASE_MAX, Take, Work, Writing, sql},
};
use serde_json::{Value, json};

use super::backfill::hook;
use crate::world::{self, TOKEN, World, call, get, order};

const STATES: [&str; 4] = ["created", "pending", "canceled", "completed"];

/// All orders of the four states.
fn permutations() -> Vec<Vec<&'static str>> {
    let mut all = vec![vec![]];
    for _ in STATES {
        all = all
            .iter()
            .flat_map(|start| {
                let rest = STATES.iter().filter(|state| !start.contains(*state));
                rest.map(|state| [start.as_slice(), &[*state]].concat())
            })
            .collect();
    }
    all
}

#[tokio::test]
async fn states_in_any_order_come_to_the_same_but_for_the_cancellation_of_a_completed_order() {
    let world = World::new(&[]).await;
    let all = permutations();
    assert_eq!(all.len(), 24);
    for (n, states) in all.iter().enumerate() {
        let id = format!("P{n}");
        for (step, state) in states.iter().enumerate() {
            let answer = world.post(order(&format!("r{step}"), &id, Some(state))).await;
            let expected = if step == 0 { StatusCode::CREATED } else { StatusCode::OK };
            assert_eq!(answer.status, expected, "{states:?}");
            assert_eq!(answer.json().get("conflict"), None, "a status is no content");
        }
        let before = |state| states.iter().position(|known| *known == state);
        let expected = if before("completed") < before("canceled") {
            "canceled"
        } else {
            "completed"
        };
        let history = world.read(&format!("/v1/purchases/demo/{id}")).await;
        assert_eq!(
            (&history["state"], &history["placed"], &history["order_status"]),
            (&json!(expected), &json!(true), &json!(expected)),
            "{states:?}"
        );
        let said: Vec<&Value> = transitions(&history).iter().map(|row| &row["state"]).collect();
        assert_eq!(said, *states);
        assert_eq!(history["conflicts"], json!([]));
    }
}

#[tokio::test]
async fn each_thing_is_kept_once_per_source_and_every_change() {
    let world = World::new(&[]).await;
    let says = async |record: &str, status: Option<&str>| {
        world.post(order(record, "7", status)).await;
    };
    says("a1", Some("pending")).await;
    says("a2", Some("pending")).await;
    says("b1", Some("canceled")).await;
    says("c1", None).await;
    says("c2", None).await;
    // Said before, but now it cancels a completed order.
    says("b2", Some("canceled")).await;
    says("c3", None).await;
    let markup = json!({
        "v": 1, "site": "demo", "id": "d1", "source": "markup", "captured_at": 1,
        "data": ["cn_purchase", ["purchase_id", "7"], ["total_quantity", "2"], ["total_price", "10"]],
    });
    world.post(markup.to_string()).await;

    let history = world.read("/v1/purchases/demo/7").await;
    let said: Vec<String> = transitions(&history)
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
            [
                text("record_id"),
                text("state"),
                row["placed"].to_string(),
                text("order_status"),
                text("source"),
            ]
            .join(" ")
        })
        .collect();
    assert_eq!(
        said,
        [
            "a1 pending false pending call",
            "b1 canceled false canceled call",
            "c1 completed true - call",
            "b2 canceled false canceled call",
            "d1 completed true - markup",
        ]
    );
    assert_eq!(
        (&history["state"], &history["placed"], &history["order_status"]),
        (&json!("canceled"), &json!(true), &json!("canceled"))
    );
    assert!(transitions(&history).iter().all(|row| row["at"].is_i64()));
    assert_eq!(history["deliveries_total"], 8);
}

#[tokio::test]
async fn a_page_that_invents_statuses_does_not_fill_the_disk() {
    let world = World::new(&[]).await;
    for n in 0..TRANSITIONS_PER_PURCHASE_MAX + 5 {
        world.post(order("a1", "7", Some(&format!("invented-{n}")))).await;
    }
    let kept = |history: &Value| i64::try_from(transitions(history).len()).expect("a small number");
    let history = world.read("/v1/purchases/demo/7").await;
    assert_eq!(kept(&history), TRANSITIONS_PER_PURCHASE_MAX);
    assert_eq!(
        (&history["state"], &history["placed"]),
        (&json!("unknown"), &json!(false))
    );

    world.post(order("b1", "7", None)).await;
    let history = world.read("/v1/purchases/demo/7").await;
    assert_eq!(
        kept(&history),
        TRANSITIONS_PER_PURCHASE_MAX + 1,
        "a change is always kept"
    );
    assert_eq!(
        (&history["state"], &history["order_status"]),
        (&json!("completed"), &Value::Null)
    );
}

#[tokio::test]
async fn another_content_is_a_conflict_whatever_its_status_and_its_state_counts() {
    let world = World::new(&[]).await;
    let with = |total: &str, status: &str| {
        call(
            "a1",
            json!({ "purchase_id": "7", "total_quantity": 2, "total_price": total, "order_status": status }),
        )
    };
    world.post(with("10.00", "pending")).await;
    for status in ["pending", "completed"] {
        assert_eq!(world.post(with("99.00", status)).await.json()["conflict"], true);
    }
    let history = world.read("/v1/purchases/demo/7").await;
    assert_eq!(history["purchase"]["total_price"], "10");
    assert_eq!(
        history["purchase"]["order_status"], "pending",
        "the first content stands as it was said"
    );
    assert_eq!(
        (&history["state"], &history["placed"]),
        (&json!("completed"), &json!(true))
    );
    let conflicts = history["conflicts"].as_array().expect("a list");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (&conflicts[0]["times"], &conflicts[0]["purchase"]["total_price"]),
        (&json!(2), &json!("99"))
    );
}

#[tokio::test]
async fn lists_can_be_narrowed_by_state_and_placed() {
    let world = World::new(&[]).await;
    for (id, status) in [
        ("1", Some("pending")),
        ("2", None),
        ("3", Some("canceled")),
        ("4", Some("completed")),
    ] {
        world.post(order("a1", id, status)).await;
    }
    let ids = async |parameters: &str| {
        let answer = world.read(&format!("/v1/purchases?{parameters}")).await;
        let rows = answer["purchases"].as_array().expect("a list").clone();
        let mut ids: Vec<String> = rows
            .iter()
            .filter_map(|row| row["purchase_id"].as_str().map(String::from))
            .collect();
        ids.sort();
        ids.join(" ")
    };
    assert_eq!(ids("state=completed").await, "2 4");
    assert_eq!(ids("state=pending&site=demo&limit=9").await, "1");
    assert_eq!(ids("state=pending&placed=true").await, "");
    assert_eq!(ids("placed=false").await, "1 3");
    assert_eq!(ids("placed=true").await, "2 4");
    assert_eq!(ids("").await, "1 2 3 4");
    for wrong in ["state=paid", "placed=perhaps"] {
        let header = format!("Bearer {TOKEN}");
        let answer = world
            .send(get(&format!("/v1/purchases?{wrong}"), &[("authorization", &header)]))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(answer.json()["error"].is_string());
    }
}

#[track_caller]
fn transitions(history: &Value) -> &Vec<Value> {
    history["transitions"].as_array().expect("a list")
}

/// The rows of what was said of purchases, each with another time: its number in seconds, the other site's a second before.
struct Timed;

impl Work for Timed {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let update = "UPDATE transitions SET at = number * 1000 - CASE WHEN site = 'demo' THEN 0 ELSE 1000 END";
        writing.execute(sql(update)).await
    }
}

#[tokio::test]
async fn destinations_are_told_when_the_order_was_canceled_first() {
    let world = World::new(&[]).await;
    let store = world.store.clone().with_routes(Routes::new(vec![hook(&world, "demo")]));
    let world = World {
        router: world::router(&store, &world::serve_options(&[])),
        store,
        ..world
    };
    let of_other = |body: String| body.replace("\"demo\"", "\"other\"");
    for status in [Some("pending"), None, Some("canceled"), Some("cancelled")] {
        world.post(order("r", "1", status)).await;
    }
    world.post(order("r", "2", None)).await;
    for id in ["1", "2"] {
        world.post(of_other(order("r", id, Some("canceled")))).await;
    }
    assert_eq!(world.store.write(Timed).await.expect("written"), 7);
    let taken = world.store.take("demo", "hook", now_ms(), 60_000, 10).await;
    let Ok(Take::Entries(entries)) = taken else {
        panic!("two entries: {taken:?}");
    };
    let mut canceled: Vec<_> = entries
        .into_iter()
        .map(|entry| (entry.key.purchase_id, entry.order.expect("an order").canceled_at))
        .collect();
    canceled.sort();
    assert_eq!(canceled, [("1".to_owned(), Some(3_000)), ("2".to_owned(), None)]);
}
