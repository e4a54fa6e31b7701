//! `purchase-collector erase`: one person's address leaves the database.

use std::io;

use tokio::runtime::Runtime;

use crate::{
    cli::Erase,
    store::{Store, StoreError},
};

/// Why nothing, or not everything, was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// Nothing can run.
    #[error("cannot start: {0}")]
    Start(io::Error),
    /// What was given is no address: what it is contained in could be anything.
    #[error("give one e-mail address")]
    Address,
    /// The database failed.
    #[error("the database failed, run the command again: {0}")]
    Store(#[from] StoreError),
}

/// Erases, and prints how much. Twice is harmless.
///
/// # Errors
/// If the address is none, or the database fails.
pub fn run(options: &Erase) -> Result<(), EraseError> {
    let given = match options.email.as_str() {
        "-" => io::read_to_string(io::stdin()).map_err(EraseError::Start)?,
        email => email.to_owned(),
    };
    let email = given.trim();
    let is_address = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !is_address || email.contains(char::is_whitespace) {
        return Err(EraseError::Address);
    }
    Runtime::new().map_err(EraseError::Start)?.block_on(async {
        let store = Store::open(&options.database.address).await?;
        let erased = store.erase_contact(options.site.as_deref(), email).await?;
        store.close().await;
        anstream::println!(
            "erased from {} purchases, {} refused contents and {} checkouts",
            erased.purchases,
            erased.refusals,
            erased.checkouts
        );
        Ok(())
    })
}
