//! One connection to either database: what reads and writes run on.

use sqlx::{FromRow, PgConnection, SqliteConnection, postgres::PgRow, sqlite::SqliteRow};

use super::{Statement, StoreError};

/// Rows that a statement may return: `#[derive(FromRow)]`, or a tuple of texts, `i64`, `bool` and options of these.
pub trait Loaded: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Loaded for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// A connection, usually within a transaction.
#[derive(Debug)]
pub enum Link<'c> {
    /// To a file.
    Sqlite(&'c mut SqliteConnection),
    /// To a server.
    Postgres(&'c mut PgConnection),
}

/// Runs a query of either database; the same words stand for both.
macro_rules! on {
    ($link:expr, $statement:expr, $query:path, $fetch:ident) => {
        match $link {
            Link::Sqlite(connection) => {
                let (text, arguments) = $statement.split::<sqlx::sqlite::SqliteArguments>()?;
                $query(text, arguments).$fetch(&mut **connection).await?.into()
            }
            Link::Postgres(connection) => {
                let (text, arguments) = $statement.split::<sqlx::postgres::PgArguments>()?;
                $query(text, arguments).$fetch(&mut **connection).await?.into()
            }
        }
    };
}

/// How many rows a statement changed.
struct Affected(u64);

impl From<sqlx::sqlite::SqliteQueryResult> for Affected {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Affected {
        Affected(result.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Affected {
    fn from(result: sqlx::postgres::PgQueryResult) -> Affected {
        Affected(result.rows_affected())
    }
}

impl Link<'_> {
    /// Runs a statement; how many rows it changed.
    ///
    /// # Errors
    /// If the database fails; inside a transaction the whole of it is lost.
    pub async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let affected: Affected = on!(self, statement, sqlx::query_with, execute);
        Ok(affected.0)
    }

    /// All rows.
    ///
    /// # Errors
    /// As [`Link::execute`].
    pub async fn all<T: Loaded>(&mut self, statement: Statement) -> Result<Vec<T>, StoreError> {
        Ok(on!(self, statement, sqlx::query_as_with, fetch_all))
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Link::execute`].
    pub async fn first<T: Loaded>(&mut self, statement: Statement) -> Result<Option<T>, StoreError> {
        Ok(on!(self, statement, sqlx::query_as_with, fetch_optional))
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// As [`Link::execute`], and if there is none.
    pub async fn one<T: Loaded>(&mut self, statement: Statement) -> Result<T, StoreError> {
        self.first(statement)
            .await?
            .ok_or(StoreError::Statement(sqlx::Error::RowNotFound))
    }
}
