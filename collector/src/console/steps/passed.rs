//! The steps of passing a purchase on: one for each destination and event, and one for seeing that it arrived.

use super::{Outcome, Output, Retry, Step};
use crate::{console::format::Words, store::Pass};

/// Most attempts whose words are shown, the last ones.
const ATTEMPTS_SHOWN_MAX: usize = 5;

/// All steps of a purchase's ways to its destinations.
pub fn steps(words: &Words, site: &str, purchase_id: &str, passes: &[Pass]) -> Vec<Step> {
    if passes.is_empty() {
        let none = Step::new(words.t("step-passed-nowhere"), None, Outcome::Skipped);
        return vec![none.fact(words.t("fact-passed-nowhere"))];
    }
    let of = |pass| {
        let mut steps = vec![passed(words, site, purchase_id, pass)];
        steps.extend(verified(words, pass));
        steps
    };
    passes.iter().flat_map(of).collect()
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
        .map(|attempt| Output {
            about: words.second(attempt.started_at),
            found: attempt
                .status
                .map(|status| format!("HTTP {status}"))
                .unwrap_or_default(),
            text: attempt.text.clone(),
            severity: if outcome == Outcome::Failed { "error" } else { "warning" }.to_owned(),
        })
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
            let steps = steps(&words, "demo", "1", &[pass(state, attempts)]);
            let outcomes: Vec<_> = steps.iter().map(|step| step.outcome).collect();
            assert_eq!(outcomes, expected, "{state} {attempts:?}");
            assert_eq!(steps[0].retry.is_some(), can_retry, "{state}");
        }
        let dead = &steps(&words, "demo", "1", &[pass("dead", &["retry", "retry", "refused"])])[0];
        let texts: Vec<_> = dead.output.iter().map(|output| output.text.as_str()).collect();
        assert_eq!(texts, ["words 1", "words 2", "words 3"]);
        assert_eq!(
            dead.advice.as_deref(),
            Some(words.t("pass-advice-server-error").as_str())
        );
    }
}
