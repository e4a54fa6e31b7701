//! Databases made by earlier versions, each of them, and by several collectors at once.

use purchase_collector::store::{DatabaseAddress, Link, Statement, Store, console::Role, sql};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection, migrate::Migrator};

use crate::world::{self, ON_POSTGRES, World, envelope, order};

const SECRET: &str = "demo=0123456789abcdef";

/// Of `2\n10.00\n`, with that secret.
const SIGNATURE: &str = "5e74728cf66a7ec13c3fd0ca115bfb8d35df92e8985a8242ae3e8853cd1a9872";

static MIGRATIONS: Migrator = sqlx::migrate!();

/// A database as the migrations up to a version made it.
enum Old {
    File(SqliteConnection),
    Server(PgConnection),
}

impl Old {
    async fn new(address: &DatabaseAddress, version: i64) -> Old {
        match address {
            DatabaseAddress::File(path) => {
                let url = format!("sqlite://{}?mode=rwc", path.display());
                let mut connection = SqliteConnection::connect(&url).await.expect("a database");
                let done = MIGRATIONS.run_to(version, &mut connection).await;
                done.expect("the migrations run");
                Old::File(connection)
            }
            DatabaseAddress::Postgres(options) => {
                let mut connection = PgConnection::connect_with(options).await.expect("a database");
                let done = MIGRATIONS.run_to(version, &mut connection).await;
                done.expect("the migrations run");
                Old::Server(connection)
            }
        }
    }

    async fn execute(&mut self, statement: Statement) {
        let mut link = match self {
            Old::File(connection) => Link::Sqlite(connection),
            Old::Server(connection) => Link::Postgres(connection),
        };
        link.execute(statement).await.expect("the old tables take it");
    }

    async fn close(self) {
        match self {
            Old::File(connection) => connection.close().await,
            Old::Server(connection) => connection.close().await,
        }
        .expect("it closes");
    }
}

/// What only later versions read or write, in the tables of the version that made them: whoever is signed in stays so, what waits
/// goes on waiting.
const OTHERS: [(i64, &str, &str); 9] = [
    (
        1,
        "deliveries",
        "VALUES ('demo', '1', 1, 'a1', 'accepted', 1000, NULL, NULL)",
    ),
    (
        1,
        "conflicts",
        "VALUES ('demo', '1', 'x', '{}', '[]', 'markup', '{}', 1000, 1)",
    ),
    (
        1,
        "refusals",
        "VALUES ('demo', 'y', 'a3', 'markup', NULL, '[]', '{}', 1000, 1000, 1)",
    ),
    (
        3,
        "checkouts",
        "(site, checkout_id, cart_id, state, basis, left_at, first_at, received_at, has_contents, envelope, transitions) \
         VALUES ('demo', 'c', 'c', 'created', 'left', 1, 1, 1, FALSE, '{}', 1)",
    ),
    (
        3,
        "checkout_transitions",
        "VALUES ('demo', 'c', 1, 1, 'created', 'left', NULL)",
    ),
    (
        5,
        "passes",
        "(site, purchase_id, destination, event, state, created_at, since, due_at, claims, failures, progress, maybe_sent, attempts) \
         VALUES ('demo', '1', 'erp', 'placed', 'waiting', 1, 1, 1, 0, 0, 0, FALSE, 0)",
    ),
    (
        5,
        "destinations",
        "VALUES ('demo', 'erp', 1, 1, 1, 1, NULL, NULL, NULL, NULL)",
    ),
    (6, "users", "VALUES ('eva', 'admin', 'x', 1)"),
    (6, "sessions", "VALUES ('z', 'eva', 1, 2)"),
];

