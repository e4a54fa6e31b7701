//! What is wrong, noted or rewritten in a payload, and where.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use serde::{Serialize, Serializer};

use super::{Message, said};

/// Most problems reported for one purchase; what comes after is counted in a last [`Kind::TooMany`].
pub const PROBLEMS_MAX: usize = 1_000;

/// Most characters of the offending text that are quoted in a [`Problem`].
pub const QUOTE_CHARS_MAX: usize = 120;

/// One finding about a payload. Its JSON form is part of `purchase-collector check`'s contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: `total_price`, `product_basket_item[1].unit_price` (counted from 0), empty for the whole payload.
    pub path: String,
    /// What.
    pub kind: Kind,
    /// What it means for the purchase.
    pub severity: Severity,
    /// The offending text, at most [`QUOTE_CHARS_MAX`] characters of it; empty if there is none.
    pub text: String,
    /// For the shop's developer: what to write instead, or what was done.
    pub message: Message,
}

/// What a problem means for the purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The value is kept, rewritten into its canonical form without changing its meaning.
    Normalised,
    /// The purchase is kept; the field is left out or doubtful.
    Warning,
    /// The purchase is refused.
    Error,
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $name:literal,)+) => {
        /// The kinds of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])+ $kind,)+
        }

        impl Kind {
            /// All of them, for catalogues of texts.
            pub const ALL: &[Kind] = &[$(Kind::$kind),+];

            /// The name in reports and receipts.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// A required field is not there.
    Missing = "missing",
    /// A required field is there without text.
    Empty = "empty",
    /// The text is a programming placeholder: `null`, `undefined`, `NaN`, a `0` as cart id.
    Placeholder = "placeholder",
    /// The text does not have the field's format.
    Malformed = "malformed",
    /// The number can be read in two ways, such as `1.234`, and no decimal mark is configured.
    Ambiguous = "ambiguous",
    /// The number is below zero.
    Negative = "negative",
    /// The number must be whole.
    NotWhole = "not_whole",
    /// The number is beyond its limits.
    OutOfRange = "out_of_range",
    /// The date or time does not exist.
    Impossible = "impossible",
    /// The date-time names no zone and none is configured: it is kept as printed.
    NoTimeZone = "no_time_zone",
    /// The text is longer than its limit.
    TooLong = "too_long",
    /// More elements than the limit.
    TooMany = "too_many",
    /// The word is none of the documented ones.
    UnknownValue = "unknown_value",
    /// The key is none of the documented ones.
    UnknownField = "unknown_field",
    /// A value of the wrong type: an object where a text belongs.
    WrongType = "wrong_type",
    /// The field is given twice with different values; the first stands.
    Repeated = "repeated",
    /// The address is relative and the page's address is not known.
    RelativeUrl = "relative_url",
    /// The amount or the payload names another currency than the configured one.
    CurrencyMismatch = "currency_mismatch",
    /// The purchase has no item.
    NoItems = "no_items",
    /// The signature is not of these values, or not by the shop's server.
    WrongSignature = "wrong_signature",
    /// A localised or unusual number form was rewritten.
    NumberForm = "number_form",
    /// An unusual date form was rewritten.
    DateForm = "date_form",
    /// A word was rewritten to its documented spelling.
    Spelling = "spelling",
    /// An address was completed with the page's.
    ResolvedUrl = "resolved_url",
    /// A value was computed from others because the source has none.
    Derived = "derived",
}

impl Severity {
    /// The name in reports and receipts.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Normalised => "normalised",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Problem {
    /// A finding with the offending text cut to [`QUOTE_CHARS_MAX`].
    pub fn new(path: impl Into<String>, kind: Kind, severity: Severity, text: &str, message: Message) -> Problem {
        let text = text.chars().take(QUOTE_CHARS_MAX).collect();
        Problem {
            path: path.into(),
            kind,
            severity,
            text,
            message,
        }
    }

    /// A finding that leaves the purchase standing.
    pub fn warning(path: impl Into<String>, kind: Kind, text: &str, message: Message) -> Problem {
        Problem::new(path, kind, Severity::Warning, text, message)
    }
}

/// All findings about one purchase, bounded.
pub(crate) struct Problems {
    list: Vec<Problem>,
    left_out: usize,
}

impl Problems {
    pub(crate) fn new(notes: Vec<Problem>) -> Problems {
        let mut problems = Problems {
            list: Vec::new(),
            left_out: 0,
        };
        for note in notes {
            problems.push(note);
        }
        problems
    }

    /// Keeps the finding. Beyond [`PROBLEMS_MAX`] only errors are kept, because they decide.
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < PROBLEMS_MAX || problem.severity == Severity::Error {
            self.list.push(problem);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        if self.left_out > 0 {
            let message = said::NOT_LISTED.with(&self.left_out.to_string());
            self.list.push(Problem::warning("", Kind::TooMany, "", message));
        }
        self.list
    }
}
