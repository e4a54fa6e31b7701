//! The snippet for a tag manager's Custom HTML, run as tag managers do, with the real loader and GA4's purchase in the data layer.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    consent::traces::{assert_no_trace, stores_something},
    front::{Front, Pages, origin},
    process::free_port,
};

const PURCHASE: &str = "{ event: 'purchase', ecommerce: { transaction_id: '10023', value: '180.75', currency: 'EUR',
    items: [{ item_id: 'P-1', item_name: 'Mug', price: '60.25', quantity: 3 }] } }";

/// What tag managers do when the tag fires: each script element is made anew, because one that was parsed elsewhere does not run.
const FIRE: &str = "
    for (const parsed of document.getElementById('tag').content.querySelectorAll('script')) {
      const script = document.createElement('script');
      script.text = parsed.text;
      document.body.append(script);
    }";

struct Shop {
    collector: Collector,
    front: Front,
    browser: Browser,
    _pages: TempDir,
}

impl Shop {
    /// A confirmation page is open whose tag has not fired.
    async fn confirms(edit: impl Fn(String) -> String) -> Shop {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gtm/snippet.html");
        let snippet = edit(fs::read_to_string(source).expect("the snippet"));
        let page = format!(
            "<!doctype html><html><head><title>Thanks</title><script>
            window.dataLayer = [{PURCHASE}];
            function gtag() {{ dataLayer.push(arguments) }}
            </script></head><body><template id=tag>{snippet}</template></body></html>"
        );
        let pages = tempfile::tempdir().expect("a temporary folder");
        fs::write(pages.path().join("index.html"), page).expect("a page");
        let port = free_port();
        let mut collector = Collector::new(Some(format!("demo={}", origin(port))));
        collector.start().await;
        let front = Front::start(port, Pages::Folder(pages.path().into()), collector.url()).await;
        let browser = Browser::start(Engine::Chromium).await;
        browser.open(&front.address("/")).await;
        Shop {
            collector,
            front,
            browser,
            _pages: pages,
        }
    }

    async fn sold_once(&self) {
        let row = self.collector.wait_for_purchases(1).await.remove(0);
        assert_eq!(
            (&row["purchase_id"], &row["source"]),
            (&json!("10023"), &json!("data-layer"))
        );
        assert_eq!(row["purchase"]["total_price"], "180.75");
        assert_eq!((&row["deliveries"], &row["conflicts"]), (&json!(1), &json!(0)));
        Browser::assert_no_exception(&self.browser.events().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_in_the_data_layer_is_one_row_however_often_the_tag_fires() {
    let shop = Shop::confirms(|snippet| snippet).await;
    let browser = &shop.browser;
    browser.run(FIRE).await;
    browser.event("registered").await;
    browser.run(FIRE).await;
    shop.sold_once().await;
    // A later event, in a shop of one page.
    let later = PURCHASE.replace("10023", "10024");
    browser.run(&format!("dataLayer.push({later})")).await;
    shop.collector.wait_for_purchases(2).await;
    // The tag fires on the page after, too, which states nothing.
    browser.open(&shop.front.address("/")).await;
    browser.run(FIRE).await;
    assert_eq!(browser.event("registered").await["outcome"], "duplicate");
    assert_eq!(shop.collector.purchase_ids().await, ["10023", "10024"]);
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_shop_asks_first_nothing_is_stored_before_the_grant() {
    let shop = Shop::confirms(|snippet| {
        let asking = snippet.replace("// consent: 'google',", "consent: 'google',");
        assert_ne!(asking, snippet);
        asking
    })
    .await;
    let browser = &shop.browser;
    browser
        .run("gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied' })")
        .await;
    browser.run(FIRE).await;
    let version = "const look = () => purchaseTag.version ? done(purchaseTag.version) : setTimeout(look, 10); look()";
    assert_ne!(
        browser.run_async(version, vec![]).await,
        Value::Null,
        "the loader is there"
    );
    assert_no_trace(browser, "before the grant").await;
    assert_eq!(shop.collector.purchases().await, [Value::Null; 0]);
    browser
        .run("gtag('consent', 'update', { ad_storage: 'granted', analytics_storage: 'granted' })")
        .await;
    shop.sold_once().await;
    assert!(stores_something(browser).await, "the grant is marked");
    shop.browser.close().await;
}
