//! Several sites on one page, and several shops on one origin.

use serde_json::Value;

use crate::{
    browser::Engine,
    process::until,
    proxy::{Fault, File, FileFault},
    world::World,
};

/// Puts a second script element for another site behind the first.
const SECOND: &str = "
    if (!window.second) {
      second = document.createElement('script');
      second.src = document.currentScript.src;
      second.dataset.site = 'second';
      second.dataset.collector = document.currentScript.dataset.collector;
      document.head.append(second);
    }";

fn order(number: u32) -> String {
    format!("/order-confirmation?order={number}&item=SKU-987:1")
}

fn call(number: u32, more: &str) -> String {
    format!("purchaseTag('purchase', {{ purchase_id: '{number}', total_quantity: 1, total_price: '5' }}{more})")
}

async fn world(options: &str) -> World {
    World::with_sites(Engine::Chromium, options, true).await
}

/// Waits until a site has so many purchases, and returns their ids, sorted.
async fn ids(world: &World, site: &str, count: usize) -> Vec<String> {
    let found = until(&format!("{count} purchases of {site}"), || async {
        Some(world.collector.purchases_of(site).await).filter(|found| found.len() == count)
    })
    .await;
    assert!(found.iter().all(|purchase| purchase["conflicts"] == 0), "{found:?}");
    let mut ids: Vec<String> = found
        .iter()
        .filter_map(|purchase| purchase["purchase_id"].as_str().map(Into::into))
        .collect();
    ids.sort();
    ids
}

/// The keys of the records that wait for a site.
async fn waiting(world: &World, site: &str) -> usize {
    let keys = world.browser.stored_keys().await;
    keys.iter()
        .filter(|key| key.starts_with(&format!("purchase-tag:{site}:")))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sites_on_one_page_each_get_their_purchase() {
    let world = world("").await;
    world.proxy.set_prelude(SECOND);
    world.browser.open(&world.shop(&order(70_001))).await;
    ids(&world, "second", 1).await;
    world.browser.run(&call(70_002, "")).await;
    world.browser.run(&call(70_003, ", { site: 'second' }")).await;
    world.browser.run(&call(70_004, ", { site: 'demo' }")).await;
    assert_eq!(ids(&world, "demo", 3).await, ["70001", "70002", "70004"]);
    assert_eq!(ids(&world, "second", 3).await, ["70001", "70002", "70003"]);
    // Not even a site that comes late misses what was called before it came.
    let add = |site: &str| {
        format!(
            "const copy = document.createElement('script');
            copy.dataset.site = '{site}';
            copy.dataset.collector = second.dataset.collector;
            copy.onload = () => done();
            copy.src = second.src;
            document.head.append(copy)"
        )
    };
    world.browser.run_async(&add("third"), vec![]).await;
    assert_eq!(ids(&world, "third", 2).await, ["70001", "70002"]);
    // The same site again does nothing.
    world.browser.run_async(&add("second"), vec![]).await;
    world.browser.run(&call(70_005, "")).await;
    assert_eq!(ids(&world, "second", 4).await, ["70001", "70002", "70003", "70005"]);
    for purchase in world.collector.purchases().await {
        assert_eq!(purchase["deliveries"], 1, "nothing happens twice: {purchase}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shops_on_one_origin_deliver_their_own_records() {
    for module in [None, Some((File::Module, FileFault::NotFound))] {
        let world = world("").await;
        world.proxy.set_file(module);
        world.proxy.set(Fault::Refuse).await;
        world.browser.open(&world.shop(&order(70_011))).await;
        world.browser.event("retrying").await;
        assert_eq!(waiting(&world, "demo").await, 1);

        // Before the collector is back the page is left, because it would deliver its purchase itself.
        world.browser.open(&world.gateway("/health")).await;
        world.proxy.set(Fault::None).await;
        world.proxy.seen().posts.clear();
        world
            .proxy
            .set_prelude("document.currentScript.dataset.site = 'second';");
        world.browser.open(&world.shop(&order(70_012))).await;
        assert_eq!(ids(&world, "second", 1).await, ["70012"]);
        assert_eq!(waiting(&world, "demo").await, 1, "it waits for a page of its own shop");

        world.proxy.set_prelude("");
        world.browser.open(&world.shop("/")).await;
        assert_eq!(ids(&world, "demo", 1).await, ["70011"]);
        for post in &world.proxy.seen().posts {
            let envelope: Value = serde_json::from_str(&post.body).expect("an envelope");
            assert_eq!(
                envelope["site"] == "demo",
                post.body.contains("\"70011\""),
                "{envelope}"
            );
        }
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_for_one_site_leaves_the_others_records() {
    let world = world("data-consent=wait").await;
    let browser = &world.browser;
    world.proxy.set_prelude(&format!(
        "purchaseTag('consent', 'granted');{SECOND}second.dataset.consent = 'wait';"
    ));
    world.proxy.set(Fault::Refuse).await;
    browser.open(&world.shop(&order(70_021))).await;
    until("both sites keep it", || async {
        (waiting(&world, "demo").await == 1 && waiting(&world, "second").await == 1).then_some(())
    })
    .await;
    browser.run("purchaseTag('consent', 'denied', { site: 'demo' })").await;
    let left = "
        const opened = indexedDB.open('purchase-tag');
        opened.onupgradeneeded = () => opened.result.createObjectStore('records');
        opened.onsuccess = () => {
          const records = opened.result.transaction('records').objectStore('records').getAllKeys();
          records.onsuccess = () => {
            opened.result.close();
            const keys = records.result.concat(Object.keys(localStorage), Object.keys(sessionStorage));
            done(keys.filter((key) => /demo:/.test(key)).length + ' ' + keys.filter((key) => /second:/.test(key)).length);
          };
        }";
    until("only the second site's records are left", || async {
        // A record in both stores, and the mark of the grant.
        (browser.run_async(left, vec![]).await == "0 3").then_some(())
    })
    .await;
    world.proxy.set(Fault::None).await;
    browser.run("purchaseTag('flush')").await;
    assert_eq!(ids(&world, "second", 1).await, ["70021"]);
    assert!(world.collector.purchases_of("demo").await.is_empty());
    world.end().await;
}
