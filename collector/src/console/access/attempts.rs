//! How often somebody may try to sign in. Each collector counts for itself, and begins anew with it.

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Attempts for one name at once.
const PER_NAME_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Seconds after which a name has one more attempt.
const PER_NAME_SECONDS: u64 = 60;

/// Attempts for all names together at once.
const TOGETHER_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// Seconds after which all names together have one more attempt.
const TOGETHER_SECONDS: u64 = 1;

/// Passwords that are checked at a time: each takes 19 MiB.
const CHECKS_MAX: usize = 4;

/// The limits. A name is counted whoever tries it: addresses cost an attacker little, and behind a proxy they are all the same.
/// Whoever is signed in stays so while others try the name.
#[derive(Debug)]
pub struct Attempts {
    by_name: DefaultKeyedRateLimiter<[u8; 32]>,
    together: DefaultDirectRateLimiter,
    checks: Semaphore,
}

impl Default for Attempts {
    fn default() -> Attempts {
        let quota = |seconds, burst| {
            let quota = Quota::with_period(Duration::from_secs(seconds));
            quota.unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Attempts {
            by_name: RateLimiter::keyed(quota(PER_NAME_SECONDS, PER_NAME_BURST)),
            together: RateLimiter::direct(quota(TOGETHER_SECONDS, TOGETHER_BURST)),
            checks: Semaphore::new(CHECKS_MAX),
        }
    }
}

impl Attempts {
    /// Counts an attempt for a name; in how many seconds to come again if it is one too many.
    pub fn count(&self, name: &str) -> Result<(), u64> {
        if self.together.check().is_err() {
            return Err(TOGETHER_SECONDS);
        }
        // Names that recovered are forgotten, so that those of an attacker do not stay. They are kept in one size.
        self.by_name.retain_recent();
        let digest = Sha256::digest(name).into();
        self.by_name.check_key(&digest).map_err(|_| PER_NAME_SECONDS)
    }

    /// Waits until a password may be checked.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.checks.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_ten_attempts_and_others_are_not_held_up() {
        let attempts = Attempts::default();
        for attempt in 0..10 {
            assert_eq!(attempts.count("ana"), Ok(()), "{attempt}");
        }
        assert_eq!(attempts.count("ana"), Err(PER_NAME_SECONDS));
        assert_eq!(attempts.count("eva"), Ok(()));
        let refused = (0..100)
            .filter(|number| attempts.count(&number.to_string()).is_err())
            .count();
        assert!(refused >= 45, "{refused}");
    }
}
