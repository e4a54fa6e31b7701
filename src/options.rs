//! The tag's options as given by JavaScript.

use purchase_core::{
    ContactMode, Currency, DecimalMark,
    checkout::Settings,
    json,
    order::Platform,
    wire::{PageConfig, is_site_key},
};
use wasm_bindgen::{JsError, JsValue};

/// What the tag was set up with.
pub struct Options {
    /// The shop's key.
    pub site: String,
    /// The address that envelopes are posted to.
    pub endpoint: String,
    /// The page's reading rules.
    pub config: PageConfig,
    /// Whether this page is the checkout.
    pub is_checkout: bool,
    /// Where the shop tells what became of an order.
    pub order_status_url: Option<String>,
    /// The shop's own return patterns.
    gateway_returns: String,
}

impl Options {
    /// Reads the constructor's argument.
    ///
    /// # Errors
    /// If `site` or `collector` is missing or malformed.
    pub fn read(value: &JsValue) -> Result<Options, JsError> {
        let site = text(value, "site")
            .filter(|site| is_site_key(site))
            .ok_or_else(|| JsError::new("purchase-tag: site must be the shop's key, 1 to 64 of A-Z a-z 0-9 . _ -"))?;
        let collector =
            text(value, "collector").filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let collector =
            collector.ok_or_else(|| JsError::new("purchase-tag: collector must be an http or https address"))?;
        let endpoint = format!("{}/v1/purchases", collector.trim_end_matches('/'));
        let mut options = Options {
            site,
            endpoint,
            config: PageConfig::default(),
            is_checkout: text(value, "page").as_deref() == Some("checkout"),
            order_status_url: text(value, "order_status_url"),
            gateway_returns: text(value, "gateway_returns").unwrap_or_default(),
        };
        options.change(value);
        Ok(options)
    }

    /// What the open checkouts need to know.
    pub fn checkout_settings(&self) -> Settings {
        Settings {
            status_url: self.order_status_url.is_some(),
            own_returns: self.gateway_returns.clone(),
        }
    }

    /// Takes over the reading rules that are given and understood; the others stay.
    pub fn change(&mut self, value: &JsValue) {
        let config = &mut self.config;
        config.decimal = text(value, "decimal")
            .and_then(|text| DecimalMark::from_name(&text))
            .or(config.decimal);
        config.time_zone = text(value, "time_zone").or(config.time_zone.take());
        config.currency = text(value, "currency")
            .and_then(|text| Currency::from_code(&text))
            .or(config.currency);
        config.contact = text(value, "contact")
            .and_then(|text| ContactMode::from_name(&text))
            .unwrap_or(config.contact);
        config.platform = text(value, "platform")
            .and_then(|text| Platform::from_name(&text))
            .or(config.platform);
        config.order_statuses = text(value, "order_statuses").or(config.order_statuses.take());
    }

    /// The reading rules as an envelope carries them.
    pub fn config_json(&self) -> String {
        let PageConfig {
            decimal,
            time_zone,
            currency,
            contact,
            platform,
            order_statuses,
        } = &self.config;
        let decimal = decimal.map(|mark| if mark == DecimalMark::Dot { "dot" } else { "comma" });
        let contact = match contact {
            ContactMode::None => None,
            ContactMode::Sha256 => Some("sha256"),
            ContactMode::Email => Some("email"),
        };
        let currency = currency.as_ref().map(Currency::code);
        let entries = [
            ("decimal", decimal),
            ("time_zone", time_zone.as_deref()),
            ("currency", currency),
            ("contact", contact),
            ("platform", platform.map(Platform::name)),
            ("order_statuses", order_statuses.as_deref()),
        ];
        let mut out = String::from("{");
        for (key, value) in entries.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            if out.len() > 1 {
                out.push(',');
            }
            json::write_text(&mut out, key);
            out.push(':');
            json::write_text(&mut out, value);
        }
        out + "}"
    }
}

/// A text property; none if it is missing, of another type, or its getter throws.
fn text(object: &JsValue, key: &str) -> Option<String> {
    js_sys::Reflect::get(object, &key.into()).ok()?.as_string()
}
