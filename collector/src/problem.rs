//! Problems as they are stored, and what the collector itself says of payloads beside what the core says.

use std::collections::BTreeMap;

use purchase_core::{Message, Problem, Said};
use serde::{Deserialize, Serialize};

/// The `time_zone` of a message's `config` is none.
pub const UNKNOWN_ZONE: Said = Said::new(
    "Write an IANA name such as Europe/Madrid, or an offset such as +01:00; dates without a zone were kept as printed.",
);

/// A site requires signatures, and the page states none.
pub const NO_SIGNATURE: Said = Said::new(
    "This site takes only purchases that the shop's server signed: print the signature beside the purchase's fields.",
);

/// The signature is of something else, or made with another secret.
pub const WRONG_SIGNATURE: Said = Said::new(
    "The signature is not of this purchase_id, total_price and purchase_date: sign the three texts as the page prints them, joined by \
     line feeds, with the site's server secret, in hexadecimal. If they are right, somebody changed the page.",
);

/// The signature is right, and the total may mean something else.
pub const AMBIGUOUS_SIGNED: Said = Said::new(
    "The signed total can be read in two ways, and the browser says in which: print and sign it with a dot and two decimals, such as \
     180.75.",
);

/// What the collector says and stores: code and sentence. To say something new, add a row; the console's languages have a text for
/// each, as for [`said::ALL`](purchase_core::purchase::said::ALL).
pub const SAID: &[(&str, Said)] = &[
    ("unknown-zone", UNKNOWN_ZONE),
    ("no-signature", NO_SIGNATURE),
    ("wrong-signature", WRONG_SIGNATURE),
    ("ambiguous-signed", AMBIGUOUS_SIGNED),
];

/// The code of a message; empty if nothing that is stored says it.
fn code(message: &Message) -> &'static str {
    let own = || {
        SAID.iter()
            .find(|(_, said)| *said == message.said())
            .map(|(code, _)| *code)
    };
    message.code().or_else(own).unwrap_or_default()
}

/// A problem in the database: what the core's own JSON says, and what a text in another language needs. Rows of earlier versions
/// have neither `code` nor `values`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
pub struct StoredProblem {
    /// As [`Problem::path`].
    pub path: String,
    /// The name of the kind.
    pub kind: String,
    /// The name of the severity.
    pub severity: String,
    /// As [`Problem::text`].
    pub text: String,
    /// The message in English.
    pub message: String,
    /// The code of its message.
    pub code: String,
    /// The values of its message by their names.
    pub values: BTreeMap<String, String>,
}

impl From<&Problem> for StoredProblem {
    fn from(problem: &Problem) -> StoredProblem {
        let values = problem.message.value().into_iter();
        StoredProblem {
            path: problem.path.clone(),
            kind: problem.kind.name().to_owned(),
            severity: problem.severity.name().to_owned(),
            text: problem.text.clone(),
            message: problem.message.to_string(),
            code: code(&problem.message).to_owned(),
            values: values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

/// The JSON list of a row.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn write(problems: &[Problem]) -> Result<String, serde_json::Error> {
    serde_json::to_string(&problems.iter().map(StoredProblem::from).collect::<Vec<_>>())
}

/// The problems of a row; none if they cannot be read, which only another program's rows can't.
pub fn read(json: &str) -> Vec<StoredProblem> {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use purchase_core::purchase::said;

    use super::*;

    #[test]
    fn rows_of_every_version_are_read() {
        let message = said::WRITE_UP_TO.with("5");
        let problem = Problem::warning("a[0].b", purchase_core::Kind::OutOfRange, "7", message);
        let stored = read(&write(std::slice::from_ref(&problem)).expect("written"));
        assert_eq!(stored, [StoredProblem::from(&problem)]);
        assert_eq!(
            (stored[0].code.as_str(), stored[0].values["limit"].as_str()),
            ("write-up-to", "5")
        );
        let early = serde_json::to_string(&[problem]).expect("written");
        assert!(!early.contains("\"code\""), "the core's own JSON is as it was: {early}");
        let read = read(&early);
        assert_eq!(
            (read[0].code.as_str(), read[0].message.as_str()),
            ("", "Write a number from 0 to 5.")
        );
    }
}
