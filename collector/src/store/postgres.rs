//! The database as a server that speaks PostgreSQL's protocol, with other collectors beside this one.

use std::time::Duration;

use sqlx::{
    ConnectOptions, PgPool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{ACQUIRE_SECONDS_MAX, Link, READERS_MAX, StoreError, Work, Writing, migrations, sql};

/// Connections that write. The server lets those that commit at the same time share one write to its disk.
const WRITERS_MAX: u32 = 16;

/// How often a transaction is tried that the server gave up in favour of another one.
const TRIES_MAX: u32 = 12;

/// Longest pause before the first repetition, in milliseconds; each further one may take twice as long.
const PAUSE_MS: u64 = 10;

/// Longest pause before any repetition, in milliseconds.
const PAUSE_MS_MAX: u64 = 500;

/// SQLSTATEs that mean: nothing is wrong, run it again. The first is what CockroachDB and YugabyteDB answer for every conflict.
/// <https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>
const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";

/// SQLSTATEs of a collector that makes the same tables at the same time: the table is there, or its name is taken.
const MADE_BY_ANOTHER: [&str; 3] = ["42P07", "42701", "23505"];

/// The server. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Server {
    writers: PgPool,
    pub readers: PgPool,
}

impl Server {
    pub async fn open(options: &PgConnectOptions) -> Result<Server, StoreError> {
        let options = options.clone().disable_statement_logging();
        let pool = || PgPoolOptions::new().acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX));
        let writers = pool()
            .max_connections(WRITERS_MAX)
            // A purchase is acknowledged only when it would survive a power cut. A stronger setting is left as it is.
            .after_connect(|connection, _| {
                Box::pin(async move {
                    let durable = "SELECT set_config('synchronous_commit', 'on', FALSE) \
                                   WHERE current_setting('synchronous_commit') = 'off'";
                    sqlx::query(durable).execute(connection).await.map(drop)
                })
            })
            .connect_with(options.clone())
            .await?;
        migrate(&writers).await?;
        // A server that can only be read would be noticed at the first purchase.
        let nothing = sql("UPDATE purchases SET conflicts = conflicts WHERE 1 = 0");
        Link::Postgres(&mut *writers.acquire().await?).execute(nothing).await?;
        let readers = pool()
            .max_connections(READERS_MAX)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    let careful = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
                    sqlx::query(careful).execute(connection).await.map(drop)
                })
            })
            .connect_lazy_with(options);
        Ok(Server { writers, readers })
    }

    /// Runs it until it lasts, at most [`TRIES_MAX`] times.
    pub async fn write<W: Work>(&self, work: &W) -> Result<W::Output, StoreError> {
        let mut tries = 1;
        loop {
            match self.try_write(work).await {
                Err(error) if tries < TRIES_MAX && is_conflict(&error) => pause(tries).await,
                result => return result,
            }
            tries += 1;
        }
    }

    async fn try_write<W: Work>(&self, work: &W) -> Result<W::Output, StoreError> {
        let mut transaction = self.writers.begin().await?;
        let output = work.run(&mut Writing::new(Link::Postgres(&mut transaction))).await?;
        transaction.commit().await?;
        Ok(output)
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// Each migration is one transaction. Of several collectors that start together all but one fail at it, and then find it done.
async fn migrate(writers: &PgPool) -> Result<(), StoreError> {
    let mut tries = 1;
    loop {
        match migrations().run(writers).await {
            Err(error) if tries < TRIES_MAX && is_made_by_another(&error) => pause(tries).await,
            result => return Ok(result?),
        }
        tries += 1;
    }
}

/// Full jitter: those that met once should not meet again.
async fn pause(tries: u32) {
    let longest = PAUSE_MS.saturating_mul(1 << tries.min(16)).min(PAUSE_MS_MAX);
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=longest))).await;
}

fn is_conflict(error: &StoreError) -> bool {
    matches!(error, StoreError::Statement(error) if is_conflict_of(error))
}

fn is_conflict_of(error: &sqlx::Error) -> bool {
    has_code(error, &[SERIALIZATION_FAILURE, DEADLOCK_DETECTED])
}

fn is_made_by_another(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            is_conflict_of(error) || has_code(error, &MADE_BY_ANOTHER)
        }
        _ => false,
    }
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| codes.contains(&code.as_ref()))
}
