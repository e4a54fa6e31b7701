//! `/console`: what happened to each purchase, for the people of a shop. Rendered here, without a line of JavaScript.
//!
//! One file per page in `pages`, its template in `views`, every text in `languages`. Templates are compiled (Askama): a field
//! that a page does not have, or a text that is not escaped, is noticed before anything runs.

pub mod access;
mod answer;
mod catalogue;
mod causes;
mod chart;
mod format;
mod frame;
mod pages;
mod problems;
pub mod quiet;
mod ratio;
mod steps;

use std::sync::Arc;

use axum::{Router, middleware};
use jiff::tz::TimeZone;
use tokio::sync::Mutex;

use self::{access::Attempts, quiet::QuietHours};
pub use self::{access::Client, answer::ConsoleError};
use crate::{cli::Serve, secrets::Secrets, sites::Sites, store::Store};

/// What every page may use. Clones share it.
#[derive(Clone, Debug)]
pub struct Console {
    store: Store,
    sites: Arc<Sites>,
    /// For the signatures on refused pages.
    secrets: Arc<Secrets>,
    /// The time zone of readers who chose none.
    zone: TimeZone,
    quiet: Arc<QuietHours>,
    attempts: Arc<Attempts>,
    /// Held while earlier purchases are added for a destination: one at a time.
    adding: Arc<Mutex<()>>,
}

impl Console {
    /// The console of a collector with these options.
    pub fn new(store: Store, sites: Arc<Sites>, secrets: Arc<Secrets>, options: &Serve) -> Console {
        Console {
            store,
            sites,
            secrets,
            zone: options.console.time_zone.clone(),
            quiet: Arc::new(QuietHours::new(&options.console.quiet_hours)),
            attempts: Arc::default(),
            adding: Arc::default(),
        }
    }
}

/// The pages under `/console`.
pub fn router(console: Console) -> Router {
    let dress = middleware::from_fn_with_state(console.clone(), answer::dress);
    pages::router().layer(dress).with_state(console)
}
