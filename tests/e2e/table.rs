//! What the tables of scenarios have in common: what is chosen to be played, and the report that grows with every row.

use std::{
    any::Any,
    env,
    fmt::Display,
    fs,
    panic::AssertUnwindSafe,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::FutureExt;
use serde::Serialize;

use crate::process::setting;

/// How many purchases or shoppers each cell has.
pub fn count() -> usize {
    setting("PURCHASE_TABLE_COUNT").parse().expect("a number")
}

/// Those that `PURCHASE_TABLE_…` names, separated by commas; a name chooses all that begin with it. All without the variable.
pub fn chosen<T>(what: &str, all: &'static [T], name: impl Fn(&T) -> &'static str) -> Vec<&'static T> {
    let variable = format!("PURCHASE_TABLE_{what}");
    let wanted = env::var(&variable).unwrap_or_default();
    let wanted: Vec<&str> = wanted.split(',').filter(|it| !it.is_empty()).collect();
    let is_wanted = |it: &&T| wanted.is_empty() || wanted.iter().any(|wanted| name(it).starts_with(wanted));
    let chosen: Vec<&T> = all.iter().filter(is_wanted).collect();
    assert!(!chosen.is_empty(), "{variable}: there is no {}", wanted.join(" or "));
    chosen
}

/// The rows so far. They are written to the file `PURCHASE_TABLE_REPORT` after every row, as one JSON list.
pub struct Report<Row> {
    file: String,
    rows: Mutex<Vec<(usize, Row)>>,
    ended: AtomicUsize,
    total: usize,
}

impl<Row: Serialize + Display> Report<Row> {
    /// An empty one; `total` rows are to come.
    pub fn new(total: usize) -> Report<Row> {
        Report {
            file: setting("PURCHASE_TABLE_REPORT"),
            rows: Mutex::default(),
            ended: AtomicUsize::new(0),
            total,
        }
    }

    /// Says that a row is not to be had.
    pub fn leave_out(&self, why: &str) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        println!("[{ended}/{}] {why}", self.total);
    }

    /// Adds a row; the report is sorted by `place`, whatever was played at the same time.
    pub fn add(&self, place: usize, row: Row) {
        self.leave_out(&row.to_string());
        let mut rows = self.rows.lock().expect("nobody panics while holding it");
        rows.push((place, row));
        rows.sort_by_key(|(place, _)| *place);
        let rows: Vec<&Row> = rows.iter().map(|(_, row)| row).collect();
        let text = serde_json::to_string(&rows).expect("rows are plain data");
        fs::write(&self.file, text).expect("the report can be written");
    }
}

/// Plays something; answers what it said when it failed.
pub async fn failure(play: impl Future<Output = ()>) -> Option<String> {
    let panic = AssertUnwindSafe(play).catch_unwind().await.err()?;
    Some(sentence(&*panic))
}

fn sentence(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?").to_owned()
}
