//! Judges `cn_purchase` payloads and decides when to send them.
//!
//! In scope: reading a capture from its four sources, [`Purchase::parse`], the wire format ([`wire`]),
//! the [`outbox`] state machine.
//!
//! Out of scope: clocks, randomness, storage, network, browsers, vendors' formats. What happened goes in
//! together with the time, what to do comes out.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod checkout;
pub mod json;
pub mod markup;
pub mod order;
pub mod outbox;
pub mod purchase;
pub mod source;
pub mod wire;

pub use purchase::{
    Contact, ContactMode, Currency, DateTime, Decimal, DecimalMark, FixedZone, Item, Judgement, Kind, Message, Problem,
    Purchase, Rules, Said, Severity, Zone,
};
