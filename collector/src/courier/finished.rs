//! What follows from an attempt: the entry's next state, when it is due again, and what it says of the destination.

use crate::{
    passing::{
        Advice, Destination, asking,
        attempt::{Outcome, Report},
        backoff,
        config::Delivery,
    },
    store::{Claimed, Finished, Health},
};

/// What follows from a report at `now`, in milliseconds since 1970. All that is to be kept of it is here.
pub fn finished(
    delivery: &Delivery,
    destination: &Destination,
    claimed: &Claimed,
    report: &Report,
    now: i64,
) -> Finished {
    let Delivery {
        retry_ms_min,
        retry_ms_max,
        give_up_ms,
        verify_ms,
        ..
    } = *delivery;
    let failures = claimed.failures.saturating_add(1);
    let after_failure = || {
        let times = u32::try_from(failures).unwrap_or(u32::MAX);
        let delay = backoff::delay_ms(times, retry_ms_min, retry_ms_max, fastrand::f64());
        now.saturating_add(delay.max(report.pause_ms.unwrap_or(0)))
    };
    let gives_up = now.saturating_sub(claimed.since) >= give_up_ms;
    let can_verify = claimed
        .order
        .as_ref()
        .is_some_and(|order| destination.verification(order).is_some());
    let again = if claimed.verifying { "verifying" } else { "waiting" };
    let is_missing = report.result == Outcome::Missing;
    let asked = claimed.asked.saturating_add(i64::from(is_missing));
    let concludes = is_missing && asked >= asking::ASKED_MAX;
    let unseen = claimed.unseen.saturating_add(i64::from(concludes && claimed.verifying));
    let (state, due_at, outcome, advice) = match report.result {
        Outcome::Delivered { verified: true } => ("verified", None, "verified", None),
        Outcome::Delivered { verified: false } if can_verify => {
            let pause = asking::pause_ms(0, verify_ms);
            ("verifying", Some(now.saturating_add(pause)), "delivered", None)
        }
        Outcome::Delivered { verified: false } => ("delivered", None, "delivered", None),
        Outcome::NotSent(advice) => ("not-sent", None, "not-sent", Some(advice)),
        Outcome::Refused(advice) => ("dead", None, "refused", Some(advice)),
        Outcome::Missing if unseen >= asking::UNSEEN_MAX => ("dead", None, "missing", Some(Advice::NeverSeen)),
        // The next attempt asks once more, and sends it again only if it is still missing.
        Outcome::Missing if concludes => ("waiting", Some(after_failure()), "missing", Some(Advice::NotFoundYet)),
        Outcome::Missing => {
            let pause = asking::pause_ms(asked, verify_ms).max(report.pause_ms.unwrap_or(0));
            (
                again,
                Some(now.saturating_add(pause)),
                "missing",
                Some(Advice::NotFoundYet),
            )
        }
        // It was taken; only that it is there could not be learnt.
        Outcome::Retry { advice, .. } if gives_up && claimed.verifying => ("delivered", None, "retry", Some(advice)),
        Outcome::Retry { advice, .. } if gives_up => ("dead", None, "retry", Some(advice)),
        Outcome::Retry { advice, .. } => (again, Some(after_failure()), "retry", Some(advice)),
    };
    Finished {
        key: claimed.key.clone(),
        claims: claimed.claims,
        number: claimed.number,
        at: now,
        state,
        due_at,
        failures: match report.result {
            // What was accepted before and not there has not come to its end by being accepted again.
            Outcome::Delivered { verified: false } if unseen > 0 => claimed.failures,
            Outcome::Delivered { .. } => 0,
            Outcome::Missing if !concludes => claimed.failures,
            _ => failures,
        },
        asked: is_missing.then_some(asked),
        unseen,
        // A purchase that is missing is sent from its beginning.
        progress: is_missing.then_some(0),
        maybe_sent: report.maybe_sent || is_missing,
        outcome,
        status: report.status.map(i64::from),
        text: report.text.clone(),
        advice: advice.map(Advice::code),
        health: Health {
            well: match report.result {
                Outcome::Retry { ill, .. } => Some(!ill),
                Outcome::NotSent(_) => None,
                // Without an answer it was not asked.
                _ => report.status.map(|_| true),
            },
            limits: delivery.circuit(),
            was_probe: claimed.is_probe,
            not_before: report.pause_ms.map(|ms| now.saturating_add(ms)),
            random: fastrand::f64(),
        },
    }
}
