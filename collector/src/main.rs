//! The collector's executable.

use std::{fmt::Display, process::ExitCode};

use clap::Parser;
use purchase_collector::{
    backup,
    check::{self, NOT_READ},
    cli::{Cli, Command},
    erase, moving, replay, serve, snippet, user,
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
        Command::Snippet(options) => snippet::run(&options),
        Command::Erase(options) => ended(erase::run(&options)),
        Command::User(what) => ended(user::run(what)),
        Command::Replay(options) => ended(replay::run(&options)),
        Command::Serve(options) => ended(serve::run(options)),
        Command::Backup(options) => ended(backup::backup(&options)),
        Command::Move(options) => ended(moving::run(&options)),
        Command::Restore(options) => ended(backup::restore(&options)),
    }
}

fn ended(result: Result<(), impl Display>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("purchase-collector: {error}");
            ExitCode::FAILURE
        }
    }
}
