//! A withdrawal in one tab is not undone by another.

use super::{
    assert_sent_only, order,
    traces::{traces, traces_vanish},
};
use crate::{
    browser::{Browser, Engine},
    process::until,
    proxy::Fault,
    world::World,
};

const GRANTED: &str = "purchaseTag('consent', 'granted');";
const DENY: &str = "purchaseTag('consent', 'denied')";

#[tokio::test(flavor = "multi_thread")]
async fn another_tab_stops_too() {
    let world = World::with_options("data-consent=wait").await;
    let browser = &world.browser;
    world.proxy.set_prelude(GRANTED);
    world.proxy.set(Fault::Refuse).await;
    browser.open(&world.shop(&order(61_001))).await;
    browser.event("retrying").await;
    let first = browser.tab().await;
    browser.new_tab().await;
    browser.open(&world.shop("/")).await;
    browser.run(DENY).await;
    traces_vanish(browser).await;

    browser.switch_to(&first).await;
    // Heard or not yet: from the withdrawal on, what this tab captures waits for a grant of its own.
    traces_vanish(browser).await;
    world.proxy.seen().posts.clear();
    world.proxy.set(Fault::None).await;
    browser.run("purchaseTag('purchase', { purchase_id: '61002', total_quantity: 1, total_price: '5' }); purchaseTag('flush')").await;
    traces_vanish(browser).await;
    browser.run(GRANTED).await;
    world.collector.wait_for_purchases(1).await;
    assert_sent_only(&world, &[61_002]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_frozen_meanwhile_stops_too() {
    stops_when_shown_again(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_page_of_firefox_stops_too() {
    stops_when_shown_again(Engine::Firefox).await;
}

async fn stops_when_shown_again(engine: Engine) {
    let world = World::of(engine, "data-consent=wait").await;
    let browser = &world.browser;
    world.proxy.set_prelude(GRANTED);
    browser.open(&world.shop("/")).await;
    browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    // Of another shop of this origin: its record stays, and with it the database, whose deletion would end the frozen page.
    let keep = "const opened = indexedDB.open('purchase-tag');
        opened.onsuccess = () => {
          const transaction = opened.result.transaction('records', 'readwrite');
          transaction.objectStore('records').put({ text: '', claimed_until: 0 }, 'other:1');
          transaction.oncomplete = () => { opened.result.close(); done() };
        }";
    browser.run_async(keep, vec![]).await;
    world.proxy.set_prelude("");
    browser.follow(&world.shop("/cart")).await;
    browser.run(DENY).await;
    only_the_others(browser).await;
    browser.back().await;
    assert!(browser.is_restored().await, "the page came from the back/forward cache");
    browser.run("purchaseTag('purchase', { purchase_id: '61011', total_quantity: 1, total_price: '5' }); purchaseTag('flush')").await;
    only_the_others(browser).await;
    assert_sent_only(&world, &[]);
    browser.run(GRANTED).await;
    world.collector.wait_for_purchases(1).await;
    world.end().await;
}

/// Waits until what is left is the other shop's.
async fn only_the_others(browser: &Browser) {
    until("only the other shop's", || async {
        (traces(browser).await == ["database purchase-tag"]).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_the_shop_clears_is_no_withdrawal() {
    let world = World::with_options("data-consent=wait").await;
    let browser = &world.browser;
    world.proxy.set_prelude(GRANTED);
    browser.open(&world.shop("/")).await;
    let first = browser.tab().await;
    browser.new_tab().await;
    browser.open(&world.shop("/cart")).await;
    // As at a logout.
    browser.run("localStorage.clear()").await;
    browser.switch_to(&first).await;
    browser
        .run("purchaseTag('purchase', { purchase_id: '61021', total_quantity: 1, total_price: '5' })")
        .await;
    world.collector.wait_for_purchases(1).await;
    world.end().await;
}
