//! `POST /v1/purchases`: receipts, and what stands in the database afterwards.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use purchase_collector::store::{StoreError, Work, Writing, sql};
use serde_json::{Value, json};

use crate::world::{self, World, envelope, get, post};

#[tokio::test]
async fn a_purchase_is_stored_once_and_repeats_are_duplicates() {
    let world = World::new(&[]).await;
    let first = world.post(envelope("a1", "10023", "180.75")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(first.header("content-type"), "application/json");
    let receipt = first.json();
    assert_eq!(receipt["receipt"], 1);
    assert_eq!(
        (&receipt["id"], &receipt["outcome"], &receipt["purchase_id"]),
        (&json!("a1"), &json!("accepted"), &json!("10023"))
    );

    // The same purchase from another record: a reload on another day, written with other digits.
    for (record, total) in [("a1", "180.75"), ("b2", "180.750000")] {
        let again = world.post(envelope(record, "10023", total)).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(
            (&again.json()["id"], &again.json()["outcome"]),
            (&json!(record), &json!("duplicate"))
        );
        assert_eq!(again.json().get("conflict"), None);
    }

    let listed = world.read("/v1/purchases").await;
    let purchases = listed["purchases"].as_array().expect("a list");
    assert_eq!(purchases.len(), 1);
    let row = &purchases[0];
    assert_eq!(
        (&row["site"], &row["purchase_id"], &row["source"]),
        (&json!("demo"), &json!("10023"), &json!("markup"))
    );
    assert_eq!(
        (&row["captured_at"], &row["deliveries"], &row["conflicts"]),
        (&json!(1_763_765_393_000_u64), &json!(3), &json!(0))
    );
    assert_eq!(row["purchase"]["total_price"], "180.75");
    assert_eq!(row["purchase"]["currency"], "EUR");
}

#[tokio::test]
async fn the_first_content_stands_and_another_is_kept_once_beside_it() {
    let world = World::new(&[]).await;
    world.post(envelope("a1", "7", "10.00")).await;
    for _ in 0..2 {
        let other = world.post(envelope("b2", "7", "99.00")).await;
        assert_eq!(other.status, StatusCode::OK);
        assert_eq!(
            (&other.json()["outcome"], &other.json()["conflict"]),
            (&json!("duplicate"), &json!(true))
        );
    }
    let history = world.read("/v1/purchases/demo/7").await;
    assert_eq!(history["envelope"], envelope("a1", "7", "10.00"));
    assert!(
        history["purchase"]["total_price"]
            .as_str()
            .is_some_and(|price| price.starts_with("10"))
    );
    let conflicts = history["conflicts"].as_array().expect("a list");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (&conflicts[0]["times"], &conflicts[0]["envelope"]),
        (&json!(2), &json!(envelope("b2", "7", "99.00")))
    );
    let outcomes: Vec<&Value> = history["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| &row["outcome"])
        .collect();
    assert_eq!(outcomes, ["accepted", "conflict", "conflict"]);
    let delivery = &history["deliveries"][0];
    assert_eq!(
        (&delivery["attempt"], &delivery["sent_at"]),
        (&json!(2), &json!(1_763_765_393_500_u64))
    );
}

#[tokio::test]
async fn a_malformed_purchase_is_refused_with_all_its_paths_and_not_stored() {
    let world = World::new(&[]).await;
    for record in ["a1", "b2"] {
        let answer = world.post(envelope(record, " ", "-5")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let receipt = answer.json();
        assert_eq!(
            (&receipt["outcome"], &receipt["id"]),
            (&json!("refused"), &json!(record))
        );
        assert_eq!(receipt.get("purchase_id"), None);
        let problems = receipt["problems"].as_array().expect("a list").iter();
        let errors = problems
            .filter(|problem| problem["severity"] == "error")
            .map(|problem| &problem["path"]);
        assert_eq!(errors.collect::<Vec<_>>(), ["purchase_id", "total_price"]);
    }
    assert_eq!(world.read("/v1/purchases").await, json!({ "purchases": [] }));
    let refusals = world.read("/v1/refusals?site=demo&limit=10").await;
    let rows = refusals["refusals"].as_array().expect("a list");
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["times"], &rows[0]["record_id"]), (&json!(2), &json!("a1")));
    assert_eq!(rows[0]["envelope"], envelope("a1", " ", "-5"));
    assert!(
        rows[0]["problems"]
            .as_array()
            .is_some_and(|problems| problems.len() >= 2)
    );
}

