//! What an acknowledgement rests on: the settings of the connections that write, and that nobody hears of a write that did not last.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::http::StatusCode;
use purchase_collector::store::{DatabaseAddress, Store, StoreError, Work, Writing, sql};
use serde_json::Value;
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::world::{self, ON_POSTGRES, World, envelope};

/// Reads a setting of the connection that writes.
struct Setting(&'static str);

impl Work for Setting {
    type Output = String;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<String, StoreError> {
        Ok(writing.one::<(String,)>(sql(self.0)).await?.0)
    }
}

/// Statements of a database's administrator.
async fn administer(address: &DatabaseAddress, file: &'static str, server: &'static str) {
    match address {
        DatabaseAddress::File(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
            sqlx::raw_sql(file).execute(&mut connection).await.expect("done");
            connection.close().await.expect("it closes");
        }
        DatabaseAddress::Postgres(options) => {
            let mut connection = PgConnection::connect_with(options).await.expect("the server answers");
            sqlx::raw_sql(server).execute(&mut connection).await.expect("done");
            connection.close().await.expect("it closes");
        }
    }
}

#[tokio::test]
async fn a_write_waits_for_the_disk_whatever_the_server_was_told() {
    if !ON_POSTGRES {
        let world = World::new(&[]).await;
        let setting = |text| world.store.write(Setting(text));
        let level = "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous";
        assert_eq!(setting(level).await.expect("a level"), "2", "FULL");
        let mode = "SELECT journal_mode FROM pragma_journal_mode";
        assert_eq!(setting(mode).await.expect("a mode"), "wal");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let url = world::new_database(folder.path()).await;
    for (told, found) in [("off", "on"), ("remote_apply", "remote_apply")] {
        let address = DatabaseAddress::parse(&format!("{url}&options[synchronous_commit]={told}")).expect("an address");
        let store = Store::open(&address).await.expect("the database opens");
        let setting = store.write(Setting("SELECT current_setting('synchronous_commit')"));
        assert_eq!(setting.await.expect("a setting"), found, "told {told}");
        store.close().await;
    }
}

#[tokio::test]
async fn statements_on_a_server_end_by_themselves() {
    if !ON_POSTGRES {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let url = world::new_database(folder.path()).await;
    let limit = "SELECT current_setting('statement_timeout')";
    for (options, found) in [("", "15s"), ("&options[statement_timeout]=7s", "7s")] {
        let address = DatabaseAddress::parse(&format!("{url}{options}")).expect("an address");
        let store = Store::open(&address).await.expect("the database opens");
        assert_eq!(store.write(Setting(limit)).await.expect("a setting"), found);
        let read: Option<(String,)> = store.first(sql(limit)).await.expect("a setting");
        assert_eq!(read.expect("a row").0, found);
        store.close().await;
    }
}

#[tokio::test]
async fn what_only_reads_cannot_write() {
    let world = World::new(&[]).await;
    let write = sql("INSERT INTO locks (site, slot, taken) VALUES ('demo', 1, 1) RETURNING slot");
    let answer = world.store.all::<(i64,)>(write).await;
    assert!(answer.is_err(), "{answer:?}");
}

/// Fails the first so many times with this SQLSTATE, and counts how often it is tried.
struct Fails {
    code: &'static str,
    times: u32,
    tries: Arc<AtomicU32>,
}

impl Work for Fails {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let fail = match self.code {
            "40001" => "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$",
            "40P01" => "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$",
            _ => "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$",
        };
        if self.tries.fetch_add(1, Ordering::Relaxed) < self.times {
            writing.execute(sql(fail)).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_the_server_gave_up_for_another_is_tried_again_and_nothing_else_is() {
    if !ON_POSTGRES {
        return;
    }
    let world = World::new(&[]).await;
    for (code, times, lasts, expected) in [
        ("40001", 3, true, 4),
        ("40P01", 3, true, 4),
        ("40001", u32::MAX, false, 12),
        ("23514", 1, false, 1),
    ] {
        let tries = Arc::new(AtomicU32::new(0));
        let work = Fails {
            code,
            times,
            tries: Arc::clone(&tries),
        };
        assert_eq!(world.store.write(work).await.is_ok(), lasts, "{code} {times} times");
        assert_eq!(tries.load(Ordering::Relaxed), expected, "{code} {times} times");
    }
}

#[tokio::test]
async fn what_fails_at_its_commit_is_not_acknowledged() {
    let world = World::new(&[]).await;
    assert_eq!(
        world.post(envelope("a1", "1", "10.00")).await.status,
        StatusCode::CREATED
    );
    // Checked at the commit, and not before.
    administer(
        &world.address,
        "CREATE TABLE parents (id INTEGER PRIMARY KEY);
         CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER late AFTER INSERT ON purchases BEGIN INSERT INTO children VALUES (7); END;",
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too late'; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON purchases DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION fail();",
    )
    .await;
    let answer = world.post(envelope("a2", "2", "10.00")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert_eq!(answer.json()["receipt"], Value::Null);
    administer(&world.address, "DROP TRIGGER late", "DROP TRIGGER late ON purchases").await;
    let listed = world.read("/v1/purchases").await;
    assert_eq!(listed["purchases"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(
        world.post(envelope("a2", "2", "10.00")).await.status,
        StatusCode::CREATED
    );
}
