//! The checkout that was left for a payment gateway, until a purchase or nothing comes of it.

mod gateway;
mod report;

pub use self::{
    gateway::*,
    report::{Basis, CheckoutReport},
};
