//! The table of scenarios.

use std::{pin::Pin, time::Duration};

use super::{
    stage::{Order, Stage},
    visits::{self, Shop},
};
use crate::{
    browser::{Engine, StorageAccess},
    proxy::{Fault, File, FileFault, RetryAfter},
};

/// One fault, and what the shopper does meanwhile.
pub struct Scenario {
    /// A letter of the list in the fault matrix, and what tells it from its neighbours.
    pub name: &'static str,
    /// What happens, for the table.
    pub story: &'static str,
    /// The visit with the purchase. A later visit with everything healthy follows by itself.
    pub play: Play,
    /// What the engine must be able to do.
    pub needs: Needs,
    /// Whether the browser denies storage.
    pub storage: StorageAccess,
    /// Whether the shop's content policy forbids WebAssembly.
    pub no_wasm: bool,
    /// Whether the page states two purchases.
    pub several: bool,
    /// Whether it takes too long for a short form.
    pub slow: bool,
    /// Whether nothing can be done about a loss: no place to keep the purchase, and nobody to send it to.
    pub forbidden: bool,
    /// Whether it is a race with IndexedDB's first commit: a loss is counted in the table and its sums, and fails no short form.
    pub race: bool,
    /// Whether it must have arrived before the later visit.
    pub at_once: bool,
    /// Whether the page must come back from the back/forward cache.
    pub restores: bool,
    /// Most deliveries per purchase beyond the first, where there is a promise.
    pub extra_max: Option<usize>,
}

/// A visit.
pub type Play = for<'a> fn(&'a mut Stage, &'a Order) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What not every engine can do under automation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing of that kind.
    Nothing,
    /// A profile that outlives the browser.
    Profile,
    /// A setting that denies storage.
    Denial,
    /// `fetchLater`.
    FetchLater,
}

impl Needs {
    /// Whether an engine has it.
    pub fn met_by(self, engine: Engine) -> bool {
        match self {
            Needs::Nothing => true,
            Needs::Profile => engine.has_profiles(),
            Needs::Denial => engine.can_deny_storage(),
            Needs::FetchLater => engine.has_fetch_later(),
        }
    }

    /// Why not, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Needs::Nothing => "",
            Needs::Profile => "its automated browser keeps no profile on disk",
            Needs::Denial => "its automated browser has no setting that denies storage",
            Needs::FetchLater => "it has no fetchLater",
        }
    }
}

impl Scenario {
    /// By its name.
    pub fn named(name: &str) -> Option<&'static Scenario> {
        ALL.iter().find(|scenario| scenario.name == name)
    }
}

const fn scenario(name: &'static str, story: &'static str, play: Play) -> Scenario {
    Scenario {
        name,
        story,
        play,
        needs: Needs::Nothing,
        storage: StorageAccess::Allowed,
        no_wasm: false,
        several: false,
        slow: false,
        forbidden: false,
        race: false,
        at_once: false,
        restores: false,
        extra_max: None,
    }
}

const fn kill(name: &'static str, story: &'static str, play: Play) -> Scenario {
    Scenario {
        needs: Needs::Profile,
        ..scenario(name, story, play)
    }
}

/// Wraps a visit for the table.
macro_rules! play {
    ($visit:ident $(, $argument:expr)*) => {
        |stage, order| Box::pin(visits::$visit(stage, order $(, $argument)*))
    };
}

