//! The database as a SQLite file: one writer, several readers.

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    ACQUIRE_SECONDS_MAX, Figures, Link, Loaded, READERS_MAX, Statement, StoreError, Work, group::Group, migrations, sql,
};

/// Longest wait for the file while another process holds it.
const BUSY_SECONDS_MAX: u64 = 5;

/// The file. Clones share it.
#[derive(Clone, Debug)]
pub struct File {
    /// One connection: SQLite has one writer at a time, and waiting here is cheaper and fairer than in the file's lock.
    writer: SqlitePool,
    pub readers: SqlitePool,
    group: Group,
}

impl File {
    pub async fn open(path: &Path, group_max: usize, figures: &Figures) -> Result<File, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // A purchase is acknowledged only when it would survive a power cut: readers go on beside the writer
            // (WAL), and each commit waits for the disk (FULL).
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What is erased is erased in the file, too.
            .pragma("secure_delete", "on")
            .busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))
            .disable_statement_logging();
        let pool = || SqlitePoolOptions::new().acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX));
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        migrations().run(&writer).await?;
        // A file that can only be read would be noticed at the first purchase.
        let nothing = sql("UPDATE purchases SET conflicts = conflicts WHERE 1 = 0");
        Link::Sqlite(&mut *writer.acquire().await?).execute(nothing).await?;
        let readers = pool()
            .max_connections(READERS_MAX)
            .connect_with(options.read_only(true))
            .await?;
        let group = Group::new(writer.clone(), group_max, figures.group_size.clone());
        Ok(File { writer, readers, group })
    }

    pub async fn write<W: Work>(&self, work: W) -> Result<W::Output, StoreError> {
        self.group.write(work).await
    }

    /// All rows of one query.
    pub async fn all<T: Loaded>(&self, statement: Statement) -> Result<Vec<T>, StoreError> {
        Link::Sqlite(&mut *self.readers.acquire().await?).all(statement).await
    }

    /// The first row of one query.
    pub async fn first<T: Loaded>(&self, statement: Statement) -> Result<Option<T>, StoreError> {
        Link::Sqlite(&mut *self.readers.acquire().await?).first(statement).await
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
