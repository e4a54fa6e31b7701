//! The late return: what becomes of a checkout, whatever the gateway and the shopper do after the payment, in every engine.
//!
//! `cargo xtask test` plays most scenarios for one shopper; `cargo xtask returns` plays [`matrix`] and writes `docs/returns.md`.

mod fate;
mod matrix;
mod play;
mod row;
mod scenario;
mod shop;
mod stage;
mod visits;

use self::scenario::Variant;
use crate::browser::Engine;

/// The scenarios once, in one browser.
async fn short(engine: Engine, variant: Variant) {
    let rows = play::all(&scenario::short(variant, engine), engine, variant, 1).await;
    let mut bad = Vec::new();
    for row in &rows {
        println!("{row}");
        bad.extend(row.is_bad().then(|| row.to_string()));
    }
    assert!(bad.is_empty(), "not as expected:\n{}", bad.join("\n"));
}

/// One test for every engine and every way in which the shop helps.
macro_rules! short_forms {
    ($($module:ident: $engine:ident;)*) => {
        $(mod $module {
            use super::{short, Engine, Variant};

            #[tokio::test(flavor = "multi_thread")]
            async fn with_order_status() {
                short(Engine::$engine, Variant::OrderStatus).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn without() {
                short(Engine::$engine, Variant::Nothing).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn with_server_message() {
                short(Engine::$engine, Variant::ServerMessage).await;
            }
        })*
    };
}

short_forms! {
    chromium: Chromium;
    firefox: Firefox;
    webkit: WebKit;
}
