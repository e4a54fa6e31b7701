//! What an answer means. Every status has exactly one verdict.

/// What came back from a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, in milliseconds from now.
    pub retry_after_ms: Option<u64>,
    /// What the collector's own receipt for this very record says; none if the body is anything else.
    pub receipt: Option<ReceiptVerdict>,
}

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptVerdict {
    /// Stored, now or earlier.
    Confirmed,
    /// Malformed; kept among the refusals.
    Refused,
}

/// What to do with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The collector has it: erase.
    Confirmed,
    /// The collector will never take it: erase and report.
    Refused,
    /// No readable answer: it may have arrived. Send again with the same id.
    Unreachable,
    /// A passing fault, or an answer that is not the collector's (a proxy's page with status 200): send again.
    RetryLater {
        /// Not before so many milliseconds.
        after_ms: Option<u64>,
    },
    /// A person must mend something (site key, origin, address): keep, send again seldom.
    WrongConfiguration,
}

impl Answer {
    /// The verdict. Only a receipt confirms or refuses: a status alone may be a proxy's.
    pub fn verdict(&self) -> Verdict {
        match (self.receipt, self.status) {
            (Some(ReceiptVerdict::Confirmed), _) => Verdict::Confirmed,
            (Some(ReceiptVerdict::Refused), _) => Verdict::Refused,
            (None, 400 | 401 | 403 | 404 | 405 | 410 | 413 | 415 | 422) => Verdict::WrongConfiguration,
            (None, _) => Verdict::RetryLater {
                after_ms: self.retry_after_ms,
            },
        }
    }
}
