//! Who may do what: passwords, sessions, and where a request comes from.

mod attempts;
mod origin;
pub mod password;
mod session;

pub use self::{
    attempts::{Attempts, Client},
    origin::is_own,
    session::{Admin, SESSION_HOURS, SignedIn, begin, end},
};
