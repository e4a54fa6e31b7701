//! A shop of one shopper's own: its origin, its gateway and its site key are nobody else's.

use serde_json::{Value, json};
use tokio::process::Child;

use super::{
    scenario::{Scenario, Variant},
    stage::Stage,
};
use crate::process::{answers, free_port, setting, start, until};

/// What the shop's server and the collector share.
pub const SECRET: &str = "the-secret-of-the-shops-server";

/// A running shop with its gateway.
pub struct Shop {
    /// Its key at the collector.
    pub site: String,
    /// The developers' options of its checkout page, as a query.
    options: &'static str,
    origin: String,
    gateway: String,
    _process: Child,
}

impl Shop {
    /// The key of a scenario's shop number `index`.
    pub fn site(scenario: &Scenario, index: usize) -> String {
        format!("{}-{index}", scenario.name)
    }

    /// Starts one that its browser has never seen.
    pub async fn open(stage: &mut Stage, scenario: &Scenario, index: usize) -> Shop {
        // Ports do not keep cookies apart, addresses do. All of these lead to this machine, and browsers trust them like the first.
        let number = stage.next_number();
        let address = format!("127.1.{}.{}", number / 250, 1 + number % 250);
        let (shop_port, gateway_port) = (free_port(), free_port());
        let origin = format!("http://{address}:{shop_port}");
        let site = Shop::site(scenario, index);
        let mut arguments = vec![
            format!("--shop-listen={address}:{shop_port}"),
            format!("--gateway-listen=127.0.0.1:{gateway_port}"),
            format!("--collector={}", stage.proxy.files()),
            format!("--site={site}"),
            format!("--tag-options=data-collector={}", stage.proxy.purchases()),
        ];
        match stage.variant {
            Variant::OrderStatus => arguments.push("--order-status".into()),
            Variant::ServerMessage if !scenario.silent => arguments.push(format!("--server-secret={SECRET}")),
            Variant::Nothing | Variant::ServerMessage => {}
        }
        if scenario.woocommerce {
            arguments.push("--platform=woocommerce".into());
        }
        let process = start(&setting("PURCHASE_SHOP_BIN"), arguments);
        answers(&format!("{origin}/health")).await;
        Shop {
            site,
            options: scenario.options,
            origin,
            gateway: format!("http://127.0.0.1:{gateway_port}"),
            _process: process,
        }
    }

    /// The address of one of its pages.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The address of its checkout page, with the options.
    pub fn checkout(&self) -> String {
        format!("{}/checkout?{}", self.origin, self.options)
    }

    /// The address of one of the gateway's pages; none has a tag.
    pub fn gateway(&self, path: &str) -> String {
        format!("{}{path}", self.gateway)
    }

    /// The order as the shop itself knows it, whatever the tag may ask.
    pub async fn order(&self, number: &str) -> Value {
        let answer = crate::process::client()
            .get(self.page(&format!("/order-status?purchase_id={number}")))
            .send()
            .await;
        let answer = answer.expect("the shop answers");
        assert_eq!(answer.status(), 200, "order {number}");
        answer.json().await.expect("an order is JSON")
    }

    /// Whether the order is paid, in the words with a platform and without.
    pub async fn is_paid(&self, number: &str) -> bool {
        let status = self.order(number).await["order_status"].take();
        status == "completed" || status == "processing"
    }

    /// Waits for the bank's notification.
    pub async fn gets_paid(&self, number: &str) {
        until(&format!("order {number} is paid"), || async {
            self.is_paid(number).await.then_some(())
        })
        .await;
    }

    /// Somebody pays the order's voucher at the bank.
    pub async fn pay_voucher(&self, number: &str) {
        let address = self.gateway(&format!("/vouchers/{number}/pay"));
        let answer = crate::process::client().post(address).send().await;
        assert_eq!(answer.expect("the bank answers").status(), 200, "voucher of {number}");
    }

    /// The message that the shop's server sends of an order, sent late.
    pub async fn tell(&self, stage: &Stage, number: &str) {
        let mut message = self.order(number).await;
        message["site"] = json!(self.site);
        let request = crate::process::client()
            .post(format!("{}/v1/purchases", stage.collector.url()))
            .bearer_auth(SECRET)
            .json(&message);
        let answer = request.send().await.expect("the collector answers");
        assert_eq!(answer.status(), 201, "the message is news");
    }
}
