//! A look into the outbox.

use alloc::{string::String, vec::Vec};

use super::Timestamp;

/// What is in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// No request leaves before this.
    pub not_before: Timestamp,
    /// In the order they came in.
    pub records: Vec<RecordView>,
}

/// One record, seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// The envelope's id.
    pub id: String,
    /// When the purchase was seen.
    pub captured_at: Timestamp,
    /// Times it was sent.
    pub attempts: u32,
    /// Not sent again before this.
    pub next_at: Timestamp,
    /// Size of the envelope, in bytes.
    pub bytes: usize,
    /// What it waits for.
    pub state: RecordState,
}

/// What a record waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// Its next attempt.
    Waiting,
    /// Its next attempt, in memory only: storage refused it.
    WaitingInMemory,
    /// An answer.
    InFlight,
}

impl RecordState {
    /// The name in the JavaScript snapshot.
    pub fn name(self) -> &'static str {
        match self {
            RecordState::Waiting => "waiting",
            RecordState::WaitingInMemory => "waiting-in-memory",
            RecordState::InFlight => "in-flight",
        }
    }
}
