//! From a file to a PostgreSQL server, and from there to a dump and back: nothing is different afterwards.

#![cfg(unix)]

mod world;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use purchase_collector::store::{DatabaseAddress, Store, StoreError, Work, Writing, sql};
use serde_json::{Value, json};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, migrate::Migrator, postgres::PgPoolOptions,
    sqlite::SqliteConnectOptions,
};

use world::{
    World, envelope,
    postgres::server::{Server, programs},
    process::{Collector, post},
    report,
};

/// Purchases: more than one statement moves.
const PURCHASES: usize = 1_100;

/// What the read API tells of everything.
async fn seen(url: &str) -> Vec<Value> {
    let address = DatabaseAddress::parse(url).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let router = world::router(&store, &world::serve_options(&[]));
    let bearer = format!("Bearer {}", world::TOKEN);
    let mut answers = Vec::new();
    for path in [
        "/v1/purchases?limit=1000",
        "/v1/purchases/demo/1",
        "/v1/purchases/demo/1100",
        "/v1/checkouts",
        "/v1/refusals",
    ] {
        let request = world::get(path, &[("authorization", &bearer)]);
        let answer = world::send(router.clone(), request).await;
        assert_eq!(answer.status, 200, "{path}");
        answers.push(answer.json());
    }
    store.close().await;
    answers
}

/// A row in each table that the messages above leave empty.
struct Others;

impl Work for Others {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for statement in [
            "INSERT INTO users VALUES ('ana', 'admin', '$argon2id$', 5)",
            "INSERT INTO sessions VALUES ('d1', 'ana', 5, 9)",
            "INSERT INTO passes VALUES ('demo', '1', 'erp', 'placed', 'verifying', 1, 2, NULL, 3, 4, 5, TRUE, 6, NULL, 7, 8)",
            "INSERT INTO pass_attempts VALUES ('demo', '1', 'erp', 'placed', 1, 7, 8, 'retry', NULL, '', NULL)",
            "INSERT INTO destinations VALUES ('demo', 'erp', 1, 2, 3, 4, NULL, NULL, NULL, NULL)",
        ] {
            assert_eq!(writing.execute(sql(statement)).await?, 1);
        }
        Ok(())
    }
}

async fn tables(file: &Path) -> Vec<String> {
    let store = Store::open(&file.to_path_buf().into()).await.expect("the file opens");
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations' ORDER BY name";
    let tables: Vec<(String,)> = store.all(sql(select)).await.expect("the tables");
    store.close().await;
    tables.into_iter().map(|(name,)| name).collect()
}

/// All rows of a table, each as one text, in which nothing is the same as an empty text.
async fn rows(url: &str, table: &str) -> Vec<String> {
    match DatabaseAddress::parse(url).expect("an address") {
        DatabaseAddress::File(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
            let columns = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
            let columns: Vec<(String, String)> = sqlx::query_as(columns)
                .bind(table)
                .fetch_all(&mut connection)
                .await
                .expect("the columns");
            let values = columns.iter().map(|(name, kind)| match kind.as_str() {
                "BOOLEAN" => format!("CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'nothing' END"),
                _ => format!("COALESCE(CAST({name} AS TEXT), 'nothing')"),
            });
            let values: Vec<_> = values.collect();
            let select = format!("SELECT {} FROM {table} ORDER BY 1", values.join(" || '|' || "));
            sqlx::query_scalar(AssertSqlSafe(select))
                .fetch_all(&mut connection)
                .await
                .expect("the rows")
        }
        DatabaseAddress::Postgres(options) => {
            let mut connection = PgConnection::connect_with(&options).await.expect("the server answers");
            let columns = "SELECT column_name::text FROM information_schema.columns \
                           WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";
            let columns: Vec<String> = sqlx::query_scalar(columns)
                .bind(table)
                .fetch_all(&mut connection)
                .await
                .expect("the columns");
            let values: Vec<_> = columns
                .iter()
                .map(|name| format!("COALESCE({name}::text, 'nothing')"))
                .collect();
            let select = format!(
                "SELECT {} COLLATE \"C\" FROM {table} ORDER BY 1",
                values.join(" || '|' || ")
            );
            sqlx::query_scalar(AssertSqlSafe(select))
                .fetch_all(&mut connection)
                .await
                .expect("the rows")
        }
    }
}

fn moved(from: &Path, to: &str) -> Output {
    let mut collector = Command::new(env!("CARGO_BIN_EXE_purchase-collector"));
    collector.arg("move").arg(from).env("PURCHASE_DATABASE", to);
    collector.output().expect("the binary runs")
}

