//! What the pages count: purchases per hour, late ones, refused and open ones; who was heard of, by gateway and by payment method.

use axum::{body::Body, http::Request};
use purchase_collector::{
    clock::now_ms,
    store::{
        Statement, StoreError, Work, Writing,
        console::{HOUR_MS, LATE_MINUTES, MINUTE_MS, Role},
        sql,
    },
};
use serde_json::{Value, json};

use crate::world::{World, call, envelope, report};

const OPTIONS: [&str; 6] = [
    "--site",
    "demo=https://shop.example",
    "--site",
    "other=https://other.example",
    "--server-secret",
    "demo=0123456789abcdef-demo",
];

/// Statements that put rows where the clock would have put them.
struct Put(Vec<Statement>);

impl Work for Put {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for statement in &self.0 {
            assert_eq!(writing.execute(statement.clone()).await?, 1, "{statement:?}");
        }
        Ok(())
    }
}

/// The same message of the site "other".
fn of_other(body: &str) -> String {
    body.replace("\"demo\"", "\"other\"")
}

async fn accepted(world: &World, body: String) {
    let answer = world.post(body).await;
    assert_eq!(answer.json()["outcome"], "accepted", "{answer:?}");
}

/// The page's text without its tags: what stands between two of them, one after the other.
fn texts(page: &str) -> Vec<String> {
    let pieces = page.split('<').filter_map(|piece| piece.split_once('>'));
    let texts = pieces.map(|(_, text)| text.trim().replace('\u{a0}', " "));
    texts.filter(|text| !text.is_empty()).collect()
}

/// The numbers above the chart: purchases, late, refused, open.
fn tiles(page: &str) -> [String; 4] {
    let texts = texts(page);
    [
        "purchases in 24 hours",
        "of them late",
        "contents refused in 24 hours",
        "checkouts left open in 24 hours",
    ]
    .map(|label| {
        let at = texts.iter().position(|text| text == label).expect("a tile");
        texts[at - 1].clone()
    })
}

/// What the chart's bars say, the oldest first, without their time.
fn bars(page: &str) -> Vec<String> {
    let titles = page.split("<g><title>").skip(1);
    let titles = titles.filter_map(|rest| rest.split("</title>").next()?.split_once(": "));
    titles.map(|(_, counts)| counts.to_owned()).collect()
}

/// The rows of one of the tables.
fn rows(page: &str, id: &str) -> Vec<Vec<String>> {
    let table = page.split(&format!("<h2 id=\"{id}\">")).nth(1).expect("the heading");
    let body = table
        .split("<tbody>")
        .nth(1)
        .and_then(|rest| rest.split("</tbody>").next());
    body.expect("a table")
        .split("</tr>")
        .map(texts)
        .filter(|row| !row.is_empty())
        .collect()
}

#[tokio::test]
async fn purchases_are_counted_in_the_hour_of_their_arrival_and_late_by_their_order() {
    let world = World::new(&OPTIONS).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let now = now_ms();
    let hour = now - now.rem_euclid(HOUR_MS) - 2 * HOUR_MS;
    let late = LATE_MINUTES * MINUTE_MS;
    // What arrived when, and how long after its order.
    let arrivals = [
        ("1", hour, late),
        ("2", hour + HOUR_MS - 1, late - 1),
        ("3", hour + HOUR_MS, 0),
        ("4", hour - 26 * HOUR_MS, late),
        ("5", hour - 100 * HOUR_MS, late),
    ];
    let mut put = Vec::new();
    for (id, at, delay) in arrivals {
        accepted(&world, envelope("a", id, "10.00")).await;
        let update =
            sql("UPDATE purchases SET received_at = $1, ordered_at = $2 WHERE site = 'demo' AND purchase_id = $3");
        put.push(update.bind(at).bind(at - delay).bind(id));
    }
    accepted(&world, of_other(&envelope("a", "1", "10.00"))).await;
    put.push(sql("UPDATE purchases SET received_at = $1 WHERE site = 'other'").bind(hour));
    // Refused long ago and again now, twice; and long ago only.
    for (id, at) in [("again", now), ("once", now), ("before", now - 30 * HOUR_MS)] {
        world.post(envelope(id, "9", &format!("free {id}"))).await;
        let update = sql("UPDATE refusals SET first_at = $1, received_at = $2 WHERE record_id = $3");
        put.push(update.bind(now - 40 * HOUR_MS).bind(at).bind(id));
    }
    // Open, open for too long, and closed by a purchase.
    for (cart, left_at) in [
        ("c1", now - HOUR_MS),
        ("c2", now - 30 * HOUR_MS),
        ("c3", now - HOUR_MS),
        ("c4", now),
        ("c5", now),
    ] {
        accepted(
            &world,
            report(
                "b",
                &json!({ "checkout_id": cart, "cart_id": cart, "left_at": left_at }),
            ),
        )
        .await;
    }
    put.push(sql(
        "UPDATE checkouts SET closed_by = '3', closed_at = 1 WHERE checkout_id = 'c3'",
    ));
    world.store.write(Put(put)).await.expect("put");

    let all = world.page("/console", &ana).await;
    assert_eq!(tiles(&all), ["4", "1", "2", "3"]);
    assert_eq!(
        bars(&all),
        ["one purchase, 1 late", "3 purchases, 1 late", "one purchase, none late"]
    );
    let demo = world.page("/console?site=demo", &ana).await;
    assert_eq!(tiles(&demo), ["3", "1", "2", "3"]);
    assert_eq!(
        bars(&demo),
        ["one purchase, 1 late", "2 purchases, 1 late", "one purchase, none late"]
    );
    let other = world.page("/console?site=other", &ana).await;
    assert_eq!(tiles(&other), ["1", "0", "0", "0"]);
    let late = world.page("/console/purchases?late=1", &ana).await;
    let shown = ["1", "2", "3", "4", "5"].map(|id| late.contains(&format!("site=demo&#38;id={id}\"")));
    assert_eq!(shown, [true, false, false, true, true], "{late}");
}

