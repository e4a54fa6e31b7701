//! A page with the tag, a collector and a browser.

use serde_json::Value;

use super::{
    site::{Page, Site},
    snippet::Snippet,
};
use crate::{
    browser::{Browser, Engine},
    collector::Collector,
};

/// What a test needs; nothing of it is shared with others.
pub struct Shop {
    /// Where purchases arrive.
    pub collector: Collector,
    /// Where pages come from.
    pub site: Site,
    /// Where shoppers are.
    pub browser: Browser,
}

impl Shop {
    /// Everything running, in Chromium.
    pub async fn start() -> Shop {
        Shop::start_in(Engine::Chromium).await
    }

    /// Everything running.
    pub async fn start_in(engine: Engine) -> Shop {
        // Every site and origin is accepted.
        Shop::with_collector(engine, Collector::new(None)).await
    }

    /// Everything running, with this collector.
    pub async fn with_collector(engine: Engine, mut collector: Collector) -> Shop {
        collector.start().await;
        let site = Site::start(collector.url()).await;
        Shop {
            browser: Browser::start(engine).await,
            collector,
            site,
        }
    }

    /// What is printed for this collector, whose files come from the shop itself.
    pub fn snippet(&self) -> Snippet {
        Snippet::print(&self.collector.url(), &[&format!("--files={}", self.site.files())])
    }

    /// Opens a page, waits until its purchase is confirmed, and says whether the module did it.
    pub async fn buys(&self, path: &str, page: Page, purchase_id: &str) -> bool {
        self.browser.open(&self.site.page(path, page)).await;
        let registered = self.browser.event("registered").await;
        assert_eq!(registered["purchase_id"], purchase_id, "{path}");
        assert_eq!(registered["outcome"], "accepted", "{path}");
        let ids = self.collector.purchase_ids().await;
        assert!(ids.iter().any(|id| id == purchase_id), "{path}: {ids:?}");
        self.has_module().await
    }

    /// Whether the module runs on the page that is shown.
    pub async fn has_module(&self) -> bool {
        let snapshot = self.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
        !snapshot.is_null()
    }

    /// The details of everything of one name that happened on the page so far.
    pub async fn seen(&self, name: &str) -> Vec<Value> {
        let events = self.browser.events().await;
        events
            .into_iter()
            .filter(|event| event["name"] == name)
            .map(|event| event["detail"].clone())
            .collect()
    }

    /// Ends the browser properly.
    pub async fn end(self) {
        self.browser.close().await;
    }
}

/// The markup of a purchase.
pub fn purchase(id: &str) -> String {
    format!(
        "<div class=\"cn_purchase\"><span class=\"purchase_id\">{id}</span><span class=\"total_quantity\">1</span>\
         <span class=\"total_price\">20.00</span></div>\n"
    )
}
