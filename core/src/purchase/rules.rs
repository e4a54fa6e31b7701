//! The site's reading rules: what the payload alone cannot tell.

use super::{Currency, date::CivilDateTime};
use crate::order::StatusRules;

/// How a payload is to be read. The default knows nothing and guesses nothing.
#[derive(Clone, Copy, Default)]
pub struct Rules<'a> {
    /// The decimal mark of the site's amounts; decides ambiguous numbers such as `1.234`.
    pub decimal: Option<DecimalMark>,
    /// The zone of date-times that name none.
    pub zone: Option<&'a dyn Zone>,
    /// The currency of the site's amounts.
    pub currency: Option<Currency>,
    /// Whether the buyer's e-mail may be read.
    pub contact: ContactMode,
    /// The page's address: relative addresses are completed with it.
    pub page_url: Option<&'a str>,
    /// What the words of `order_status` mean.
    pub statuses: StatusRules<'a>,
}

/// The mark between the whole and the fractional part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `180.75`
    Dot,
    /// `180,75`
    Comma,
}

impl DecimalMark {
    /// Reads the configuration's spelling: `dot`, `.`, `comma` or `,`.
    pub fn from_name(name: &str) -> Option<DecimalMark> {
        match name.trim() {
            "dot" | "." => Some(DecimalMark::Dot),
            "comma" | "," => Some(DecimalMark::Comma),
            _ => None,
        }
    }
}

/// Whether and how the buyer's e-mail is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContactMode {
    /// Never.
    #[default]
    None,
    /// As the SHA-256 of the normalised address.
    Sha256,
    /// In plain text.
    Email,
}

impl ContactMode {
    /// Reads the configuration's spelling: `none`, `sha256` or `email`.
    pub fn from_name(name: &str) -> Option<ContactMode> {
        match name.trim() {
            "none" => Some(ContactMode::None),
            "sha256" => Some(ContactMode::Sha256),
            "email" => Some(ContactMode::Email),
            _ => None,
        }
    }
}

/// A time zone, as far as the core needs one. Implemented outside: a zone database is not pure data.
pub trait Zone {
    /// Minutes east of UTC at this local time; none where the local time is skipped or happens twice.
    fn offset_minutes(&self, local: &CivilDateTime) -> Option<i16>;
}

/// A zone that never changes its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedZone(i16);

impl FixedZone {
    /// Reads `Z`, `UTC`, `+01:00`, `+0100` or `-03`; none for anything else.
    pub fn from_name(name: &str) -> Option<FixedZone> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("utc") {
            return Some(FixedZone(0));
        }
        super::date::offset_minutes(name).map(FixedZone)
    }
}

impl Zone for FixedZone {
    fn offset_minutes(&self, _local: &CivilDateTime) -> Option<i16> {
        Some(self.0)
    }
}
