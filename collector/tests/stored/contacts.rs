//! The buyers' contacts: completed by later messages, erased by request and by age.

use axum::http::StatusCode;
use purchase_collector::{
    clock::now_ms,
    store::{Statement, StoreError, Work, Writing, sql},
};
use serde_json::{Value, json};

use crate::world::{World, call, report};

const EMAIL: &str = "Jane.Doe@gmail.com";

/// The SHA-256 of `janedoe@gmail.com`, to which Google's rules bring the address.
const HASH: &str = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69";

fn purchase(record_id: &str, purchase_id: &str, mode: &str, contact: &str) -> String {
    let mut envelope: Value = serde_json::from_str(&call(
        record_id,
        json!({ "purchase_id": purchase_id, "total_quantity": 2, "total_price": "10.00", "email": contact }),
    ))
    .expect("an envelope");
    envelope["config"] = json!({ "contact": mode });
    envelope.to_string()
}

async fn stored(world: &World, purchase_id: &str) -> Value {
    let row = world.read(&format!("/v1/purchases/demo/{purchase_id}")).await;
    row["purchase"].clone()
}

#[tokio::test]
async fn a_hash_that_comes_later_completes_the_purchase_and_is_no_conflict() {
    let world = World::new(&[]).await;
    let without = call(
        "a1",
        json!({ "purchase_id": "1", "total_quantity": 2, "total_price": "10.00" }),
    );
    assert_eq!(world.post(without).await.status, StatusCode::CREATED);
    let answer = world.post(purchase("a1", "1", "sha256", HASH)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_ne!(answer.json()["conflict"], true);
    let kept = stored(&world, "1").await;
    assert_eq!(
        (&kept["email_sha256"], &kept["total_price"]),
        (&json!(HASH), &json!("10"))
    );
    // The first one stands.
    world.post(purchase("a2", "1", "email", "other@shop.example")).await;
    assert_eq!(stored(&world, "1").await, kept);
}

#[tokio::test]
async fn an_erased_contact_is_nowhere_and_does_not_come_back() {
    let world = World::new(&[]).await;
    world.post(purchase("a1", "1", "email", EMAIL)).await;
    world.post(purchase("a2", "2", "sha256", EMAIL)).await;
    world
        .post(purchase("a3", "3", "email", "someone.else@shop.example"))
        .await;
    let hashed = stored(&world, "2").await["email_sha256"]
        .as_str()
        .expect("a hash")
        .to_owned();
    // The page's own hash, by which alone it can be found.
    world.post(purchase("a6", "5", "sha256", HASH)).await;
    // Other contents, and a refused one with the address where none belongs.
    world
        .post(purchase("a4", "1", "email", EMAIL).replace("10.00", "12.00"))
        .await;
    let refused = purchase("a5", "4", "email", EMAIL).replace("10.00", &format!("call {}", EMAIL.to_uppercase()));
    assert_eq!(world.post(refused).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let erased = world
        .store
        .erase_contact(None, "jane.doe@GMAIL.com")
        .await
        .expect("it is erased");
    assert_eq!((erased.purchases, erased.refusals), (3, 1));
    let again = world.store.erase_contact(None, EMAIL).await.expect("it is erased");
    assert_eq!((again.purchases, again.refusals), (0, 0));

    world.post(purchase("a1", "1", "email", EMAIL)).await;
    let another = purchase("a6", "1", "email", EMAIL).replace("10.00", "14.00");
    assert_eq!(world.post(another).await.json()["conflict"], true);
    assert!(stored(&world, "1").await["email"].is_null());
    assert_eq!(stored(&world, "1").await["total_price"], "10");
    assert_eq!(stored(&world, "3").await["email"], "someone.else@shop.example");
    world.store.close().await;
    let all = world.all_that_is_kept().await.to_lowercase();
    assert!(all.contains("someone.else@shop.example"));
    assert!(
        !all.contains("jane.doe") && !all.contains(&hashed),
        "the address or its hash is still there"
    );
}

#[tokio::test]
async fn an_address_goes_from_where_none_belongs_and_in_every_spelling() {
    let world = World::new(&[]).await;
    let envelope = |record_id, purchase_id, payment_method: &str| {
        call(
            record_id,
            json!({ "purchase_id": purchase_id, "total_quantity": 2, "total_price": "10.00", "payment_method": payment_method }),
        )
    };
    for (record_id, purchase_id, payment_method) in [
        ("a1", "1", "card of José@shop.example"),
        ("a2", "2", "card of JOSÉ@SHOP.EXAMPLE"),
        ("a3", "3", "card of josa@shop.example"),
    ] {
        let answer = world.post(envelope(record_id, purchase_id, payment_method)).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let escaped = envelope("a4", "4", "card of @").replace("card of @", r"card of jos\u00E9@shop.example");
    assert_eq!(world.post(escaped).await.status, StatusCode::CREATED);
    let erased = world.store.erase_contact(None, "josÉ@shop.example").await;
    assert_eq!(erased.expect("it is erased").purchases, 3);
    for purchase_id in ["1", "2", "4"] {
        assert_eq!(stored(&world, purchase_id).await["payment_method"], "card of ");
    }
    assert_eq!(stored(&world, "3").await["payment_method"], "card of josa@shop.example");
    world.store.close().await;
    let all = world.all_that_is_kept().await.to_lowercase();
    assert!(
        !all.contains("josé") && !all.contains("jos\\u00e9"),
        "the address is still there"
    );
}

/// Every column in which a shop's message may have put an address.
const COLUMNS: [(&str, &str); 14] = [
    ("purchases", "purchase"),
    ("purchases", "envelope"),
    ("purchases", "problems"),
    ("purchases", "page"),
    ("purchases", "payment_method"),
    ("purchases", "order_status"),
    ("transitions", "order_status"),
    ("conflicts", "purchase"),
    ("conflicts", "envelope"),
    ("conflicts", "problems"),
    ("refusals", "envelope"),
    ("refusals", "problems"),
    ("refusals", "page"),
    ("checkouts", "envelope"),
];

/// Those that have one only in rows of earlier releases.
const COLUMNS_OF_NOBODY: [(&str, &str); 4] = [
    ("purchases", "gateway"),
    ("checkouts", "gateway"),
    ("checkouts", "payment_method"),
    ("checkout_transitions", "gateway"),
];

/// A row as an earlier release kept it.
struct Earlier(Statement);

impl Work for Earlier {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        writing.execute(self.0.clone()).await.map(drop)
    }
}

/// Messages that put the address in all of them, although none belongs there.
fn with_the_address_everywhere() -> Vec<String> {
    let page = format!("https://shop.example/thanks/{EMAIL}");
    let purchase = |purchase_id: &str, total: &str| {
        let data = json!({
            "purchase_id": purchase_id, "total_quantity": 1, "total_price": total,
            "payment_method": format!("card of {EMAIL}"), "order_status": format!("paid by {EMAIL}"),
            "product_basket_item": [{ "product_id": "1", "rating_value": format!("ask {EMAIL}") }],
        });
        let mut envelope: Value = serde_json::from_str(&call("a", data)).expect("an envelope");
        envelope["page"] = json!(page);
        envelope["gateway"] = json!(format!("through {EMAIL}"));
        envelope.to_string()
    };
    let refused = purchase("2", &format!("call {EMAIL}"));
    let left = report(
        "b",
        &json!({
            "note": format!("for {EMAIL}"), "gateway": EMAIL, "contents": { "payment_method": format!("card of {EMAIL}") },
        }),
    );
    vec![purchase("1", "10.00"), purchase("1", "12.00"), refused, left]
}

/// The columns that have the address in one of their rows.
async fn columns_with_the_address(world: &World) -> Vec<(&'static str, &'static str)> {
    let mut columns = vec![];
    for (table, column) in COLUMNS.into_iter().chain(COLUMNS_OF_NOBODY) {
        let mut select = sql("SELECT COUNT(*) FROM ");
        select.push(table).push(" WHERE LOWER(").push(column);
        select.push(") LIKE '%jane.doe%'");
        let count: Option<(i64,)> = world.store.first(select).await.expect("a count");
        if count != Some((0,)) {
            columns.push((table, column));
        }
    }
    columns
}

#[tokio::test]
async fn an_address_goes_from_every_column_and_what_is_repeated_does_not_bring_it_back() {
    let world = World::new(&[]).await;
    for message in with_the_address_everywhere() {
        world.post(message).await;
    }
    assert_eq!(columns_with_the_address(&world).await, COLUMNS);
    let kept = "SELECT p.gateway, c.payment_method FROM purchases p, checkouts c";
    let kept: Option<(String, String)> = world.store.first(sql(kept)).await.expect("the rows");
    assert_eq!(kept, Some(("through ".to_owned(), "card of ".to_owned())));
    for (table, column) in COLUMNS_OF_NOBODY {
        let mut update = sql("UPDATE ");
        update
            .push(table)
            .push(" SET ")
            .push(column)
            .push(" = ")
            .push_bind(EMAIL);
        world.store.write(Earlier(update)).await.expect("put");
    }
    let erased = world.store.erase_contact(None, EMAIL).await.expect("it is erased");
    assert_eq!((erased.purchases, erased.refusals, erased.checkouts), (1, 1, 1));
    assert_eq!(columns_with_the_address(&world).await, []);

    for message in with_the_address_everywhere() {
        let again = world.post(message.replace("\"id\":\"a\"", "\"id\":\"again\"")).await;
        assert_ne!(again.json()["outcome"], "accepted", "{again:?}");
    }
    assert_eq!(columns_with_the_address(&world).await, []);
    let row = world.read("/v1/purchases/demo/1").await;
    assert_eq!(row["conflicts"].as_array().map(Vec::len), Some(1), "{row}");
    // Nor does another content of this purchase.
    let other = with_the_address_everywhere().remove(0).replace("10.00", "14.00");
    assert_eq!(world.post(other).await.json()["conflict"], true);
    let row = world.read("/v1/purchases/demo/1").await;
    assert_eq!(row["conflicts"].as_array().map(Vec::len), Some(2), "{row}");
    assert_eq!(columns_with_the_address(&world).await, []);
    world.store.close().await;
    assert!(!world.all_that_is_kept().await.to_lowercase().contains("jane.doe"));
}

#[tokio::test]
async fn only_the_site_that_was_asked_for_is_touched() {
    let world = World::new(&[]).await;
    world.post(purchase("a1", "1", "email", EMAIL)).await;
    let erased = world
        .store
        .erase_contact(Some("other"), EMAIL)
        .await
        .expect("it is erased");
    assert_eq!(erased.purchases, 0);
    // A pattern's own letters are letters.
    let erased = world.store.erase_contact(None, "%@%").await.expect("it is erased");
    assert_eq!(erased.purchases, 0);
    assert_eq!(stored(&world, "1").await["email"], EMAIL);
}

#[tokio::test]
async fn an_address_that_only_another_content_has_is_erased_and_of_one_site_only() {
    let world = World::new(&[]).await;
    for site in ["demo", "other"] {
        let of = |body: String| body.replace("\"demo\"", &format!("{site:?}"));
        // A purchase without an address would take the other one's.
        world
            .post(of(purchase("a1", "1", "email", "someone.else@shop.example")))
            .await;
        let other = of(purchase("a2", "1", "email", EMAIL).replace("10.00", "12.00"));
        assert_eq!(world.post(other).await.json()["conflict"], true);
    }
    let kept = || async {
        let select = "SELECT site FROM conflicts WHERE LOWER(envelope) LIKE '%jane%' ORDER BY site";
        let sites: Vec<(String,)> = world.store.all(sql(select)).await.expect("the rows");
        sites.into_iter().map(|(site,)| site).collect::<Vec<_>>()
    };
    assert_eq!(kept().await, ["demo", "other"]);
    for (site, purchases, left) in [(Some("other"), 1, vec!["demo"]), (None, 1, vec![])] {
        let erased = world.store.erase_contact(site, EMAIL).await.expect("it is erased");
        assert_eq!(erased.purchases, purchases, "{site:?}");
        assert_eq!(kept().await, left, "{site:?}");
    }
}

#[tokio::test]
async fn age_counts_from_the_arrival_and_one_run_erases_all_that_is_old() {
    // More than one transaction erases.
    const PURCHASES: i64 = 201;
    let world = World::new(&[]).await;
    let before = now_ms();
    // Captured long ago, arrived now.
    for number in 0..PURCHASES {
        world.post(purchase("a", &number.to_string(), "email", EMAIL)).await;
    }
    let none = world.store.expire(i64::MIN, before).await.expect("it is erased");
    assert_eq!(none.purchases, 0);
    let erased = world.store.expire(i64::MIN, i64::MAX).await.expect("it is erased");
    assert_eq!(erased.purchases, PURCHASES as u64);
    let left = sql("SELECT COUNT(*) FROM purchases WHERE purchase LIKE '%@%'");
    assert_eq!(world.store.first(left).await.expect("a count"), Some((0_i64,)));
}

/// What is refused was so first in 1970.
struct RefusedLongAgo;

impl Work for RefusedLongAgo {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        writing
            .execute(sql("UPDATE refusals SET first_at = 1, received_at = 1"))
            .await
    }
}

#[tokio::test]
async fn what_is_old_goes_and_the_purchase_stays_known() {
    let world = World::new(&[]).await;
    world.post(purchase("a1", "1", "email", EMAIL)).await;
    let other = world
        .post(purchase("a3", "1", "email", EMAIL).replace("10.00", "12.00"))
        .await;
    assert_eq!(other.json()["conflict"], true);
    let refused = purchase("a2", "2", "email", EMAIL).replace("10.00", "ten");
    world.post(refused.clone()).await;
    world.post(report("b1", &json!({}))).await;
    // Refused long ago, and again now.
    world.store.write(RefusedLongAgo).await.expect("written");
    world.post(refused).await;
    let received = world.read("/v1/purchases").await["purchases"][0]["received_at"]
        .as_i64()
        .expect("a time");
    let none = world.store.expire(i64::MIN, received).await.expect("it is erased");
    assert_eq!((none.purchases, none.refusals, none.checkouts), (0, 0, 0));
    let erased = world.store.expire(received, i64::MAX).await.expect("it is erased");
    assert_eq!((erased.purchases, erased.refusals, erased.checkouts), (1, 1, 1));
    assert!(stored(&world, "1").await["email"].is_null());
    assert_eq!(world.read("/v1/checkouts").await["checkouts"], json!([]));
    let reports = sql("SELECT COUNT(*) FROM checkout_transitions");
    assert_eq!(world.store.first(reports).await.expect("a count"), Some((0_i64,)));
    let again = world.post(purchase("a9", "1", "email", EMAIL)).await;
    assert_eq!(again.json()["outcome"], "duplicate");
    let twice = world.store.expire(i64::MIN, i64::MAX).await.expect("it is erased");
    assert_eq!((twice.purchases, twice.refusals, twice.checkouts), (0, 0, 0));
    world.store.close().await;
    assert!(!world.all_that_is_kept().await.contains(EMAIL));
}
