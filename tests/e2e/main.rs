//! End to end: real browsers, the real tag, the real collector and its database; every test looks at what arrived.
//!
//! `cargo xtask test` builds what they need and names it in the environment:
//! `PURCHASE_DIST`, `PURCHASE_COLLECTOR_BIN`, `PURCHASE_SHOP_BIN`, `PURCHASE_VECTORS_WEB`, `CHROMEDRIVER`, `CHROME`.

mod arrival;
mod browser;
mod collector;
mod conformance;
mod page_life;
mod process;
mod sources;
#[path = "../support/vectors.rs"]
mod vectors;
mod world;
