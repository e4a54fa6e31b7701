//! What came of a scenario in one engine, for one way in which the shop helps.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{
    fate::{Expected, Fate},
    scenario::{Scenario, Variant},
};
use crate::browser::Engine;

/// One cell of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub scenario: &'static str,
    pub story: &'static str,
    pub options: &'static str,
    pub variant: &'static str,
    pub engine: &'static str,
    /// As the driver tells it.
    pub browser: String,
    pub shoppers: usize,
    /// What is to come of each.
    pub expected: String,
    /// What came of them, and of how many.
    pub outcomes: BTreeMap<String, usize>,
    /// Orders that were to count as placed.
    pub due: usize,
    /// Orders that count as placed, once and rightly.
    pub once: usize,
    /// Orders that were to count and do not.
    pub missing: usize,
    /// Orders with two contents, and orders too many.
    pub doubled: usize,
    /// Orders that count, though the shop itself calls them unpaid.
    pub unpaid: usize,
    /// Visits that did not go as the scenario wants.
    pub errors: Vec<String>,
    pub seconds: f64,
    #[serde(skip)]
    due_each: usize,
}

/// What came of one shopper's visit.
pub struct Outcome {
    pub fate: Fate,
    /// Orders that count, though the shop itself calls them unpaid.
    pub unpaid: usize,
    pub error: Option<String>,
    pub seconds: f64,
}

impl Row {
    /// An empty one.
    pub fn new(scenario: &Scenario, engine: Engine, variant: Variant, browser: &str, expected: Expected) -> Row {
        Row {
            scenario: scenario.name,
            story: scenario.story,
            options: scenario.options,
            variant: variant.name(),
            engine: engine.name(),
            browser: browser.to_owned(),
            shoppers: 0,
            expected: expected.to_string(),
            outcomes: BTreeMap::new(),
            due: 0,
            once: 0,
            missing: 0,
            doubled: 0,
            unpaid: 0,
            errors: Vec::new(),
            seconds: 0.0,
            due_each: expected.placed(),
        }
    }

    /// Adds a shopper.
    pub fn add(&mut self, outcome: Outcome) {
        let right = outcome.fate.placed.len() - outcome.unpaid;
        self.shoppers += 1;
        self.due += self.due_each;
        self.once += right.min(self.due_each);
        self.missing += self.due_each.saturating_sub(right);
        self.doubled += right.saturating_sub(self.due_each) + outcome.fate.conflicts;
        self.unpaid += outcome.unpaid;
        self.errors.extend(outcome.error);
        self.seconds += outcome.seconds;
        *self.outcomes.entry(outcome.fate.to_string()).or_default() += 1;
    }

    /// Whether anything is not as it should be.
    pub fn is_bad(&self) -> bool {
        let as_expected = self.outcomes.get(&self.expected).copied().unwrap_or_default();
        let is_right = as_expected == self.shoppers && self.missing + self.doubled + self.unpaid == 0;
        !is_right || !self.errors.is_empty()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row {
            scenario,
            variant,
            browser,
            once,
            missing,
            doubled,
            unpaid,
            ..
        } = self;
        write!(f, "{scenario} {variant} in {browser}:")?;
        for (outcome, count) in &self.outcomes {
            let mark = if *outcome == self.expected { "" } else { "!! " };
            write!(f, " {count} × {mark}{outcome};")?;
        }
        if !self.outcomes.contains_key(&self.expected) {
            write!(f, " expected {};", self.expected)?;
        }
        write!(
            f,
            " {once} once, {missing} missing, {doubled} doubled, {unpaid} not paid ({:.1} s)",
            self.seconds
        )?;
        for error in &self.errors {
            write!(f, "\n    {error}")?;
        }
        Ok(())
    }
}
