//! What the demo's collector is given: its database, with somebody who may sign in, and where purchases are passed on to.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{COLLECTOR, Options, PASSWORD, SITE, USER, address};
use crate::process;
use crate::workspace::{Workspace, cargo};

/// What webhooks to the shop are signed with.
pub const WEBHOOK_SECRET: &str = "demo-webhook-secret";

/// Files in the build folder.
pub struct Data {
    /// The collector's: a file or an address.
    pub database: OsString,
    /// Its `--destinations`.
    pub destinations: PathBuf,
}

impl Data {
    /// Makes the files; the purchases of earlier demos stay, sample purchases are made anew.
    pub fn prepare(workspace: &Workspace, collector: &Path, options: &Options) -> Result<Data> {
        let folder = workspace.target.join("demo");
        process::folder(&folder)?;
        let file = folder.join(if options.sample { "sample.db" } else { "purchases.db" });
        if options.sample {
            fill(&file)?;
        }
        let database = options.database.clone().unwrap_or_else(|| file.into_os_string());
        admit(collector, &database)?;
        let secret = folder.join("webhook-secret");
        process::write(&secret, WEBHOOK_SECRET.as_bytes())?;
        let destinations = folder.join("destinations.toml");
        let url = format!("http://{}/erp", address(options.shop_port));
        process::write(&destinations, configuration(&url, &secret).as_bytes())?;
        Ok(Data { database, destinations })
    }
}

/// The shop's own program, by a signed webhook. A demo is watched: what fails is tried again after seconds.
fn configuration(url: &str, secret: &Path) -> String {
    // Strings of JSON are strings of TOML.
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "[delivery]\nretry_ms_max = 20_000\ncircuit_ms = 10_000\ncircuit_ms_max = 20_000\n\n\
         [[destination]]\nsite = {}\nname = \"erp\"\nkind = \"webhook\"\nkey_file = {}\nurl = {}\n",
        text(SITE),
        text(&secret.to_string_lossy()),
        text(url)
    )
}

/// Lets the demo's user sign in, whatever an earlier demo left.
fn admit(collector: &Path, database: &OsStr) -> Result<()> {
    let user = |what: &[&str]| {
        let mut command = Command::new(collector);
        command.arg("user").args(what);
        command
            .env("PURCHASE_DATABASE", database)
            .env("PURCHASE_USER_PASSWORD", PASSWORD);
        process::output(&mut command)
    };
    if !user(&["list"])?.lines().any(|line| line == format!("admin  {USER}")) {
        user(&["add", USER, "--role", "admin"])?;
        return Ok(());
    }
    user(&["password", USER]).map(drop)
}

fn fill(database: &Path) -> Result<()> {
    for extension in ["db", "db-wal", "db-shm"] {
        let file = database.with_extension(extension);
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    process::step("Making sample purchases", || {
        let mut command = cargo();
        command.args(["run", "--package", COLLECTOR, "--example", "sample", "--"]);
        process::output(command.arg(database)).map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destination_is_the_shop_whatever_the_folders_are_called() {
        let text = configuration("http://127.0.0.1:1/erp", Path::new(r#"C:\a "folder"\secret"#));
        let table: toml::Table = toml::from_str(&text).unwrap();
        let destination = &table["destination"][0];
        assert_eq!(destination["url"].as_str(), Some("http://127.0.0.1:1/erp"));
        assert_eq!(destination["key_file"].as_str(), Some(r#"C:\a "folder"\secret"#));
    }
}
