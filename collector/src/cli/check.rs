//! The options of `check`.

use std::path::PathBuf;

use clap::Args;
use purchase_core::{
    ContactMode, Currency, DecimalMark, Rules, Zone,
    order::{Platform, StatusRules},
};

use crate::zone::SiteZone;

/// Options of `check`: the same reading rules as the tag's configuration.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// An HTML page or a JSON payload; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,

    /// Decimal mark of the site's amounts, `dot` or `comma` [default: none, ambiguous amounts are refused]
    #[arg(long, value_name = "MARK", value_parser = decimal_mark)]
    pub decimal: Option<DecimalMark>,

    /// Zone of dates that name none: an IANA name such as Europe/Madrid, or ±hh:mm [default: none]
    #[arg(long, value_name = "ZONE", value_parser = time_zone, allow_hyphen_values = true)]
    pub time_zone: Option<SiteZone>,

    /// Currency of the site's amounts, as ISO 4217 code [default: none]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<Currency>,

    /// What to read of the buyer: `none`, `sha256` or `email`
    #[arg(long, value_name = "MODE", default_value = "none", value_parser = contact_mode)]
    pub contact: ContactMode,

    /// Address of the page, to complete relative addresses [default: none]
    #[arg(long, value_name = "URL")]
    pub page_url: Option<String>,

    /// Platform whose order statuses the shop uses: `woocommerce`, `prestashop`, `magento2`, `bigcommerce` or `shift4shop`
    /// [default: none, a status is one of the five states]
    #[arg(long, value_name = "NAME", value_parser = platform)]
    pub platform: Option<Platform>,

    /// The shop's own order statuses, such as `awaiting_stock=pending, sent=completed:placed` [default: none]
    #[arg(long, value_name = "LIST")]
    pub order_statuses: Option<String>,
}

impl Check {
    /// The rules these options ask for.
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            decimal: self.decimal,
            zone: self.time_zone.as_ref().map(|zone| zone as &dyn Zone),
            currency: self.currency,
            contact: self.contact,
            page_url: self.page_url.as_deref(),
            statuses: StatusRules {
                platform: self.platform,
                custom: self.order_statuses.as_deref(),
            },
        }
    }
}

fn decimal_mark(text: &str) -> Result<DecimalMark, &'static str> {
    DecimalMark::from_name(text).ok_or("write dot or comma")
}

fn time_zone(text: &str) -> Result<SiteZone, &'static str> {
    SiteZone::from_name(text).ok_or("write an IANA name such as Europe/Madrid, or an offset such as +01:00")
}

fn currency(text: &str) -> Result<Currency, &'static str> {
    Currency::from_code(text).ok_or("write an ISO 4217 code such as EUR")
}

fn platform(text: &str) -> Result<Platform, &'static str> {
    Platform::from_name(text).ok_or("write woocommerce, prestashop, magento2, bigcommerce or shift4shop")
}

fn contact_mode(text: &str) -> Result<ContactMode, &'static str> {
    ContactMode::from_name(text).ok_or("write none, sha256 or email")
}
