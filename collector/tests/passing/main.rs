//! Passing purchases on: the mappings, the contracts with the platforms, and the whole way with stand-ins for the platforms.

mod asking;
mod contract;
mod earlier;
mod journey;
mod klaviyo;
mod late_contact;
mod maps;
mod orders;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../world/postgres.rs"]
mod postgres;
mod process;
mod queue;
mod standins;