/// A program of PostgreSQL's, for this database of the server.
fn postgres_program(server: &Server, name: &str, database: &str, arguments: &[&str]) {
    let mut program = Command::new(programs().join(name));
    let address = format!(
        "postgres://postgres@localhost/{database}?host={}",
        server.folder().display()
    );
    program.args(arguments).arg(format!("--dbname={address}"));
    let output = program.output().expect("the program runs");
    assert!(output.status.success(), "{name}: {output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_to_a_server_and_a_dump_of_that_is_the_same_again() {
    let world = World::new(&[]).await;
    for id in 1..=PURCHASES {
        let body = envelope(&format!("r{id}"), &id.to_string(), "10.00");
        assert_eq!(world.post(body).await.status, 201);
    }
    // A conflict, a refusal, a checkout; and what is no ASCII.
    world.post(envelope("r1b", "1", "11.00")).await;
    world.post(envelope("bad", "ñ'\"\\", "ten")).await;
    world.post(report("c", &json!({ "gateway": "paypal" }))).await;
    world.store.write(Others).await.expect("written");
    world.store.close().await;
    let file = world.folder.path().join("purchases.db");
    let before = seen(file.to_str().expect("text")).await;
    assert_eq!(before[0]["purchases"].as_array().map(Vec::len), Some(1_000));
    for (place, list) in [(3, "checkouts"), (4, "refusals")] {
        assert_eq!(
            before[place][list].as_array().map(Vec::len),
            Some(1),
            "{}",
            before[place]
        );
    }

    let server = Server::start();
    let url = server.url("public");
    let output = moved(&file, &url);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(said.contains("\npurchases: 1100 rows\n"), "{said}");
    assert!(said.contains("deliveries: 1101 rows\n"), "{said}");
    assert_eq!(seen(&url).await, before);
    for table in tables(&file).await {
        let empty = table == "locks";
        assert_eq!(
            said.contains(&format!("\n{table}: 0 rows\n")),
            empty,
            "{table} of\n{said}"
        );
        assert_eq!(
            rows(&url, &table).await,
            rows(file.to_str().expect("text"), &table).await,
            "{table}"
        );
    }

    let again = moved(&file, &url);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    let sentence = String::from_utf8(again.stderr).expect("text");
    assert!(sentence.contains("has rows already"), "{sentence}");
    assert_eq!(seen(&url).await, before, "nothing is there twice");

    let dump = world.folder.path().join("purchases.dump");
    let dump = dump.to_str().expect("text");
    postgres_program(&server, "pg_dump", "postgres", &["--format=custom", "--file", dump]);
    let restore = ["--clean", "--if-exists", "--no-owner", dump];
    postgres_program(&server, "psql", "postgres", &["--command=CREATE DATABASE other"]);
    postgres_program(&server, "pg_restore", "other", &restore);
    let other = url.replace("/postgres?", "/other?");
    assert_eq!(seen(&other).await, before);
    // Over what is there, as after a disaster.
    postgres_program(&server, "pg_restore", "other", &restore);
    assert_eq!(seen(&other).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_interrupted_leaves_nothing_behind_and_nothing_is_acknowledged_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purchases.db");
    let collector = Collector::start(&["--database", file.to_str().expect("text")]);
    let sell = |id: &str| post(&collector.address, &envelope("r", id, "10.00")).map(|(status, _)| status);
    assert_eq!(sell("1"), Some(201));
    let server = Server::start();
    let url = server.url("public");
    let address = DatabaseAddress::parse(&url).expect("an address");
    Store::open(&address).await.expect("the tables are made").close().await;
    // Of the tables the last one, in the order in which they are copied.
    let others = PgPoolOptions::new()
        .max_connections(2)
        .connect(&url)
        .await
        .expect("the server answers");
    let mut lock = others.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("a lock");

    let mut moving = Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .arg("move")
        .arg(&file)
        .env("PURCHASE_DATABASE", &url)
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting)
        .fetch_one(&others)
        .await
        .expect("a count")
        == 0
    {
        assert_eq!(
            moving.try_wait().expect("it can be asked"),
            None,
            "it waits for the lock"
        );
    }
    assert_eq!(
        sell("2"),
        Some(503),
        "a collector that still uses the file acknowledges nothing"
    );
    moving.kill().expect("it runs");
    moving.wait().expect("it ends");
    lock.rollback().await.expect("it is undone");

    assert_eq!(sell("2"), Some(201), "the file is as it was");
    let output = moved(&file, &url);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(rows(&url, "purchases").await.len(), 2);
}

#[tokio::test]
async fn the_file_of_an_earlier_version_moves_as_well() {
    static MIGRATIONS: Migrator = sqlx::migrate!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("purchases.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut old = SqliteConnection::connect_with(&options).await.expect("a database");
    MIGRATIONS.run_to(1, &mut old).await.expect("the first tables are made");
    sqlx::raw_sql(
        "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, source, record_id, captured_at, \
         received_at, problems, envelope, deliveries, conflicts) \
         VALUES ('demo', '1', '{}', '10', 2, 'markup', 'a1', 5, 6, '[]', '{}', 1, 0)",
    )
    .execute(&mut old)
    .await
    .expect("the old tables take it");
    old.close().await.expect("it closes");
    let server = Server::start();
    let url = server.url("public");
    let output = moved(&file, &url);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(rows(&url, "purchases").await.len(), 1);
    assert_eq!(
        rows(&url, "transitions").await.len(),
        1,
        "what later versions made of it"
    );
}

#[tokio::test]
async fn what_cannot_be_moved_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.db");
    for (to, part) in [
        ("postgres://localhost/x", "is no file"),
        ("other.db", "name the PostgreSQL database"),
    ] {
        let output = moved(&missing, to);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8(output.stderr).expect("text");
        assert!(text.contains(part) && text.trim_end().lines().count() == 1, "{text}");
    }
    assert!(!missing.exists());
}
