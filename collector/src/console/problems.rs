//! Problems as they are stored, and what the console says of them.

use serde::Deserialize;

use super::{
    format::Words,
    steps::{Outcome, Output},
};

/// A problem as the core wrote it; see [`purchase_core::Problem`].
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct StoredProblem {
    pub path: String,
    pub kind: String,
    pub severity: String,
    pub text: String,
    pub message: String,
}

/// The language of the core's sentences.
const MESSAGE_LANGUAGE: &str = "en";

/// The problems of a row; none if they cannot be read, which only another program's rows can't.
pub fn read(json: &str) -> Vec<StoredProblem> {
    serde_json::from_str(json).unwrap_or_default()
}

impl StoredProblem {
    /// Whether it refused the purchase.
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// As what a step put out.
    pub fn output(&self, words: &Words) -> Output {
        Output {
            at: None,
            about: self.path.clone(),
            found: self.text.clone(),
            meaning: words.named("kind", &self.kind),
            text: self.message.clone(),
            language: MESSAGE_LANGUAGE,
            severity: self.severity.clone(),
        }
    }
}

/// How the check ended that found these problems.
pub fn outcome(problems: &[StoredProblem]) -> Outcome {
    if problems.iter().any(StoredProblem::is_error) {
        Outcome::Failed
    } else if problems.iter().any(|problem| problem.severity == "warning") {
        Outcome::Noted
    } else {
        Outcome::Succeeded
    }
}
