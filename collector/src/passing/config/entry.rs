//! One `[[destination]]` of the file: read, checked, and made a destination.

use std::{fs, path::PathBuf};

use jiff::tz::TimeZoneDatabase;
use purchase_core::{Currency, wire::is_site_key};
use serde::Deserialize;
use url::Url;

use crate::passing::{
    Destination, Kind,
    connectif::{self, Connectif},
    destination::Secret,
    egoi::{self, Egoi, Route},
    klaviyo::{self, Klaviyo, ValueCurrency},
    webhook::Webhook,
};
use crate::secrets::SECRET_BYTES_MIN;

/// The options of all kinds; which of them a kind has, [`Entry::read`] says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    site: String,
    kind: KindName,
    name: Option<String>,
    key_file: Option<PathBuf>,
    key_env: Option<String>,
    time_zone: Option<String>,
    base_url: Option<String>,
    trigger_purchase_event: Option<bool>,
    revision: Option<String>,
    currency: Option<String>,
    backfill_after_hours: Option<u32>,
    ordered_product: Option<bool>,
    domain: Option<String>,
    list_id: Option<u64>,
    store_url: Option<String>,
    url: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum KindName {
    Connectif,
    Klaviyo,
    Egoi,
    Webhook,
}

impl KindName {
    fn text(self) -> &'static str {
        match self {
            KindName::Connectif => "connectif",
            KindName::Klaviyo => "klaviyo",
            KindName::Egoi => "egoi",
            KindName::Webhook => "webhook",
        }
    }

    /// The options that this kind has beside those of every destination.
    fn options(self) -> &'static [&'static str] {
        match self {
            KindName::Connectif => &["base_url", "trigger_purchase_event"],
            KindName::Klaviyo => &[
                "base_url",
                "revision",
                "currency",
                "backfill_after_hours",
                "ordered_product",
            ],
            KindName::Egoi => &["base_url", "domain", "list_id", "store_url"],
            KindName::Webhook => &["url"],
        }
    }
}

/// The option `currency` that stands for the purchase's own.
const OF_PURCHASE: &str = "purchase";

/// Shortest and longest name of a destination are those of a site's key.
const NAME: &str = "must be 1 to 64 of A-Z a-z 0-9 . _ -";

impl Entry {
    /// The destination, with its secret.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub fn read(self, variable: impl Fn(&str) -> Option<String>) -> Result<Destination, String> {
        if !is_site_key(&self.site) {
            return Err(format!("site {NAME}"));
        }
        let name = self.name.clone().unwrap_or_else(|| self.kind.text().to_owned());
        if !is_site_key(&name) {
            return Err(format!("name {NAME}"));
        }
        self.check_options()?;
        let zone = self
            .time_zone
            .as_deref()
            .map(|name| {
                TimeZoneDatabase::bundled()
                    .get(name)
                    .map_err(|_| "time_zone must be an IANA name such as Europe/Madrid")
            })
            .transpose()?;
        let key = self.key(variable)?;
        Ok(Destination {
            site: self.site.clone(),
            name,
            zone,
            kind: self.kind(key)?,
        })
    }

    fn check_options(&self) -> Result<(), String> {
        let given = [
            ("base_url", self.base_url.is_some()),
            ("trigger_purchase_event", self.trigger_purchase_event.is_some()),
            ("revision", self.revision.is_some()),
            ("currency", self.currency.is_some()),
            ("backfill_after_hours", self.backfill_after_hours.is_some()),
            ("ordered_product", self.ordered_product.is_some()),
            ("domain", self.domain.is_some()),
            ("list_id", self.list_id.is_some()),
            ("store_url", self.store_url.is_some()),
            ("url", self.url.is_some()),
        ];
        match given
            .iter()
            .find(|(name, given)| *given && !self.kind.options().contains(name))
        {
            Some((name, _)) => Err(format!("{name} is no option of {}", self.kind.text())),
            None => Ok(()),
        }
    }

    fn key(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Secret, String> {
        let text = match (&self.key_file, &self.key_env) {
            (Some(path), None) => fs::read_to_string(path)
                .map_err(|error| format!("cannot read {} (key_file): {error}", path.display()))?,
            (None, Some(name)) => variable(name).ok_or_else(|| format!("the variable {name} (key_env) is not set"))?,
            _ => return Err("give key_file or key_env, one of them".to_owned()),
        };
        let key = Secret::new(&text);
        if key.expose().len() < SECRET_BYTES_MIN && self.kind == KindName::Webhook {
            return Err(format!(
                "the webhook's secret must have at least {SECRET_BYTES_MIN} bytes"
            ));
        }
        // What is sent as a header has no line breaks and no other letters.
        if key.expose().is_empty() || !key.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the key must be letters, digits and signs without blanks".to_owned());
        }
        if self.kind == KindName::Connectif && !key.expose().contains(':') {
            return Err("the key must be <key id>:<key secret>".to_owned());
        }
        Ok(key)
    }

    fn kind(self, key: Secret) -> Result<Kind, String> {
        let base = |default: &str| address("base_url", self.base_url.as_deref().unwrap_or(default));
        Ok(match self.kind {
            KindName::Connectif => Kind::Connectif(Connectif {
                base_url: base(connectif::BASE_URL)?,
                key,
                trigger_purchase_event: self.trigger_purchase_event.unwrap_or(true),
            }),
            KindName::Klaviyo => Kind::Klaviyo(Klaviyo {
                base_url: base(klaviyo::BASE_URL)?,
                key,
                revision: self.revision.unwrap_or_else(|| klaviyo::REVISION.to_owned()),
                currency: match self.currency.as_deref() {
                    None => ValueCurrency::LeftOut,
                    Some(OF_PURCHASE) => ValueCurrency::Purchase,
                    Some(code) => ValueCurrency::PurchaseOr(
                        Currency::from_code(code)
                            .ok_or("currency must be an ISO 4217 code such as EUR, or purchase")?,
                    ),
                },
                backfill_after_ms: i64::from(self.backfill_after_hours.unwrap_or(klaviyo::BACKFILL_HOURS)) * 3_600_000,
                ordered_product: self.ordered_product.unwrap_or(true),
            }),
            KindName::Egoi => Kind::Egoi(Egoi {
                base_url: base(egoi::BASE_URL)?,
                key,
                route: match (self.domain, self.list_id, self.store_url) {
                    (Some(domain), None, None) => Route::Single { domain },
                    (None, Some(list_id), Some(store_url)) => Route::Bulk { list_id, store_url },
                    _ => return Err("give domain, or list_id and store_url".to_owned()),
                },
            }),
            KindName::Webhook => Kind::Webhook(Webhook {
                url: address("url", self.url.as_deref().unwrap_or_default())?,
                secret: key,
            }),
        })
    }
}

/// An http(s) address without a slash at its end.
fn address(option: &str, text: &str) -> Result<String, String> {
    let url = Url::parse(text.trim()).ok();
    let web = url.filter(|url| {
        matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none()
    });
    if web.is_none() {
        return Err(format!("{option} must be an address such as https://host.example"));
    }
    Ok(text.trim().trim_end_matches('/').to_owned())
}
