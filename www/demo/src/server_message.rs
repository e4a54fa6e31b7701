//! The shop's server tells the collector of each order itself, whatever becomes of the shopper's browser.

use reqwest::Client;
use serde_json::{Value, json};
use url::Url;

use crate::{
    orders::Kept,
    outbound,
    status::{Platform, Status},
};

/// Posts orders to one collector.
pub struct ServerMessages {
    client: Client,
    address: String,
    site: String,
    secret: String,
}

impl ServerMessages {
    /// `secret` is the site's at this collector.
    pub fn new(client: Client, collector: &Url, site: &str, secret: String) -> Self {
        Self {
            client,
            address: format!("{}/v1/purchases", collector.as_str().trim_end_matches('/')),
            site: site.to_owned(),
            secret,
        }
    }

    /// Sends the order as it is now, in the background. An order that waits for the gateway's notification is no news yet.
    pub fn send(&self, kept: &Kept, origin: &str, platform: Option<Platform>) {
        if kept.status == Status::Pending {
            return;
        }
        let what = format!("Server message: order {} is {}", kept.order.number, kept.status.name());
        let request = self
            .client
            .post(&self.address)
            .bearer_auth(&self.secret)
            .json(&message(&self.site, kept, origin, platform));
        tokio::spawn(outbound::post(what, request));
    }
}

/// The purchase with its site and, where its words are a platform's, the platform.
fn message(site: &str, kept: &Kept, origin: &str, platform: Option<Platform>) -> Value {
    let mut fields = kept.statement(origin, platform);
    fields["site"] = Value::from(site);
    if let Some(platform) = platform {
        fields["config"] = json!({ "platform": platform.name() });
    }
    fields
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{Router, http::HeaderMap, routing};
    use tokio::{net::TcpListener, sync::mpsc, time::timeout};

    use super::*;
    use crate::{cart::Cart, orders::Orders};

    const ORIGIN: &str = "http://127.0.0.1:7501";

    fn kept(status: Status) -> Kept {
        let mut cart = Cart::default();
        cart.add("SKU-987", 3);
        Orders::default().place(&cart, "card", "", status)
    }

    #[test]
    fn a_message_is_the_purchase_with_its_site() {
        let kept = kept(Status::Processing);
        let plain = message("demo", &kept, ORIGIN, None);
        assert_eq!(
            (&plain["site"], &plain["order_status"]),
            (&json!("demo"), &json!("completed"))
        );
        assert_eq!(plain["purchase_id"], kept.order.number);
        assert_eq!(plain["total_price"], 180.75);
        assert_eq!(plain.get("config"), None);
        let woocommerce = message("demo", &kept, ORIGIN, Some(Platform::Woocommerce));
        assert_eq!(woocommerce["order_status"], "processing");
        assert_eq!(woocommerce["config"], json!({ "platform": "woocommerce" }));
    }

    #[tokio::test]
    async fn a_message_arrives_with_the_sites_secret_and_an_unpaid_order_is_none() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let collector = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let (told, mut heard) = mpsc::unbounded_channel();
        let take = move |headers: HeaderMap, body: String| {
            told.send((headers, body)).unwrap();
            async {}
        };
        let router = Router::new().route("/v1/purchases", routing::post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });

        let messages = ServerMessages::new(outbound::client().unwrap(), &collector, "demo", "s3".to_owned());
        messages.send(&kept(Status::Pending), ORIGIN, None);
        messages.send(&kept(Status::OnHold), ORIGIN, None);
        let arrival = timeout(Duration::from_secs(20), heard.recv()).await;
        let (headers, body) = arrival.unwrap().unwrap();
        assert_eq!(headers["authorization"], "Bearer s3");
        assert_eq!(headers["content-type"], "application/json");
        let fields: Value = serde_json::from_str(&body).unwrap();
        // On hold is the tag's pending; WooCommerce's pending was not sent.
        assert_eq!(fields["order_status"], "pending");
        assert!(heard.try_recv().is_err());
    }
}
