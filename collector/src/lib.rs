//! The collector: receives purchases and keeps them (`serve`), judges pages and payloads (`check`).
//!
//! Start at the migrations, then [`serve`], then [`http`].

pub mod check;
pub mod cli;
pub mod clock;
pub mod console;
pub mod html;
pub mod http;
pub mod judge;
pub mod listen;
pub mod message;
pub mod passing;
pub mod redact;
pub mod replay;
pub mod script;
pub mod secrets;
pub mod serve;
pub mod sites;
pub mod store;
pub mod user;
pub mod zone;
