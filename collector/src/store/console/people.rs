//! People and their sessions.

use sqlx::FromRow;

use crate::store::{Store, StoreError, Work, Writing, sql};

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

/// A change of people or sessions; each is safe by itself, whatever other collectors do.
enum Change {
    Add {
        person: Person,
        hash: String,
        now: i64,
    },
    SetPassword {
        name: String,
        hash: String,
        now: i64,
    },
    Remove {
        name: String,
    },
    Begin {
        digest: String,
        name: String,
        now: i64,
        until: i64,
    },
    End {
        digest: String,
    },
}

impl Work for Change {
    /// Whether there was something to change.
    type Output = bool;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<bool, StoreError> {
        let end_sessions = |name: &String| sql("DELETE FROM sessions WHERE user_name = $1").bind(name);
        let statement = match self {
            Change::Add { person, hash, now } => sql(
                "INSERT INTO users (name, role, password, changed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
            )
            .bind(&person.name)
            .bind(person.role.name())
            .bind(hash)
            .bind(*now),
            Change::SetPassword { name, hash, now } => {
                writing.execute(end_sessions(name)).await?;
                sql("UPDATE users SET password = $2, changed_at = $3 WHERE name = $1")
                    .bind(name)
                    .bind(hash)
                    .bind(*now)
            }
            Change::Remove { name } => {
                writing.execute(end_sessions(name)).await?;
                sql("DELETE FROM users WHERE name = $1").bind(name)
            }
            Change::Begin { digest, name, now, until } => {
                writing
                    .execute(sql("DELETE FROM sessions WHERE expires_at <= $1").bind(*now))
                    .await?;
                sql("INSERT INTO sessions (digest, user_name, begun_at, expires_at) VALUES ($1, $2, $3, $4)")
                    .bind(digest)
                    .bind(name)
                    .bind(*now)
                    .bind(*until)
            }
            Change::End { digest } => sql("DELETE FROM sessions WHERE digest = $1").bind(digest),
        };
        Ok(writing.execute(statement).await? > 0)
    }
}

impl Store {
    /// Adds somebody; false if the name is taken. `hash` is a PHC string; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_person(&self, person: Person, hash: String, now: i64) -> Result<bool, StoreError> {
        self.write(Change::Add { person, hash, now }).await
    }

    /// Gives somebody another password and ends their sessions; false if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_password(&self, name: String, hash: String, now: i64) -> Result<bool, StoreError> {
        self.write(Change::SetPassword { name, hash, now }).await
    }

    /// Removes somebody and their sessions; false if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove_person(&self, name: String) -> Result<bool, StoreError> {
        self.write(Change::Remove { name }).await
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows: Vec<PersonRow> = self.all(sql("SELECT name, role FROM users ORDER BY name")).await?;
        Ok(rows.into_iter().map(Person::from).collect())
    }

    /// Somebody's password as PHC string; none if nobody has this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn password_of(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = self
            .first(sql("SELECT password FROM users WHERE name = $1").bind(name))
            .await?;
        Ok(row.map(|(password,)| password))
    }

    /// Begins a session; those that have ended are forgotten on this occasion. Times are in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_session(&self, digest: String, name: String, now: i64, until: i64) -> Result<(), StoreError> {
        let begin = Change::Begin {
            digest,
            name,
            now,
            until,
        };
        self.write(begin).await.map(drop)
    }

    /// Whose session this is; none if it has ended or never was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn person_of_session(&self, digest: &str, now: i64) -> Result<Option<Person>, StoreError> {
        let select = sql(
            "SELECT users.name, users.role FROM sessions JOIN users ON users.name = sessions.user_name \
             WHERE sessions.digest = $1 AND sessions.expires_at > $2",
        );
        let row: Option<PersonRow> = self.first(select.bind(digest).bind(now)).await?;
        Ok(row.map(Person::from))
    }

    /// Ends a session. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_session(&self, digest: String) -> Result<(), StoreError> {
        self.write(Change::End { digest }).await.map(drop)
    }
}
