//! The tag in the browser: storage, network and page life cycle around `purchase-core`.
//!
//! In scope: carrying out the outbox's effects, telling it what happened, the [`PurchaseTag`] class.
//!
//! Out of scope: judging a purchase and deciding when to send it (the core), finding one on a page (the loader).

mod driver;
mod events;
mod network;
mod options;
mod page;
mod storage;
mod store;
mod tag;
mod verdicts;
mod zone;

pub use tag::PurchaseTag;

/// Half as large as the standard library's allocator for WebAssembly.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::cell::TalcSyncCell<talc::wasm::WasmGrowAndClaim, talc::wasm::WasmBinning> =
    talc::cell::TalcSyncCell::new_wasm(talc::wasm::WasmGrowAndClaim);
