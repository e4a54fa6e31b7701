//! How many requests one address and one site may send: a single client must not use up what is everybody's.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DashMapStateStore,
};

use crate::cli::Serve;

/// Requests at once after a pause, as a multiple of the requests per second: a shop's whole office may come through one address.
const BURST_SECONDS: u32 = 10;

/// After how many checks those keys are forgotten that have their whole burst again.
const CHECKS_PER_SWEEP: u32 = 4_096;

/// Leading bits of an IPv6 address that are one client: providers hand out whole /64 networks (RFC 6177).
const IPV6_CLIENT_BITS: u32 = 64;

/// The limits of a collector. They are counted in memory, for each collector by itself.
#[derive(Debug)]
pub struct Rates {
    addresses: Rate<IpAddr>,
    sites: Rate<String>,
}

impl Rates {
    pub fn new(options: &Serve) -> Rates {
        Rates {
            addresses: Rate::new(options.address_rate),
            sites: Rate::new(options.site_rate),
        }
    }

    /// Counts one request of an address.
    ///
    /// # Errors
    /// The time until the next may come.
    pub fn address(&self, address: IpAddr) -> Result<(), Duration> {
        self.addresses.count(&client(address))
    }

    /// Counts one message of a site that is known.
    ///
    /// # Errors
    /// The time until the next may come.
    pub fn site(&self, site: &str) -> Result<(), Duration> {
        self.sites.count(&site.to_owned())
    }
}

/// All addresses of one client as one.
pub fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let mask = u128::MAX << (Ipv6Addr::BITS - IPV6_CLIENT_BITS);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[derive(Debug)]
struct Rate<K: Eq + std::hash::Hash + Clone> {
    limiter: Option<RateLimiter<K, DashMapStateStore<K>, DefaultClock>>,
    checks: AtomicU32,
}

impl<K: Eq + std::hash::Hash + Clone> Rate<K> {
    /// Zero is no limit.
    fn new(per_second: u32) -> Rate<K> {
        let quota = NonZeroU32::new(per_second).map(|per_second| {
            let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            Quota::per_second(per_second).allow_burst(burst)
        });
        Rate {
            limiter: quota.map(RateLimiter::dashmap),
            checks: AtomicU32::new(0),
        }
    }

    fn count(&self, key: &K) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            limiter.retain_recent();
        }
        limiter
            .check_key(key)
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_an_ipv6_network() {
        let one = |text: &str| client(text.parse().expect("an address"));
        assert_eq!(one("2001:db8:1:2::7"), one("2001:db8:1:2:ffff::1"));
        assert_ne!(one("2001:db8:1:2::7"), one("2001:db8:1:3::7"));
        assert_eq!(one("::ffff:192.0.2.1"), one("192.0.2.1"));
        assert_ne!(one("192.0.2.2"), one("192.0.2.1"));
    }

    #[test]
    fn a_burst_passes_and_the_next_is_told_when_to_come() {
        let rate = Rate::new(1);
        for _ in 0..BURST_SECONDS {
            assert_eq!(rate.count(&"a"), Ok(()));
        }
        let wait = rate.count(&"a").expect_err("the burst is used up");
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert_eq!(rate.count(&"b"), Ok(()), "another key has its own");
        assert_eq!(Rate::new(0).count(&"a"), Ok(()), "zero is no limit");
    }
}
