//! Passing on again what was given up: which entries, and that they begin anew.

use purchase_collector::{
    clock::now_ms,
    store::{PassKey, StoreError, Work, Writing, sql},
};

use super::console::{passing, take};

/// Entries without purchases, which came to their ends after failing since 1970: site, purchase, destination, state.
struct Ended(&'static [[&'static str; 4]]);

impl Work for Ended {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for [site, purchase, destination, state] in self.0 {
            let insert = "INSERT INTO passes (site, purchase_id, destination, event, state, created_at, since, claims, \
                          failures, progress, maybe_sent, attempts, finished_at) \
                          VALUES ($1, $2, $3, 'placed', $4, 0, 0, 1, 9, 0, TRUE, 9, 1)";
            let insert = sql(insert).bind(*site).bind(*purchase).bind(*destination);
            writing.execute(insert.bind(*state)).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_is_passed_on_again_begins_anew_and_is_only_what_was_asked_for() {
    let world = passing().await;
    let entries = Ended(&[
        ["demo", "1", "books", "dead"],
        ["demo", "2", "books", "not-sent"],
        ["demo", "3", "books", "delivered"],
        ["demo", "4", "idle", "dead"],
        ["other", "5", "books", "dead"],
    ]);
    world.store.write(entries).await.expect("written");
    let now = now_ms();
    assert_eq!(
        world.store.replay_dead("demo", "books", now).await.expect("it answers"),
        1
    );
    let again = |purchase_id: &str| PassKey {
        site: "demo".to_owned(),
        purchase_id: purchase_id.to_owned(),
        destination: "books".to_owned(),
        event: "placed".to_owned(),
    };
    // What was not sent is passed on again one by one only.
    for (purchase_id, is_again) in [("2", true), ("3", false), ("5", false)] {
        let found = world.store.replay(again(purchase_id), now).await.expect("it answers");
        assert_eq!(found, is_again, "{purchase_id}");
    }
    let mut taken: Vec<_> = take(&world.store, "books")
        .await
        .into_iter()
        .map(|entry| (entry.key.purchase_id, entry.since, entry.failures))
        .collect();
    taken.sort();
    // Their age counts from now on: else they would be given up at once.
    assert_eq!(taken, [("1".to_owned(), now, 0), ("2".to_owned(), now, 0)]);
    assert!(take(&world.store, "idle").await.is_empty());
}
