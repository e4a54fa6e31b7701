//! The steps of a payload that was refused.

use super::{
    Outcome, Retry, Step,
    before::{self, Way},
};
use crate::{console::format::Words, store::console::Refusal};

/// All steps, in order.
pub fn of_refusal(words: &Words, refusal: &Refusal) -> Vec<Step> {
    let captured_at = serde_json::from_str::<serde_json::Value>(&refusal.envelope)
        .ok()
        .and_then(|envelope| envelope.get("captured_at")?.as_i64());
    let way = Way {
        source: &refusal.source,
        page: refusal.page.as_deref(),
        captured_at,
        sent_at: None,
        attempt: None,
        problems: &refusal.problems,
    };
    let mut received = Step::new(words.t("step-received"), Some(refusal.first_at), Outcome::Succeeded);
    if refusal.times > 1 {
        received = received.fact(words.n("fact-times", refusal.times)).fact(words.t1(
            "fact-last",
            "time",
            &words.time(refusal.received_at),
        ));
    }
    let mut checked = before::checked(words, &way, refusal.received_at);
    checked.retry = Some(Retry {
        action: "/console/refusal".to_owned(),
        fields: vec![("site", refusal.site.clone()), ("digest", refusal.digest.clone())],
        label: words.t("retry-judge"),
    });
    let mut steps = vec![before::captured(words, &way)];
    steps.extend(before::buffered_and_sent(words, &way));
    steps.extend([
        received,
        checked,
        Step::new(words.t("step-stored"), None, Outcome::Skipped).fact(words.t("fact-kept-refused")),
        Step::new(words.t("step-passed-nowhere"), None, Outcome::Skipped).fact(words.t("fact-refused-not-passed")),
    ]);
    steps
}