/// The site's server tells of a purchase of this cart.
async fn tell(world: &World, id: &str) {
    let body = json!({
        "site": "demo", "purchase_id": id, "cart_id": id, "total_quantity": 1, "total_price": "5", "payment_method": "Card",
    });
    let request = Request::post("/v1/purchases")
        .header("content-type", "application/json")
        .header("authorization", "Bearer 0123456789abcdef-demo")
        .body(Body::from(body.to_string()));
    let answer = world.send(request.expect("well-formed")).await;
    assert_eq!(answer.json()["outcome"], "accepted", "{answer:?}");
}

/// A page that was open at `captured_at` tells of a purchase of this cart.
fn told(id: &str, captured_at: i64, extra: &Value) -> String {
    let mut data = json!({
        "purchase_id": id, "cart_id": id, "total_quantity": 1, "total_price": "5", "payment_method": "Card",
    });
    for (key, value) in extra.as_object().into_iter().flatten() {
        data[key] = value.clone();
    }
    let mut envelope: Value = serde_json::from_str(&call("p", data)).expect("an envelope");
    envelope["captured_at"] = captured_at.into();
    envelope.to_string()
}

#[tokio::test]
async fn accuracy_tells_who_was_heard_of_and_how() {
    let world = World::new(&OPTIONS).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let now = now_ms();
    let left = |cart: &str, left_at: i64, gateway: &str, basis: &str| {
        let keys =
            json!({ "checkout_id": cart, "cart_id": cart, "left_at": left_at, "gateway": gateway, "basis": basis });
        report("b", &keys)
    };
    let days = |days: i64| now - days * 24 * HOUR_MS;
    // Each kind another number of times, so that no column can stand for another.
    for (kind, count, left_at) in [
        ("in-time", 1, now - 3 * MINUTE_MS),
        ("late", 1, now - LATE_MINUTES * MINUTE_MS),
        ("never", 3, days(10)),
        ("canceled", 4, now - MINUTE_MS),
        ("open", 5, now - HOUR_MS),
        ("server", 6, days(2)),
        ("elsewhere", 7, days(2)),
        ("long-ago", 8, days(31)),
    ] {
        for number in 0..count {
            let cart = format!("{kind}-{number}");
            accepted(&world, left(&cart, left_at, "redsys", "left")).await;
            match kind {
                "in-time" => accepted(&world, told(&cart, now, &json!({}))).await,
                "late" => accepted(&world, told(&cart, now, &json!({ "payment_method": "Bizum" }))).await,
                "canceled" => accepted(&world, told(&cart, now, &json!({ "order_status": "canceled" }))).await,
                "server" => tell(&world, &cart).await,
                "elsewhere" => accepted(&world, left(&cart, left_at, "redsys", "returned")).await,
                _ => {}
            }
        }
    }
    accepted(&world, of_other(&left("x", now, "paypal", "left"))).await;
    accepted(&world, told("waits", now, &json!({ "order_status": "pending" }))).await;
    // Another shop's orders of the same numbers.
    accepted(&world, of_other(&told("server-0", now, &json!({})))).await;
    accepted(
        &world,
        of_other(&told("in-time-0", now, &json!({ "order_status": "canceled" }))),
    )
    .await;

    let all = world.page("/console/accuracy", &ana).await;
    // Gateway, share of those expected, left, never, reached, late, median, elsewhere, canceled, may still come, by the server alone.
    let redsys = ["redsys", "11.1 %", "27", "9", "2", "1", "3 minutes", "7", "4", "5", "6"];
    let paypal = ["paypal", "–", "1", "0", "0", "0", "–", "0", "0", "1", "0"];
    assert_eq!(rows(&all, "gateways"), [redsys, paypal]);
    // Method, share told by pages, purchases, by pages, by the server, late, median.
    let methods: Vec<_> = rows(&all, "methods").into_iter().map(|row| row[..5].to_vec()).collect();
    assert_eq!(
        methods,
        [["Card", "25.0 %", "8", "2", "6"], ["Bizum", "100.0 %", "1", "1", "0"]]
    );
    let demo = world.page("/console/accuracy?site=demo", &ana).await;
    assert_eq!(rows(&demo, "gateways"), [redsys]);
    assert_eq!(rows(&demo, "methods")[0][..5], ["Card", "14.2 %", "7", "1", "6"]);
}
