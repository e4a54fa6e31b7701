//! The collector's executable.

use std::process::ExitCode;

use clap::Parser;
use purchase_collector::{
    check::{self, NOT_READ},
    cli::{Cli, Command},
    replay, serve, user,
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
        Command::User(what) => match user::run(what) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                anstream::eprintln!("purchase-collector: {error}");
                ExitCode::FAILURE
            }
        },
        Command::Replay(options) => match replay::run(&options) {
            Ok(count) => {
                anstream::println!("{count} to be passed on again");
                ExitCode::SUCCESS
            }
            Err(error) => {
                anstream::eprintln!("purchase-collector: {error}");
                ExitCode::FAILURE
            }
        },
        Command::Serve(options) => match serve::run(options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                anstream::eprintln!("purchase-collector: {error}");
                ExitCode::FAILURE
            }
        },
    }
}
