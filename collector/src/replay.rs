//! `purchase-collector replay`: passes dead entries on again. A collector that serves takes them up.

use tokio::runtime::Runtime;

use crate::{
    cli::Replay,
    clock::now_ms,
    serve::ServeError,
    store::{PassKey, Store},
};

/// Makes the entries due, and says how many there were.
///
/// # Errors
/// If the database cannot be used.
pub fn run(options: &Replay) -> Result<u64, ServeError> {
    Runtime::new().map_err(ServeError::Runtime)?.block_on(replay(options))
}

async fn replay(options: &Replay) -> Result<u64, ServeError> {
    let database = |error| ServeError::Database {
        address: options.database.clone(),
        error,
    };
    let store = Store::open(&options.database).await.map_err(database)?;
    let (site, destination) = (options.site.clone(), options.destination.clone());
    let count = match &options.purchase {
        None => store
            .replay_dead(&site, &destination, now_ms())
            .await
            .map_err(database)?,
        Some(purchase_id) => {
            let mut count = 0;
            let passes = store.passes_of(&site, purchase_id).await.map_err(database)?;
            for pass in passes.into_iter().filter(|pass| pass.destination == destination) {
                let key = PassKey {
                    site: site.clone(),
                    purchase_id: purchase_id.clone(),
                    destination: pass.destination,
                    event: pass.event,
                };
                count += u64::from(store.replay(key, now_ms()).await.map_err(database)?);
            }
            count
        }
    };
    store.close().await;
    Ok(count)
}