/// In the order of the tables.
#[rustfmt::skip]
pub const ALL: &[Scenario] = &[
    Scenario { extra_max: Some(0), ..scenario("a-healthy", "nothing is wrong", play!(healthy)) },
    scenario("b-offline", "the collector refuses connections at confirmation; the tab is closed", play!(offline)),
    scenario("c-500", "the collector answers 500 during the visit", play!(faulty, Fault::Status(500, None))),
    scenario("c-503", "503 with `Retry-After: 1`", play!(faulty, Fault::Status(503, Some(RetryAfter::Seconds(1))))),
    scenario("c-429-date", "429 with a `Retry-After` date two seconds ahead", play!(faulty, Fault::Status(429, Some(RetryAfter::DateIn(2))))),
    scenario("c-404", "404, as from a wrong address", play!(faulty, Fault::Status(404, None))),
    scenario("d-reset", "the connection is reset when the request has been read", play!(faulty, Fault::Reset)),
    scenario("d-hang", "no answer comes; the connections break when the collector is restarted for the later visit", play!(faulty, Fault::Hang)),
    scenario("e-leave", "the shopper leaves within 50 ms of the capture", play!(leave, Fault::None)),
    scenario("e-leave-150", "the same while the network adds 150 ms", play!(leave, Fault::Delay(Duration::from_millis(150)))),
    scenario("e-leave-503", "the same while the collector answers 503", play!(leave, Fault::Status(503, None))),
    Scenario { extra_max: Some(0), ..scenario("f-reload", "the confirmation page is reloaded three times", play!(reload)) },
    Scenario { several: true, ..scenario("g-two-tabs", "two tabs start together with two purchases queued", play!(two_tabs)) },
    scenario("g-newer-release", "another tab runs a newer release, which has another database version and leaves records of its own format", play!(newer_release)),
    scenario("h-full", "localStorage is full to the last byte", play!(full, Fault::None)),
    scenario("h-full-503", "the same while the collector answers 503", play!(full, Fault::Status(503, None))),
    Scenario { needs: Needs::Denial, storage: StorageAccess::Denied, ..scenario("i-denied", "the browser's settings deny localStorage and IndexedDB", play!(healthy)) },
    Scenario { needs: Needs::Denial, storage: StorageAccess::Denied, forbidden: true, ..scenario("i-denied-down", "the same, and the collector refuses connections until the shopper has left", play!(offline)) },
    scenario("j-lost-response", "the collector stores, its response is lost", play!(faulty, Fault::LostResponse)),
    scenario("j-truncated-receipt", "the collector stores, half of its receipt arrives", play!(faulty, Fault::TruncatedReceipt)),
    scenario("k-late-module", "the module does not come before the shopper has left", play!(late_module)),
    Scenario { race: true, ..kill("l-cold-0", "the browser is killed when a shopper's very first page has captured the purchase, the collector is down", play!(killed, Shop::New, 0)) },
    Scenario { race: true, slow: true, ..kill("l-cold-50", "killed 50 ms after the capture", play!(killed, Shop::New, 50)) },
    Scenario { race: true, slow: true, ..kill("l-cold-100", "killed 100 ms after the capture", play!(killed, Shop::New, 100)) },
    Scenario { race: true, ..kill("l-cold-200", "killed 200 ms after the capture", play!(killed, Shop::New, 200)) },
    Scenario { race: true, ..kill("l-kill-0", "the browser is killed when the purchase is captured; the shopper has seen another page of the shop before", play!(killed, Shop::Known, 0)) },
    Scenario { race: true, slow: true, ..kill("l-kill-50", "killed 50 ms after the capture", play!(killed, Shop::Known, 50)) },
    Scenario { race: true, ..kill("l-kill-200", "killed 200 ms after the capture", play!(killed, Shop::Known, 200)) },
    kill("l-kill-1000", "killed 1 s after the capture", play!(killed, Shop::Known, 1_000)),
    kill("l-kill-6000", "killed 6 s after the capture", play!(killed, Shop::Known, 6_000)),
    Scenario { slow: true, ..kill("l-kill-30000", "killed 30 s after the capture", play!(killed, Shop::Known, 30_000)) },
    Scenario { needs: Needs::FetchLater, at_once: true, ..scenario("l-renderer", "the page's process is killed with the purchase queued; the collector is up again", play!(renderer_killed)) },
    Scenario { needs: Needs::FetchLater, ..scenario("l-quit", "the shopper quits the browser with the purchase queued; the collector is up again", play!(quit)) },
    Scenario { no_wasm: true, ..scenario("m-no-wasm", "the shop's content policy forbids WebAssembly, also later", play!(without_module)) },
    scenario("n-module-404", "the WebAssembly answers 404, also later", play!(broken_file, File::Module, FileFault::NotFound)),
    scenario("n-module-html", "the WebAssembly is a page with status 200, also later", play!(broken_file, File::Module, FileFault::Html)),
    scenario("n-module-truncated", "the WebAssembly breaks off in the middle, also later", play!(broken_file, File::Module, FileFault::Truncated)),
    scenario("n-glue-404", "the module's JavaScript answers 404, also later", play!(broken_file, File::Glue, FileFault::NotFound)),
    scenario("n-glue-html", "the module's JavaScript is a page with status 200, also later", play!(broken_file, File::Glue, FileFault::Html)),
    scenario("o-garbage", "200 with JSON that is none of ours", play!(faulty, Fault::Garbage)),
    scenario("o-portal", "a captive portal answers 200 with a page", play!(faulty, Fault::Html)),
    scenario("p-spoilt", "other scripts have spoilt `fetch`, `JSON`, `Array.prototype`, or throw non-errors", play!(spoilt)),
    Scenario { restores: true, ..scenario("q-back-forward", "the shopper returns by the back button to the page with the queued purchase", play!(back)) },
];
