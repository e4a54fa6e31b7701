//! The steps of passing a purchase on: one for each destination and event, and one for seeing that it arrived.

use super::{Outcome, Output, Retry, Step};
use crate::{
    console::format::Words,
    store::{Pass, PassAttempt, PurchaseFacts, TEST_SOURCE},
};

/// Most attempts whose words are shown, the last ones.
const ATTEMPTS_SHOWN_MAX: usize = 5;

/// All steps of a purchase's ways to its destinations.
pub fn steps(words: &Words, facts: &PurchaseFacts, passes: &[Pass]) -> Vec<Step> {
    if passes.is_empty() {
        return vec![nowhere(words, facts)];
    }
    let of = |pass| {
        let mut steps = vec![passed(words, &facts.site, &facts.purchase_id, pass)];
        steps.extend(verified(words, pass));
        steps
    };
    passes.iter().flat_map(of).collect()
}

/// Why there is no way to any destination.
fn nowhere(words: &Words, facts: &PurchaseFacts) -> Step {
    let step = |outcome, key| Step::new(words.t("step-passed-nowhere"), None, outcome).fact(words.t(key));
    match (facts.placed, facts.state.as_str()) {
        _ if facts.source == TEST_SOURCE => step(Outcome::Skipped, "fact-test-not-passed"),
        (true, _) => step(Outcome::Skipped, "fact-passed-nowhere"),
        (false, "canceled") => step(Outcome::Skipped, "fact-never-placed"),
        (false, _) => step(Outcome::Waiting, "fact-not-placed-yet"),
    }
}

fn passed(words: &Words, site: &str, purchase_id: &str, pass: &Pass) -> Step {
    let has_failed = pass.attempts.iter().any(|attempt| is_failure(&attempt.outcome));
    let is_done = matches!(pass.state.as_str(), "delivered" | "verified" | "verifying");
    let outcome = match pass.state.as_str() {
        "dead" | "not-sent" => Outcome::Failed,
        _ if is_done && has_failed => Outcome::Noted,
        _ if is_done => Outcome::Succeeded,
        _ => Outcome::Waiting,
    };
    let sent = pass
        .attempts
        .iter()
        .rev()
        .find(|attempt| attempt.outcome == "delivered");
    let last = pass.attempts.last();
    let at = sent
        .or(last)
        .and_then(|attempt| attempt.finished_at.or(Some(attempt.started_at)));
    let title = words.t1("step-passed", "destination", &pass.destination);
    let mut step = Step::new(title, at.or(Some(pass.created_at)), outcome)
        .fact(words.named("event", &pass.event))
        .fact(words.named("pass", &pass.state));
    if pass.attempts_total > 0 {
        step = step.fact(words.n("fact-attempts", pass.attempts_total));
    }
    if let (Outcome::Waiting, Some(due_at)) = (outcome, pass.due_at) {
        step = step.fact(words.t1("fact-next", "time", &words.time(due_at)));
    }
    let failures = pass.attempts.iter().filter(|attempt| is_failure(&attempt.outcome));
    let failures: Vec<_> = failures.collect();
    let shown = failures.iter().skip(failures.len().saturating_sub(ATTEMPTS_SHOWN_MAX));
    step.output = shown
        .map(|attempt| output(words, attempt, outcome == Outcome::Failed))
        .collect();
    let advice = failures.last().and_then(|attempt| attempt.advice.as_deref());
    if let Some(code) = advice.filter(|_| !is_done) {
        step = step.advise(words.named("pass-advice", code));
    }
    if outcome == Outcome::Failed {
        step.retry = Some(Retry {
            action: "/console/replay".to_owned(),
            fields: vec![
                ("site", site.to_owned()),
                ("id", purchase_id.to_owned()),
                ("destination", pass.destination.clone()),
                ("event", pass.event.clone()),
            ],
            label: words.t("retry-pass"),
        });
    }
    step
}

/// What one attempt put out: its time, the answer, and the platform's words in whatever language they are.
fn output(words: &Words, attempt: &PassAttempt, has_failed: bool) -> Output {
    Output {
        at: Some(attempt.started_at),
        about: attempt
            .status
            .map(|status| format!("HTTP {status}"))
            .unwrap_or_default(),
        meaning: words.named("attempt", &attempt.outcome),
        words: attempt.text.clone(),
        ..Output::of(if has_failed { "error" } else { "warning" })
    }
}

fn is_failure(outcome: &str) -> bool {
    matches!(outcome, "interrupted" | "missing" | "retry" | "refused" | "not-sent")
}

