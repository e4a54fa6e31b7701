//! Several queries that see the same.

use std::ops::DerefMut;

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::{Link, Loaded, Statement, StoreError};

/// The database as it was at the first query. What is written meanwhile is not seen.
#[derive(Debug)]
pub struct Moment {
    transaction: OfEither,
}

#[derive(Debug)]
enum OfEither {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Moment {
    pub(super) async fn of_file(readers: &SqlitePool) -> Result<Moment, StoreError> {
        Ok(Moment {
            transaction: OfEither::Sqlite(readers.begin().await?),
        })
    }

    pub(super) async fn of_server(readers: &PgPool) -> Result<Moment, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(Moment {
            transaction: OfEither::Postgres(readers.begin_with(begin).await?),
        })
    }

    /// All rows.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn all<T: Loaded>(&mut self, statement: Statement) -> Result<Vec<T>, StoreError> {
        self.link().all(statement).await
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn first<T: Loaded>(&mut self, statement: Statement) -> Result<Option<T>, StoreError> {
        self.link().first(statement).await
    }

    fn link(&mut self) -> Link<'_> {
        match &mut self.transaction {
            OfEither::Sqlite(transaction) => Link::Sqlite(transaction.deref_mut()),
            OfEither::Postgres(transaction) => Link::Postgres(transaction.deref_mut()),
        }
    }
}
