//! Nothing is lost, nothing is doubled: every fault between the confirmation page and the collector, in every engine.
//!
//! `cargo xtask test` plays the short forms below; `cargo xtask faults` plays [`matrix`] and writes `docs/faults.md`.

mod matrix;
mod row;
mod scenario;
mod spoilt;
mod stage;
mod visits;

use self::{
    row::Row,
    scenario::{Needs, Scenario},
};
use crate::browser::Engine;

/// Purchases of a short form: the second one meets a browser that the first one has warmed up. Where the browser is killed, one.
const PURCHASES_SHORT: usize = 2;

/// Each scenario in a few seconds.
async fn short(engine: Engine, name: &str) {
    let scenario = Scenario::named(name).expect("a scenario of the table");
    let purchases = match scenario.needs {
        Needs::Profile | Needs::FetchLater => 1,
        _ => PURCHASES_SHORT,
    };
    let row = Row::of(scenario, engine, purchases, |_| {}).await;
    let row = row.unwrap_or_else(|| panic!("{} has not what it needs", engine.title()));
    println!("{name}: {row}");
    assert_eq!(row.errors, [""; 0], "{row}");
    assert_eq!(row.doubled, 0, "{row}");
    assert_eq!(row.preflights, 0, "every request is a simple one: {row}");
    if !scenario.forbidden && !scenario.race {
        assert_eq!(row.lost, 0, "{row}");
        assert_eq!(row.once, purchases, "{row}");
    }
    if scenario.at_once {
        assert_eq!(row.at_once, purchases, "{row}");
    }
    if let Some(most) = scenario.extra_max {
        assert!(row.extra <= most * purchases, "{row}");
    }
    if scenario.restores {
        assert_eq!(
            row.restored, PURCHASES_SHORT,
            "the page came from the back/forward cache: {row}"
        );
    }
}

/// One test for every scenario of the table and every engine; where an engine has not what a scenario needs, the test is there and
/// ignored, so that nobody counts it as passed.
macro_rules! short_forms {
    (
        everywhere: $($name:ident)*;
        not_in_webkit: $($reason:literal: $($rest:ident)*;)*
        only_in_chromium: $lack:literal: $($own:ident)*;
    ) => {
        mod chromium {
            $(short_forms!(@ Chromium $name);)*
            $($(short_forms!(@ Chromium $rest);)*)*
            $(short_forms!(@ Chromium $own);)*
        }
        mod firefox {
            $(short_forms!(@ Firefox $name);)*
            $($(short_forms!(@ Firefox $rest);)*)*
            $(short_forms!(@ Firefox $own, ignore = $lack);)*
        }
        mod webkit {
            $(short_forms!(@ WebKit $name);)*
            $($(short_forms!(@ WebKit $rest, ignore = $reason);)*)*
            $(short_forms!(@ WebKit $own, ignore = $lack);)*
        }

        #[test]
        fn every_scenario_has_a_short_form() {
            let mut names = vec![$(stringify!($name)),* $($(, stringify!($rest))*)* $(, stringify!($own))*];
            let mut table: Vec<_> = scenario::ALL.iter().filter(|it| !it.slow).map(|it| it.name.replace('-', "_")).collect();
            names.sort();
            table.sort();
            assert_eq!(names, table);
        }
    };
    (@ $engine:ident $name:ident $(, $attribute:meta)?) => {
        #[tokio::test(flavor = "multi_thread")]
        $(#[$attribute])?
        async fn $name() {
            super::short(crate::browser::Engine::$engine, &stringify!($name).replace('_', "-")).await;
        }
    };
}

short_forms! {
    everywhere:
        a_healthy b_offline c_500 c_503 c_429_date c_404 d_reset d_hang e_leave e_leave_150 e_leave_503 f_reload g_two_tabs g_newer_release h_full
        h_full_503 j_lost_response j_truncated_receipt k_late_module m_no_wasm n_module_404 n_module_html n_module_truncated
        n_glue_404 n_glue_html o_garbage o_portal p_spoilt q_back_forward;
    not_in_webkit:
        "its automated browser has no setting that denies storage": i_denied i_denied_down;
        "its automated browser keeps no profile on disk": l_cold_0 l_cold_200 l_kill_0 l_kill_200 l_kill_1000 l_kill_6000;
    only_in_chromium:
        "it has no fetchLater": l_renderer l_quit;
}
