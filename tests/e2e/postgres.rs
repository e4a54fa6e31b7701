//! The whole way with a PostgreSQL server at its end.

use purchase_collector::store::{DatabaseAddress, Store, sql};
use serde_json::json;

use self::server::Server;
use crate::world::World;

const ORDER: &str = "/order-confirmation?order=10023&item=SKU-987:3&item=SKU-114:1&cart=558";

#[path = "../support/postgres.rs"]
mod server;

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_of_a_browser_lands_in_postgresql() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("no panic");
    let url = server.url("public");
    let world = World::on_database(url.clone()).await;
    world.browser.open(&world.shop(ORDER)).await;
    let registered = world.browser.event("registered").await;
    assert_eq!(registered["outcome"], "accepted");

    let address = DatabaseAddress::parse(&url).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let rows: Vec<(String, String, String, i64)> = store
        .all(sql(
            "SELECT site, purchase_id, purchase, deliveries FROM purchases ORDER BY purchase_id",
        ))
        .await
        .expect("the rows");
    let purchases: Vec<_> = rows
        .iter()
        .map(|(site, id, purchase, deliveries)| {
            let purchase: serde_json::Value = serde_json::from_str(purchase).expect("JSON");
            (site.as_str(), id.as_str(), purchase["total_price"].clone(), *deliveries)
        })
        .collect();
    assert_eq!(purchases, [("demo", "10023", json!("199.65"), 1)]);
    world.end().await;
}
