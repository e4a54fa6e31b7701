//! The database: a SQLite file with one writer, or a server that speaks PostgreSQL's protocol, with the same statements.
//!
//! A read is [`Store::all`], [`Store::first`] or, for several of one moment, [`Store::moment`]. A write is a [`Work`] given to
//! [`Store::write`]. The statements keep to what SQLite, PostgreSQL, Citus, CockroachDB and YugabyteDB have in common.

mod address;
mod checkout;
mod closing;
pub mod console;
mod contacts;
pub(crate) mod digest;
mod erasure;
mod figures;
mod group;
mod health;
mod link;
mod moment;
mod needles;
mod ordered;
mod passes;
mod postgres;
mod purchase;
mod queue;
mod read;
mod read_checkouts;
mod refused;
mod sqlite;
mod standing;
mod statement;
mod write;
mod writing;

use std::{sync::Arc, time::Instant};

use sqlx::migrate::{MigrateError, Migrator};

pub use self::{
    address::DatabaseAddress,
    checkout::{TRANSITIONS_PER_CHECKOUT_MAX, Totals},
    contacts::Erased,
    figures::{AttemptLabels, Figures, QueueLength},
    health::{CircuitState, DestinationHealth, LastError},
    link::{Link, Loaded},
    moment::Moment,
    passes::{FIRST_ATTEMPTS, LAST_ATTEMPTS, Pass, PassAttempt, PassKey},
    purchase::{CONFLICTS_PER_PURCHASE_MAX, DELIVERIES_PER_PURCHASE_MAX},
    queue::{Backfilled, Claimed, Finished, Health, Take},
    read::{DeliveryRow, Newest, PurchaseFacts, PurchaseFilter, PurchaseHistory, PurchaseRow, RefusalRow},
    read_checkouts::{CheckoutRow, CheckoutTransitionRow},
    standing::TRANSITIONS_PER_PURCHASE_MAX,
    statement::{Statement, Value, sql},
    write::{Delivery, TEST_SOURCE},
    writing::{Work, Writing},
};
use self::{group::GROUP_MAX, postgres::Server, refused::Refused, sqlite::File};
use crate::passing::Routes;

/// Longest wait for a free connection.
const ACQUIRE_SECONDS_MAX: u64 = 10;

/// Connections of the read API.
const READERS_MAX: u32 = 4;

/// The database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    routes: Routes,
    figures: Figures,
    refused: Refused,
}

#[derive(Clone, Debug)]
enum Database {
    File(File),
    Server(Server),
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
    /// The database takes no writes; all that waited are told the same.
    #[error(transparent)]
    OfGroup(Arc<StoreError>),
    /// The write was given up: the collector stops, or the write has a bug, which the log has.
    #[error("the write was given up")]
    GivenUp,
    /// The database answers, but has just refused a message for a reason of its own, which the log has.
    #[error("the database took no writes a moment ago")]
    Refused,
    /// The server said nothing for too long.
    #[error("the database does not answer")]
    Silent,
    /// A state is none of ours.
    #[error("unknown state {0:?}")]
    State(String),
}

impl Store {
    /// Opens the database, creating a file if it is missing, and brings its schema up to date. Several collectors may do so
    /// at the same time.
    ///
    /// # Errors
    /// If it cannot be opened or written, or its schema is of a later version.
    pub async fn open(address: &DatabaseAddress) -> Result<Store, StoreError> {
        Store::open_grouping(address, GROUP_MAX).await
    }

    /// As [`Store::open`], with at most this many writes in one transaction of a file, to measure what grouping gains. A server
    /// groups by itself.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_grouping(address: &DatabaseAddress, group_max: usize) -> Result<Store, StoreError> {
        let figures = Figures::default();
        let database = match address {
            DatabaseAddress::File(path) => Database::File(File::open(path, group_max, &figures).await?),
            DatabaseAddress::Postgres(options) => Database::Server(Server::open(options).await?),
        };
        Ok(Store {
            database,
            routes: Routes::default(),
            figures,
            refused: Refused::default(),
        })
    }

    /// From now on, what becomes of purchases is to be passed on by these. Without any nothing is.
    #[must_use]
    pub fn with_routes(self, routes: Routes) -> Store {
        Store { routes, ..self }
    }

    /// What becomes of purchases is passed on by these.
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Runs a write transaction. When this returns it is on the disk. A transaction that the database gave up in favour of
    /// another one is run again, a bounded number of times.
    ///
    /// # Errors
    /// If the work or the database fails; then nothing of it is kept, unless the connection was lost while it was made
    /// durable: then it may be.
    pub async fn write<W: Work>(&self, work: W) -> Result<W::Output, StoreError> {
        self.figures.note(match &self.database {
            Database::File(file) => file.write(work).await,
            Database::Server(server) => server.write(&work).await,
        })
    }

    /// As [`Store::write`], for what browsers and servers send: [`Store::ready`] hears what became of it.
    async fn write_message<W: Work>(&self, work: W) -> Result<W::Output, StoreError> {
        let written = self.write(work).await;
        self.refused.note(&written, Instant::now());
        written
    }

    /// All rows of one query.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn all<T: Loaded>(&self, statement: Statement) -> Result<Vec<T>, StoreError> {
        self.figures.note(match &self.database {
            Database::File(file) => file.all(statement).await,
            Database::Server(server) => server.all(statement).await,
        })
    }

    /// The first row of one query, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn first<T: Loaded>(&self, statement: Statement) -> Result<Option<T>, StoreError> {
        self.figures.note(match &self.database {
            Database::File(file) => file.first(statement).await,
            Database::Server(server) => server.first(statement).await,
        })
    }

    /// The database as it is now, for several queries that must agree.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn moment(&self) -> Result<Moment, StoreError> {
        self.figures.note(match &self.database {
            Database::File(file) => Moment::of_file(&file.readers).await,
            Database::Server(server) => Moment::of_server(&server.readers).await,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.all::<(i64,)>(sql("SELECT COUNT(*) FROM purchases WHERE 1 = 0"))
            .await
            .map(drop)
    }

    /// Whether messages can be sent here: the database answers, and has not just refused one because it takes no writes, as a full
    /// disk makes it do. Such a refusal counts for 10 s, or until a message is kept.
    ///
    /// # Errors
    /// If they cannot.
    pub async fn ready(&self) -> Result<(), StoreError> {
        if self.refused.is_recent(Instant::now()) {
            return Err(StoreError::Refused);
        }
        self.ping().await
    }

    /// Closes the database after the running statements. Later calls fail.
    pub async fn close(&self) {
        match &self.database {
            Database::File(file) => file.close().await,
            Database::Server(server) => server.close().await,
        }
    }
}

/// The schema's history: the same for both databases, only ever added to.
fn migrations() -> Migrator {
    let mut migrations = sqlx::migrate!();
    // sqlx locks by advisory locks, which not all servers have; see `postgres::migrate`.
    migrations.set_locking(false);
    migrations
}
