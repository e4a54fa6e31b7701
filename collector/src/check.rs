//! `purchase-collector check`: reads one page or payload and says what a collector would say about each purchase in it.

mod found;
mod input;
mod report;

use std::process::ExitCode;

use purchase_core::{Judgement, Problem, Purchase, Rules, source::SourceKind};
use serde::Serialize;

pub use self::input::INPUT_BYTES_MAX;
use crate::cli::Check;

/// Exit code if every purchase is accepted.
const ALL_ACCEPTED: u8 = 0;
/// Exit code if any purchase is refused.
const ANY_REFUSED: u8 = 1;
/// Exit code if the input holds no purchase.
const NONE_FOUND: u8 = 2;
/// Exit code if the input cannot be read.
pub const NOT_READ: u8 = 3;

/// What is said about one input; its JSON form is the command's contract.
#[derive(Debug, Serialize)]
pub struct Report {
    /// One for each purchase found: markup, then JSON elements, then scripts, each in document order.
    pub results: Vec<Verdict>,
}

/// What is said about one purchase.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// `markup`, `json`, `data-layer` or `call`.
    pub source: &'static str,
    /// `accepted` or `refused`.
    pub outcome: &'static str,
    /// The canonical purchase; none if it is refused.
    pub purchase: Option<Purchase>,
    /// The order's state by its `order_status`; none if it is refused.
    pub state: Option<&'static str>,
    /// Whether it counts as a purchase by the rule of the shop's platform; none if it is refused.
    pub placed: Option<bool>,
    /// Everything noticed, errors of a refused purchase included.
    pub problems: Vec<Problem>,
    /// The text that the purchase's signature has to be of; none without a signature. Whether it is, only a collector with the
    /// site's secret can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
}

/// Runs the command: prints the report and answers the exit code.
pub fn run(options: &Check) -> ExitCode {
    let text = match input::read(&options.file) {
        Ok(text) => text,
        Err(error) => {
            anstream::eprintln!("cannot read {}: {error}", options.file.display());
            return ExitCode::from(NOT_READ);
        }
    };
    let report = check(&text, &options.rules());
    let printed = if options.json {
        report::print_json(&report)
    } else {
        report::print_for_people(&report)
    };
    if let Err(error) = printed {
        anstream::eprintln!("cannot write the report: {error}");
        return ExitCode::from(NOT_READ);
    }
    ExitCode::from(report.exit_code())
}

/// Judges every purchase in a page or payload. Never fails; the work is linear in the text.
pub fn check(text: &str, rules: &Rules<'_>) -> Report {
    let results = found::purchases(text).into_iter().map(|(source, found)| match found {
        Ok(raw) => Verdict {
            signed: raw.signed().and_then(|signed| signed.text),
            ..Verdict::new(source, Purchase::parse(&raw, rules))
        },
        Err(problem) => Verdict::new(
            source,
            Judgement {
                purchase: None,
                problems: vec![problem],
            },
        ),
    });
    Report {
        results: results.collect(),
    }
}

impl Report {
    fn exit_code(&self) -> u8 {
        if self.results.is_empty() {
            NONE_FOUND
        } else if self.results.iter().all(|verdict| verdict.purchase.is_some()) {
            ALL_ACCEPTED
        } else {
            ANY_REFUSED
        }
    }
}

impl Verdict {
    fn new(source: SourceKind, judgement: Judgement) -> Verdict {
        let outcome = if judgement.purchase.is_some() {
            "accepted"
        } else {
            "refused"
        };
        let standing = judgement.purchase.as_ref().map(|purchase| purchase.standing);
        Verdict {
            source: source.name(),
            outcome,
            state: standing.map(|standing| standing.state.name()),
            placed: standing.map(|standing| standing.placed),
            purchase: judgement.purchase,
            problems: judgement.problems,
            signed: None,
        }
    }
}
