//! The steps on the shopper's side, as the message that came first tells them.

use super::{Outcome, Step};
use crate::{
    console::{format::Words, problems},
    message, problem,
    store::{
        TEST_SOURCE,
        console::{LATE_MINUTES, MINUTE_MS},
    },
};

/// What is known of the way from the page to the collector.
pub struct Way<'a> {
    pub source: &'a str,
    pub page: Option<&'a str>,
    pub captured_at: Option<i64>,
    /// By the device's clock.
    pub sent_at: Option<i64>,
    /// Counted from 1.
    pub attempt: Option<i64>,
    /// The problems as stored.
    pub problems: &'a str,
}

/// Whether a browser was on the way; other sources keep and repeat nothing that we know of.
fn is_page(source: &str) -> bool {
    source != message::SOURCE && source != TEST_SOURCE
}

/// Captured, and written down by the device.
pub fn captured(words: &Words, way: &Way<'_>) -> Step {
    let mut step = Step::new(words.t("step-captured"), way.captured_at, Outcome::Succeeded)
        .fact(words.named("source", way.source));
    if let Some(page) = way.page {
        step = step.fact(page.to_owned());
    }
    if is_page(way.source) && way.captured_at.is_some() {
        step = step.fact(words.t("fact-device-clock"));
    }
    step
}

/// Judged, with everything that was found.
pub fn checked(words: &Words, way: &Way<'_>, at: i64) -> Step {
    let problems = problem::read(way.problems);
    let outcome = problems::outcome(&problems);
    let mut step = Step::new(words.t("step-checked"), Some(at), outcome);
    step.output = problems.iter().map(|problem| problem.output(words)).collect();
    match outcome {
        Outcome::Failed => step.advise(words.t("advice-refused")),
        Outcome::Noted => step.advise(words.t("advice-warnings")),
        _ if problems.is_empty() => step.fact(words.t("fact-nothing-wrong")),
        _ => step.fact(words.t("fact-normalised")),
    }
}

/// Kept in the browser until the collector had it, and sent.
pub fn buffered_and_sent(words: &Words, way: &Way<'_>) -> Vec<Step> {
    if !is_page(way.source) {
        return Vec::new();
    }
    let waited = way
        .captured_at
        .zip(way.sent_at)
        .map(|(captured_at, sent_at)| (sent_at - captured_at).max(0));
    let mut buffered = Step::new(words.t("step-buffered"), way.captured_at, Outcome::Succeeded);
    match waited {
        Some(waited) if waited >= LATE_MINUTES * MINUTE_MS => {
            buffered.outcome = Outcome::Noted;
            buffered = buffered
                .fact(words.t1("fact-waited", "time", &words.duration(waited)))
                .advise(words.t("advice-waited"));
        }
        Some(waited) => buffered = buffered.fact(words.t1("fact-waited", "time", &words.duration(waited))),
        None => buffered = buffered.fact(words.t("fact-not-told")),
    }
    let failed = way.attempt.map_or(0, |attempt| attempt - 1);
    let mut sent = Step::new(words.t("step-sent"), way.sent_at, Outcome::Succeeded);
    match way.attempt {
        Some(attempt) => sent = sent.fact(words.n("fact-attempt", attempt)),
        None => sent = sent.fact(words.t("fact-not-told")),
    }
    if failed > 0 {
        sent.outcome = Outcome::Noted;
        sent = sent
            .fact(words.n("fact-attempts-failed", failed))
            .advise(words.t("advice-attempts"));
    }
    vec![buffered, sent]
}
