//! The command line: every option with its unit and its default.

mod check;
mod console;
mod replay;
mod serve;
mod snippet;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use purchase_core::wire::is_site_key;

pub use self::{
    check::Check,
    console::{ConsoleOptions, User},
    replay::Replay,
    serve::{LogForm, Serve},
    snippet::{Consent, Snippet},
};
use crate::store::DatabaseAddress;

/// Receives, judges and keeps the purchases of shops.
#[derive(Debug, Parser)]
#[command(name = "purchase-collector", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the collector does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Say what a collector would say about a page or a payload
    ///
    /// Exit code: 0 every purchase is accepted, 1 any is refused, 2 none was found, 3 the input cannot be read.
    Check(Check),
    /// Copy the database file while the collector works; the copy is verified
    Backup(Backup),
    /// Put a verified copy where there is no database
    Restore(Restore),
    /// Move the rows of a database file to an empty PostgreSQL database, with the collector stopped
    ///
    /// All or nothing: what interrupts it leaves nothing behind, and the file stays as it is.
    Move(Move),
    /// Erase one person's e-mail address from everything that is kept
    ///
    /// What was bought stays, without the buyer. Twice is harmless.
    Erase(Erase),
    /// Say who may sign in to the console
    #[command(subcommand)]
    User(User),
    /// Pass dead entries of the queue on again, after their cause is mended; or, with --since, what was stored before a
    /// destination was configured
    ///
    /// A collector that serves the same database takes them up. Twice is harmless.
    Replay(Replay),
    /// Print what a shop's pages need: the lines of the tag, and what a content policy must allow
    Snippet(Snippet),
}

/// Options of `backup`.
#[derive(Clone, Debug, Args)]
pub struct Backup {
    /// What the collector uses; only files can be copied.
    #[command(flatten)]
    pub database: Database,

    /// The copy; never overwritten
    #[arg(value_name = "COPY")]
    pub to: PathBuf,
}

/// Options of `restore`.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    /// Where the collector will look for its file; never overwritten.
    #[command(flatten)]
    pub database: Database,

    /// What `backup` made
    #[arg(value_name = "COPY")]
    pub from: PathBuf,
}

/// Options of `move`.
#[derive(Clone, Debug, Args)]
pub struct Move {
    /// What is to have the rows; only a PostgreSQL database.
    #[command(flatten)]
    pub database: Database,

    /// The file that the collector used
    #[arg(value_name = "FILE")]
    pub from: PathBuf,
}

/// Where the purchases are, the same for every command.
#[derive(Clone, Debug, Args)]
pub struct Database {
    /// What keeps the purchases: a SQLite file, created if missing, or a PostgreSQL database as
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME`. Other users of the machine can see options: put a password into the variable
    #[arg(
        id = "database",
        long = "database",
        value_name = "FILE|URL",
        env = "PURCHASE_DATABASE",
        hide_env_values = true,
        default_value = "purchases.db",
        value_parser = DatabaseAddress::parse
    )]
    pub address: DatabaseAddress,
}

/// Options of `erase`.
#[derive(Clone, Debug, Args)]
pub struct Erase {
    /// The address; `-` reads it from standard input, where other users of the machine cannot see it
    #[arg(value_name = "EMAIL")]
    pub email: String,

    /// Only of this site [default: of all]
    #[arg(long, value_name = "KEY")]
    pub site: Option<String>,

    /// What keeps the purchases.
    #[command(flatten)]
    pub database: Database,
}

fn site_key(text: &str) -> Result<String, &'static str> {
    let right = is_site_key(text);
    right
        .then(|| text.to_owned())
        .ok_or("write 1 to 64 of A-Z a-z 0-9 . _ -")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_options_are_consistent() {
        Cli::command().debug_assert();
    }
}