/// As if a version that said less of it had refused it.
struct SaidLess;

impl Work for SaidLess {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        writing.execute(sql("UPDATE refusals SET problems = '[]'")).await
    }
}

#[tokio::test]
async fn what_is_refused_again_has_the_problems_of_the_last_time() {
    let world = World::new(&[]).await;
    world.post(envelope("a1", "1", "free")).await;
    assert_eq!(world.store.write(SaidLess).await.expect("written"), 1);
    world.post(envelope("a2", "1", "free")).await;
    let refusals = world.read("/v1/refusals").await;
    let row = &refusals["refusals"][0];
    assert_eq!(
        (&row["times"], &row["problems"][0]["path"]),
        (&json!(2), &json!("total_price")),
        "{refusals}"
    );
}

#[tokio::test]
async fn an_envelope_without_exactly_one_purchase_is_refused() {
    let world = World::new(&[]).await;
    for data in [json!(["x"]), json!(["x", ["cn_purchase"], ["cn_purchase"]])] {
        let mut body: Value = serde_json::from_str(&envelope("a1", "7", "10.00")).expect("the envelope is JSON");
        body["data"] = data;
        assert_eq!(
            world.post(body.to_string()).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[tokio::test]
async fn simultaneous_posts_of_one_purchase_give_exactly_one_201() {
    let world = World::new(&[]).await;
    let posts = (0..24).map(|n| {
        let request = post(envelope(&format!("r{n}"), "7", "10.00"));
        tokio::spawn(world::send(world.router.clone(), request))
    });
    let mut created = 0;
    for answer in posts.collect::<Vec<_>>() {
        match answer.await.expect("no panic").status {
            StatusCode::CREATED => created += 1,
            status => assert_eq!(status, StatusCode::OK),
        }
    }
    assert_eq!(created, 1);
    assert_eq!(world.read("/v1/purchases").await["purchases"][0]["deliveries"], 24);
}

#[tokio::test]
async fn one_purchase_id_of_two_sites_is_two_purchases() {
    let world = World::new(&[]).await;
    assert_eq!(
        world.post(envelope("a1", "7", "10.00")).await.status,
        StatusCode::CREATED
    );
    let other = envelope("a1", "7", "10.00").replace("\"demo\"", "\"other\"");
    assert_eq!(world.post(other).await.status, StatusCode::CREATED);
    assert_eq!(
        world.read("/v1/purchases?site=other").await["purchases"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn what_was_stored_survives_a_restart() {
    let world = World::new(&[]).await;
    world.post(envelope("a1", "7", "10.00")).await;
    world.store.close().await;
    let store = purchase_collector::store::Store::open(&world.address)
        .await
        .expect("the database opens again");
    let router = world::router(&store, &world::serve_options(&[]));
    assert_eq!(
        world::send(router, post(envelope("a1", "7", "10.00"))).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_unknown_time_zone_is_a_warning() {
    let world = World::new(&[]).await;
    let body = envelope("a1", "7", "10.00").replace(r#""currency":"EUR""#, r#""time_zone":"Mars/Olympus""#);
    let answer = world.post(body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let problem = answer.json()["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|p| p["path"] == "config.time_zone")
        .cloned();
    assert_eq!(problem.expect("it is reported")["severity"], "warning");
}

#[tokio::test]
async fn what_is_no_envelope_gets_an_error_and_no_receipt() {
    let world = World::new(&["--body-bytes-max", "2000"]).await;
    let broken = envelope("a1", "7", "10.00").replace("\"v\":1", "\"v\":9");
    let cases: [(Body, StatusCode); 6] = [
        (Body::from(""), StatusCode::BAD_REQUEST),
        (Body::from("<html>"), StatusCode::BAD_REQUEST),
        (Body::from("{}"), StatusCode::BAD_REQUEST),
        (Body::from(broken), StatusCode::BAD_REQUEST),
        (Body::from(b"\xff\xfe".to_vec()), StatusCode::BAD_REQUEST),
        (Body::from("x".repeat(2001)), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (body, status) in cases {
        let answer = world.post(body).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.json()["error"].is_string() && answer.json().get("receipt").is_none());
    }
}

#[tokio::test]
async fn any_content_type_is_accepted() {
    let world = World::new(&[]).await;
    for (n, content_type) in ["application/json", "text/plain;charset=UTF-8", "x"]
        .into_iter()
        .enumerate()
    {
        let mut request = post(envelope("a1", &n.to_string(), "10.00"));
        request
            .headers_mut()
            .insert("content-type", content_type.parse().expect("a header"));
        assert_eq!(world.send(request).await.status, StatusCode::CREATED);
    }
    let mut request = post(envelope("a1", "none", "10.00"));
    request.headers_mut().remove("content-type");
    assert_eq!(world.send(request).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn only_known_sites_from_their_origins_may_post() {
    let world = World::new(&[
        "--site",
        "demo=https://shop.example,http://127.0.0.1:7501",
        "--site",
        "x=https://x.example",
    ])
    .await;
    let from = |origin: &str| {
        let mut request = post(envelope("a1", "7", "10.00"));
        request
            .headers_mut()
            .insert("origin", origin.parse().expect("a header"));
        request
    };
    let allowed = world.send(from("https://shop.example")).await;
    assert_eq!(allowed.status, StatusCode::CREATED);
    assert_eq!(allowed.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    assert_eq!(
        allowed.header("access-control-expose-headers").replace(' ', ""),
        "retry-after,date"
    );
    assert!(allowed.header("vary").to_ascii_lowercase().contains("origin"));

    for origin in ["https://evil.example", "null", "https://shop.example.evil"] {
        let refused = world.send(from(origin)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.header("access-control-allow-origin"), "");
    }
    assert_eq!(
        world.send(from("https://x.example")).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        world.post(envelope("a1", "7", "10.00")).await.status,
        StatusCode::OK,
        "a shop's server sends no origin"
    );
    let unknown = envelope("a1", "7", "10.00").replace("\"demo\"", "\"unknown\"");
    assert_eq!(world.post(unknown).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn json_clients_get_their_preflight() {
    let world = World::new(&["--site", "demo=https://shop.example"]).await;
    let ask = |origin: &str| {
        Request::options("/v1/purchases")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Body::empty())
            .expect("the request is well-formed")
    };
    let answer = world.send(ask("https://shop.example")).await;
    assert!(answer.status.is_success());
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(answer.header("access-control-allow-headers"), "content-type");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    assert_eq!(
        world
            .send(ask("https://evil.example"))
            .await
            .header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn a_full_collector_says_so_at_once_and_readably() {
    let world = World::new(&["--concurrency-max", "1"]).await;
    // A body that never ends holds the only place.
    let (_sender, receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    let endless = Body::from_stream(NeverEnding(receiver));
    let held = tokio::spawn(world::send(world.router.clone(), post(endless)));
    tokio::task::yield_now().await;
    let mut request = post(envelope("a1", "7", "10.00"));
    request
        .headers_mut()
        .insert("origin", "https://shop.example".parse().expect("a header"));
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header("retry-after").parse::<u32>().is_ok());
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    held.abort();
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_ended() {
    let world = World::new(&["--request-seconds-max", "1"]).await;
    let (_sender, receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    let answer = world.post(Body::from_stream(NeverEnding(receiver))).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_failing_database_is_a_503_that_asks_to_come_again() {
    let world = World::new(&[]).await;
    world.store.close().await;
    let answer = world.post(envelope("a1", "7", "10.00")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header("retry-after").parse::<u32>().is_ok());
    assert_eq!(
        world.send(get("/v1/health", &[])).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

struct NeverEnding(tokio::sync::mpsc::Receiver<Vec<u8>>);

impl futures_core::Stream for NeverEnding {
    type Item = Result<Vec<u8>, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|piece| piece.map(Ok))
    }
}
