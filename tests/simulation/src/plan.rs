//! How large and how bad a shopper's world may be.

use crate::faults::FaultSet;

/// The bounds of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What may go wrong.
    pub faults: FaultSet,
    /// Most visits in the faulty time.
    pub visits_max: u64,
    /// Most purchases.
    pub purchases_max: u64,
    /// Most tabs of a visit.
    pub tabs_max: u64,
}

impl Plan {
    /// Everything that may happen happens.
    pub const FULL: Plan = Plan {
        faults: FaultSet::ALL,
        visits_max: 5,
        purchases_max: 1_000,
        tabs_max: 3,
    };
}
