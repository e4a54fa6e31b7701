//! Consent: unknown, nothing is stored and nothing is sent; granted later, sent with its own time; denied or withdrawn, nothing is left.
//!
//! That nothing was sent is seen when something later has arrived: a purchase of a page with consent.

mod banners;
mod tabs;
pub mod traces;
mod withdrawal;

use serde_json::Value;

use self::traces::{assert_no_trace, stores_something};
use crate::{
    browser::{Browser, Engine},
    process::until,
    world::World,
};

/// A banner that is still open, by mode: the tag's options, what the page does before the tag comes, and how the page grants.
const OPEN_BANNERS: [(&str, &str, &str); 4] = [
    ("data-consent=wait", "", "purchaseTag('consent', 'granted')"),
    // Nothing was ever set.
    (
        "data-consent=google",
        "",
        "(window.dataLayer = window.dataLayer || []).push(['consent', 'update', { ad_storage: 'granted', analytics_storage: 'granted' }])",
    ),
    (
        "data-consent=google",
        "window.gtag = function () { (window.dataLayer = window.dataLayer || []).push(arguments) };
         gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied', wait_for_update: 500 });",
        "gtag('consent', 'update', { ad_storage: 'granted', analytics_storage: 'granted' })",
    ),
    (
        "data-consent=tcf",
        banners::TCF_OPEN,
        "banner.tells('useractioncomplete', [1, 7])",
    ),
];

fn order(number: u32) -> String {
    format!("/order-confirmation?order={number}&item=SKU-987:1")
}

/// The requests with envelopes so far must be with these orders.
fn assert_sent_only(world: &World, orders: &[u32]) {
    let orders: Vec<String> = orders.iter().map(|order| format!("\"{order}\"")).collect();
    let seen = world.proxy.seen();
    for post in &seen.posts {
        assert!(
            orders.iter().any(|order| post.body.contains(order)),
            "sent without consent: {} {}",
            post.lane,
            post.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_stores_nothing_and_sends_nothing() {
    for (options, prelude, grant) in OPEN_BANNERS {
        nothing_while_unknown(Engine::Chromium, options, prelude, grant).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_in_firefox() {
    for (options, prelude, grant) in [OPEN_BANNERS[0], OPEN_BANNERS[2]] {
        nothing_while_unknown(Engine::Firefox, options, prelude, grant).await;
    }
}

async fn nothing_while_unknown(engine: Engine, options: &str, prelude: &str, grant: &str) {
    let world = World::of(engine, options).await;
    let browser = &world.browser;
    world.proxy.set_prelude(prelude);
    browser.open(&world.shop(&order(40_001))).await;
    browser
        .run("purchaseTag('purchase', { purchase_id: '40002', total_quantity: 1, total_price: '5' })")
        .await;
    browser
        .run("purchaseTag('checkout', { cart_id: '40003', total_quantity: 1, total_price: '5' })")
        .await;
    browser.run("purchaseTag('flush')").await;
    assert_no_trace(browser, options).await;
    // Left as it is: what it captured dies with it.
    browser.open(&world.shop("/")).await;
    assert_no_trace(browser, options).await;

    browser.open(&world.shop(&order(40_004))).await;
    browser.run(grant).await;
    assert_eq!(browser.event("registered").await["purchase_id"], "40004", "{options}");
    world.collector.wait_for_purchases(1).await;
    assert_sent_only(&world, &[40_004]);
    Browser::assert_no_exception(&browser.events().await);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn granted_later_is_sent_with_the_time_of_the_capture() {
    for (options, prelude, grant) in OPEN_BANNERS {
        let world = World::with_options(options).await;
        let browser = &world.browser;
        world.proxy.set_prelude(prelude);
        browser.open(&world.shop(&order(40_011))).await;
        let called = "purchaseTag('purchase', { purchase_id: '40012', total_quantity: 1, total_price: '5' });
            purchaseTag('checkout', { cart_id: '40013', total_quantity: 1, total_price: '5' });
            const captured = Date.now();
            while (Date.now() < captured + 50);
            return captured";
        let captured = browser.run(called).await.as_u64().expect("a time");
        browser.run(grant).await;
        world.collector.wait_for_purchases(2).await;
        assert_eq!(world.collector.purchase_ids().await, ["40011", "40012"], "{options}");
        for post in &world.proxy.seen().posts {
            let envelope: Value = serde_json::from_str(&post.body).expect("an envelope");
            let data = &envelope["data"];
            let at = if envelope["source"] == "checkout" {
                &data["left_at"]
            } else {
                &envelope["captured_at"]
            };
            assert!(at.as_u64().is_some_and(|at| at <= captured), "{options}: {envelope}");
        }
        // What was left for the gateway is a checkout like any other.
        let checkouts = until("the checkout is reported", || async {
            Some(world.collector.checkouts_of("demo").await).filter(|rows| !rows.is_empty())
        })
        .await;
        assert_eq!(checkouts[0]["cart_id"], "40013", "{options}");
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_in_the_queue_decides_before_the_tag_has_come() {
    let world = World::with_options("data-consent=wait").await;
    world.proxy.set_prelude("purchaseTag('consent', 'granted');");
    world.browser.open(&world.shop(&order(40_021))).await;
    world.browser.event("registered").await;
    // A word that is none is no grant, and a mode that is none is the strictest.
    let world = World::with_options("data-consent=Google").await;
    world.proxy.set_prelude("purchaseTag('consent', 'yes');");
    world.browser.open(&world.shop(&order(40_022))).await;
    assert_no_trace(&world.browser, "consent 'yes'").await;
    world.browser.run("purchaseTag('consent', 'granted')").await;
    world.browser.event("registered").await;
    assert!(stores_something(&world.browser).await, "the grant is marked");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn global_privacy_control_denies_where_the_shop_says_so() {
    let signal = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });";
    for (options, counts) in [
        ("data-gpc=deny", true),
        ("data-gpc=deny data-consent=wait", true),
        ("data-gpc=ignore", false),
        ("", false),
    ] {
        let world = World::with_options(options).await;
        let browser = &world.browser;
        world.proxy.set_prelude(signal);
        browser.open(&world.shop(&order(40_031))).await;
        browser.run("purchaseTag('consent', 'granted')").await;
        if counts {
            assert_no_trace(browser, options).await;
            world.proxy.set_prelude("purchaseTag('consent', 'granted');");
            browser.open(&world.shop(&order(40_032))).await;
        }
        browser.event("registered").await;
        assert_sent_only(&world, if counts { &[40_032] } else { &[40_031] });
        world.end().await;
    }
}
