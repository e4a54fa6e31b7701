//! The command line: every option with its unit and its default.

mod console;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use purchase_core::{
    ContactMode, Currency, DecimalMark, Rules, Zone,
    order::{Platform, StatusRules},
};

pub use self::console::{ConsoleOptions, Database, User};
use crate::{
    secrets::{SecretFileOption, SecretOption},
    sites::SiteOption,
    store::DatabaseAddress,
    zone::SiteZone,
};

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
    /// Say who may sign in to the console
    #[command(subcommand)]
    User(User),
    /// Pass dead entries of the queue on again, after their cause is mended
    ///
    /// A collector that serves the same database takes them up.
    Replay(Replay),
}

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7500")]
    pub listen: SocketAddr,

    /// What keeps the purchases: a SQLite file, created if missing, or a PostgreSQL database as
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME`. Other users of the machine can see options: put a password into the variable
    #[arg(
        long,
        value_name = "FILE|URL",
        env = "PURCHASE_DATABASE",
        hide_env_values = true,
        default_value = "purchases.db",
        value_parser = DatabaseAddress::parse
    )]
    pub database: DatabaseAddress,

    /// A shop's key and the origins of its pages (`null` for sandboxed frames); repeatable. Without any, every site and origin is
    /// accepted
    #[arg(long = "site", value_name = "KEY=ORIGIN[,ORIGIN…]", value_parser = SiteOption::parse)]
    pub sites: Vec<SiteOption>,

    /// Token that readers send as `Authorization: Bearer TOKEN`. Without it nothing can be read
    #[arg(long, value_name = "TOKEN", env = "PURCHASE_READ_TOKEN", hide_env_values = true)]
    pub read_token: Option<String>,

    /// The secret of a shop's server, which may then post purchases itself; repeatable, also for one shop. At least 16 bytes
    /// without blanks. Other users of the machine can see options: prefer the variable or the file
    #[arg(
        long = "server-secret",
        value_name = "KEY=SECRET",
        env = "PURCHASE_SERVER_SECRETS",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = SecretOption::parse
    )]
    pub server_secrets: Vec<SecretOption>,

    /// The same from a file that holds the secret and nothing else; repeatable
    #[arg(long = "server-secret-file", value_name = "KEY=PATH", value_parser = SecretFileOption::parse)]
    pub server_secret_files: Vec<SecretFileOption>,

    /// The console.
    #[command(flatten)]
    pub console: ConsoleOptions,

    /// TOML file that names where purchases are passed on to. Without it nothing is passed on
    #[arg(long, value_name = "FILE")]
    pub destinations: Option<PathBuf>,

    /// Folder with the tag's files, served under /tag/. Without it they are not served
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,

    /// Form of the log on standard error
    #[arg(long, value_enum, default_value = "text")]
    pub log: LogForm,

    /// Largest request body, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    pub body_bytes_max: usize,

    /// Longest time for one request, its body included, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub request_seconds_max: u64,

    /// Most requests worked on at a time; others are answered 503 at once
    #[arg(long, value_name = "REQUESTS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub concurrency_max: u32,

    /// Most open connections; others wait in the system's queue
    #[arg(long, value_name = "CONNECTIONS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub connections_max: u32,

    /// Longest time a shutdown waits for running requests, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub shutdown_seconds_max: u64,
}

/// Forms of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// One readable line per event
    Text,
    /// One JSON object per line
    Json,
}

/// Options of `replay`.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// What keeps the purchases: a SQLite file, or a PostgreSQL database as `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
    #[arg(
        long,
        value_name = "FILE|URL",
        env = "PURCHASE_DATABASE",
        hide_env_values = true,
        default_value = "purchases.db",
        value_parser = DatabaseAddress::parse
    )]
    pub database: DatabaseAddress,

    /// The shop's key
    #[arg(long, value_name = "KEY")]
    pub site: String,

    /// The destination's name in the file of destinations
    #[arg(long, value_name = "NAME")]
    pub destination: String,

    /// Only this purchase, also if it was not sent for a reason that is mended [default: all dead ones]
    #[arg(long, value_name = "ID")]
    pub purchase: Option<String>,
}

/// Options of `check`: the same reading rules as the tag's configuration.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// An HTML page or a JSON payload; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,

    /// Decimal mark of the site's amounts, `dot` or `comma` [default: none, ambiguous amounts are refused]
    #[arg(long, value_name = "MARK", value_parser = decimal_mark)]
    pub decimal: Option<DecimalMark>,

    /// Zone of dates that name none: an IANA name such as Europe/Madrid, or ±hh:mm [default: none]
    #[arg(long, value_name = "ZONE", value_parser = time_zone, allow_hyphen_values = true)]
    pub time_zone: Option<SiteZone>,

    /// Currency of the site's amounts, as ISO 4217 code [default: none]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<Currency>,

    /// What to read of the buyer: `none`, `sha256` or `email`
    #[arg(long, value_name = "MODE", default_value = "none", value_parser = contact_mode)]
    pub contact: ContactMode,

    /// Address of the page, to complete relative addresses [default: none]
    #[arg(long, value_name = "URL")]
    pub page_url: Option<String>,

    /// Platform whose order statuses the shop uses: `woocommerce`, `prestashop`, `magento2`, `bigcommerce` or `shift4shop`
    /// [default: none, a status is one of the five states]
    #[arg(long, value_name = "NAME", value_parser = platform)]
    pub platform: Option<Platform>,

    /// The shop's own order statuses, such as `awaiting_stock=pending, sent=completed:placed` [default: none]
    #[arg(long, value_name = "LIST")]
    pub order_statuses: Option<String>,
}

impl Check {
    /// The rules these options ask for.
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            decimal: self.decimal,
            zone: self.time_zone.as_ref().map(|zone| zone as &dyn Zone),
            currency: self.currency,
            contact: self.contact,
            page_url: self.page_url.as_deref(),
            statuses: StatusRules {
                platform: self.platform,
                custom: self.order_statuses.as_deref(),
            },
        }
    }
}

fn decimal_mark(text: &str) -> Result<DecimalMark, &'static str> {
    DecimalMark::from_name(text).ok_or("write dot or comma")
}

fn time_zone(text: &str) -> Result<SiteZone, &'static str> {
    SiteZone::from_name(text).ok_or("write an IANA name such as Europe/Madrid, or an offset such as +01:00")
}

fn currency(text: &str) -> Result<Currency, &'static str> {
    Currency::from_code(text).ok_or("write an ISO 4217 code such as EUR")
}

fn platform(text: &str) -> Result<Platform, &'static str> {
    Platform::from_name(text).ok_or("write woocommerce, prestashop, magento2, bigcommerce or shift4shop")
}

fn contact_mode(text: &str) -> Result<ContactMode, &'static str> {
    ContactMode::from_name(text).ok_or("write none, sha256 or email")
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
