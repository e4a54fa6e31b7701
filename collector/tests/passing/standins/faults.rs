//! What a stand-in does wrong.

use std::{collections::VecDeque, time::Duration};

/// One request's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// An answer without effect.
    Status(u16),
    /// 429 with `Retry-After`.
    Throttle {
        seconds: u16,
    },
    /// Neither effect nor answer.
    Hang,
    /// No effect, and the connection ends.
    Reset,
    /// The effect, but the connection ends.
    LostAnswer,
    /// No answer, and the effect later.
    LateEffect {
        after: Duration,
    },
}

/// The fates of the requests to come.
#[derive(Clone, Debug)]
pub struct Faults {
    first: VecDeque<Fault>,
    random: Option<fastrand::Rng>,
    then: Fault,
}

impl Faults {
    /// All is well.
    pub fn none() -> Faults {
        Faults::these(&[], Fault::None)
    }

    /// These, then this one for ever.
    pub fn these(first: &[Fault], then: Fault) -> Faults {
        Faults {
            first: first.iter().copied().collect(),
            random: None,
            then,
        }
    }

    /// Every second request or so.
    pub fn random(seed: u64) -> Faults {
        Faults {
            first: VecDeque::new(),
            random: Some(fastrand::Rng::with_seed(seed)),
            then: Fault::None,
        }
    }

    pub fn next(&mut self) -> Fault {
        if let Some(random) = &mut self.random {
            return match random.u8(0..20) {
                0..=1 => Fault::Status([500, 502, 503][random.usize(0..3)]),
                2 => Fault::Throttle { seconds: 0 },
                3 => Fault::Hang,
                4..=5 => Fault::Reset,
                6..=9 => Fault::LostAnswer,
                _ => Fault::None,
            };
        }
        self.first.pop_front().unwrap_or(self.then)
    }
}
