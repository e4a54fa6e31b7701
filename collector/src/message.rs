//! The server message: a purchase as the shop's server posts it, without an envelope.

use std::borrow::Cow;

use purchase_core::{
    ContactMode,
    checkout::Basis,
    json::Value,
    source::{RawPurchase, from_fields},
    wire::{Envelope, PageConfig, is_site_key},
};

use crate::redact;

/// The source of server messages, beside the sources of envelopes.
pub const SOURCE: &str = "server";

/// The source of purchases that no page stated: a page asked the shop's order-status URL for them.
pub const ORDER_STATUS_SOURCE: &str = "order-status";

/// The source that an envelope's purchase is stored with.
pub fn source_of(envelope: &Envelope) -> &'static str {
    match envelope.basis {
        Some(Basis::Status) if envelope.checkout.is_none() => ORDER_STATUS_SOURCE,
        _ => envelope.source.name(),
    }
}

/// The name of the gateway that an envelope's page was reached from. Like every name of a gateway it is kept without what may be
/// somebody's address: anybody can write one.
pub fn gateway_of(envelope: &Envelope) -> Option<String> {
    envelope.gateway.as_deref().and_then(redact::rest_without_person)
}

/// Keys of the message itself; the others are the purchase's, if it has no object of its own.
const MESSAGE_KEYS: [&str; 2] = ["site", "config"];

/// A server message that was read: `{"site", "config"?, "purchase": {…}}`, or the purchase's fields beside `site`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerMessage {
    /// The shop's key.
    pub site: String,
    /// The reading rules, as in an envelope.
    pub config: PageConfig,
    /// The purchase, unjudged.
    pub purchase: RawPurchase,
}

/// Why a body is no server message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message's \"{0}\" is missing or malformed")]
pub struct MessageError(&'static str);

impl ServerMessage {
    /// Reads a message. What is wrong inside the purchase is no error here: it is for
    /// [`Purchase::parse`](purchase_core::Purchase::parse) to judge.
    ///
    /// # Errors
    /// If the site is missing or no site's key, or the purchase is no object.
    pub fn read(value: &Value) -> Result<ServerMessage, MessageError> {
        let site = value.get("site").and_then(Value::text);
        let site = site.filter(|site| is_site_key(site)).ok_or(MessageError("site"))?;
        let purchase = match value.get("purchase") {
            Some(fields @ Value::Map(_)) => from_fields(fields),
            Some(_) => return Err(MessageError("purchase")),
            None => {
                let own = |(key, _): &&(String, Value)| !MESSAGE_KEYS.contains(&key.as_str());
                from_fields(&Value::Map(value.entries().iter().filter(own).cloned().collect()))
            }
        };
        Ok(ServerMessage {
            site: site.to_owned(),
            config: value.get("config").map(PageConfig::from_value).unwrap_or_default(),
            purchase,
        })
    }

    /// What may be kept of the message's text: an address only if the message asks for it in plain text.
    pub fn kept<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.config.contact {
            ContactMode::Email => Cow::Borrowed(text),
            ContactMode::None | ContactMode::Sha256 => redact::without_contact(text),
        }
    }
}
