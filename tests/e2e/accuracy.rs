//! The accuracy page after three shoppers went to the gateway: to the confirmation page, to another page, and never back.

use purchase_collector::{
    clock::now_ms,
    console::access::password,
    store::{
        Store,
        console::{Person, Role},
    },
};
use serde_json::{Value, json};

use crate::{process::until, world::World};

const PASSWORD: &str = "correct horse battery";

/// The rows below a heading of the console's page, cells as their texts.
const ROWS: &str = "
    const table = document.getElementById(arguments[0]).parentNode.querySelector('tbody');
    return [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim().replace('\\u00a0', ' ')));";

/// A new shopper's cart, and its departure for the gateway as the family's.
async fn leaves(world: &World, options: &str) {
    world.browser.open(&world.shop("/health")).await;
    world.browser.forget_cookies().await;
    world.browser.open(&world.shop("/product/stoneware-serving-bowl")).await;
    world.browser.press("add").await;
    world.browser.arrives_at(&world.shop("/cart")).await;
    world.browser.open(&world.shop(&format!("/checkout?{options}"))).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    world.browser.press("place-order").await;
    world.browser.arrives_below(&world.gateway("/pay?")).await;
}

async fn knows_of(world: &World, count: usize) {
    until(&format!("{count} checkouts"), || async {
        (world.collector.checkouts_of("demo").await.len() == count).then_some(())
    })
    .await;
}

async fn rows(world: &World, heading: &str) -> Value {
    let script = ROWS.replace("arguments[0]", &format!("{heading:?}"));
    world.browser.run(&script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn three_shoppers() {
    let world = World::start().await;
    // Never back, since two days; the next page opens with another clock.
    world
        .proxy
        .set_prelude("{ const now = Date.now; Date.now = () => now() - 2 * 24 * 3600 * 1000 }");
    leaves(&world, "behaviour=direct&family=redsys").await;
    world.proxy.set_prelude("");
    knows_of(&world, 1).await;
    // Another browser, so that nothing is reported of the first one's checkout.
    world.browser.open(&world.shop("/health")).await;
    world
        .browser
        .run("localStorage.clear(); sessionStorage.clear(); indexedDB.deleteDatabase('purchase-tag')")
        .await;

    leaves(&world, "behaviour=direct&family=stripe").await;
    world.browser.press("pay").await;
    world.browser.arrives_below(&world.shop("/order-confirmation?")).await;
    world.collector.wait_for_purchases(1).await;

    leaves(&world, "behaviour=home&family=adyen").await;
    world.browser.press("pay").await;
    world.browser.press("home").await;
    world.browser.arrives_at(&world.shop("/")).await;
    until("the return is reported", || async {
        let rows = world.collector.checkouts_of("demo").await;
        rows.iter().any(|row| row["basis"] == "returned").then_some(())
    })
    .await;

    let store = Store::open(&world.collector.database().into())
        .await
        .expect("the database opens");
    let person = Person {
        name: "ana".to_owned(),
        role: Role::Viewer,
    };
    let hash = password::hash(PASSWORD).expect("hashed");
    assert!(store.add_person(person, hash, now_ms()).await.expect("added"));
    store.close().await;
    world
        .browser
        .open(&format!("{}/console/accuracy", world.collector.url()))
        .await;
    world.browser.write("ana").await;
    world.browser.key(fantoccini::key::Key::Tab.into()).await;
    world.browser.write(PASSWORD).await;
    world.browser.key(fantoccini::key::Key::Enter.into()).await;
    world
        .browser
        .arrives_below(&format!("{}/console", world.collector.url()))
        .await;
    world
        .browser
        .open(&format!("{}/console/accuracy", world.collector.url()))
        .await;

    // Name, share, left, never, reached, late, median, elsewhere, canceled, may still come, by the server alone.
    let mut gateways = rows(&world, "gateways").await;
    let stripe = gateways
        .as_array_mut()
        .and_then(|rows| rows.iter_mut().find(|row| row[0] == "stripe"))
        .expect("stripe");
    stripe[6].take();
    assert_eq!(
        *stripe,
        json!(["stripe", "100.0 %", "1", "0", "1", "0", null, "0", "0", "0", "0"])
    );
    let unknown = json!(["not known", "0.0 %", "2", "1", "0", "0", "–", "1", "0", "0", "0"]);
    assert_eq!(gateways[0], unknown, "{gateways}");
    world.end().await;
}
