//! The command line: every option with its unit and its default.

mod console;
mod replay;

use std::{net::SocketAddr, path::PathBuf};

use axum::http::HeaderName;
use clap::{Args, Parser, Subcommand, ValueEnum};
use purchase_core::{
    ContactMode, Currency, DecimalMark, Rules, Zone,
    order::{Platform, StatusRules},
    wire::is_site_key,
};
use url::Url;

pub use self::{
    console::{ConsoleOptions, User},
    replay::Replay,
};
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

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7500")]
    pub listen: SocketAddr,

    /// What keeps the purchases.
    #[command(flatten)]
    pub database: Database,

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

    /// A shop whose pages' purchases are taken only with a signature by its server's secret; repeatable. Others' are checked where
    /// they have one
    #[arg(
        long = "require-signature",
        value_name = "KEY",
        env = "PURCHASE_REQUIRE_SIGNATURES",
        value_delimiter = ' ',
        value_parser = site_key
    )]
    pub require_signatures: Vec<String>,

    /// Days after which contacts, refused contents and checkouts are erased; purchases stay, without their buyer [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub retention_days: Option<u32>,

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

    /// Longest time for one request, its body included, and longest pause of a client that takes its answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub request_seconds_max: u64,

    /// Most requests worked on at a time; others are answered 503 at once
    #[arg(long, value_name = "REQUESTS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub concurrency_max: u32,

    /// Most open connections; others wait in the system's queue
    #[arg(long, value_name = "CONNECTIONS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub connections_max: u32,

    /// Most requests of one address per second, ten seconds' worth of them at once; others are answered 429. 0 is no limit. This
    /// machine's own address has none
    #[arg(long, value_name = "REQUESTS", default_value_t = 50)]
    pub address_rate: u32,

    /// Header in which your proxy tells the client's address, such as `x-forwarded-for`; its last entry counts. Only behind a proxy
    /// that sets it [default: none, the connection's address]
    #[arg(long, value_name = "NAME")]
    pub proxy_header: Option<HeaderName>,

    /// Most messages of one site per second, ten seconds' worth of them at once; others are answered 429. 0 is no limit
    #[arg(long, value_name = "MESSAGES", default_value_t = 2_000)]
    pub site_rate: u32,

    /// Longest time a shutdown waits for running requests, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub shutdown_seconds_max: u64,
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

/// Forms of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// One readable line per event
    Text,
    /// One JSON object per line
    Json,
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

/// Options of `snippet`.
#[derive(Clone, Debug, Args)]
pub struct Snippet {
    /// Address of the collector as browsers reach it, with the path of a reverse proxy if there is one
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub collector: Url,

    /// The shop's key
    #[arg(long, value_name = "KEY", value_parser = site_key)]
    pub site: String,

    /// Folder with the tag's files, to name and pin the newest loader
    #[arg(long, value_name = "DIR", default_value = "dist")]
    pub assets: PathBuf,

    /// Address of the folder from which browsers get the tag's files, if a CDN or the shop serves them [default: /tag/ below the
    /// collector's address]
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub files: Option<Url>,

    /// Load always the newest loader, which cannot be pinned
    #[arg(long)]
    pub newest: bool,

    /// Who tells the shopper's consent, before which nothing is stored or sent [default: nobody, it is not required]
    #[arg(long, value_enum, value_name = "MODE")]
    pub consent: Option<Consent>,
}

/// Who tells the shopper's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Consent {
    /// The shop, by a call
    Wait,
    /// Google Consent Mode
    Google,
    /// A banner that speaks IAB's TCF
    Tcf,
}

impl Consent {
    /// The value of `data-consent`.
    pub fn name(self) -> &'static str {
        match self {
            Consent::Wait => "wait",
            Consent::Google => "google",
            Consent::Tcf => "tcf",
        }
    }
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

fn web_address(text: &str) -> Result<Url, &'static str> {
    let wrong = "write an address such as https://collector.example";
    let url = Url::parse(text.trim()).map_err(|_| wrong)?;
    matches!(url.scheme(), "http" | "https").then_some(url).ok_or(wrong)
}

fn site_key(text: &str) -> Result<String, &'static str> {
    let right = is_site_key(text);
    right
        .then(|| text.to_owned())
        .ok_or("write 1 to 64 of A-Z a-z 0-9 . _ -")
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
