//! Nothing is lost, nothing is doubled: the production core in the worlds of `tests/simulation`.

use std::{env, sync::atomic::AtomicU64};

use purchase_simulation::{Fault, Outcome, Plan, every_small_world, minimal_story, simulate};

/// Shoppers of one run of these tests.
const SHOPPERS: u64 = 100_000;

/// `SIMULATION_SEED` tries another one.
fn seed() -> u64 {
    let given = env::var("SIMULATION_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(20_251_121)
}

#[test]
fn everything_arrives_once_whatever_happens() {
    let seed = seed();
    println!("seed {seed}");
    let Outcome { totals, failure } = simulate(seed, 0, SHOPPERS, Plan::FULL, &AtomicU64::new(0));
    if let Some(failure) = failure {
        let story = minimal_story(&failure, Plan::FULL).join("\n");
        panic!(
            "seed {seed}, shopper {:?}: {:?}\n{story}",
            failure.shopper, failure.broken
        );
    }
    println!("{totals}");
    assert_eq!(totals.shoppers, SHOPPERS);
    for fault in Fault::ALL {
        assert!(totals.faults[*fault as usize] > 0, "\"{}\" never struck", fault.words());
    }
    // A world in which hardly anything arrives would prove nothing.
    assert!(totals.stored + totals.refused > totals.captured * 9 / 10, "{totals}");
}

#[test]
fn a_seed_is_a_world() {
    let live = |seed| simulate(seed, 0, 500, Plan::FULL, &AtomicU64::new(0)).totals;
    assert_eq!(live(7), live(7));
    assert_ne!(live(7), live(8));
}

#[test]
fn every_small_world_ends_well() {
    match every_small_world() {
        Ok(enumerated) => {
            println!("{} worlds, {} steps", enumerated.worlds, enumerated.steps);
            assert!(enumerated.worlds > 1_000_000, "{enumerated:?}");
        }
        Err(story) => panic!("{}", story.join("\n")),
    }
}
