//! The checkout that was left for a payment gateway, until a purchase or nothing comes of it.

mod report;

pub use self::report::{Basis, CheckoutReport};
