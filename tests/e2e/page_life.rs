//! What a page's life does to a record: hiding, the back/forward cache, a collector that hangs up.

use crate::world::World;

const ORDER: &str = "/order-confirmation?order=30001&item=SKU-987:1";

#[tokio::test(flavor = "multi_thread")]
async fn the_back_forward_cache_keeps_page_and_outbox() {
    let mut world = World::start().await;
    world.browser.open(&world.shop("/")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    world.collector.kill().await;
    world.browser.open(&world.shop(ORDER)).await;
    world.browser.event("retrying").await;
    world.browser.follow(&world.gateway("/health")).await;
    world.collector.start().await;
    world.browser.back().await;
    assert_eq!(world.browser.event("registered").await["purchase_id"], "30001");
    let events = world.browser.events().await;
    assert!(
        events
            .iter()
            .any(|event| event["name"] == "pageshow" && event["detail"] == true),
        "the page came back from the cache, its scripts did not run again: {events:?}"
    );
    world.collector.wait_for_purchases(1).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snapshot_shows_what_waits() {
    let mut world = World::start().await;
    world.browser.open(&world.shop("/")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    world.collector.kill().await;
    world.browser.open(&world.shop(ORDER)).await;
    world.browser.event("retrying").await;
    let snapshot = world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    assert_eq!(snapshot["site"], "demo");
    assert_eq!(snapshot["records"].as_array().map(Vec::len), Some(1), "{snapshot}");
    assert_eq!(snapshot["purchases"][0]["purchase_id"], "30001");
    assert_eq!(snapshot["purchases"][0]["outcome"], "captured");
    world.collector.start().await;
    world.browser.run("purchaseTag('flush')").await;
    world.browser.event("registered").await;
    let snapshot = world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    assert_eq!(snapshot["records"].as_array().map(Vec::len), Some(0), "{snapshot}");
    assert_eq!(snapshot["purchases"][0]["outcome"], "accepted");
    world.end().await;
}
