//! What came of a scenario in one engine.

use std::{
    fmt,
    time::{Duration, Instant},
};

use serde::Serialize;

use super::{
    scenario::Scenario,
    stage::{Order, Stage},
};
use crate::{browser::Engine, proxy::Fault, table::failure};

/// How long the later visit lasts at most: longer than any backoff after one failure that is no configuration error.
const LATER_VISIT: Duration = Duration::from_secs(20);

/// The same where a loss is expected.
const HOPELESS: Duration = Duration::from_secs(5);

/// How long the later visit goes on after the delivery until the tag has nothing left to send.
const CALM: Duration = Duration::from_secs(3);

/// One row of the table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Row {
    pub scenario: &'static str,
    pub story: &'static str,
    pub forbidden: bool,
    pub race: bool,
    pub restores: bool,
    pub engine: &'static str,
    /// As the driver tells it.
    pub browser: String,
    pub purchases: usize,
    /// Stored, and as one purchase.
    pub once: usize,
    /// Not stored after the later visit.
    pub lost: usize,
    /// Stored with a conflict: two contents for one purchase.
    pub doubled: usize,
    /// Deliveries to the collector beyond the first of each purchase; it makes them harmless.
    pub extra: usize,
    /// Stored before the later visit.
    pub at_once: usize,
    /// Median time from the start of the later visit to the purchase's arrival, in milliseconds.
    pub later_ms: Option<u64>,
    /// Times from the loader's arrival on the later visit to its first request, in milliseconds, shortest first; the module
    /// comes from the browser's cache where this browser has seen the shop before.
    pub retry_ms: Vec<u64>,
    /// Requests for permission.
    pub preflights: usize,
    /// Pages that came back from the back/forward cache.
    pub restored: usize,
    /// How purchases that came more than once did so, and what is left of those that never came.
    pub stories: Vec<String>,
    /// Visits that did not go as the scenario wants.
    pub errors: Vec<String>,
    pub seconds: u64,
}

/// What came of one purchase.
struct Outcome {
    at_once: bool,
    later: Option<Duration>,
    retry_ms: Option<u64>,
    stored: bool,
    doubled: bool,
    restored: bool,
    error: Option<String>,
    leftovers: Option<String>,
}

impl Row {
    /// Plays a scenario for some shoppers, one after the other; tells `progress` how many are done. None if the engine has not
    /// what it needs.
    pub async fn of(scenario: &Scenario, engine: Engine, purchases: usize, progress: impl Fn(usize)) -> Option<Row> {
        if !scenario.needs.met_by(engine) {
            return None;
        }
        let started = Instant::now();
        let mut stage = Stage::set(scenario, engine).await;
        let mut row = Row {
            scenario: scenario.name,
            story: scenario.story,
            forbidden: scenario.forbidden,
            race: scenario.race,
            restores: scenario.restores,
            engine: engine.name(),
            browser: stage.browser.version(),
            purchases,
            ..Row::default()
        };
        let mut later = Vec::new();
        let mut numbers = Vec::new();
        for index in 1..=purchases {
            let order = stage.order(scenario, index);
            let outcome = play(&mut stage, scenario, &order).await;
            match (outcome.stored, outcome.doubled) {
                (false, _) => row.lost += 1,
                (true, true) => row.doubled += 1,
                (true, false) => row.once += 1,
            }
            row.at_once += usize::from(outcome.at_once);
            row.restored += usize::from(outcome.restored);
            row.errors.extend(outcome.error);
            row.stories.extend(outcome.leftovers);
            later.extend(outcome.later.map(|time| time.as_millis() as u64));
            row.retry_ms.extend(outcome.retry_ms);
            numbers.extend(order.numbers);
            progress(index);
        }
        row.retry_ms.sort_unstable();
        later.sort_unstable();
        row.later_ms = later.get(later.len() / 2).copied();
        // Only now, when every page is gone that might have sent once more.
        let Stage { browser, proxy, .. } = stage;
        browser.close().await;
        let seen = proxy.seen();
        row.extra = numbers
            .iter()
            .map(|number| seen.deliveries(number).saturating_sub(1))
            .sum();
        let repeated = numbers.iter().filter(|number| seen.deliveries(number) > 1);
        row.stories
            .extend(repeated.map(|number| format!("{number}: {}", seen.story(number))));
        row.preflights = seen.preflights;
        row.seconds = started.elapsed().as_secs();
        Some(row)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row {
            scenario,
            browser,
            once,
            lost,
            doubled,
            extra,
            at_once,
            seconds,
            ..
        } = self;
        write!(
            f,
            "{scenario} in {browser}: {once} once, {lost} lost, {doubled} doubled, {extra} extra deliveries; {at_once} in the \
             visit itself"
        )?;
        if let Some(ms) = self.later_ms {
            write!(f, ", the others {ms} ms into the later one")?;
        }
        write!(f, " ({seconds} s)")?;
        for error in self.errors.iter().chain(&self.stories) {
            write!(f, "\n    {error}")?;
        }
        Ok(())
    }
}

/// The visit with the purchase, and a later one with everything healthy.
async fn play(stage: &mut Stage, scenario: &Scenario, order: &Order) -> Outcome {
    let failure = failure((scenario.play)(stage, order)).await;
    let error = failure.map(|sentence| format!("{}: {sentence}", order.numbers[0]));
    let restored = stage.browser.is_restored().await;

    let at_once = stage.is_stored(order).await;
    stage.proxy.set(Fault::None).await;
    stage.proxy.set_prelude("");
    let started = Instant::now();
    stage.browser.visit(&order.home()).await;
    let patience = if scenario.forbidden || scenario.race {
        HOPELESS
    } else {
        LATER_VISIT
    };
    let stored = stage.stores(order, patience).await;
    let later = (!at_once && stored).then(|| started.elapsed());
    let retry_ms = match later {
        Some(_) => stage.first_retry_ms().await,
        None => None,
    };
    let leftovers = match stored {
        true => None,
        false => Some(format!("{} is lost: {}", order.numbers[0], stage.leftovers().await)),
    };
    stage.browser.outbox_is_empty(CALM).await;
    stage.browser.visit(stage.elsewhere()).await;
    let rows = stage.rows(order).await;
    Outcome {
        at_once,
        later,
        retry_ms,
        stored,
        doubled: rows.iter().any(|row| row["conflicts"] != 0) || rows.len() > order.numbers.len(),
        restored,
        error,
        leftovers,
    }
}
