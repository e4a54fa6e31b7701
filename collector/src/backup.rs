//! `purchase-collector backup` and `restore`: a copy of the file, taken while the collector works, and the way back.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::runtime::Runtime;

use crate::{
    cli::{Backup, Restore},
    store::DatabaseAddress,
};

/// Endings of the files that belong to a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why there is no copy; each is one sentence. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing can run.
    #[error("the runtime cannot start: {0}")]
    Runtime(io::Error),
    /// A server has its own programs for this.
    #[error(
        "this is for files; back up a PostgreSQL database with pg_dump --format=custom and restore it with pg_restore"
    )]
    Server,
    /// A file would be overwritten.
    #[error("{} exists already; name another file, or move it away", .0.display())]
    Exists(PathBuf),
    /// The file is none of ours, or damaged.
    #[error("{} is no database of a collector, or it is damaged: {reason}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        reason: String,
    },
    /// The copy cannot be made.
    #[error("{} cannot be copied to {}: {reason}", .from.display(), .to.display())]
    Copy {
        /// From here.
        from: PathBuf,
        /// To here.
        to: PathBuf,
        /// What SQLite or the system says.
        reason: String,
    },
}

/// Copies the database as it is at one moment, with everything that was acknowledged before; collectors go on meanwhile. The copy
/// is verified and on the disk when this returns.
///
/// # Errors
/// If the copy exists already, cannot be written, or is not whole.
pub fn backup(options: &Backup) -> Result<(), BackupError> {
    let from = file(&options.database.address)?;
    let to = &options.to;
    run(async {
        refuse_existing(to)?;
        let unfinished = unfinished(to);
        // What an earlier, interrupted copy left behind.
        let _ = fs::remove_file(&unfinished);
        let failed = |reason: String| BackupError::Copy {
            from: from.to_owned(),
            to: to.clone(),
            reason,
        };
        let source = SqliteConnectOptions::new().filename(from).read_only(true);
        let mut connection = SqliteConnection::connect_with(&source)
            .await
            .map_err(|error| failed(error.to_string()))?;
        // https://www.sqlite.org/lang_vacuum.html#vacuuminto: of one moment, also while others write.
        sqlx::query("VACUUM INTO $1")
            .bind(unfinished.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await
            .map_err(|error| failed(error.to_string()))?;
        drop(connection.close().await);
        verify(&unfinished).await?;
        place(&unfinished, to).map_err(|error| failed(error.to_string()))
    })
}

/// Puts a verified copy where a collector will use it. It never overwrites: a database that is there is moved away by hand, with the
/// collector stopped.
///
/// # Errors
/// If there is a database already, or the copy is not whole.
pub fn restore(options: &Restore) -> Result<(), BackupError> {
    let to = file(&options.database.address)?;
    let from = &options.from;
    run(async {
        refuse_existing(to)?;
        // SQLite would apply what belongs to another database.
        for companion in COMPANIONS {
            refuse_existing(&with_ending(to, companion))?;
        }
        verify(from).await?;
        let unfinished = unfinished(to);
        let copied = fs::copy(from, &unfinished).and_then(|_| place(&unfinished, to));
        copied.map_err(|error| BackupError::Copy {
            from: from.clone(),
            to: to.to_owned(),
            reason: error.to_string(),
        })
    })
}

fn run(work: impl Future<Output = Result<(), BackupError>>) -> Result<(), BackupError> {
    Runtime::new().map_err(BackupError::Runtime)?.block_on(work)
}

fn file(address: &DatabaseAddress) -> Result<&Path, BackupError> {
    match address {
        DatabaseAddress::File(path) => Ok(path),
        DatabaseAddress::Postgres(_) => Err(BackupError::Server),
    }
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    if path.exists() {
        return Err(BackupError::Exists(path.to_owned()));
    }
    Ok(())
}

/// Reads the whole file; it must be a collector's.
async fn verify(path: &Path) -> Result<(), BackupError> {
    let damaged = |reason: String| BackupError::Damaged {
        path: path.to_owned(),
        reason,
    };
    // Immutable: nobody else writes to a copy, and looking at it must not make companions.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| damaged(error.to_string()))?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut connection)
        .await
        .map_err(|error| damaged(error.to_string()))?;
    if found != ["ok"] {
        // SQLite breaks its lines.
        return Err(damaged(found.join("; ").replace('\n', " ")));
    }
    sqlx::query("SELECT COUNT(*) FROM purchases")
        .execute(&mut connection)
        .await
        .map_err(|error| damaged(error.to_string()))?;
    drop(connection.close().await);
    Ok(())
}

/// Makes the copy durable, and only then visible under its name.
fn place(unfinished: &Path, to: &Path) -> io::Result<()> {
    fs::File::open(unfinished)?.sync_all()?;
    fs::rename(unfinished, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    #[cfg(unix)]
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn unfinished(to: &Path) -> PathBuf {
    with_ending(to, ".unfinished")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
