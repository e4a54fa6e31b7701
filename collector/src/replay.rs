//! `purchase-collector replay`: passes dead entries on again, or makes the entries that a new destination has missed. A collector
//! that serves takes them up.

use std::path::Path;

use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    cli::Replay,
    clock::now_ms,
    passing::{Destination, Routes, config},
    serve::ServeError,
    store::{Backfilled, PassKey, Store, StoreError},
};

/// After how many purchases that were looked at the progress is said.
const PROGRESS_EVERY: u64 = 10_000;

/// Why not everything is passed on again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The database or the file of destinations cannot be used.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Entries that no courier takes would be made.
    #[error("{0} names no destination {1} of the site {2}; write --destination and --site as they stand there")]
    Unknown(String, String, String),
    /// The database failed in the middle.
    #[error("the database failed, run the command again: {0}")]
    Store(#[from] StoreError),
}

/// Makes the entries due, and prints how many there were.
///
/// # Errors
/// If the database or the file of destinations cannot be used.
pub fn run(options: &Replay) -> Result<(), ReplayError> {
    Runtime::new().map_err(ServeError::Runtime)?.block_on(replay(options))
}

async fn replay(options: &Replay) -> Result<(), ReplayError> {
    let missed = match (options.since, &options.destinations) {
        (Some(since), Some(file)) => Some((destination(options, file)?, since)),
        _ => None,
    };
    let store = Store::open(&options.database.address).await;
    let store = store.map_err(|error| ServeError::Database {
        address: options.database.address.clone(),
        error,
    })?;
    match missed {
        Some((destination, since)) => {
            let received = since..options.until.unwrap_or(i64::MAX);
            let mut next = PROGRESS_EVERY;
            let report = |so_far: Backfilled| {
                if so_far.looked_at >= next {
                    next = so_far.looked_at.saturating_add(PROGRESS_EVERY);
                    say(so_far);
                }
            };
            let done = store.backfill(&destination, received, now_ms(), report).await?;
            anstream::println!("{} to be passed on, of {} purchases", done.added, done.looked_at);
        }
        None => anstream::println!("{} to be passed on again", replay_dead(&store, options).await?),
    }
    store.close().await;
    Ok(())
}

fn say(so_far: Backfilled) {
    let reached = Timestamp::from_millisecond(so_far.reached).unwrap_or_default();
    anstream::eprintln!(
        "{} to be passed on, of {} purchases up to {}",
        so_far.added,
        so_far.looked_at,
        reached.strftime("%F %T UTC")
    );
}

/// The destination as its collectors know it.
fn destination(options: &Replay, file: &Path) -> Result<Destination, ReplayError> {
    let config = config::load(file).map_err(ServeError::Destinations)?;
    let routes = Routes::new(config.destinations);
    let found = routes.named(&options.site, &options.destination);
    found
        .map(|destination| Destination::clone(&destination))
        .ok_or_else(|| {
            let (name, site) = (options.destination.clone(), options.site.clone());
            ReplayError::Unknown(file.display().to_string(), name, site)
        })
}

async fn replay_dead(store: &Store, options: &Replay) -> Result<u64, StoreError> {
    let (site, destination) = (&options.site, &options.destination);
    let Some(purchase_id) = &options.purchase else {
        return store.replay_dead(site, destination, now_ms()).await;
    };
    let mut count = 0;
    let passes = store.passes_of(site, purchase_id).await?;
    for pass in passes.into_iter().filter(|pass| pass.destination == *destination) {
        let key = PassKey {
            site: site.clone(),
            purchase_id: purchase_id.clone(),
            destination: pass.destination,
            event: pass.event,
        };
        count += u64::from(store.replay(key, now_ms()).await?);
    }
    Ok(count)
}
