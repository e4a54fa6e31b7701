//! Databases made by earlier versions.

mod world;

use std::path::{Path, PathBuf};

use purchase_collector::store::Store;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use world::{World, order};

/// A database as the migrations up to this version made it.
async fn database(folder: &Path, version: i64) -> (PathBuf, SqliteConnection) {
    let file = folder.join("old.db");
    let address = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = SqliteConnection::connect(&address).await.expect("a database");
    let migrations = sqlx::migrate!();
    migrations
        .run_to(version, &mut connection)
        .await
        .expect("the migrations run");
    (file, connection)
}

#[tokio::test]
async fn purchases_from_before_the_states_are_completed_and_placed() {
    let mut world = World::new(&[]).await;
    let (file, mut connection) = database(world.folder.path(), 1).await;
    for (id, at) in [("1", 1000), ("2", 2000)] {
        sqlx::query(
            "INSERT INTO purchases VALUES ('demo', $1, $2, '10', 2, NULL, 'markup', NULL, 'a1', 5, $3, '[]', '{}', 1, 0)",
        )
        .bind(id)
        .bind(format!(r#"{{"purchase_id":"{id}","total_quantity":2,"total_price":"10"}}"#))
        .bind(at)
        .execute(&mut connection)
        .await
        .expect("a row of the first version");
    }
    connection.close().await.expect("it closes");

    world.store = Store::open(&file.into()).await.expect("the old database opens");
    world.router = world::router(&world.store, &world::serve_options(&[]));
    let listed = world.read("/v1/purchases?state=completed&placed=true").await;
    assert_eq!(listed["purchases"].as_array().map(Vec::len), Some(2));
    let history = world.read("/v1/purchases/demo/2").await;
    assert_eq!(
        (&history["state"], &history["placed"], &history["order_status"]),
        (&json!("completed"), &json!(true), &Value::Null)
    );
    let first = json!({
        "at": 2000, "state": "completed", "placed": true, "order_status": null, "source": "markup", "record_id": "a1",
    });
    assert_eq!(history["transitions"], json!([first]));

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
