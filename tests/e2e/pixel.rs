//! The Shopify pixel on a page like Shopify's: in a sandboxed frame without an origin and without storage.

use serde_json::json;

use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    front::{Front, Pages},
    process::{free_port, until},
    proxy::{Fault, Proxy},
};

struct Shop {
    collector: Collector,
    proxy: Proxy,
    front: Front,
    browser: Browser,
}

impl Shop {
    /// A thank-you page is open, with a collector behind a fault.
    async fn thanks(fault: Fault) -> Shop {
        // As the README tells shops to: the frame has no other origin.
        let mut collector = Collector::new(Some("demo=null".into()));
        collector.start().await;
        let proxy = Proxy::start(collector.url()).await;
        proxy.set(fault).await;
        let front = Front::start(free_port(), Pages::source("www/gtm"), proxy.purchases()).await;
        let browser = Browser::start(Engine::Chromium).await;
        let page = format!("/test/pixel.html?order=10023&collector={}", proxy.purchases());
        browser.open(&front.address(&page)).await;
        until("the frame has told where it runs", || async {
            (browser.text("state").await == "null, no storage").then_some(())
        })
        .await;
        Shop {
            collector,
            proxy,
            front,
            browser,
        }
    }

    /// One row, from so many attempts that carried the same bytes.
    async fn sold_once(self, attempts: usize) {
        let row = self.collector.wait_for_purchases(1).await.remove(0);
        assert_eq!(row["purchase_id"], "10023");
        assert_eq!(row["page"], self.front.address("/"), "the origin only");
        assert_eq!((&row["deliveries"], &row["conflicts"]), (&json!(1), &json!(0)));
        assert_eq!(row["purchase"]["total_price"], "180.75");
        {
            let seen = self.proxy.seen();
            assert_eq!(seen.preflights, 0);
            assert_eq!(seen.posts.len(), attempts, "{}", seen.story("10023"));
            assert!(seen.posts.iter().all(|post| post.body == seen.posts[0].body));
        }
        self.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_purchase_arrives_from_a_frame_without_an_origin() {
    Shop::thanks(Fault::None).await.sold_once(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_arrives_after_503() {
    let shop = Shop::thanks(Fault::Status(503, None)).await;
    until("an attempt", || async {
        (!shop.proxy.seen().posts.is_empty()).then_some(())
    })
    .await;
    shop.proxy.set(Fault::None).await;
    shop.collector.wait_for_purchases(1).await;
    let attempts = shop.proxy.seen().posts.len();
    assert!(attempts > 1);
    shop.sold_once(attempts).await;
}
