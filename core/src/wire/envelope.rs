//! The envelope: one capture on its way.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use crate::{
    checkout::{Basis, CheckoutReport, is_gateway},
    json::{self, JsonError, Value},
    markup::{self, Node},
    order::{Platform, StatusRules},
    purchase::{ContactMode, Currency, DecimalMark, Kind, Problem, Severity, said},
    source::{RawPurchase, SourceKind, data_layer, from_fields, purchases_from_text, purchases_from_value},
};

/// The format written today; readers take no other.
pub const VERSION: u64 = 1;

/// Longest record id, in characters.
pub const ID_CHARS_MAX: usize = 64;

/// Longest site key, in characters.
pub const SITE_CHARS_MAX: usize = 64;

/// An envelope that was read. The format is documented in `ARCHITECTURE.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The shop's key.
    pub site: String,
    /// The record's id, also in the receipt.
    pub id: String,
    /// Where the capture came from.
    pub source: SourceKind,
    /// Milliseconds since 1970, the device's clock.
    pub captured_at: u64,
    /// The page's address without query and fragment.
    pub page: Option<String>,
    /// The gateway that the shopper reached this page from, if it is known.
    pub gateway: Option<String>,
    /// [`Basis::Status`] if not the page states this purchase but the shop's order-status URL.
    pub basis: Option<Basis>,
    /// The page's reading rules.
    pub config: PageConfig,
    /// What was captured; normally exactly one purchase, and none in a report. The problem to report if its text could not be
    /// read at all.
    pub purchases: Result<Vec<RawPurchase>, Problem>,
    /// What became of an open checkout, if that is what it reports.
    pub checkout: Option<CheckoutReport>,
}

/// The reading rules a page is configured with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageConfig {
    /// See [`Rules::decimal`](crate::Rules::decimal).
    pub decimal: Option<DecimalMark>,
    /// An IANA name or an offset.
    pub time_zone: Option<String>,
    /// See [`Rules::currency`](crate::Rules::currency).
    pub currency: Option<Currency>,
    /// See [`Rules::contact`](crate::Rules::contact).
    pub contact: ContactMode,
    /// See [`StatusRules::platform`].
    pub platform: Option<Platform>,
    /// The shop's own statuses, as [`StatusRules`] reads them.
    pub order_statuses: Option<String>,
}

/// Why a text is no envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvelopeError {
    /// It is not JSON.
    Json(JsonError),
    /// Its `v` is none we know.
    Version,
    /// This key is missing or has a value of another form.
    Key(&'static str),
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvelopeError::Json(error) => write!(f, "the body is not JSON: {error}"),
            EnvelopeError::Version => write!(f, "the envelope's \"v\" must be {VERSION}"),
            EnvelopeError::Key(key) => write!(f, "the envelope's \"{key}\" is missing or malformed"),
        }
    }
}

impl core::error::Error for EnvelopeError {}

impl Envelope {
    /// Reads an envelope's text.
    ///
    /// # Errors
    /// If it is not JSON, of another version, or lacks a key. What is wrong inside `data` is no error here: it is for
    /// [`Purchase::parse`](crate::Purchase::parse) to judge.
    pub fn read(text: &str) -> Result<Envelope, EnvelopeError> {
        let value = json::read(text).map_err(EnvelopeError::Json)?;
        if value.get("v").and_then(Value::whole) != Some(VERSION) {
            return Err(EnvelopeError::Version);
        }
        let text_of = |key: &'static str| value.get(key).and_then(Value::text);
        let site = text_of("site")
            .filter(|site| is_site_key(site))
            .ok_or(EnvelopeError::Key("site"))?;
        let id = text_of("id")
            .filter(|id| is_record_id(id))
            .ok_or(EnvelopeError::Key("id"))?;
        let source = text_of("source")
            .and_then(SourceKind::from_name)
            .ok_or(EnvelopeError::Key("source"))?;
        let captured_at = value
            .get("captured_at")
            .and_then(Value::whole)
            .ok_or(EnvelopeError::Key("captured_at"))?;
        let data = value.get("data").ok_or(EnvelopeError::Key("data"))?;
        let checkout = (source == SourceKind::Checkout)
            .then(|| CheckoutReport::from_value(data).ok_or(EnvelopeError::Key("data")))
            .transpose()?;
        let mut purchases = purchases(source, data).ok_or(EnvelopeError::Key("data"))?;
        if let Some(contact) = text_of("contact") {
            for purchase in purchases.iter_mut().flatten() {
                purchase.contact = Some(contact.to_string());
            }
        }
        Ok(Envelope {
            site: site.to_string(),
            id: id.to_string(),
            source,
            captured_at,
            page: text_of("page").map(ToString::to_string),
            gateway: text_of("gateway")
                .filter(|name| is_gateway(name))
                .map(ToString::to_string),
            basis: text_of("basis").and_then(Basis::from_name),
            config: value.get("config").map(PageConfig::from_value).unwrap_or_default(),
            purchases,
            checkout,
        })
    }

