//! `purchase-collector user`: who may sign in to the console.

use std::{
    env,
    io::{self, BufRead, IsTerminal},
};

use tokio::runtime::Runtime;

use crate::{
    cli::{Database, User},
    clock::now_ms,
    console::access::password::{self, PasswordError},
    store::{Store, StoreError, console::Person},
};

/// The variable with a password; other users of the machine can't see it, as they could an option.
const PASSWORD_VARIABLE: &str = "PURCHASE_USER_PASSWORD";

/// Why it could not be done; each is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Nothing can run, or standard input cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database cannot be opened or written.
    #[error("cannot use the database: {0}; choose another with --database")]
    Store(#[from] StoreError),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// There is somebody of this name.
    #[error("{0} may sign in already; change the password with `user password {0}`")]
    Known(String),
    /// There is nobody of this name.
    #[error("there is nobody named {0}; `user list` prints all names")]
    Unknown(String),
}

/// Does it.
///
/// # Errors
/// If it cannot be done; then nothing has changed.
pub fn run(what: User) -> Result<(), UserError> {
    Runtime::new()?.block_on(change(what))
}

async fn change(what: User) -> Result<(), UserError> {
    match what {
        User::Add { name, role, database } => {
            // Hashed before anything is opened: a password that is too short must not create a file.
            let hash = password::hash(&password(&name)?)?;
            let store = open(&database).await?;
            let person = Person { name, role };
            if !store.add_person(person.clone(), hash, now_ms()).await? {
                return Err(UserError::Known(person.name));
            }
            anstream::println!("{} may sign in as {}", person.name, person.role.name());
            store.close().await;
        }
        User::Password { name, database } => {
            let hash = password::hash(&password(&name)?)?;
            let store = open(&database).await?;
            if !store.set_password(name.clone(), hash, now_ms()).await? {
                return Err(UserError::Unknown(name));
            }
            anstream::println!("{name} has another password, and is signed in nowhere");
            store.close().await;
        }
        User::Remove { name, database } => {
            let store = open(&database).await?;
            if !store.remove_person(name.clone()).await? {
                return Err(UserError::Unknown(name));
            }
            anstream::println!("{name} may no longer sign in");
            store.close().await;
        }
        User::List { database } => {
            let store = open(&database).await?;
            for person in store.people().await? {
                anstream::println!("{}  {}", person.role.name(), person.name);
            }
            store.close().await;
        }
    }
    Ok(())
}

async fn open(database: &Database) -> Result<Store, StoreError> {
    Store::open(&database.address).await
}

/// The password: of the variable, or the first line of standard input.
fn password(name: &str) -> io::Result<String> {
    if let Ok(password) = env::var(PASSWORD_VARIABLE) {
        return Ok(password);
    }
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("Password for {name}: "));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
