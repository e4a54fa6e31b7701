//! What the commands that play a table of scenarios in browsers have in common: they choose, play, and write a document.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::de::DeserializeOwned;

use crate::browser::Engine;
use crate::workspace::Workspace;
use crate::{e2e, process};

/// A table of scenarios.
pub struct Table<'a> {
    /// The command that plays it.
    pub name: &'static str,
    /// The one test that plays everything.
    pub test: &'static str,
    /// Where the whole table is written; parts of it are only printed.
    pub document: &'static str,
    /// The option that says how many each cell has.
    pub counted: &'static str,
    /// How many.
    pub count: u32,
    /// The engines that were asked for; all if none was.
    pub engines: &'a [Engine],
    /// Beginnings of the scenarios' names that were asked for; all if none was.
    pub scenarios: &'a [String],
}

impl Table<'_> {
    /// Plays what was asked for, and answers the rows that the tests reported.
    pub fn play<Row: DeserializeOwned>(&self, workspace: &Workspace) -> Result<Vec<Row>> {
        let engines = match self.engines {
            [] => Engine::value_variants(),
            some => some,
        };
        let names: Vec<_> = engines.iter().map(|engine| engine.name()).collect();
        let report = workspace.scratch(&format!("{}.json", self.name));
        process::folder(&workspace.scratch(""))?;
        // A run that ends early must not be taken for the one before.
        let _ = std::fs::remove_file(&report);

        let mut tests = e2e::command(workspace, engines)?;
        tests
            .args(["--exact", self.test, "--ignored", "--nocapture"])
            .env("PURCHASE_TABLE_COUNT", self.count.to_string())
            .env("PURCHASE_TABLE_ENGINES", names.join(","))
            .env("PURCHASE_TABLE_SCENARIOS", self.scenarios.join(","))
            .env("PURCHASE_TABLE_REPORT", &report);
        process::run(&mut tests)?;
        rows(&report)
    }

    /// Writes the document if the whole table was played, and prints it.
    pub fn publish(&self, workspace: &Workspace, text: &str) -> Result<()> {
        let document = self.document;
        if self.engines.is_empty() && self.scenarios.is_empty() {
            process::folder(&workspace.root.join("docs"))?;
            process::write(&workspace.root.join(document), text.as_bytes())?;
            println!("\n{text}\nWritten to {document}");
        } else {
            println!("\n{text}\nNot written to {document}: that is for a run of all scenarios in all engines");
        }
        Ok(())
    }

    /// The command as it would be typed.
    pub fn command(&self) -> String {
        let mut command = format!("cargo xtask {} --{} {}", self.name, self.counted, self.count);
        for engine in self.engines {
            command += &format!(" --engine {}", engine.name());
        }
        for scenario in self.scenarios {
            command += &format!(" --scenario {scenario}");
        }
        command
    }
}

fn rows<Row: DeserializeOwned>(report: &Path) -> Result<Vec<Row>> {
    serde_json::from_slice(&process::read(report)?).context("the report of the browser tests is not understood")
}

/// The date, as the documents write it.
pub fn today() -> Result<String> {
    let date = process::output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    Ok(date.trim().to_owned())
}

/// The values of a column, in the order in which they first appear.
pub fn distinct<Row>(rows: &[Row], value: impl Fn(&Row) -> &String) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for row in rows {
        if !values.contains(value(row)) {
            values.push(value(row).clone());
        }
    }
    values
}
