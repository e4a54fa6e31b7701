//! Passing purchases on: the mappings, the contracts with the platforms, and the whole way with stand-ins for the platforms.

mod contract;
mod klaviyo;
mod maps;
mod orders;
