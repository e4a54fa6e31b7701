//! One shop, one gateway, one collector behind a proxy, and a browser.

use tokio::process::Child;

use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    process::{answers, free_port, setting, start},
    proxy::Proxy,
};

/// Everything a scenario needs; nothing of it is shared with other tests.
pub struct World {
    /// Where purchases arrive.
    pub collector: Collector,
    /// What stands between: it keeps the tag's events, and passes everything on as it is.
    pub proxy: Proxy,
    /// Where shoppers are.
    pub browser: Browser,
    shop: String,
    gateway: String,
    _processes: Child,
}

impl World {
    /// Everything running.
    pub async fn start() -> World {
        World::with_options("").await
    }

    /// Everything running, with more attributes for the tag's script element.
    pub async fn with_options(tag_options: &str) -> World {
        World::of(Engine::Chromium, tag_options).await
    }

    /// The same in another engine.
    pub async fn of(engine: Engine, tag_options: &str) -> World {
        World::with_sites(engine, tag_options, false).await
    }

    /// Everything running, with a collector on this database.
    pub async fn on_database(database: String) -> World {
        World::with_collector(Engine::Chromium, "", |shop| {
            Collector::new(Some(format!("demo={shop}"))).with_database(database)
        })
        .await
    }

    /// The same with a collector that takes purchases of every site, if asked for.
    pub async fn with_sites(engine: Engine, tag_options: &str, all_sites: bool) -> World {
        let collector = |shop: &str| Collector::new((!all_sites).then(|| format!("demo={shop}")));
        World::with_collector(engine, tag_options, collector).await
    }

    /// `collector` makes the collector of the shop at this address.
    async fn with_collector(engine: Engine, tag_options: &str, collector: impl FnOnce(&str) -> Collector) -> World {
        let (shop_port, gateway_port) = (free_port(), free_port());
        let (shop, gateway) = (
            format!("http://127.0.0.1:{shop_port}"),
            format!("http://127.0.0.1:{gateway_port}"),
        );
        let mut collector = collector(&shop);
        collector.start().await;
        let proxy = Proxy::start(collector.url()).await;
        let arguments = [
            format!("--shop-listen=127.0.0.1:{shop_port}"),
            format!("--gateway-listen=127.0.0.1:{gateway_port}"),
            format!("--collector={}", proxy.files()),
            "--site=demo".into(),
            format!("--tag-options=data-collector={} {tag_options}", proxy.purchases()),
        ];
        let processes = start(&setting("PURCHASE_SHOP_BIN"), arguments);
        answers(&format!("{shop}/health")).await;
        World {
            collector,
            proxy,
            browser: Browser::start(engine).await,
            shop,
            gateway,
            _processes: processes,
        }
    }

    /// Address of a page of the shop.
    pub fn shop(&self, path: &str) -> String {
        format!("{}{path}", self.shop)
    }

    /// Address of a page of the gateway, which has no tag.
    pub fn gateway(&self, path: &str) -> String {
        format!("{}{path}", self.gateway)
    }

    /// Ends the browser properly.
    pub async fn end(self) {
        self.browser.close().await;
    }
}
