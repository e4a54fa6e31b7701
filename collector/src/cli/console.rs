//! The console's options, and the people who may sign in to it.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;

use super::Database;
use crate::{
    console::{access::password, quiet::QuietOption},
    store::console::Role,
};

/// Options of the console.
#[derive(Clone, Debug, Args)]
pub struct ConsoleOptions {
    /// Time zone of the console's times for readers who chose none, an IANA name such as Europe/Madrid
    #[arg(long = "console-time-zone", value_name = "ZONE", default_value = "UTC", value_parser = console_zone)]
    pub time_zone: TimeZone,

    /// Hours without a purchase after which the console warns of a shop [default: 24]; 0 turns the warning off. With a key for one
    /// shop, else for all; repeatable
    #[arg(long = "quiet-hours", value_name = "[KEY=]HOURS", value_parser = QuietOption::parse)]
    pub quiet_hours: Vec<QuietOption>,
}

/// What can be done about the people who may sign in to the console. A password is read from PURCHASE_USER_PASSWORD or, without
/// it, from standard input (one line), and never printed.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Let somebody sign in
    Add {
        /// Their name, such as ana or ana@shop.example
        #[arg(value_name = "NAME", value_parser = user_name)]
        name: String,
        /// What they may do: look (viewer), or also retry and make test purchases (admin)
        #[arg(long, value_enum, default_value = "viewer")]
        role: Role,
        /// Where.
        #[command(flatten)]
        database: Database,
    },
    /// Let somebody sign in no longer, and end their sessions
    Remove {
        /// Their name
        #[arg(value_name = "NAME", value_parser = user_name)]
        name: String,
        /// Where.
        #[command(flatten)]
        database: Database,
    },
    /// Print names and roles
    List {
        /// Where.
        #[command(flatten)]
        database: Database,
    },
    /// Give somebody another password, and end their sessions
    Password {
        /// Their name
        #[arg(value_name = "NAME", value_parser = user_name)]
        name: String,
        /// Where.
        #[command(flatten)]
        database: Database,
    },
}

fn console_zone(text: &str) -> Result<TimeZone, &'static str> {
    TimeZone::get(text).map_err(|_| "write an IANA name such as Europe/Madrid")
}

fn user_name(text: &str) -> Result<String, &'static str> {
    password::name(text).ok_or("a name has 1 to 64 bytes of letters, digits and . _ - @ +")
}
