//! `purchase-simulation --shoppers N --seed S [--first I] [--no-small-worlds]`: a long run, as `cargo xtask simulate` starts
//! it. Prints `progress <shoppers>` every half second, then a summary; fails if a property does not hold.

use std::{
    env,
    process::ExitCode,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use purchase_simulation::{Plan, every_small_world, minimal_story, simulate};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (shoppers, seed, first) = (number("--shoppers", 100_000), number("--seed", 1), number("--first", 0));
    if !arguments.iter().any(|argument| argument == "--no-small-worlds") {
        match every_small_world() {
            Ok(small) => println!(
                "{} small worlds enumerated, {} steps checked",
                small.worlds, small.steps
            ),
            Err(story) => {
                println!("A small world fails:\n{}", story.join("\n"));
                return ExitCode::FAILURE;
            }
        }
    }
    let start = Instant::now();
    let (progress, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let outcome = thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                println!("progress {}", progress.load(Ordering::Relaxed));
                thread::park_timeout(Duration::from_millis(500));
            }
        });
        let outcome = simulate(seed, first, shoppers, Plan::FULL, &progress);
        is_over.store(true, Ordering::Relaxed);
        outcome
    });
    print!("{}", outcome.totals);
    let per_second = outcome.totals.shoppers as f64 / start.elapsed().as_secs_f64();
    println!("{:<42}{per_second:>14.0}", "shoppers per second");
    let Some(failure) = outcome.failure else {
        return ExitCode::SUCCESS;
    };
    println!("\nBROKEN: {}: {}", failure.broken.property, failure.broken.detail);
    if let Some(shopper) = failure.shopper {
        println!("Look at it alone: --seed {seed} --first {shopper} --shoppers 1");
    }
    println!("{}", minimal_story(&failure, Plan::FULL).join("\n"));
    ExitCode::FAILURE
}
