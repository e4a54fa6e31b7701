//! People and their sessions.

use sqlx::FromRow;

use crate::store::{Store, StoreError};

/// What somebody may do in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Look.
    Viewer,
    /// Look, retry what failed, make test purchases.
    Admin,
}

impl Role {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Admin => "admin",
        }
    }

    /// The role of this name; any other may do the least.
    fn from_name(name: &str) -> Role {
        match name {
            "admin" => Role::Admin,
            _ => Role::Viewer,
        }
    }
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// In lower case.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

#[derive(FromRow)]
struct PersonRow {
    name: String,
    role: String,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Person {
        Person {
            role: Role::from_name(&row.role),
            name: row.name,
        }
    }
}

impl Store {
    /// Adds somebody; false if the name is taken. `hash` is a PHC string; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_person(&self, person: &Person, hash: &str, now: i64) -> Result<bool, StoreError> {
        let insert = "INSERT INTO users (name, role, password, changed_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (name) DO NOTHING";
        let added = sqlx::query(insert)
            .bind(&person.name)
            .bind(person.role.name())
            .bind(hash)
            .bind(now)
            .execute(&self.writer)
            .await?;
        Ok(added.rows_affected() == 1)
    }

    /// Gives somebody another password and ends their sessions; false if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_password(&self, name: &str, hash: &str, now: i64) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let changed = sqlx::query("UPDATE users SET password = $2, changed_at = $3 WHERE name = $1")
            .bind(name)
            .bind(hash)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE user_name = $1")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(changed.rows_affected() == 1)
    }

    /// Removes somebody and their sessions; false if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove_person(&self, name: &str) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE user_name = $1")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        let removed = sqlx::query("DELETE FROM users WHERE name = $1")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows: Vec<PersonRow> = sqlx::query_as("SELECT name, role FROM users ORDER BY name")
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.into_iter().map(Person::from).collect())
    }

    /// Somebody's password as PHC string; none if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn password_of(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT password FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?)
    }

    /// Begins a session; those that have ended are forgotten on this occasion. Times are in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_session(&self, digest: &str, name: &str, now: i64, until: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO sessions (digest, user_name, begun_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(digest)
            .bind(name)
            .bind(now)
            .bind(until)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whose session this is; none if it has ended or never was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn person_of_session(&self, digest: &str, now: i64) -> Result<Option<Person>, StoreError> {
        let select = "SELECT users.name, users.role FROM sessions JOIN users ON users.name = sessions.user_name \
                      WHERE sessions.digest = $1 AND sessions.expires_at > $2";
        let row: Option<PersonRow> = sqlx::query_as(select)
            .bind(digest)
            .bind(now)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(Person::from))
    }

    /// Ends a session. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_session(&self, digest: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE digest = $1")
            .bind(digest)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
