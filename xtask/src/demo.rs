//! `cargo xtask demo`: the shop, its payment gateway and the collector, built and served until Ctrl-C.

mod data;
mod programs;

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;

use anyhow::{Context, Result, bail};

use self::data::Data;
use self::programs::Programs;
use crate::build;
use crate::workspace::Workspace;

/// Ports on 127.0.0.1.
#[derive(clap::Args)]
pub struct Options {
    /// The collector's port: it takes the purchases, serves the tag's files and the panel
    #[arg(long, value_name = "PORT", default_value_t = 7500)]
    collector_port: u16,
    /// The demo shop's port
    #[arg(long, value_name = "PORT", default_value_t = 7501)]
    shop_port: u16,
    /// The payment gateway's port: another origin than the shop's, as in real life
    #[arg(long, value_name = "PORT", default_value_t = 7502)]
    gateway_port: u16,
    /// Whether the tag may ask the shop for an order's status
    #[arg(long, value_name = "SWITCH", default_value = "on")]
    order_status: Switch,
    /// Whether the shop's server tells the collector of each order itself
    #[arg(
        long,
        value_name = "SWITCH",
        default_value = "off",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on"
    )]
    server_messages: Switch,
    /// Show sample purchases of every kind instead of those of earlier demos; they are made anew at each start
    #[arg(long, conflicts_with = "database")]
    sample: bool,
    /// What keeps the purchases: the path of a SQLite file, or a PostgreSQL database as
    /// postgres://USER:PASSWORD@HOST:PORT/NAME [default: a file in the folder of builds]
    #[arg(long, value_name = "FILE|URL")]
    database: Option<OsString>,
}

/// Something that is either on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

const COLLECTOR: &str = "purchase-collector";
const SHOP: &str = "demo-shop";
/// The key under which the demo shop reports its purchases.
const SITE: &str = "demo";
/// The token of the collector's read API in the demo.
const TOKEN: &str = "demo";
/// Who may sign in to the demo's console, and do everything there; it listens on this machine only.
const USER: &str = "demo";
const PASSWORD: &str = "demo-shop-console";
/// The site's secret in the demo: who knows it may post purchases as the shop's server.
const SECRET: &str = "demo-server-secret";
/// Serves until Ctrl-C or until one of the programs ends.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    options.check()?;
    let artefacts = build::run(workspace)?;
    let [collector, shop] = build::binaries([COLLECTOR, SHOP], None)?;
    // Again, because the builds may have taken minutes.
    options.check()?;

    let (told, stop) = channel();
    ctrlc::set_handler(move || told.send(()).unwrap_or_default()).context("Ctrl-C cannot be listened for")?;
    let data = Data::prepare(workspace, &collector, options)?;

    let mut programs = Programs::default();
    programs.start(
        COLLECTOR,
        options.collector(Command::new(collector), &data, &artefacts.folder),
    )?;
    programs.start(SHOP, options.shop(Command::new(shop)))?;
    if programs.answer(
        &[options.collector_port, options.shop_port, options.gateway_port],
        &stop,
    )? {
        options.greet(&match &options.database {
            // An address may hold a password.
            Some(_) => "the database that you chose".to_owned(),
            None => workspace.show(Path::new(&data.database)).to_string(),
        });
        programs.watch(&stop)?;
    }
    println!("\nStopping.");
    Ok(())
}

