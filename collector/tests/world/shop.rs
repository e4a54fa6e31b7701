//! Somebody who sells, and knows what was acknowledged.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{
    envelope,
    process::{Collector, get, post},
};

/// What a busy machine adds, in seconds.
pub const SLACK_SECONDS: u64 = 4;

/// Longest wait for something that must happen, in seconds.
pub const PATIENCE_SECONDS: u64 = 60;

/// Posts new purchases, and knows which were acknowledged.
pub struct Shop {
    pub address: String,
    pub next: usize,
    pub acknowledged: BTreeSet<String>,
    /// Those that were not.
    pub put_off: BTreeSet<String>,
}

impl Shop {
    pub fn new(collector: &Collector) -> Shop {
        Shop {
            address: collector.address.clone(),
            next: 1,
            acknowledged: BTreeSet::new(),
            put_off: BTreeSet::new(),
        }
    }

    /// The answer to the next purchase: status, whole text, and how long it took.
    pub fn sell(&mut self) -> (u16, String, Duration) {
        let id = self.next.to_string();
        self.next += 1;
        let started = Instant::now();
        let (status, answer) = post(&self.address, &envelope("r", &id, "10.00")).expect("it answers");
        let list = if status == 201 {
            &mut self.acknowledged
        } else {
            &mut self.put_off
        };
        list.insert(id);
        (status, answer, started.elapsed())
    }

    #[track_caller]
    pub fn sells(&mut self) {
        let (status, answer, _) = self.sell();
        assert_eq!(status, 201, "{answer}");
    }

    /// Refused with the hint to come again, in time.
    #[track_caller]
    pub fn is_put_off(&mut self, seconds_max: u64) {
        let (status, answer, took) = self.sell();
        assert_is_put_off(status, &answer);
        assert!(
            took < Duration::from_secs(seconds_max + SLACK_SECONDS),
            "it took {took:?}"
        );
    }

    /// Sells until a purchase is taken.
    #[track_caller]
    pub fn recovers(&mut self) {
        let started = Instant::now();
        while self.sell().0 != 201 {
            assert!(
                started.elapsed() < Duration::from_secs(PATIENCE_SECONDS),
                "it does not recover"
            );
        }
    }

    /// Posts again what was put off, as browsers do. All of it is taken; what was stored without an answer is a duplicate.
    #[track_caller]
    pub fn repeats(&mut self) {
        for id in std::mem::take(&mut self.put_off) {
            let (status, answer) = post(&self.address, &envelope("r", &id, "10.00")).expect("it answers");
            assert!([200, 201].contains(&status), "{answer}");
            self.acknowledged.insert(id);
        }
    }

    #[track_caller]
    pub fn probes_say(&self, ready: u16) {
        let status = |path| get(&self.address, path).map(|(status, _)| status);
        assert_eq!(
            [status("/v1/health/live"), status("/v1/health/ready")],
            [Some(200), Some(ready)]
        );
    }
}

/// 503, and when to come again.
#[track_caller]
pub fn assert_is_put_off(status: u16, answer: &str) {
    assert_eq!(status, 503, "{answer}");
    assert!(answer.to_ascii_lowercase().contains("\r\nretry-after: "), "{answer}");
}
