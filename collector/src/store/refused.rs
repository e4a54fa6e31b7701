//! Whether the database has just refused a message for a reason of its own, such as a full disk: what readiness says beside
//! "it answers", because a database that takes no writes may go on answering reads.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{error::DatabaseError, postgres::PgDatabaseError, sqlite::SqliteError};

use super::StoreError;

/// How long a refusal counts. After that the next message may show whether there is room again: where nobody sends to a
/// collector that is not ready, it would never learn.
const REFUSED_SECONDS: u64 = 10;

/// SQLite's primary result codes that say: this file takes no writes, whatever is written. READONLY, IOERR, CORRUPT, FULL and
/// CANTOPEN of <https://www.sqlite.org/rescode.html>.
const OF_FILE: [i64; 5] = [8, 10, 11, 13, 14];

/// Beginnings of SQLSTATEs that say the same of a server: it is read-only (a standby), it lacks resources (53100: the disk is full),
/// its system fails. <https://www.postgresql.org/docs/current/errcodes-appendix.html>
const OF_SERVER: [&str; 3] = ["25006", "53", "58"];

/// The last refusal, if no message was kept since. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Refused(Arc<Mutex<Option<Instant>>>);

impl Refused {
    /// Remembers what became of a message at this time. What is wrong with the message itself says nothing.
    pub fn note<T>(&self, result: &Result<T, StoreError>, at: Instant) {
        let last = match result {
            Ok(_) => None,
            Err(error) if is_of_database(error) => Some(at),
            Err(_) => return,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }

    /// Whether a refusal counts at this time.
    pub fn is_recent(&self, now: Instant) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| now.saturating_duration_since(at) < Duration::from_secs(REFUSED_SECONDS))
    }
}

fn is_of_database(error: &StoreError) -> bool {
    match error {
        StoreError::OfGroup(error) => is_of_database(error),
        StoreError::Statement(error) => error.as_database_error().is_some_and(takes_no_writes),
        _ => false,
    }
}

fn takes_no_writes(error: &(dyn DatabaseError + 'static)) -> bool {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<SqliteError>().is_some() {
        // The lowest byte of an extended code is the primary one.
        code.parse::<i64>().is_ok_and(|code| OF_FILE.contains(&(code & 0xff)))
    } else {
        error.try_downcast_ref::<PgDatabaseError>().is_some()
            && OF_SERVER.iter().any(|beginning| code.starts_with(beginning))
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection};

    use super::*;

    /// What SQLite says to these statements.
    async fn failure(statements: &'static str) -> StoreError {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        let failed = sqlx::raw_sql(statements).execute(&mut connection).await;
        failed.expect_err("the last one fails").into()
    }

    #[tokio::test]
    async fn a_full_database_counts_until_a_message_is_kept_and_for_a_while_at_most() {
        let full = "CREATE TABLE t (x); PRAGMA max_page_count = 2; INSERT INTO t VALUES (zeroblob(100000))";
        let full: Result<(), _> = Err(failure(full).await);
        let refused = Refused::default();
        let at = Instant::now();
        assert!(!refused.is_recent(at));
        refused.note(&full, at);
        assert!(refused.is_recent(at));
        assert!(!refused.is_recent(at + Duration::from_secs(REFUSED_SECONDS)));
        refused.note(&Ok(()), at);
        assert!(!refused.is_recent(at));
        let of_group = full.map_err(|error| StoreError::OfGroup(Arc::new(error)));
        refused.note(&of_group, at);
        assert!(refused.is_recent(at));
    }

    #[tokio::test]
    async fn what_is_wrong_with_one_message_does_not_count() {
        let twice = "CREATE TABLE t (x PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)";
        let refused = Refused::default();
        for error in [failure(twice).await, StoreError::State("odd".to_owned())] {
            refused.note(&Err::<(), _>(error), Instant::now());
            assert!(!refused.is_recent(Instant::now()));
        }
    }
}
