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

#[cfg(test)]
mod tests;
