//! What the address says that a payment gateway sent the shopper back to. A hint at when to look, never a proof of payment:
//! parameters are unsigned or signed with a secret that no browser may have, and anybody can write and repeat them.

mod pattern;
mod query;
mod table;

use self::query::Query;
pub use self::{
    pattern::{OWN_MAX, PATTERN_CHARS_MAX},
    query::{PARAMETERS_MAX, QUERY_BYTES_MAX},
    table::{AutoReturn, GATEWAYS, Gateway, PaidLater},
};

/// How it went, as the return parameters suggest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The gateway calls it paid.
    Succeeded,
    /// Approved or begun, but not paid yet.
    Pending,
    /// The shopper gave up.
    Canceled,
    /// Declined, expired or an error.
    Failed,
    /// The shopper came back from there; nobody says how it went.
    Returned,
}

/// A recognised return. It has no place for a parameter's value: its one text comes from the table or from the shop's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Return<'a> {
    /// The gateway's name in [`GATEWAYS`], or the one the shop gave it.
    pub gateway: &'a str,
    /// How it went.
    pub hint: Hint,
}

impl Hint {
    /// The word of the patterns.
    pub const fn name(self) -> &'static str {
        match self {
            Hint::Succeeded => "succeeded",
            Hint::Pending => "pending",
            Hint::Canceled => "canceled",
            Hint::Failed => "failed",
            Hint::Returned => "returned",
        }
    }

    /// The inverse of [`Hint::name`].
    pub fn from_name(name: &str) -> Option<Hint> {
        [
            Hint::Succeeded,
            Hint::Pending,
            Hint::Canceled,
            Hint::Failed,
            Hint::Returned,
        ]
        .into_iter()
        .find(|hint| hint.name() == name)
    }
}

/// Reads the query of a page's address, with or without its `?`. None if nothing in it can be told from an ordinary page's.
///
/// `own` are the shop's own patterns, which win over the table's: entries `gateway?condition&condition:hint`, separated by `;`,
/// such as `mygateway?paid=1:succeeded; mygateway?state=ko|error:failed; mygateway?ref:returned`. A condition is `name` (there,
/// and not empty), `name=value|value` (one of them), `name=value*` (a beginning), `name=0..99` (a whole number, both ends
/// included) or `!name` (not there, or empty). The first entry whose conditions all hold counts; capitals do not matter. At most
/// [`OWN_MAX`] entries of at most [`PATTERN_CHARS_MAX`] characters are read; a malformed one is left out.
///
/// Of a parameter that is repeated with different values no value holds. Total and linear: hostile bytes, broken encodings and
/// too long queries ([`QUERY_BYTES_MAX`], [`PARAMETERS_MAX`]) give less or nothing, never an error.
pub fn hint<'a>(query: &str, own: &'a str) -> Option<Return<'a>> {
    let query = Query::read(query);
    if query.is_empty() {
        return None;
    }
    pattern::own(own, &query).or_else(|| {
        GATEWAYS.iter().find_map(|gateway| {
            let hint = pattern::first(gateway.returns, &query)?;
            Some(Return {
                gateway: gateway.name,
                hint,
            })
        })
    })
}

/// The gateway whose page has this host name, with or without a port; none if the table knows it not. Part of a name is enough (`redsys.es` in
/// `sis-t.redsys.es`), and nothing follows from it but the name that a report carries: a host that only looks like a gateway's harms nobody.
pub fn of_host(host: &str) -> Option<&'static str> {
    let name = host.split(':').next().unwrap_or_default().as_bytes();
    let ends_at = |at: usize| name.get(at).is_none_or(|&byte| byte == b'.');
    // By bytes: `str`'s own search would be the only one of the module, and weighs three kilobytes.
    let is_in = |part: &str| {
        let mut windows = name.windows(part.len()).enumerate();
        windows.any(|(at, found)| {
            found.eq_ignore_ascii_case(part.as_bytes())
                && at.checked_sub(1).is_none_or(ends_at)
                && ends_at(at + part.len())
        })
    };
    let gateway = GATEWAYS
        .iter()
        .find(|gateway| gateway.hosts.split(' ').any(|part| !part.is_empty() && is_in(part)))?;
    Some(gateway.name)
}

/// The gateway that the shopper came to this page from: by the address's query, as [`hint`] reads it, else by the host in the address
/// of the page that led here, its referrer. It names the gateway of a purchase that this page states.
pub fn came_from<'a>(query: &str, referrer: &str, own: &'a str) -> Option<&'a str> {
    let found = hint(query, own).map(|found| found.gateway);
    found.or_else(|| of_host(referrer.split('/').nth(2)?))
}

#[cfg(test)]
mod tests;
