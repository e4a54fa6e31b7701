//! The checkout that was left for a payment gateway, until a purchase or nothing comes of it.
//!
//! [`hint`] reads the address that the gateway sent the shopper back to, [`Reply`] what the shop's order-status URL answers, [`decide`]
//! what follows for one open checkout, and [`Checkouts`] is the machine that keeps them all and does what was decided.

mod answer;
mod decide;
mod desk;
mod gateway;
mod leaving;
mod limits;
mod open;
mod report;

pub(crate) use self::report::is_gateway;
pub use self::{
    answer::Reply,
    decide::{Decision, PageKind, Reached, Seen, Situation, StatusAnswer, decide},
    desk::{Arrival, CheckoutEffect, CheckoutInput, Checkouts, Settings},
    gateway::*,
    leaving::Leaving,
    limits::*,
    open::OpenCheckout,
    report::{Basis, CheckoutReport},
};
