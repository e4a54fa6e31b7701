//! `purchase-collector move`: all rows of a database file to an empty PostgreSQL database, in one transaction, so that it can
//! be begun again whatever interrupts it.

use std::{io, path::PathBuf};

use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, PgConnection, Postgres, QueryBuilder, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use tokio::runtime::Runtime;

use crate::{
    cli::Move,
    store::{DatabaseAddress, Store, StoreError},
};

/// Rows in one statement: times the columns of the widest table they stay below the 65,535 values that one may have.
const ROWS_MAX: i64 = 500;

/// Why nothing was moved; each is one sentence. Both databases are as they were, but for the newest tables.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// Nothing can run.
    #[error("the runtime cannot start: {0}")]
    Runtime(io::Error),
    /// There is only one way.
    #[error("name the PostgreSQL database that is to have the rows, with --database or the variable PURCHASE_DATABASE")]
    NotToServer,
    /// A typing error would make an empty file and move nothing.
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    /// A database cannot be opened.
    #[error("the tables cannot be brought up to date: {0}")]
    Open(#[from] StoreError),
    /// Rows of two origins would be mixed.
    #[error("the table {0} of the PostgreSQL database has rows already; name an empty database")]
    NotEmpty(String),
    /// What arrived is not what left.
    #[error("the table {table} has {from} rows, but {to} arrived")]
    Count {
        /// Which.
        table: String,
        /// In the file.
        from: i64,
        /// In the server.
        to: i64,
    },
    /// A column of a kind that no table has.
    #[error("the column {0} is neither a text nor a number nor a boolean")]
    Kind(String),
    /// A statement failed.
    #[error("a database failed: {0}")]
    Statement(#[from] sqlx::Error),
}

/// Moves, and prints how much. The file stays as it is; while this runs nothing can be written to it.
///
/// # Errors
/// If there are rows in the PostgreSQL database, or either of them fails; then nothing was moved.
pub fn run(options: &Move) -> Result<(), MoveError> {
    Runtime::new().map_err(MoveError::Runtime)?.block_on(async {
        let DatabaseAddress::Postgres(server) = &options.database.address else {
            return Err(MoveError::NotToServer);
        };
        if !options.from.is_file() {
            return Err(MoveError::NoFile(options.from.clone()));
        }
        // The same tables on both sides.
        for address in [&DatabaseAddress::File(options.from.clone()), &options.database.address] {
            Store::open(address).await?.close().await;
        }
        let mut from = SqliteConnectOptions::new().filename(&options.from).connect().await?;
        let mut to = server.connect().await?;
        // Held to the end: a collector that still uses the file is told to wait, instead of acknowledging what would be left behind.
        let mut from = from.begin_with("BEGIN IMMEDIATE").await?;
        let mut to = to.begin().await?;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             AND name <> '_sqlx_migrations' ORDER BY name",
        )
        .fetch_all(&mut *from)
        .await?;
        for table in tables {
            let rows = copy(&table, &mut from, &mut to).await?;
            anstream::println!("{table}: {rows} rows");
        }
        to.commit().await?;
        anstream::println!("moved; start the collector with the new database, and keep the file until you trust it");
        Ok(())
    })
}

/// Copies a table into an empty one; how many rows. Names come from our own migrations.
async fn copy(table: &str, from: &mut SqliteConnection, to: &mut PgConnection) -> Result<i64, MoveError> {
    let count = || AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let there: i64 = sqlx::query_scalar(count()).fetch_one(&mut *to).await?;
    if there > 0 {
        return Err(MoveError::NotEmpty(table.to_owned()));
    }
    let columns: Vec<(String, String)> = sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY cid")
        .bind(table)
        .fetch_all(&mut *from)
        .await?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let mut last = 0_i64;
    loop {
        let select = format!("SELECT {names}, rowid AS copied FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT $2");
        let select = sqlx::query(AssertSqlSafe(select)).bind(last).bind(ROWS_MAX);
        let rows = select.fetch_all(&mut *from).await?;
        let Some(newest) = rows.last() else { break };
        last = newest.try_get("copied")?;
        let mut insert = QueryBuilder::new(format!("INSERT INTO {table} ({names}) VALUES "));
        for (number, row) in rows.iter().enumerate() {
            insert.push(if number == 0 { "(" } else { ", (" });
            for (place, (_, kind)) in columns.iter().enumerate() {
                if place > 0 {
                    insert.push(", ");
                }
                bind(&mut insert, row, place, kind)?;
            }
            insert.push(")");
        }
        insert.build().execute(&mut *to).await?;
    }
    let left: i64 = sqlx::query_scalar(count()).fetch_one(&mut *from).await?;
    let arrived: i64 = sqlx::query_scalar(count()).fetch_one(&mut *to).await?;
    if left != arrived {
        return Err(MoveError::Count {
            table: table.to_owned(),
            from: left,
            to: arrived,
        });
    }
    Ok(arrived)
}

fn bind(insert: &mut QueryBuilder<Postgres>, row: &SqliteRow, place: usize, kind: &str) -> Result<(), MoveError> {
    match kind {
        "TEXT" => insert.push_bind(row.try_get::<Option<String>, _>(place)?),
        "BIGINT" | "INTEGER" => insert.push_bind(row.try_get::<Option<i64>, _>(place)?),
        "BOOLEAN" => insert.push_bind(row.try_get::<Option<bool>, _>(place)?),
        _ => return Err(MoveError::Kind(row.column(place).name().to_owned())),
    };
    Ok(())
}
