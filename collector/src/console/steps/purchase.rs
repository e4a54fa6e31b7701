//! The steps of a purchase that was kept.

use super::{
    Outcome, Step,
    before::{self, Way},
    passed,
};
use crate::{
    console::format::Words,
    store::{
        Pass, PurchaseHistory, TEST_SOURCE,
        console::{LATE_MINUTES, MINUTE_MS},
    },
};

/// All steps, in order.
pub fn of_purchase(words: &Words, history: &PurchaseHistory, passes: &[Pass]) -> Vec<Step> {
    let facts = &history.facts;
    let first = history.deliveries.first();
    let way = Way {
        source: &facts.source,
        page: facts.page.as_deref(),
        captured_at: Some(facts.captured_at),
        sent_at: first.and_then(|delivery| delivery.sent_at),
        attempt: first.and_then(|delivery| delivery.attempt),
        problems: facts.problems.text(),
    };
    let mut steps = vec![before::captured(words, &way)];
    steps.extend(before::buffered_and_sent(words, &way));
    let has_waited = steps.iter().any(|step| step.outcome == Outcome::Noted);
    steps.push(received(words, history, has_waited));
    let checked = before::checked(words, &way, facts.received_at);
    steps.push(match facts.verified {
        true => checked.fact(words.t("fact-vouched")),
        false => checked,
    });
    steps.push(stored(words, history));
    steps.extend(passed::steps(words, facts, passes));
    steps
}

/// `has_waited`: an earlier step has said already why it is late.
fn received(words: &Words, history: &PurchaseHistory, has_waited: bool) -> Step {
    let facts = &history.facts;
    let mut step = Step::new(words.t("step-received"), Some(facts.received_at), Outcome::Succeeded);
    let delay = facts.received_at - facts.ordered_at.unwrap_or(facts.captured_at);
    if delay >= LATE_MINUTES * MINUTE_MS {
        step.outcome = Outcome::Noted;
        step = step.fact(words.t1("fact-late", "time", &words.duration(delay)));
        if !has_waited {
            step = step.advise(words.t("advice-late"));
        }
    }
    match history.deliveries_total - 1 {
        ..=0 => step,
        repeats => step.fact(words.n("fact-repeats", repeats)),
    }
}

fn stored(words: &Words, history: &PurchaseHistory) -> Step {
    let mut step = Step::new(
        words.t("step-stored"),
        Some(history.facts.received_at),
        Outcome::Succeeded,
    );
    if history.facts.source == TEST_SOURCE {
        step = step.fact(words.t("fact-test"));
    }
    let conflicts = i64::try_from(history.conflicts.len()).unwrap_or(i64::MAX);
    if conflicts > 0 {
        step.outcome = Outcome::Noted;
        step = step
            .fact(words.n("fact-conflicts", conflicts))
            .advise(words.t("advice-conflicts"));
    }
    step
}
