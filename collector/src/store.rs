//! The database: one SQLite file behind one writer and several readers.
//!
//! The statements keep to what SQLite and PostgreSQL have in common; only the pragmas here are SQLite's own.

mod checkout;
mod closing;
pub mod console;
pub(crate) mod digest;
mod ordered;
mod purchase;
mod read;
mod read_checkouts;
mod standing;
mod write;

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    migrate::MigrateError,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use self::{
    checkout::{TRANSITIONS_PER_CHECKOUT_MAX, Totals},
    purchase::{CONFLICTS_PER_PURCHASE_MAX, DELIVERIES_PER_PURCHASE_MAX},
    read::{DeliveryRow, ListQuery, PurchaseFilter, PurchaseHistory, PurchaseRow, RefusalRow},
    read_checkouts::{CheckoutRow, CheckoutTransitionRow},
    standing::TRANSITIONS_PER_PURCHASE_MAX,
    write::Delivery,
};

/// Longest wait for the file while another process holds it.
const BUSY_SECONDS_MAX: u64 = 5;

/// Longest wait for a free connection.
const ACQUIRE_SECONDS_MAX: u64 = 10;

/// Connections of the read API.
const READERS_MAX: u32 = 4;

/// The database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer at a time, and waiting here is cheaper and fairer than in the file's lock.
    writer: SqlitePool,
    readers: SqlitePool,
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed.
    #[error(transparent)]
    Statement(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrateError),
    /// A value is no JSON.
    #[error("malformed JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A state is none of ours.
    #[error("unknown state {0:?}")]
    State(String),
}

impl Store {
    /// Opens the file, creating it if missing, and brings its schema up to date.
    ///
    /// # Errors
    /// If the file cannot be opened or written, or its schema is of a later version.
    pub async fn open(path: &Path) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // A purchase is acknowledged only when it would survive a power cut: readers go on beside the writer
            // (WAL), and each commit waits for the disk (FULL).
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))
            .disable_statement_logging();
        let pool = || SqlitePoolOptions::new().acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX));
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!().run(&writer).await?;
        // A file that can only be read would be noticed at the first purchase.
        sqlx::query("UPDATE purchases SET conflicts = conflicts WHERE 1 = 0")
            .execute(&writer)
            .await?;
        let readers = pool()
            .max_connections(READERS_MAX)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Store { writer, readers })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Closes the file after the running statements. Later calls fail.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
