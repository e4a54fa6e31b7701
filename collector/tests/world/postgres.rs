//! A real PostgreSQL server, one per run of a test program, and a schema of its own for each test.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use purchase_collector::store::DatabaseAddress;
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

/// Where the server's programs are, if they are in no place that this file knows.
const VARIABLE: &str = "POSTGRES_BIN";

/// The server, running as long as this program does: the script stops it when this end of its input is closed.
struct Server {
    folder: PathBuf,
    _script: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static SCHEMAS: AtomicU32 = AtomicU32::new(1);

/// A new, empty schema on the server.
pub async fn schema() -> DatabaseAddress {
    DatabaseAddress::parse(&schema_url().await).expect("an address")
}

/// The same as a text, for a collector that runs as a process.
pub async fn schema_url() -> String {
    let name = format!("test_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&url("public")).await.expect("the server answers");
    let create = format!("CREATE SCHEMA {name}");
    sqlx::query(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .expect("a schema");
    connection.close().await.expect("it closes");
    url(&name)
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

/// The address of this schema on the server.
fn url(schema: &str) -> String {
    let server = SERVER.get_or_init(start);
    format!(
        "postgres://postgres@localhost/postgres?host={}&options[search_path]={schema}",
        server.folder.display()
    )
}

fn start() -> Server {
    let folder = env::temp_dir().join(format!("purchase-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the server");
    let mut script = Command::new("sh")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world/server.sh"))
        .args([&folder, &programs()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut said = String::new();
    let mut out = BufReader::new(script.stdout.take().expect("its output is a pipe"));
    out.read_line(&mut said).expect("its output is text");
    assert_eq!(
        said, "ready\n",
        "the PostgreSQL server does not start; what it said is above"
    );
    Server {
        folder,
        _script: script,
    }
}

/// The folder of `initdb` and `pg_ctl`: Debian keeps it off the PATH, one per version; the newest.
fn programs() -> PathBuf {
    let named = env::var_os(VARIABLE).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let folders = named
        .into_iter()
        .chain(debian.into_iter().rev())
        .chain(env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").is_file()).unwrap_or_else(|| {
        panic!("these tests need a PostgreSQL server: apt-get install postgresql, or name the folder of initdb in {VARIABLE}")
    })
}
