//! End to end: real browsers, the real tag, the real collector and its database; every test looks at what arrived.
//!
//! `cargo xtask test` builds what they need and names it in the environment:
//! `PURCHASE_DIST`, `PURCHASE_COLLECTOR_BIN`, `PURCHASE_SHOP_BIN`, `PURCHASE_VECTORS_WEB`, `PURCHASE_AXE`, and for the npm package `PURCHASE_PACKAGES`; the browsers and their drivers `CHROME`,
//! `CHROMEDRIVER`, `FIREFOX`, `GECKODRIVER`, `MINIBROWSER`, `WEBKITDRIVER`, and `XVFB` for the last.

mod accuracy;
mod arrival;
mod browser;
mod collector;
mod conformance;
mod consent;
mod console;
mod custom_html;
mod departure;
mod faults;
mod front;
mod packages;
mod page_life;
mod pixel;
mod postgres;
mod privacy;
mod process;
mod proxy;
mod returns;
mod script_tag;
mod sites;
mod sources;
mod speed;
mod table;
#[path = "../support/vectors.rs"]
mod vectors;
mod world;
