//! Denied or withdrawn: erased where it was stored, stopped where it was under way; and a later grant works again.

use super::{
    assert_sent_only, order,
    traces::{stores_something, traces, traces_vanish},
};
use crate::{
    browser::{Browser, Engine},
    process::until,
    proxy::{Fault, File, FileFault},
    world::World,
};

const GRANTED: &str = "purchaseTag('consent', 'granted');";
const DENY: &str = "purchaseTag('consent', 'denied')";

/// A page with consent whose purchase and checkout cannot be delivered: both stores have them, retries are due, `fetchLater` is armed.
async fn page_with_undelivered(world: &World, number: u32) {
    let browser = &world.browser;
    world.proxy.set_prelude(GRANTED);
    world.proxy.set(Fault::Refuse).await;
    browser.open(&world.shop(&order(number))).await;
    browser.event("retrying").await;
    let checkout = format!("purchaseTag('checkout', {{ cart_id: '{number}1', total_quantity: 1, total_price: '5' }})");
    browser.run(&checkout).await;
    for part in [
        "demo:r:",
        "demo:o:",
        "demo:left",
        "demo:consent",
        "database purchase-tag",
    ] {
        until(part, || async {
            traces(browser).await.join(" ").contains(part).then_some(())
        })
        .await;
    }
}

/// Nothing more leaves, whatever the page does; and a purchase that comes after another grant does.
async fn nothing_is_left_and_a_grant_works_again(world: &World, number: u32) {
    let browser = &world.browser;
    traces_vanish(browser).await;
    // Attempts up to now had consent.
    world.proxy.seen().posts.clear();
    world.proxy.set(Fault::None).await;
    browser
        .run("purchaseTag('flush'); dispatchEvent(new Event('online'))")
        .await;
    let purchase =
        format!("purchaseTag('purchase', {{ purchase_id: '{number}', total_quantity: 1, total_price: '5' }})");
    // The page hides and is shown again: beacons leave at that.
    let tab = browser.tab().await;
    browser.new_tab().await;
    browser.close_tab(&tab).await;
    browser.run(GRANTED).await;
    browser.run(&purchase).await;
    world.collector.wait_for_purchases(1).await;
    assert_sent_only(world, &[number]);
    // Leaving lets go what fetchLater still holds.
    world.proxy.set_prelude("purchaseTag('consent', 'denied');");
    browser.open(&world.shop("/")).await;
    traces_vanish(browser).await;
    world.proxy.set_prelude(GRANTED);
    browser.open(&world.shop(&order(number + 1))).await;
    browser.event("registered").await;
    world.collector.wait_for_purchases(2).await;
    assert_sent_only(world, &[number, number + 1]);
    Browser::assert_no_exception(&browser.events().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_with_the_module_there() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let world = World::of(engine, "data-consent=wait").await;
        page_with_undelivered(&world, 60_001).await;
        world.browser.run(DENY).await;
        nothing_is_left_and_a_grant_works_again(&world, 60_002).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_where_the_loader_delivers_by_itself() {
    let world = World::with_options("data-consent=wait").await;
    world.proxy.set_file(Some((File::Module, FileFault::NotFound)));
    page_with_undelivered(&world, 60_011).await;
    world.browser.run(DENY).await;
    nothing_is_left_and_a_grant_works_again(&world, 60_012).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn denied_on_a_later_page() {
    let world = World::with_options("data-consent=wait").await;
    page_with_undelivered(&world, 60_021).await;
    world.proxy.set_prelude("");
    world.browser.open(&world.shop("/")).await;
    assert!(
        stores_something(&world.browser).await,
        "not known yet: nothing is touched"
    );
    world.browser.run(DENY).await;
    nothing_is_left_and_a_grant_works_again(&world, 60_022).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_while_a_request_is_under_way() {
    for module in [None, Some((File::Module, FileFault::NotFound))] {
        let world = World::with_options("data-consent=wait").await;
        world.proxy.set_file(module);
        world.proxy.set_prelude(GRANTED);
        world.proxy.set(Fault::Hang).await;
        world.browser.open(&world.shop(&order(60_031))).await;
        until("a request is under way", || async {
            (!world.proxy.seen().posts.is_empty()).then_some(())
        })
        .await;
        world.browser.run(DENY).await;
        // It ends without an answer, which would be kept for the next attempt.
        nothing_is_left_and_a_grant_works_again(&world, 60_032).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_by_a_listener_of_the_tags_own_events() {
    let world = World::with_options("data-consent=wait").await;
    let deny_in = |event: &str| {
        format!("{GRANTED}document.addEventListener('purchase-tag:{event}', () => {DENY}, {{ once: true }});")
    };
    for (event, path) in [
        ("captured", order(60_041)),
        ("refused", "/order-confirmation?order=60042&variant=malformed".into()),
        ("registered", order(60_043)),
    ] {
        world.proxy.set_prelude(&deny_in(event));
        world.browser.open(&world.shop(&path)).await;
        world.browser.event(event).await;
        traces_vanish(&world.browser).await;
        Browser::assert_no_exception(&world.browser.events().await);
    }
    world.proxy.set_prelude(GRANTED);
    world.browser.open(&world.shop(&order(60_044))).await;
    world.browser.event("registered").await;
    assert_sent_only(&world, &[60_043, 60_044]);
    world.end().await;
}
