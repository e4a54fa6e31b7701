//! `cargo xtask demo`: the shop, its payment gateway and the collector, built and served until Ctrl-C.

use std::ffi::{OsStr, OsString};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::process;
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
/// The site's secret in the demo: who knows it may post purchases as the shop's server.
const SECRET: &str = "demo-server-secret";
/// How long a program may take until it answers.
const START: Duration = Duration::from_secs(20);
/// How long a program may take to stop before it is ended: longer than the collector waits for running requests.
const STOP: Duration = Duration::from_secs(12);
/// How often the programs are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Serves until Ctrl-C or until one of the programs ends.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    options.check()?;
    let artefacts = build::run(workspace)?;
    let [collector, shop] = build::binaries([COLLECTOR, SHOP])?;
    // Again, because the builds may have taken minutes.
    options.check()?;

    let (told, stop) = channel();
    ctrlc::set_handler(move || told.send(()).unwrap_or_default()).context("Ctrl-C cannot be listened for")?;
    let data = workspace.target.join("demo");
    process::folder(&data)?;
    let file = data.join("purchases.db");
    let database = options.database.as_deref().unwrap_or(file.as_os_str());

    let mut programs = Programs(Vec::new());
    programs.start(
        COLLECTOR,
        options.collector(Command::new(collector), database, &artefacts.folder),
    )?;
    programs.start(SHOP, options.shop(Command::new(shop)))?;
    if programs.answer(
        &[options.collector_port, options.shop_port, options.gateway_port],
        &stop,
    )? {
        options.greet(&match &options.database {
            // An address may hold a password.
            Some(_) => "the database that you chose".to_owned(),
            None => workspace.show(&file).to_string(),
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

    fn collector(&self, mut program: Command, database: &OsStr, assets: &Path) -> Command {
        program
            .args(["serve", "--listen", &address(self.collector_port)])
            // The environment, because other users of the machine can see options.
            .env("PURCHASE_DATABASE", database);
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
        println!("             /orders is what the shop itself knows of its orders");
        println!("  Gateway    http://{}/vouchers", address(self.gateway_port));
        println!("             where the shop sends you to pay, and where vouchers are paid later");
        println!("  Collector  http://{}/#token={TOKEN}", address(self.collector_port));
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

/// The started programs; they are stopped when this is dropped, whatever the reason.
struct Programs(Vec<(&'static str, Child)>);

impl Programs {
    fn start(&mut self, name: &'static str, mut program: Command) -> Result<()> {
        // A group of its own, so that Ctrl-C reaches this program only, which then stops the others in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut program, 0);
        self.0.push((
            name,
            program.spawn().with_context(|| format!("{name} cannot be started"))?,
        ));
        Ok(())
    }

    /// Waits until every port answers; `false` if Ctrl-C came first.
    fn answer(&mut self, ports: &[u16], stop: &Receiver<()>) -> Result<bool> {
        let late = Instant::now() + START;
        for &port in ports {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
                self.check()?;
                if Instant::now() > late {
                    bail!(
                        "nothing answers on port {port} after {} seconds: the reason is above",
                        START.as_secs()
                    );
                }
                if stop.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Waits for Ctrl-C; an error if a program ends first.
    fn watch(&mut self, stop: &Receiver<()>) -> Result<()> {
        while stop.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            self.check()?;
        }
        Ok(())
    }

    /// An error if a program has ended.
    fn check(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended by itself ({status}): the reason is above");
            }
        }
        Ok(())
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        for (_, child) in &mut self.0 {
            ask_to_stop(child);
        }
        let late = Instant::now() + STOP;
        for (name, child) in &mut self.0 {
            while matches!(child.try_wait(), Ok(None)) {
                if Instant::now() > late {
                    eprintln!("{name} did not stop within {} seconds and is ended.", STOP.as_secs());
                    // An error means that it has just ended.
                    let _ = child.kill();
                    let _ = child.wait();
                    break;
                }
                sleep(LOOK);
            }
        }
    }
}

#[cfg(unix)]
fn ask_to_stop(child: &mut Child) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    // A child that was waited for has no process any more; its number may be another's.
    if let (Ok(None), Ok(process)) = (child.try_wait(), i32::try_from(child.id())) {
        let _ = kill(Pid::from_raw(process), Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn ask_to_stop(child: &mut Child) {
    let _ = child.kill();
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
        let collector = options.collector(Command::new("collector"), OsStr::new("db"), Path::new("files"));
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
