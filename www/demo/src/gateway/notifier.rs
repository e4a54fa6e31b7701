//! The gateway's server notification: it tells the shop's server what became of a payment, wherever the shopper goes.

use reqwest::Client;

use crate::{outbound, status::Status};

/// Notifies one shop.
pub struct Notifier {
    client: Client,
    address: String,
    secret: String,
}

impl Notifier {
    /// `shop` is an origin without a trailing slash; the secret is the one that the shop expects.
    pub fn new(client: Client, shop: &str, secret: String) -> Self {
        Self {
            client,
            address: format!("{shop}/notify"),
            secret,
        }
    }

    /// Tells the shop. Done when the shop has taken it; if it cannot, the notification is repeated in the background. A
    /// payment without an order number is nobody's.
    pub async fn tell(&self, reference: &str, status: Status) {
        if reference.is_empty() {
            return;
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("reference", reference)
            .append_pair("status", status.name())
            .finish();
        let request = self
            .client
            .post(&self.address)
            .bearer_auth(&self.secret)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let what = format!("Notification: order {reference} is {}", status.name());
        outbound::post(what, request).await;
    }
}
