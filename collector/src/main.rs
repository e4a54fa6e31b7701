//! The collector's executable.

use std::process::ExitCode;

use clap::Parser;
use purchase_collector::{
    backup,
    check::{self, NOT_READ},
    cli::{Cli, Command},
    serve,
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are no errors; clap's own code for errors, 2, means "no purchase found" here.
            let code = if message.use_stderr() { NOT_READ } else { 0 };
            return message
                .print()
                .map_or(ExitCode::from(NOT_READ), |()| ExitCode::from(code));
        }
    };
    match cli.command {
        Command::Check(options) => check::run(&options),
        Command::Serve(options) => code(serve::run(options)),
        Command::Backup(options) => code(backup::backup(&options)),
        Command::Restore(options) => code(backup::restore(&options)),
    }
}

fn code<E: std::fmt::Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("purchase-collector: {error}");
            ExitCode::FAILURE
        }
    }
}