/// Whether the platform shows it; none if it is not that far, or cannot be asked.
fn verified(words: &Words, pass: &Pass) -> Option<Step> {
    let title = words.t1("step-verified", "destination", &pass.destination);
    match pass.state.as_str() {
        "verified" => {
            let step = Step::new(title, pass.finished_at, Outcome::Succeeded);
            Some(step.fact(words.t("fact-verified")))
        }
        "verifying" => {
            let step = Step::new(title, None, Outcome::Waiting);
            Some(match pass.due_at {
                Some(due_at) => step.fact(words.t1("fact-next", "time", &words.time(due_at))),
                None => step,
            })
        }
        "delivered" => Some(Step::new(title, None, Outcome::Skipped).fact(words.t("fact-not-asked"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{console::catalogue::Language, store::PassAttempt};
    use jiff::tz::TimeZone;

    fn pass(state: &str, attempts: &[&str]) -> Pass {
        let attempt = |(number, outcome): (i64, &&str)| PassAttempt {
            number,
            started_at: number,
            finished_at: Some(number),
            outcome: (*outcome).to_owned(),
            status: Some(503),
            text: format!("words {number}"),
            advice: is_failure(outcome).then(|| "server-error".to_owned()),
        };
        Pass {
            destination: "shop-klaviyo".to_owned(),
            event: "placed".to_owned(),
            state: state.to_owned(),
            created_at: 5,
            due_at: Some(60_000),
            finished_at: Some(9),
            attempts_total: 1,
            attempts: (1..).zip(attempts).map(attempt).collect(),
        }
    }

    fn facts(placed: bool, state: &str, source: &str) -> PurchaseFacts {
        let json = |text: &str| text.to_owned().try_into().expect("it is JSON");
        PurchaseFacts {
            verified: false,
            verified_at: None,
            site: "demo".to_owned(),
            purchase_id: "1".to_owned(),
            received_at: 5,
            captured_at: 5,
            ordered_at: None,
            source: source.to_owned(),
            page: None,
            record_id: "a1".to_owned(),
            state: state.to_owned(),
            placed,
            order_status: None,
            purchase: json("{}"),
            problems: json("[]"),
        }
    }

    #[test]
    fn what_is_passed_on_nowhere_says_why() {
        let words = Words {
            language: Language::English,
            zone: TimeZone::UTC,
        };
        let cases = [
            (true, "completed", "call", Outcome::Skipped, "fact-passed-nowhere"),
            (false, "pending", "server", Outcome::Waiting, "fact-not-placed-yet"),
            (false, "canceled", "server", Outcome::Skipped, "fact-never-placed"),
            (true, "completed", TEST_SOURCE, Outcome::Skipped, "fact-test-not-passed"),
        ];
        for (placed, state, source, outcome, key) in cases {
            let steps = steps(&words, &facts(placed, state, source), &[]);
            assert_eq!(
                (steps[0].outcome, &steps[0].facts),
                (outcome, &vec![words.t(key)]),
                "{key}"
            );
        }
    }

    #[test]
    fn each_state_has_its_outcome_and_only_what_failed_can_be_retried() {
        let words = Words {
            language: Language::English,
            zone: TimeZone::UTC,
        };
        let cases: [(&str, &[&str], &[Outcome], bool); 8] = [
            ("waiting", &[], &[Outcome::Waiting], false),
            ("waiting", &["retry"], &[Outcome::Waiting], false),
            (
                "verifying",
                &["delivered"],
                &[Outcome::Succeeded, Outcome::Waiting],
                false,
            ),
            (
                "verified",
                &["delivered", "verified"],
                &[Outcome::Succeeded, Outcome::Succeeded],
                false,
            ),
            (
                "verified",
                &["retry", "delivered", "verified"],
                &[Outcome::Noted, Outcome::Succeeded],
                false,
            ),
            (
                "delivered",
                &["delivered"],
                &[Outcome::Succeeded, Outcome::Skipped],
                false,
            ),
            ("dead", &["refused"], &[Outcome::Failed], true),
            ("not-sent", &["not-sent"], &[Outcome::Failed], true),
        ];
        for (state, attempts, expected, can_retry) in cases {
            let steps = steps(&words, &facts(true, "completed", "call"), &[pass(state, attempts)]);
            let outcomes: Vec<_> = steps.iter().map(|step| step.outcome).collect();
            assert_eq!(outcomes, expected, "{state} {attempts:?}");
            assert_eq!(steps[0].retry.is_some(), can_retry, "{state}");
        }
        let retried = pass("dead", &["retry", "retry", "refused"]);
        let dead = &steps(&words, &facts(true, "completed", "call"), &[retried])[0];
        let texts: Vec<_> = dead.output.iter().map(|output| output.words.as_str()).collect();
        assert_eq!(texts, ["words 1", "words 2", "words 3"]);
        assert_eq!(
            dead.advice.as_deref(),
            Some(words.t("pass-advice-server-error").as_str())
        );
    }
}
