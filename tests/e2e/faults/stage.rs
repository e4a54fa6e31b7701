//! One collector, one proxy, one shop and one browser; every purchase on an origin of its own.

use std::time::Duration;

use serde_json::Value;
use tokio::process::Child;

use super::scenario::Scenario;
use crate::{
    browser::{ANSWER_MS_MAX, Browser, Engine},
    collector::Collector,
    process::{answers, free_port, setting, start, within},
    proxy::Proxy,
};

/// What the scenarios are played on.
pub struct Stage {
    /// Where purchases arrive.
    pub collector: Collector,
    /// What stands between.
    pub proxy: Proxy,
    /// Where the shopper is.
    pub browser: Browser,
    shop_port: u16,
    gateway: String,
    _shop: Child,
}

/// The order of one shopper, who has never been to the shop before.
pub struct Order {
    /// From 1.
    pub index: usize,
    /// What the page states: one purchase, or two.
    pub numbers: Vec<String>,
    variant: &'static str,
    /// The shop as this shopper sees it. Browsers resolve every name below `localhost` themselves, and what they keep for one
    /// such origin (storage, files, connections) the others do not see.
    origin: String,
}

impl Stage {
    /// Sets everything up for a scenario.
    pub async fn set(scenario: &Scenario, engine: Engine) -> Stage {
        let mut collector = Collector::new(None);
        collector.start().await;
        let proxy = Proxy::start(collector.url()).await;
        let (shop_port, gateway_port) = (free_port(), free_port());
        let mut arguments = vec![
            format!("--shop-listen=127.0.0.1:{shop_port}"),
            format!("--gateway-listen=127.0.0.1:{gateway_port}"),
            format!("--collector={}", proxy.files()),
            "--site=demo".into(),
            format!("--tag-options=data-collector={}", proxy.purchases()),
        ];
        if scenario.no_wasm {
            arguments.push(format!("--content-security-policy={}", policy_without_wasm(&proxy)));
        }
        let shop = start(&setting("PURCHASE_SHOP_BIN"), arguments);
        answers(&format!("http://127.0.0.1:{shop_port}/health")).await;
        Stage {
            collector,
            proxy,
            browser: Browser::with_storage(engine, scenario.storage).await,
            shop_port,
            gateway: format!("http://127.0.0.1:{gateway_port}/health"),
            _shop: shop,
        }
    }

    /// The order of shopper number `index`.
    pub fn order(&self, scenario: &Scenario, index: usize) -> Order {
        let mut numbers = vec![format!("{}-{index}", scenario.name)];
        if scenario.several {
            // As the shop's page names it.
            numbers.push(format!("{}-2", numbers[0]));
        }
        Order {
            index,
            numbers,
            variant: if scenario.several { "several" } else { "markup" },
            origin: format!("http://shopper-{index}.localhost:{}", self.shop_port),
        }
    }

    /// A page of another origin, without a tag.
    pub fn elsewhere(&self) -> &str {
        &self.gateway
    }

    /// Whether all purchases of an order are stored.
    pub async fn is_stored(&self, order: &Order) -> bool {
        let rows = self.rows(order).await;
        order
            .numbers
            .iter()
            .all(|number| rows.iter().any(|row| row["purchase_id"] == number.as_str()))
    }

    /// What the collector has of an order.
    pub async fn rows(&self, order: &Order) -> Vec<Value> {
        let mut rows = self.collector.purchases().await;
        rows.retain(|row| order.numbers.iter().any(|number| row["purchase_id"] == number.as_str()));
        rows
    }

    /// Waits for all purchases of an order to be stored; false if they are not after `patience`.
    pub async fn stores(&self, order: &Order, patience: Duration) -> bool {
        within(patience, || self.is_stored(order)).await
    }

    /// Waits until the proxy has seen a request with the order; false if there is none after `patience`.
    pub async fn sends(&self, order: &Order, patience: Duration) -> bool {
        within(patience, async || self.proxy.seen().requests(&order.numbers[0]) > 0).await
    }

    /// From the arrival of the loader on the page that is open to its first request, in milliseconds, by the browser's own clock; none
    /// if it did not tell.
    pub async fn first_retry_ms(&self) -> Option<u64> {
        let script = "
            const entries = performance.getEntriesByType('resource');
            const loader = entries.find((entry) => entry.name.includes('/tag/purchase-tag.js'));
            const request = entries.find((entry) => entry.name.includes('/v1/purchases'));
            return loader && request ? Math.round(request.startTime - loader.responseEnd) : null";
        self.browser.try_run(script).await.ok()?.as_u64()
    }

    /// What the tag has in the browser's stores, for whoever wants to know why a purchase did not arrive; `null` if they hang.
    pub async fn leftovers(&self) -> String {
        let script = "
            const left = { local: {} };
            try {
              for (const key of Object.keys(localStorage))
                if (key.startsWith('purchase-tag:')) left.local[key] = localStorage[key].slice(0, 60);
            } catch (error) { left.local = String(error) }
            const end = (database) => { left.database = database; done({ now: Date.now(), ...left }) };
            try {
              const opening = indexedDB.open('purchase-tag');
              opening.onerror = () => end(String(opening.error));
              opening.onsuccess = () => {
                try {
                  const all = opening.result.transaction('records').objectStore('records').getAll();
                  all.onerror = () => end(String(all.error));
                  all.onsuccess = () => end(all.result.map((it) => ({ ...it, text: it.text.slice(0, 60) })));
                } catch (error) { end(String(error)) }
              };
            } catch (error) { end(String(error)) }";
        self.browser.ask(script, ANSWER_MS_MAX).await.to_string()
    }
}

impl Order {
    /// The address of its confirmation page.
    pub fn confirmation(&self) -> String {
        format!(
            "{}/order-confirmation?order={}&item=SKU-987:3&item=SKU-114:1&variant={}",
            self.origin, self.numbers[0], self.variant
        )
    }

    /// The address of the shop's first page.
    pub fn home(&self) -> String {
        format!("{}/", self.origin)
    }
}

/// All that the shop's pages need, and no `'wasm-unsafe-eval'`.
fn policy_without_wasm(proxy: &Proxy) -> String {
    let (files, purchases) = (proxy.files(), proxy.purchases());
    format!(
        "default-src 'self'; script-src 'self' 'unsafe-inline' {files}; connect-src 'self' {files} {purchases}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: {files}"
    )
}
