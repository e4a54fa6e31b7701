//! The collector: receives purchases and keeps them (`serve`), judges pages and payloads (`check`), prints the lines of the
//! tag (`snippet`), copies what it keeps (`backup`, `restore`), forgets who bought (`erase`).
//!
//! Start at the migrations, then [`serve`], then [`http`].

pub mod backup;
pub mod check;
pub mod cli;
pub mod clock;
pub mod console;
pub mod courier;
pub mod erase;
mod hexadecimal;
pub mod html;
pub mod http;
pub mod judge;
pub mod listen;
pub mod message;
pub mod moving;
pub mod passing;
pub mod problem;
pub mod proof;
pub mod redact;
pub mod replay;
pub mod retention;
pub mod script;
pub mod secrets;
pub mod serve;
pub mod sites;
pub mod snippet;
pub mod store;
pub mod user;
pub mod zone;
