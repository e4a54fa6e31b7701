//! What an answer means. Each status has exactly one verdict.

use super::Advice;

/// Most bytes that are read of an answer's body.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// An answer, read to its end or to its limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// How long not to ask again, in milliseconds, if it said so.
    pub retry_after_ms: Option<i64>,
    /// At most [`ANSWER_BYTES_MAX`] bytes of it.
    pub body: String,
}

/// What follows for the purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The destination has it.
    Delivered,
    /// Its contact must be created first, then it is sent again.
    CreateContact,
    /// Not now.
    Retry {
        /// Why, and what to do if it stays so.
        advice: Advice,
        /// How long to wait at least, in milliseconds, if the destination said so.
        after_ms: Option<i64>,
        /// Whether any other purchase would have failed as well; it counts for the circuit.
        ill: bool,
    },
    /// Never in this form: a dead letter.
    Refused(Advice),
}

impl Verdict {
    /// The destination is ill, or wrongly configured.
    pub const fn ill(advice: Advice) -> Verdict {
        Verdict::Retry {
            advice,
            after_ms: None,
            ill: true,
        }
    }
}

/// What a status means at every destination, unless its own rules come first. `Retry-After` is RFC 9110, 10.2.3.
pub fn verdict(answer: &Answer) -> Verdict {
    let retry = |advice, ill| Verdict::Retry {
        advice,
        after_ms: answer.retry_after_ms,
        ill,
    };
    match answer.status {
        200..=299 => Verdict::Delivered,
        300..=399 => retry(Advice::Redirected, true),
        401 | 407 => retry(Advice::Credentials, true),
        402 | 403 => retry(Advice::Scope, true),
        404 | 405 => retry(Advice::WrongAddress, true),
        408 => retry(Advice::TimedOut, true),
        // Not ill: it answers, and says when to come back.
        425 | 429 => retry(Advice::Throttled, false),
        413 => Verdict::Refused(Advice::TooLarge),
        400..=499 => Verdict::Refused(Advice::Refused),
        _ => retry(Advice::ServerError, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_verdict() {
        let of = |status| {
            verdict(&Answer {
                status,
                retry_after_ms: Some(7_000),
                body: String::new(),
            })
        };
        let retry = |advice, ill| Verdict::Retry {
            advice,
            after_ms: Some(7_000),
            ill,
        };
        for (statuses, expected) in [
            (&[200, 201, 202, 204, 299][..], Verdict::Delivered),
            (&[301, 302, 307, 308], retry(Advice::Redirected, true)),
            (&[401], retry(Advice::Credentials, true)),
            (&[403], retry(Advice::Scope, true)),
            (&[404, 405], retry(Advice::WrongAddress, true)),
            (&[408], retry(Advice::TimedOut, true)),
            (&[429], retry(Advice::Throttled, false)),
            (&[413], Verdict::Refused(Advice::TooLarge)),
            (&[400, 409, 410, 422], Verdict::Refused(Advice::Refused)),
            (
                &[0, 100, 500, 502, 503, 504, 599, 999],
                retry(Advice::ServerError, true),
            ),
        ] {
            for status in statuses {
                assert_eq!(of(*status), expected, "{status}");
            }
        }
    }
}
