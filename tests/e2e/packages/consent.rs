//! The package in a shop that asks for consent first.

use serde_json::{Value, json};

use super::{Pages, Shop};
use crate::{
    browser::Browser,
    consent::traces::{assert_no_trace, stores_something, traces, traces_vanish},
    process::until,
};

/// What the page asked its servers for that it may not ask for without consent.
const REQUESTS: &str = "
    const names = performance.getEntriesByType('resource').map(({ name }) => name);
    return names.filter((name) => /\\.wasm|\\/v1\\//.test(name))";

/// The shop's page, with consent not told yet.
async fn open() -> Shop {
    let shop = Shop::open(Pages::built("plain/dist")).await;
    shop.browser.open(&shop.front.address("/consent.html")).await;
    shop
}

async fn assert_untouched(browser: &Browser, when: &str) {
    assert_no_trace(browser, when).await;
    assert_eq!(browser.run(REQUESTS).await, json!([]), "{when}");
}

async fn started(browser: &Browser) -> Value {
    browser.run_async("started.then(done)", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers() {
    let shop = open().await;
    let browser = &shop.browser;
    assert_untouched(browser, "at once").await;
    browser
        .run("tag.checkout({ cart_id: '558', total_quantity: 1, total_price: '5' }); tag.flush()")
        .await;
    // Both end, whatever the shopper does.
    let held = browser
        .run_async("Promise.all([started, tag.snapshot()]).then(done)", vec![])
        .await;
    assert_eq!(held, json!([false, null]));
    assert_untouched(browser, "later").await;
    // Left without an answer: what the page stated dies with it.
    browser.open(&shop.front.address("/consent.html")).await;
    browser.run("tag.consent('granted')").await;
    shop.collector.wait_for_purchases(1).await;
    assert_eq!(shop.collector.checkouts_of("demo").await, [Value::Null; 0]);
    Browser::assert_no_exception(&browser.events().await);
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn granted_later_it_is_sent_with_the_time_it_was_stated_at() {
    let shop = open().await;
    let browser = &shop.browser;
    assert_untouched(browser, "before the grant").await;
    let stated = browser
        .run("while (Date.now() < stated + 50); tag.consent('granted'); return stated")
        .await;
    assert_eq!(started(browser).await, true, "the module starts with the grant");
    let row = shop.collector.wait_for_purchases(1).await.remove(0);
    assert_eq!(row["purchase_id"], "10023");
    assert!(row["captured_at"].as_u64() <= stated.as_u64(), "{row} at {stated}");
    assert!(stores_something(browser).await, "the grant is marked");
    Browser::assert_no_exception(&browser.events().await);
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_the_module_never_comes_and_init_says_so() {
    let shop = open().await;
    shop.browser.run("tag.consent('denied')").await;
    assert_eq!(started(&shop.browser).await, false);
    assert_untouched(&shop.browser, "refused").await;
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_what_could_not_be_sent_is_erased() {
    let mut shop = open().await;
    shop.collector.kill().await;
    let browser = &shop.browser;
    browser.run("tag.consent('granted')").await;
    browser.event("retrying").await;
    for part in ["demo:r:", "demo:consent", "database purchase-tag"] {
        until(part, || async {
            traces(browser).await.join(" ").contains(part).then_some(())
        })
        .await;
    }
    browser.run("tag.consent('denied')").await;
    traces_vanish(browser).await;

    shop.collector.start().await;
    browser.run("tag.flush(); dispatchEvent(new Event('online'))").await;
    let other = "tag.consent('granted'); tag.purchase({ purchase_id: '10024', total_quantity: 1, total_price: '5' })";
    browser.run(other).await;
    shop.collector.wait_for_purchases(1).await;
    assert_eq!(shop.collector.purchase_ids().await, ["10024"]);
    Browser::assert_no_exception(&browser.events().await);
    shop.browser.close().await;
}