/// Two purchases as the collector of this version wrote them, and a row of everything else.
async fn fill(old: &mut Old, version: i64) {
    for (id, at) in [("1", 1000), ("2", 2000)] {
        let purchase = format!(r#"{{"purchase_id":"{id}","total_quantity":2,"total_price":"10"}}"#);
        let insert = "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, source, record_id, \
                      captured_at, received_at, problems, envelope, deliveries, conflicts) \
                      VALUES ('demo', $1, $2, '10', 2, 'markup', 'a1', 5, $3, '[]', '{}', 1, 0)";
        old.execute(sql(insert).bind(id).bind(purchase).bind(at)).await;
        if version >= 2 {
            let insert = "INSERT INTO transitions (site, purchase_id, number, at, state, placed, source, record_id) \
                          VALUES ('demo', $1, 1, $2, 'completed', TRUE, 'markup', 'a1')";
            old.execute(sql(insert).bind(id).bind(at)).await;
        }
    }
    for (_, table, values) in OTHERS.iter().filter(|(since, ..)| *since <= version) {
        let mut insert = sql("INSERT INTO ");
        insert.push(table).push(" ").push(values);
        old.execute(insert).await;
    }
}

#[tokio::test]
async fn purchases_of_every_earlier_schema_go_on_where_they_stood() {
    for version in MIGRATIONS.iter().map(|migration| migration.version) {
        let mut world = World::new(&[]).await;
        let folder = tempfile::tempdir().expect("a folder");
        let address = world::new_address(folder.path()).await;
        let mut old = Old::new(&address, version).await;
        fill(&mut old, version).await;
        old.close().await;

        world.store = Store::open(&address).await.expect("the old database opens");
        world.router = world::router(&world.store, &world::serve_options(&[]));
        let listed = world.read("/v1/purchases?state=completed&placed=true").await;
        assert_eq!(listed["purchases"].as_array().map(Vec::len), Some(2), "from {version}");
        let history = world.read("/v1/purchases/demo/2").await;
        assert_eq!(
            (&history["state"], &history["placed"], &history["order_status"]),
            (&json!("completed"), &json!(true), &Value::Null)
        );
        let first = json!({
            "at": 2000, "state": "completed", "placed": true, "order_status": null, "source": "markup",
            "record_id": "a1",
        });
        assert_eq!(history["transitions"], json!([first]), "from {version}");

        for (_, table, _) in OTHERS.iter().filter(|(since, ..)| *since <= version) {
            let mut select = sql("SELECT COUNT(*) FROM ");
            select.push(table);
            let rows: Option<(i64,)> = world.store.first(select).await.expect("the table is there");
            assert_eq!(rows, Some((1,)), "{table} from {version}");
        }

        // Columns that are younger are empty: the console shows the purchases all the same.
        let ana = world.cookie_of("ana", Role::Viewer).await;
        for path in [
            "/console/purchases",
            "/console/purchases?late=1",
            "/console/purchases?unsent=1",
        ] {
            let page = world.page(path, &ana).await;
            assert_eq!(
                page.contains(">2</a>"),
                path == "/console/purchases",
                "{path} from {version}"
            );
        }
        let page = world.page("/console/purchase?site=demo&id=2", &ana).await;
        assert!(
            page.contains("no destination was configured for it"),
            "from {version}: {page}"
        );

        // What is younger than they are begins with the next message.
        assert_eq!(
            (&history["verified"], &history["verified_at"]),
            (&json!(false), &Value::Null)
        );
        world.router = world::router(&world.store, &world::serve_options(&["--server-secret", SECRET]));
        let page = envelope("b0", "2", "10.00");
        let signed = page.replace(
            r#"["purchase_id","#,
            &format!(r#"["signature","{SIGNATURE}"],["purchase_id","#),
        );
        assert_eq!(world.post(signed).await.json()["outcome"], "duplicate");
        assert_eq!(
            world.read("/v1/purchases/demo/2").await["verified"],
            true,
            "from {version}"
        );

        // The history goes on where it stood.
        let answer = world.post(order("b1", "2", Some("canceled"))).await;
        assert_eq!(
            (&answer.json()["outcome"], answer.json().get("conflict")),
            (&json!("duplicate"), None)
        );
        let history = world.read("/v1/purchases/demo/2").await;
        assert_eq!(
            (&history["state"], &history["placed"]),
            (&json!("canceled"), &json!(true))
        );
        assert_eq!(history["transitions"].as_array().map(Vec::len), Some(2));
    }
}

/// The beginnings of the SHA-384 of the migrations, in their order: each is in somebody's database as it is, which compares
/// the whole file, comments included. One that is here never changes; a new one is added.
const RELEASED: [&str; 11] = [
    "9c325310106e94ee",
    "32623efd291c6c80",
    "cbbc4192a2c593fc",
    "0696f77c3e87e848",
    "ba792a1f1665303a",
    "22f1840555695655",
    "358e843fe4e56595",
    "2e3d8a8453dee85d",
    "665d084d11532629",
    "6f2c068d1549cf3e",
    "6777a60df7689e6d",
];

#[test]
fn no_migration_that_is_in_use_was_changed() {
    let digests: Vec<String> = MIGRATIONS
        .iter()
        .map(|migration| hex(&migration.checksum[..8]))
        .collect();
    assert_eq!(digests, RELEASED);
    let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_schema_of_a_later_version_is_left_alone() {
    let world = World::new(&[]).await;
    world.store.close().await;
    let latest = MIGRATIONS.iter().map(|migration| migration.version).max();
    let mut later = Old::new(&world.address, latest.expect("there are migrations")).await;
    later
        .execute(sql(
            "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
             SELECT version + 1000, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations \
             WHERE version = 1",
        ))
        .await;
    later.close().await;
    let error = Store::open(&world.address)
        .await
        .expect_err("it is not understood")
        .to_string();
    assert!(error.contains("migration 1001"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn collectors_that_start_together_make_one_schema() {
    // Several processes on one file are no way to run collectors.
    if !ON_POSTGRES {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let address = world::new_address(folder.path()).await;
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { Store::open(&address).await })
        })
        .collect();
    for opened in opening {
        let store = opened.await.expect("no panic").expect("each collector starts");
        store.ping().await.expect("it answers");
    }
}
