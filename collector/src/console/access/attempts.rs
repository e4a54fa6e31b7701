//! How often somebody may try to sign in. Each collector counts for itself, and begins anew with it.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Attempts for one name at once.
const PER_NAME_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Seconds after which a name has one more attempt.
const PER_NAME_SECONDS: u64 = 60;

/// Attempts of one address at once.
const PER_ADDRESS_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// Seconds after which an address has one more attempt.
const PER_ADDRESS_SECONDS: u64 = 10;

/// Attempts for all names together at once.
const TOGETHER_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// Seconds after which all names together have one more attempt.
const TOGETHER_SECONDS: u64 = 1;

/// Passwords that are checked at a time: each takes 19 MiB.
const CHECKS_MAX: usize = 4;

/// Sign-ins that are checked or wait for it: half of the places that the console has, so that its readers keep the others.
const SIGN_INS_MAX: usize = 16;

/// Where a request comes from, if that is known: the console's caller puts it into the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

/// The limits. An address is counted first, so that one machine alone cannot use up what all have together. A name is counted
/// whoever tries it: addresses cost an attacker little. Whoever is signed in stays so while others try the name.
#[derive(Debug)]
pub struct Attempts {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_name: DefaultKeyedRateLimiter<[u8; 32]>,
    together: DefaultDirectRateLimiter,
    places: Semaphore,
    checks: Semaphore,
}

impl Default for Attempts {
    fn default() -> Attempts {
        let quota = |seconds, burst| {
            let quota = Quota::with_period(Duration::from_secs(seconds));
            quota.unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Attempts {
            by_address: RateLimiter::keyed(quota(PER_ADDRESS_SECONDS, PER_ADDRESS_BURST)),
            by_name: RateLimiter::keyed(quota(PER_NAME_SECONDS, PER_NAME_BURST)),
            together: RateLimiter::direct(quota(TOGETHER_SECONDS, TOGETHER_BURST)),
            places: Semaphore::new(SIGN_INS_MAX),
            checks: Semaphore::new(CHECKS_MAX),
        }
    }
}

impl Attempts {
    /// Counts an attempt for a name; in how many seconds to come again if it is one too many.
    pub fn count(&self, client: Option<Client>, name: &str) -> Result<(), u64> {
        // Whoever recovered is forgotten, so that what an attacker used does not stay.
        self.by_address.retain_recent();
        if client.is_some_and(|Client(address)| self.by_address.check_key(&address).is_err()) {
            return Err(PER_ADDRESS_SECONDS);
        }
        if self.together.check().is_err() {
            return Err(TOGETHER_SECONDS);
        }
        // Names are kept in one size.
        self.by_name.retain_recent();
        let digest = Sha256::digest(name).into();
        self.by_name.check_key(&digest).map_err(|_| PER_NAME_SECONDS)
    }

    /// Waits until a password may be checked; in how many seconds to come again if too many wait already.
    pub async fn turn(&self) -> Result<[SemaphorePermit<'_>; 2], u64> {
        let place = self.places.try_acquire().map_err(|_| TOGETHER_SECONDS)?;
        // The semaphore is never closed.
        let check = self.checks.acquire().await.map_err(|_| TOGETHER_SECONDS)?;
        Ok([place, check])
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn client(last: u8) -> Option<Client> {
        Some(Client([192, 0, 2, last].into()))
    }

    #[test]
    fn a_name_has_ten_attempts_and_others_are_not_held_up() {
        let attempts = Attempts::default();
        for attempt in 0..10 {
            assert_eq!(attempts.count(None, "ana"), Ok(()), "{attempt}");
        }
        assert_eq!(attempts.count(None, "ana"), Err(PER_NAME_SECONDS));
        assert_eq!(attempts.count(None, "eva"), Ok(()));
        let refused = (0..100)
            .filter(|number| attempts.count(None, &number.to_string()).is_err())
            .count();
        assert!(refused >= 45, "{refused}");
    }

    #[test]
    fn one_address_alone_keeps_nobody_out() {
        let attempts = Attempts::default();
        let refused = (0..1_000)
            .filter(|number| attempts.count(client(1), &number.to_string()).is_err())
            .count();
        assert!(refused >= 970, "{refused}");
        assert_eq!(attempts.count(client(1), "ana"), Err(PER_ADDRESS_SECONDS));
        assert_eq!(attempts.count(client(2), "ana"), Ok(()));
    }

    #[tokio::test]
    async fn those_who_wait_for_a_check_leave_places_to_readers() {
        let attempts = Attempts::default();
        let mut turns = Vec::new();
        for _ in 0..CHECKS_MAX {
            turns.push(attempts.turn().await.expect("a turn"));
        }
        let mut waiting: Vec<_> = (CHECKS_MAX..SIGN_INS_MAX).map(|_| Box::pin(attempts.turn())).collect();
        for turn in &mut waiting {
            assert!(turn.as_mut().now_or_never().is_none(), "it waits");
        }
        assert_eq!(attempts.turn().await.err(), Some(TOGETHER_SECONDS));
        turns.pop();
        assert!(waiting.remove(0).await.is_ok());
    }
}
