//! What is received, kept and read again, over HTTP. The programs `sqlite` and `postgres` run these same tests.

mod again;
mod backfill;
mod checkouts;
mod console;
mod contacts;
mod control;
mod durable;
#[cfg(unix)]
mod killed;
mod measure;
mod measure_pages;
mod migration;
mod read;
mod receive;
mod server;
mod signatures;
mod states;
mod together;
