//! Several sites on a page, and the package beside the script tag.

use serde_json::{Value, json};

use super::{Pages, Shop, said};
use crate::{browser::Browser, process::until};

/// What the console was told of the tags themselves, not of the purchases.
async fn said_of_tags(browser: &Browser) -> Vec<String> {
    let mut said = said(browser).await;
    said.retain(|text| !text.starts_with("purchase-tag: purchase "));
    said
}

/// The stored purchases of a site, by their ids, once there are so many; none came twice.
async fn ids(shop: &Shop, site: &str, count: usize) -> Vec<String> {
    let rows = until(&format!("{count} purchases of {site}"), || async {
        Some(shop.collector.purchases_of(site).await).filter(|rows| rows.len() == count)
    })
    .await;
    let is_single = |row: &Value| row["deliveries"] == 1 && row["conflicts"] == 0;
    assert!(rows.iter().all(is_single), "{rows:?}");
    let mut ids: Vec<String> = rows
        .iter()
        .filter_map(|row| row["purchase_id"].as_str().map(Into::into))
        .collect();
    ids.sort();
    ids
}

async fn started(browser: &Browser) -> Value {
    browser.run_async("started.then(done)", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sites_from_one_package() {
    let shop = Shop::for_all_sites(Pages::built("plain/dist")).await;
    let browser = &shop.browser;
    browser.open(&shop.front.address("/sites.html")).await;
    assert_eq!(
        started(browser).await,
        json!([true, true]),
        "each has a module of its own"
    );
    assert_eq!(ids(&shop, "demo", 2).await, ["both", "first-only"]);
    assert_eq!(ids(&shop, "second", 2).await, ["both", "second-only"]);
    let snapshots = "
        const sites = ['demo', 'second'].map((site) => tag.snapshot({ site }));
        Promise.all(sites).then((held) => done(held.map(({ site, purchases }) => [site, purchases.length])))";
    assert_eq!(
        browser.run_async(snapshots, vec![]).await,
        json!([["demo", 2], ["second", 2]])
    );
    // A reading rule of one site is none of the other's.
    let rule = "
        tag.config({ currency: 'EUR' }, { site: 'second' });
        tag.purchase({ purchase_id: 'later', total_quantity: 1, total_price: '5' })";
    browser.run(rule).await;
    ids(&shop, "demo", 3).await;
    ids(&shop, "second", 3).await;
    for (site, currency) in [("demo", Value::Null), ("second", json!("EUR"))] {
        let row = shop.collector.read(&format!("/v1/purchases/{site}/later")).await;
        assert_eq!(config_of(&row)["currency"], currency, "{row}");
    }
    assert_eq!(said_of_tags(browser).await, [""; 0]);
    Browser::assert_no_exception(&browser.events().await);
    shop.browser.close().await;
}

/// The reading rules in the envelope of a purchase, as its history tells it.
fn config_of(history: &Value) -> Value {
    let envelope = history["envelope"].as_str().unwrap_or_default();
    let envelope: Value = serde_json::from_str(envelope).expect("an envelope");
    envelope["config"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_of_the_same_site_runs_the_page_or_nothing() {
    let shop = Shop::for_all_sites(Pages::built("plain/dist")).await;
    let browser = &shop.browser;
    browser.open(&shop.front.address("/beside.html?demo")).await;
    assert_eq!(started(browser).await, true, "whichever of them was first");
    assert_eq!(ids(&shop, "demo", 1).await, ["10023"]);
    let twice = until("the other one says that it does nothing", || async {
        Some(said_of_tags(browser).await).filter(|said| !said.is_empty())
    })
    .await;
    assert!(twice.len() == 1 && twice[0].contains("loaded twice"), "{twice:?}");
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_of_another_site_gets_its_own_purchase() {
    let shop = Shop::for_all_sites(Pages::built("plain/dist")).await;
    let browser = &shop.browser;
    browser.open(&shop.front.address("/beside.html?other")).await;
    assert_eq!(started(browser).await, true);
    assert_eq!(ids(&shop, "demo", 1).await, ["10023"]);
    assert_eq!(ids(&shop, "other", 1).await, ["10023"]);
    assert_eq!(said_of_tags(browser).await, [""; 0]);
    shop.browser.close().await;
}
