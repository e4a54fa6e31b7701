//! One collector, one proxy and one browser; every shopper in a shop of their own.

use super::{
    fate::Fate,
    scenario::{Scenario, Variant},
    shop::{SECRET, Shop},
};
use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    process::until,
    proxy::Proxy,
};

/// What the scenarios are played on.
pub struct Stage {
    /// Where purchases arrive.
    pub collector: Collector,
    /// What stands between: it passes everything on as it is, and can tell pages another time.
    pub proxy: Proxy,
    /// Where the shopper is.
    pub browser: Browser,
    /// How the shops help.
    pub variant: Variant,
    other: Option<Browser>,
    shops: usize,
}

impl Stage {
    /// Sets everything up for scenarios with so many shoppers each.
    pub async fn set(engine: Engine, variant: Variant, scenarios: &[&Scenario], shoppers: usize) -> Stage {
        let secrets = scenarios
            .iter()
            .flat_map(|scenario| (1..=shoppers).map(|index| format!("{}={SECRET}", Shop::site(scenario, index))));
        let mut collector = Collector::new(None).with_secrets(secrets.collect());
        collector.start().await;
        Stage {
            proxy: Proxy::start(collector.url()).await,
            collector,
            browser: Browser::start(engine).await,
            variant,
            other: None,
            shops: 0,
        }
    }

    /// A number that no other shop of this stage has.
    pub fn next_number(&mut self) -> usize {
        self.shops += 1;
        self.shops
    }

    /// The browser on another profile.
    pub async fn other(&mut self) -> &Browser {
        if self.other.is_none() {
            self.other = Some(self.browser.start_beside().await);
        }
        self.other.as_ref().expect("it was started just now")
    }

    /// Pages that are opened from now on believe that so many days have passed.
    pub fn days_later(&self, days: u32) {
        let milliseconds = u64::from(days) * 24 * 60 * 60 * 1_000;
        self.proxy.set_prelude(&format!(
            "{{ const now = Date.now; Date.now = () => now() + {milliseconds} }}"
        ));
    }

    /// Waits until the collector knows of so many open checkouts of a shop.
    pub async fn hears_of_checkouts(&self, shop: &Shop, count: usize) {
        until(&format!("{count} checkouts of {}", shop.site), || async {
            (self.collector.checkouts_of(&shop.site).await.len() == count).then_some(())
        })
        .await;
    }

    /// Waits until the collector knows this.
    pub async fn comes_to(&self, shop: &Shop, fate: &str) {
        until(&format!("{}: {fate}", shop.site), || async {
            (Fate::of(&self.collector, shop).await.to_string() == fate).then_some(())
        })
        .await;
    }

    /// Ends the browsers; what the collector knows then is all that it will know.
    pub async fn end(self) -> Collector {
        self.browser.close().await;
        if let Some(other) = self.other {
            other.close().await;
        }
        self.collector
    }
}
