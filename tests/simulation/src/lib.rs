//! A deterministic simulation: the production core (`purchase_core::outbox` and `::wire`) in a seeded world of shoppers.
//!
//! Around it stand models: a device with two stores that fail, pages that do what the loader and the driver do, a network that
//! loses, repeats and lies, an idempotent collector. Every step of every outbox is looked at by the properties in
//! `properties`; when a shopper's faulty time is over and a few more visits were made, by those in `ending`. Equal
//! seeds give equal worlds.

mod agenda;
mod chance;
mod collector;
mod device;
mod disaster;
mod ending;
mod faults;
mod network;
mod page;
mod plan;
mod properties;
mod purchases;
mod run;
mod shrink;
mod small;
mod totals;
mod witness;
mod world;

pub use faults::{Fault, FaultSet};
pub use plan::Plan;
pub use run::{Failure, Outcome, simulate};
pub use shrink::minimal_story;
pub use small::{Enumerated, every_small_world};
pub use totals::Totals;

/// A property that does not hold: its name, and what was seen instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The property's name.
    pub property: &'static str,
    /// What was seen.
    pub detail: String,
}
