//! Fills a database with sample purchases of every kind, so that the console has something to show:
//! `cargo run -p purchase-collector --example sample -- sample.db`, then `purchase-collector serve --database sample.db`.

mod fill;

use std::{env, process::ExitCode};

use purchase_collector::store::{DatabaseAddress, Store};

/// What is made unless a second argument says otherwise.
const SEED: u64 = 42;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(database), seed) = (arguments.next(), arguments.next()) else {
        eprintln!("write: sample DATABASE [SEED]");
        return ExitCode::FAILURE;
    };
    let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    match make(&database, seed).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sample: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn make(database: &str, seed: u64) -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open(&DatabaseAddress::parse(database)?).await?;
    println!("{} with seed {seed}", fill::fill(&store, seed).await?);
    store.close().await;
    Ok(())
}