    /// The one purchase in it.
    ///
    /// # Errors
    /// The problem to report if there is none or more than one.
    pub fn sole_purchase(&self) -> Result<&RawPurchase, Problem> {
        match self.purchases.as_deref().map_err(Clone::clone)? {
            [purchase] => Ok(purchase),
            [] => {
                let message = said::NO_PURCHASE.plain();
                Err(Problem::new("", Kind::Missing, Severity::Error, "", message))
            }
            several => {
                let message = said::SEVERAL_PURCHASES.with(&several.len().to_string());
                Err(Problem::new("", Kind::TooMany, Severity::Error, "", message))
            }
        }
    }
}

impl PageConfig {
    /// Reads the `config` object. Values that are not understood count as absent: the page's own developer was told on the page.
    pub fn from_value(value: &Value) -> PageConfig {
        let text_of = |key: &str| value.get(key).and_then(Value::text);
        PageConfig {
            decimal: text_of("decimal").and_then(DecimalMark::from_name),
            time_zone: text_of("time_zone").map(ToString::to_string),
            currency: text_of("currency").and_then(Currency::from_code),
            contact: text_of("contact").and_then(ContactMode::from_name).unwrap_or_default(),
            platform: text_of("platform").and_then(Platform::from_name),
            order_statuses: text_of("order_statuses").map(ToString::to_string),
        }
    }

    /// See [`Rules::statuses`](crate::Rules::statuses).
    pub fn statuses(&self) -> StatusRules<'_> {
        StatusRules {
            platform: self.platform,
            custom: self.order_statuses.as_deref(),
        }
    }
}

/// None if the data has not the shape its source demands.
fn purchases(source: SourceKind, data: &Value) -> Option<Result<Vec<RawPurchase>, Problem>> {
    let only = |found: Vec<(SourceKind, RawPurchase)>| found.into_iter().map(|(_, purchase)| purchase).collect();
    Some(match source {
        SourceKind::Markup => Ok(markup::purchases(&Node::from_value(data)?)),
        // A call says by itself that it is a purchase, whatever it contains.
        SourceKind::Call if data.get("purchase").is_none() && data.get("ecommerce").is_none() => {
            Ok(Vec::from([from_fields(data)]))
        }
        SourceKind::Call => Ok(only(purchases_from_value(data))),
        SourceKind::DataLayer => Ok(data_layer::purchase(data).into_iter().collect()),
        SourceKind::Json => purchases_from_text(data.text()?).map(only),
        SourceKind::Checkout => Ok(Vec::new()),
    })
}

/// Whether this may be a record's id: 1 to [`ID_CHARS_MAX`] of `a-z 0-9`.
pub fn is_record_id(text: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Whether this may be a site's key: 1 to [`SITE_CHARS_MAX`] of `A-Z a-z 0-9 . _ -`.
pub fn is_site_key(text: &str) -> bool {
    let is_key = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=SITE_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_key)
}