impl Options {
    /// Refuses ports that cannot be had.
    fn check(&self) -> Result<()> {
        let ports = [
            (self.collector_port, "--collector-port"),
            (self.shop_port, "--shop-port"),
            (self.gateway_port, "--gateway-port"),
        ];
        for (place, (port, flag)) in ports.iter().enumerate() {
            if let Some((_, other)) = ports[..place].iter().find(|(earlier, _)| earlier == port) {
                bail!("port {port} is given twice: choose another with {other} or {flag}");
            }
            if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)) {
                bail!("port {port} cannot be used ({error}): free it or choose another with {flag}");
            }
        }
        Ok(())
    }

    fn collector(&self, mut program: Command, data: &Data, assets: &Path) -> Command {
        program
            .args(["serve", "--listen", &address(self.collector_port)])
            // The environment, because other users of the machine can see options.
            .env("PURCHASE_DATABASE", &data.database)
            .arg("--destinations")
            .arg(&data.destinations);
        program.args([
            "--site",
            &format!("{SITE}=http://{}", address(self.shop_port)),
            "--read-token",
            TOKEN,
        ]);
        program.arg("--assets").arg(assets);
        if self.server_messages == Switch::On {
            program.args(["--server-secret", &format!("{SITE}={SECRET}")]);
        }
        program
    }

    fn shop(&self, mut program: Command) -> Command {
        program.args([
            "--shop-listen",
            &address(self.shop_port),
            "--gateway-listen",
            &address(self.gateway_port),
        ]);
        program.args([
            "--collector",
            &format!("http://{}", address(self.collector_port)),
            "--site",
            SITE,
        ]);
        program.args(["--webhook-secret", data::WEBHOOK_SECRET]);
        if self.order_status == Switch::On {
            program.arg("--order-status");
        }
        if self.server_messages == Switch::On {
            program.args(["--server-secret", SECRET]);
        }
        program
    }

    fn greet(&self, database: &str) {
        println!("\n  Shop       http://{}/", address(self.shop_port));
        println!("             buy something, pay at the gateway, come back to the confirmation page");
        println!(
            "             /orders is what the shop itself knows of its orders, /erp what the collector passed on to it"
        );
        println!("  Gateway    http://{}/vouchers", address(self.gateway_port));
        println!("             where the shop sends you to pay, and where vouchers are paid later");
        let collector = address(self.collector_port);
        println!("  Console    http://{collector}/console");
        println!("             what happened to each purchase; sign in as {USER} with the password {PASSWORD}");
        println!("  Collector  http://{collector}/#token={TOKEN}");
        println!("             the purchases that arrived, kept in {database}");
        println!(
            "\nOrder status is {}, server messages are {}: switch them with --order-status and --server-messages.",
            self.order_status.word(),
            self.server_messages.word()
        );
        println!("The purchases are shown below, too. Ctrl-C stops everything.\n");
    }
}

impl Switch {
    fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

fn address(port: u16) -> String {
    format!("{}:{port}", Ipv4Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn options(line: &[&str]) -> Options {
        let line = [&["demo"], line].concat();
        <Line as clap::Parser>::try_parse_from(line).unwrap().options
    }

    /// The arguments of the collector and of the shop.
    fn arguments(line: &[&str]) -> [Vec<String>; 2] {
        let options = options(line);
        let data = Data {
            database: "db".into(),
            destinations: "destinations".into(),
        };
        let collector = options.collector(Command::new("collector"), &data, Path::new("files"));
        [collector, options.shop(Command::new("shop"))]
            .map(|program| program.get_args().map(|it| it.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn the_shop_is_asked_for_an_orders_status_unless_switched_off() {
        let has = |line: &[&str]| arguments(line)[1].contains(&"--order-status".to_owned());
        assert!(has(&[]) && !has(&["--order-status=off"]) && !has(&["--order-status", "off"]));
    }

    #[test]
    fn shop_and_collector_share_the_secret_of_server_messages_only_where_there_are_any() {
        let names_it = |line: &[&str]| arguments(line).map(|it| it.iter().any(|text| text.contains(SECRET)));
        assert_eq!(names_it(&[]), [false, false]);
        for line in [&["--server-messages"], &["--server-messages=on"]] {
            assert_eq!(names_it(line), [true, true]);
        }
        assert_eq!(names_it(&["--server-messages=off"]), [false, false]);
    }

    #[test]
    fn a_taken_port_is_named_with_its_flag() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let shop_port = taken.local_addr().unwrap().port();
        let port = format!("--shop-port={shop_port}");
        let options = options(&["--collector-port=0", &port, "--gateway-port=0"]);
        let error = options.check().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("port {shop_port} cannot be used")) && error.ends_with("--shop-port"),
            "{error}"
        );
    }

    #[test]
    fn one_port_for_two_programs_is_refused() {
        let options = options(&["--collector-port=0", "--shop-port=0", "--gateway-port=1"]);
        assert!(options.check().unwrap_err().to_string().contains("given twice"));
    }
}
