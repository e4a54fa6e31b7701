//! Many shoppers, over all processors: each has a seed of its own, so that one can be looked at alone.

use std::{
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, Once,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{Broken, Plan, Totals, chance::seed_of, world::World};

/// Shoppers that a thread takes at a time.
const PORTION: u64 = 256;

/// Fewest retries of which the mean says anything.
const RETRIES_MIN: u64 = 2_000;

/// A shopper in whose world a property does not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The run's seed.
    pub seed: u64,
    /// Which of its shoppers; none if it is a property of all together.
    pub shopper: Option<u64>,
    /// What does not hold.
    pub broken: Broken,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Sums over all shoppers whose worlds ended.
    pub totals: Totals,
    /// The first failure, if there is one.
    pub failure: Option<Failure>,
}

/// Lives the worlds of `shoppers` shoppers of this seed, from the `first`. `progress` counts those that are done.
pub fn simulate(seed: u64, first: u64, shoppers: u64, plan: Plan, progress: &AtomicU64) -> Outcome {
    let next = AtomicU64::new(first);
    let end = first + shoppers;
    let has_failed = AtomicBool::new(false);
    let sum = Mutex::new((Totals::default(), None::<Failure>));
    let work = || {
        let mut totals = Totals::default();
        let mut failure = None;
        while !has_failed.load(Ordering::Relaxed) && failure.is_none() {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= end {
                break;
            }
            let to = end.min(from + PORTION);
            failure = (from..to).find_map(|shopper| one(seed, shopper, plan, &mut totals, None).err());
            progress.fetch_add(to - from, Ordering::Relaxed);
        }
        has_failed.fetch_or(failure.is_some(), Ordering::Relaxed);
        if let Ok(mut sum) = sum.lock() {
            sum.0.add(&totals);
            let is_earlier = |failure: &Failure| sum.1.as_ref().is_none_or(|other| failure.shopper < other.shopper);
            if failure.as_ref().is_some_and(is_earlier) {
                sum.1 = failure;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let (totals, failure) = sum.into_inner().unwrap_or_default();
    let failure = failure.or_else(|| {
        retries_are_spread(&totals).err().map(|detail| Failure {
            seed,
            shopper: None,
            broken: Broken {
                property: "retries are spread",
                detail,
            },
        })
    });
    Outcome { totals, failure }
}

/// One shopper's world.
pub(crate) fn one(
    seed: u64,
    shopper: u64,
    plan: Plan,
    totals: &mut Totals,
    story: Option<&mut Vec<String>>,
) -> Result<(), Failure> {
    keep_panics_of_worlds();
    IN_WORLD.set(true);
    let world = AssertUnwindSafe(|| World::live(seed_of(seed, shopper), plan, totals, story));
    let result = catch_unwind(world).unwrap_or_else(|_| {
        Err(Broken {
            property: "the core does not panic",
            detail: PANIC.take(),
        })
    });
    IN_WORLD.set(false);
    result.map_err(|broken| Failure {
        seed,
        shopper: Some(shopper),
        broken,
    })
}

/// Full jitter: over many retries the mean delay is half the bound, so that shoppers do not come back together.
fn retries_are_spread(totals: &Totals) -> Result<(), String> {
    if totals.retries < RETRIES_MIN {
        return Ok(());
    }
    let mean = totals.delay_thousandths / totals.retries;
    match mean {
        470..=530 => Ok(()),
        _ => Err(format!(
            "the mean delay is {mean} thousandths of its bound, not about 500"
        )),
    }
}

thread_local! {
    static IN_WORLD: Cell<bool> = const { Cell::new(false) };
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic inside a world becomes its failure's detail instead of a backtrace for each step of the shrinking.
fn keep_panics_of_worlds() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| match IN_WORLD.get() {
            true => PANIC.set(info.to_string()),
            false => usual(info),
        }));
    });
}
