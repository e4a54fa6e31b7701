//! A schema of its own for each test on a real PostgreSQL server, one per run of a test program.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

use self::server::Server;

#[path = "../../../tests/support/postgres.rs"]
pub mod server;

static SERVER: OnceLock<Server> = OnceLock::new();
static SCHEMAS: AtomicU32 = AtomicU32::new(1);

fn server() -> &'static Server {
    SERVER.get_or_init(Server::start)
}

/// A new, empty schema on the server.
pub async fn schema() -> String {
    let name = format!("test_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server().url("public"))
        .await
        .expect("the server answers");
    let create = format!("CREATE SCHEMA {name}");
    sqlx::query(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .expect("a schema");
    connection.close().await.expect("it closes");
    server().url(&name)
}

/// Each row of each table as a text.
pub async fn texts_of_all_rows(options: &PgConnectOptions) -> String {
    let mut connection = PgConnection::connect_with(options).await.expect("the server answers");
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut connection)
        .await
        .expect("the tables");
    let mut texts = Vec::new();
    for table in tables {
        let rows = AssertSqlSafe(format!("SELECT t::text FROM {table} t"));
        let rows: Vec<String> = sqlx::query_scalar(rows)
            .fetch_all(&mut connection)
            .await
            .expect("the rows");
        // A row's text form doubles quotation marks.
        texts.extend(rows.iter().map(|row| row.replace("\"\"", "\"")));
    }
    texts.join("\n")
}
