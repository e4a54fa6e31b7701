//! One record.

use alloc::string::String;

/// Milliseconds since 1970, as the device's clock says: it may step either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// This long after.
    pub fn plus(self, ms: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(ms))
    }

    /// Milliseconds since `earlier`; 0 if that lies in the future.
    pub fn since(self, earlier: Timestamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// An envelope with its delivery bookkeeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The envelope's id.
    pub id: String,
    /// Times it was sent, over all visits.
    pub attempts: u32,
    /// Not sent again before this.
    pub next_at: Timestamp,
    /// When the purchase was seen.
    pub captured_at: Timestamp,
    /// The envelope, byte for byte as captured.
    pub body: String,
}
