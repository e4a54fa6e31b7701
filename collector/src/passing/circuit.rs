//! The circuit of one destination: after failures in a row that are the destination's own, one probe at a time.

use super::backoff;

/// When it opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CircuitLimits {
    /// Failures in a row that open it.
    pub failures: i64,
    /// How long it is open the first time, in milliseconds; each further time twice as long.
    pub open_ms: i64,
    /// How long it is open at most, in milliseconds.
    pub open_ms_max: i64,
}

/// What is known of a destination's health. Collectors share it in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circuit {
    /// Failures in a row.
    pub failures: i64,
    /// How often it opened in a row.
    pub openings: i64,
    /// Nothing leaves before this, in milliseconds since 1970; 0 if it is closed.
    pub open_until: i64,
}

/// What may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Everything.
    Open,
    /// One, by whoever takes the probe first.
    Probe,
    /// Nothing before this, in milliseconds since 1970.
    ClosedUntil(i64),
}

impl Circuit {
    /// What may leave at this time.
    pub fn gate(self, now: i64) -> Gate {
        match self.open_until {
            0 => Gate::Open,
            until if until > now => Gate::ClosedUntil(until),
            _ => Gate::Probe,
        }
    }

    /// After an attempt that the destination answered, however it judged the purchase.
    #[must_use]
    pub fn succeeded(self) -> Circuit {
        Circuit::default()
    }

    /// After an attempt that failed for the destination's own reasons. `random` is even in 0..1. Attempts that began before it
    /// opened and end now do not lengthen it.
    #[must_use]
    pub fn failed(self, now: i64, limits: CircuitLimits, was_probe: bool, random: f64) -> Circuit {
        let failures = self.failures.saturating_add(1);
        if failures < limits.failures || (self.open_until > now && !was_probe) {
            return Circuit { failures, ..self };
        }
        let openings = self.openings.saturating_add(1);
        let times = u32::try_from(openings).unwrap_or(u32::MAX);
        // Half of the time at least: a circuit that closes at once is none.
        let longest = backoff::delay_ms(times, limits.open_ms, limits.open_ms_max, 1.0);
        let open_ms = longest / 2 + backoff::delay_ms(times, limits.open_ms, limits.open_ms_max, random / 2.0);
        Circuit {
            failures,
            openings,
            open_until: now.saturating_add(open_ms.max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: CircuitLimits = CircuitLimits {
        failures: 3,
        open_ms: 1_000,
        open_ms_max: 8_000,
    };

    #[test]
    fn it_opens_after_failures_in_a_row_probes_and_closes() {
        let mut circuit = Circuit::default();
        for _ in 0..2 {
            circuit = circuit.failed(0, LIMITS, false, 1.0);
            assert_eq!(circuit.gate(0), Gate::Open);
        }
        assert_eq!(circuit.succeeded().failed(0, LIMITS, false, 1.0).gate(0), Gate::Open);
        circuit = circuit.failed(0, LIMITS, false, 1.0);
        assert_eq!(circuit.gate(0), Gate::ClosedUntil(1_000));
        // One that was under way.
        assert_eq!(circuit.failed(5, LIMITS, false, 1.0).open_until, 1_000);
        assert_eq!(circuit.gate(1_000), Gate::Probe);
        circuit = circuit.failed(1_000, LIMITS, true, 0.0);
        assert_eq!(circuit.gate(1_000), Gate::ClosedUntil(2_000));
        for _ in 0..10 {
            circuit = circuit.failed(10_000, LIMITS, true, 1.0);
        }
        assert_eq!(circuit.open_until, 18_000);
        assert_eq!(circuit.succeeded(), Circuit::default());
    }
}
