//! The options of `serve`.

use std::{net::SocketAddr, path::PathBuf};

use axum::http::HeaderName;
use clap::{Args, ValueEnum};

use super::{ConsoleOptions, Database, site_key};
use crate::{
    secrets::{SecretFileOption, SecretOption},
    sites::SiteOption,
};

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

/// Forms of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// One readable line per event
    Text,
    /// One JSON object per line
    Json,
}
