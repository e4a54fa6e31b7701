//! Where the purchases are kept: a file, or a PostgreSQL server.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::postgres::PgConnectOptions;

/// Beginnings of a server's address.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Which database to use. Its text form, which logs and messages show, has no password.
#[derive(Clone, Debug)]
pub enum DatabaseAddress {
    /// A SQLite file.
    File(PathBuf),
    /// A server that speaks PostgreSQL's protocol.
    Postgres(Box<PgConnectOptions>),
}

impl DatabaseAddress {
    /// Reads the option's text: a `postgres://` address, or else the path of a file.
    ///
    /// # Errors
    /// If it is an address that PostgreSQL would not understand, or one of another kind.
    pub fn parse(text: &str) -> Result<DatabaseAddress, &'static str> {
        if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            let options = PgConnectOptions::from_str(text).map_err(
                |_| "write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %XX for the address's own signs",
            )?;
            return Ok(DatabaseAddress::Postgres(Box::new(options)));
        }
        if text.contains("://") {
            return Err("write the path of a file, or postgres://USER:PASSWORD@HOST:PORT/DATABASE");
        }
        Ok(DatabaseAddress::File(text.into()))
    }
}

impl From<PathBuf> for DatabaseAddress {
    fn from(path: PathBuf) -> DatabaseAddress {
        DatabaseAddress::File(path)
    }
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseAddress::File(path) => write!(out, "{}", path.display()),
            DatabaseAddress::Postgres(options) => {
                let name = options.get_database().unwrap_or(options.get_username());
                match options.get_socket() {
                    Some(folder) => write!(out, "postgres://{}/{name}", folder.display()),
                    None => write!(out, "postgres://{}:{}/{name}", options.get_host(), options.get_port()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        DatabaseAddress::parse(text).map_or_else(str::to_owned, |address| address.to_string())
    }

    #[test]
    fn paths_are_files_and_a_password_is_never_shown() {
        assert_eq!(shown("purchases.db"), "purchases.db");
        assert_eq!(
            shown("postgres://me:hidden%40@db.example:6000/shop?application_name=hidden"),
            "postgres://db.example:6000/shop"
        );
        assert_eq!(shown("postgresql:///shop?host=/run/db"), "postgres:///run/db/shop");
        assert!(shown("mysql://me:hidden@db.example/shop").starts_with("write the path"));
        assert!(shown("postgres://me:hidden@db.example:port/shop").starts_with("write postgres://"));
    }
}
