//! The history of one purchase as ordered steps, from what is stored: each with its time, its source, its outcome, what it put
//! out, and what to do about it. Pure.

mod before;
mod passed;
mod purchase;
mod refusal;

pub use self::{purchase::of_purchase, refusal::of_refusal};
use super::problems::Sentence;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Succeeded,
    /// It succeeded, and something is worth a look.
    Noted,
    /// It failed.
    Failed,
    /// It has not happened yet.
    Waiting,
    /// It does not happen, and that is right.
    Skipped,
}

impl Outcome {
    /// The name in keys of texts and in class names.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Succeeded => "succeeded",
            Outcome::Noted => "noted",
            Outcome::Failed => "failed",
            Outcome::Waiting => "waiting",
            Outcome::Skipped => "skipped",
        }
    }
}

/// A way to try a failed step again: a button for administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Where the button's form is posted to.
    pub action: String,
    /// What the form says: names and values.
    pub fields: Vec<(&'static str, String)>,
    /// What stands on the button.
    pub label: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happened, in the reader's language.
    pub title: String,
    /// When, in milliseconds since 1970; none if it is not known or has not happened.
    pub at: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Who or what did it, and details.
    pub facts: Vec<String>,
    /// What it put out: problems, answers.
    pub output: Vec<Output>,
    /// What to do about it.
    pub advice: Option<String>,
    /// The way to try it again.
    pub retry: Option<Retry>,
}

/// One thing that a step put out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// When, in milliseconds since 1970, if that differs from the step's time.
    pub at: Option<i64>,
    /// What it is about, such as a field's path or the status of an answer; may be empty.
    pub about: String,
    /// What was found there; may be empty.
    pub found: String,
    /// What it means, in the reader's language; may be empty.
    pub meaning: String,
    /// What to do about it, or what was done; ours.
    pub sentence: Option<Sentence>,
    /// What another machine answered, word for word and in its own language; may be empty.
    pub words: String,
    /// The name of a severity, for its mark.
    pub severity: String,
}

impl Output {
    /// Nothing yet, of this severity.
    pub fn of(severity: &str) -> Output {
        Output {
            at: None,
            about: String::new(),
            found: String::new(),
            meaning: String::new(),
            sentence: None,
            words: String::new(),
            severity: severity.to_owned(),
        }
    }
}

impl Step {
    /// A step without details.
    pub fn new(title: String, at: Option<i64>, outcome: Outcome) -> Step {
        Step {
            title,
            at,
            outcome,
            facts: Vec::new(),
            output: Vec::new(),
            advice: None,
            retry: None,
        }
    }

    /// The same with a fact.
    pub fn fact(mut self, text: String) -> Step {
        self.facts.push(text);
        self
    }

    /// The same with advice.
    pub fn advise(mut self, text: String) -> Step {
        self.advice = Some(text);
        self
    }
}
