//! Passing purchases on to other platforms.
//!
//! A destination is data and two pure functions: what to send for an order ([`Destination::plan`]), and what an answer means
//! ([`Destination::read`]). Nothing here knows of the database: it has the queue ([`crate::store`]) and uses what stands here,
//! and [`crate::courier`] brings the two together, waits and reads the clock.

pub mod advice;
pub mod answer;
pub mod asking;
pub mod attempt;
pub mod backoff;
pub mod circuit;
pub mod client;
pub mod config;
mod connectif;
pub mod destination;
mod egoi;
pub mod event;
mod klaviyo;
mod number;
pub mod order;
pub mod request;
mod routes;
mod text;
mod webhook;

pub use self::{
    advice::Advice,
    answer::{Answer, Verdict},
    destination::{Destination, Kind, Plan},
    event::Event,
    order::Order,
    request::Request,
    routes::Routes,
};
