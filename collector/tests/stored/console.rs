//! The console over HTTP: who gets in, what they see, and what nobody can do to them.

mod access;
mod accuracy;
mod destinations;
mod earlier;
mod figures;
mod many;
mod new_destination;
mod pages;
mod quiet;
pub mod reader;
mod spanish;

pub use self::destinations::{passing, take};
