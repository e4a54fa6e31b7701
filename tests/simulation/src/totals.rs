//! What happened in many worlds, in numbers.

use std::{collections::BTreeMap, fmt};

use crate::faults::Fault;

/// Sums over shoppers; bounded, however many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Shoppers whose worlds ended.
    pub shoppers: u64,
    /// Captured purchases, each counted once per record.
    pub captured: u64,
    /// Of these: stored by the collector.
    pub stored: u64,
    /// Of these: refused by the collector as malformed.
    pub refused: u64,
    /// Of these: given up after the age limit, with a report (mostly because the clock jumped).
    pub expired: u64,
    /// Of these: too large to be taken, with a report.
    pub too_large: u64,
    /// Of these: gone before any store had committed them, or with both stores failing.
    pub lost_by_physics: u64,
    /// The last thing that happened to those, which may have been the loss of only the last of several places.
    pub losses: BTreeMap<&'static str, u64>,
    /// Pages opened.
    pub pages: u64,
    /// Requests that reached the collector.
    pub deliveries: u64,
    /// Of these: records it had already.
    pub duplicates: u64,
    /// Fetches and beacons sent.
    pub sent: u64,
    /// Retries planned.
    pub retries: u64,
    /// Calls of `Outbox::handle`, each with all properties checked.
    pub steps: u64,
    /// Longest time from a capture to its arrival, in milliseconds of the world.
    pub delay_ms_max: u64,
    /// Sum of the retries' delays as thousandths of the bound each was drawn from.
    pub delay_thousandths: u64,
    /// How often each kind of fault struck.
    pub faults: [u64; Fault::ALL.len()],
}

impl Totals {
    /// Adds another part's numbers.
    pub fn add(&mut self, other: &Totals) {
        self.shoppers += other.shoppers;
        self.captured += other.captured;
        self.stored += other.stored;
        self.refused += other.refused;
        self.expired += other.expired;
        self.too_large += other.too_large;
        self.lost_by_physics += other.lost_by_physics;
        self.pages += other.pages;
        self.deliveries += other.deliveries;
        self.duplicates += other.duplicates;
        self.sent += other.sent;
        self.retries += other.retries;
        self.steps += other.steps;
        self.delay_ms_max = self.delay_ms_max.max(other.delay_ms_max);
        self.delay_thousandths += other.delay_thousandths;
        for (why, more) in &other.losses {
            *self.losses.entry(why).or_default() += more;
        }
        for (sum, more) in self.faults.iter_mut().zip(other.faults) {
            *sum += more;
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            ("shoppers", self.shoppers),
            ("pages opened", self.pages),
            ("purchases captured", self.captured),
            ("  stored once", self.stored),
            ("  refused with a receipt", self.refused),
            ("  expired with a report", self.expired),
            ("  too large, reported", self.too_large),
            ("  lost by physics", self.lost_by_physics),
            ("fetches and beacons sent", self.sent),
            ("deliveries", self.deliveries),
            ("  duplicates on the wire", self.duplicates),
            ("retries", self.retries),
            ("steps checked", self.steps),
        ];
        for (name, count) in lines {
            writeln!(f, "{name:<42}{count:>14}")?;
        }
        let hours = self.delay_ms_max as f64 / 3_600_000.0;
        writeln!(f, "{:<42}{hours:>12.1} h", "longest delivery delay")?;
        writeln!(f, "last places lost, by physics")?;
        for (why, count) in &self.losses {
            writeln!(f, "  {why:<40}{count:>14}")?;
        }
        writeln!(f, "faults injected")?;
        for fault in Fault::ALL {
            writeln!(f, "  {:<40}{:>14}", fault.words(), self.faults[*fault as usize])?;
        }
        Ok(())
    }
}
