//! The database as a server that speaks PostgreSQL's protocol, with other collectors beside this one.

use std::time::Duration;

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use super::{ACQUIRE_SECONDS_MAX, Link, Loaded, READERS_MAX, Statement, StoreError, Work, Writing, migrations, sql};

/// Connections that write. The server lets those that commit at the same time share one write to its disk.
const WRITERS_MAX: u32 = 16;

/// Longest time for one try of a transaction or a query, the wait for a connection included. What asks is answered in time even if
/// the server says nothing any more: a server that is gone without a word would else be noticed by the system after a quarter
/// of an hour.
const TRY_SECONDS_MAX: u64 = 20;

/// Longest time of one statement on the server, in milliseconds, which ends it there too: whoever waited for it may be gone.
const STATEMENT_MS_MAX: &str = "15000";

/// Longest wait for a connection's last answer after it was given up; then it is closed, so that another one may be opened.
const RELEASE_SECONDS_MAX: u64 = 5;

/// How often a transaction is tried that the server gave up in favour of another one.
const TRIES_MAX: u32 = 12;

/// How often making the tables is tried: collectors that start together meet at each migration anew. With [`PAUSE_MS_MAX`] about 15
/// seconds.
const MIGRATION_TRIES_MAX: u32 = 60;

/// Longest pause before the first repetition, in milliseconds; each further one may take twice as long.
const PAUSE_MS: u64 = 10;

/// Longest pause before any repetition, in milliseconds.
const PAUSE_MS_MAX: u64 = 500;

/// SQLSTATEs that mean: nothing is wrong, run it again. The first is what CockroachDB and YugabyteDB answer for every conflict.
/// <https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>
const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";

/// SQLSTATEs of a collector that makes the same tables at the same time: the table, its row type or its column is there, or its name
/// is taken.
const MADE_BY_ANOTHER: [&str; 4] = ["42P07", "42710", "42701", "23505"];

/// The server. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Server {
    writers: PgPool,
    pub readers: PgPool,
}

impl Server {
    pub async fn open(options: &PgConnectOptions) -> Result<Server, StoreError> {
        let options = options.clone().disable_statement_logging();
        // On a connection of its own: a migration may take longer than any other statement.
        let maker = pool().max_connections(1).connect_with(options.clone()).await?;
        migrate(&maker).await?;
        maker.close().await;
        let writers = pool()
            .max_connections(WRITERS_MAX)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // A purchase is acknowledged only when it would survive a power cut. A stronger setting is left as it is.
                    let durable = "SELECT set_config('synchronous_commit', 'on', FALSE) \
                                   WHERE current_setting('synchronous_commit') = 'off'";
                    sqlx::query(durable).execute(&mut *connection).await?;
                    limit(connection).await
                })
            })
            .connect_with(options.clone())
            .await?;
        // A server that can only be read would be noticed at the first purchase.
        let nothing = sql("UPDATE purchases SET conflicts = conflicts WHERE 1 = 0");
        Link::Postgres(&mut *writers.acquire().await?).execute(nothing).await?;
        let readers = pool()
            .max_connections(READERS_MAX)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    let careful = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
                    sqlx::query(careful).execute(&mut *connection).await?;
                    limit(connection).await
                })
            })
            .connect_lazy_with(options);
        Ok(Server { writers, readers })
    }

    /// All rows of one query.
    pub async fn all<T: Loaded>(&self, statement: Statement) -> Result<Vec<T>, StoreError> {
        in_time(async {
            let mut connection = self.readers.acquire().await?;
            Link::Postgres(&mut connection).all(statement).await
        })
        .await
    }

    /// The first row of one query.
    pub async fn first<T: Loaded>(&self, statement: Statement) -> Result<Option<T>, StoreError> {
        in_time(async {
            let mut connection = self.readers.acquire().await?;
            Link::Postgres(&mut connection).first(statement).await
        })
        .await
    }

    /// Runs it until it lasts, at most [`TRIES_MAX`] times.
    pub async fn write<W: Work>(&self, work: &W) -> Result<W::Output, StoreError> {
        let mut tries = 1;
        loop {
            match in_time(self.try_write(work)).await {
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

fn pool() -> PgPoolOptions {
    PgPoolOptions::new()
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX))
        .after_release(|connection, _| {
            Box::pin(async move {
                let answered = timeout(Duration::from_secs(RELEASE_SECONDS_MAX), connection.ping()).await;
                answered.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
            })
        })
}

/// A limit that the server's administrator set is left as it is.
async fn limit(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let limit = "SELECT set_config('statement_timeout', $1, FALSE) WHERE current_setting('statement_timeout') = '0'";
    sqlx::query(limit)
        .bind(STATEMENT_MS_MAX)
        .execute(connection)
        .await
        .map(drop)
}

/// Gives up after [`TRY_SECONDS_MAX`].
async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let worked = timeout(Duration::from_secs(TRY_SECONDS_MAX), work).await;
    worked.unwrap_or(Err(StoreError::Silent))
}

/// Each migration is one transaction. Of several collectors that start together all but one fail at it, and then find it done.
async fn migrate(maker: &PgPool) -> Result<(), StoreError> {
    let mut tries = 1;
    loop {
        match migrations().run(maker).await {
            Err(error) if tries < MIGRATION_TRIES_MAX && is_made_by_another(&error) => pause(tries).await,
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
