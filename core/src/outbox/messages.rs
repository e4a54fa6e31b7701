//! What goes into the [`Outbox`](super::Outbox) and what comes out.

use alloc::string::String;

#[cfg(doc)]
use super::{AGE_MS_MAX, CLAIM_MS, KEEPALIVE_FETCH_BYTES_MAX, Outbox, RECORD_BYTES_MAX, RECORDS_MAX};
use super::{Answer, Record, Timestamp, Verdict};

/// Something that happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A record was found in storage. Harmless if it is known already.
    Restored(Record),
    /// A record was found in storage that another tab claims: it is about to send it. Left to that tab until then, at most
    /// [`CLAIM_MS`]. Harmless if the record is known already.
    RestoredClaimed {
        /// The record.
        record: Record,
        /// When the claim expires.
        until: Timestamp,
    },
    /// The shared "not before" stamp was found in storage.
    RestoredNotBefore(Timestamp),
    /// A new envelope. Harmless if its id is known already.
    Enqueue(Record),
    /// The collector, or something on the way to it, answered a fetch.
    Answered {
        /// The record that was sent.
        id: String,
        /// What came back.
        answer: Answer,
    },
    /// A fetch failed without a readable answer: whether it arrived is not known.
    Unreachable {
        /// The record that was sent.
        id: String,
    },
    /// A record could not be saved; it lives in memory from now on.
    StorageFailed {
        /// The record.
        id: String,
    },
    /// Another tab erased the record, because it has a receipt.
    ErasedElsewhere {
        /// The record.
        id: String,
    },
    /// The page is hidden or goes away; may be said twice for the same departure.
    PageHiding,
    /// The page is shown again, from the back/forward cache or another tab.
    PageShown,
    /// The device has a network again.
    Online,
    /// The shop asked to send now.
    Flush,
    /// The time of [`Outbox::poll_wake`] has come.
    Wake,
}

/// Something to do outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the record down, replacing an earlier state of it.
    Save(Record),
    /// Write the shared stamp down: no request leaves before it.
    SaveNotBefore(Timestamp),
    /// Remove the record.
    Erase {
        /// The record.
        id: String,
    },
    /// Send the record.
    Send {
        /// The record.
        id: String,
        /// How.
        lane: Lane,
        /// 1 for the first time.
        attempt: u32,
        /// The envelope.
        body: String,
    },
    /// Tell the page and its developer.
    Report {
        /// The record.
        id: String,
        /// What there is to tell.
        event: Event,
    },
}

/// How a record is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A fetch whose answer comes back as an input; `keepalive` unless the body is larger than [`KEEPALIVE_FETCH_BYTES_MAX`].
    Fetch {
        /// Whether the request may outlive the page.
        keepalive: bool,
    },
    /// `sendBeacon`: nothing comes back.
    Beacon,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The collector has it.
    Registered,
    /// The collector says that it is malformed.
    Refused,
    /// It will be sent again.
    Retrying {
        /// When, at the earliest.
        at: Timestamp,
        /// Attempts so far.
        attempts: u32,
        /// Why the last one did not count.
        verdict: Verdict,
    },
    /// It was not confirmed within [`AGE_MS_MAX`] and is given up.
    Expired,
    /// It could not be saved; it is lost if the page closes before it is confirmed.
    NotStored,
    /// There are [`RECORDS_MAX`] records already: it was not taken.
    Full,
    /// It is larger than [`RECORD_BYTES_MAX`]: it was not taken.
    TooLarge,
}
