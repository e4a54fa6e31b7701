//! Full jitter: a random delay between 0 and a doubling bound.
//!
//! <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>

use super::limits::BACKOFF_MS_MAX;

/// A seeded generator (SplitMix64): spreading retries needs no cryptography, and a seed makes every run repeatable.
#[derive(Clone, Debug)]
pub struct Jitter(u64);

impl Jitter {
    pub fn new(seed: u64) -> Jitter {
        Jitter(seed)
    }

    /// The delay after so many attempts, in milliseconds: at least 1, at most [`BACKOFF_MS_MAX`].
    pub fn backoff(&mut self, base_ms: u64, attempts: u32) -> u64 {
        let doubled = base_ms.saturating_mul(1 << attempts.saturating_sub(1).min(20));
        1 + self.below(doubled.min(BACKOFF_MS_MAX))
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }
}
