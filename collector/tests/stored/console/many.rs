//! More purchases than one page may look at.

use purchase_collector::store::{
    StoreError, Work, Writing,
    console::{Role, SEARCHED_MAX},
    sql,
};

use crate::world::World;

/// When the newest was received, in milliseconds since 1970; each further one a minute before.
const NEWEST: i64 = 1_763_765_393_000;

/// The only pending one, beyond what one page looks at.
const ODD: i64 = SEARCHED_MAX + 40;

/// Purchases of the site "demo", and two of others, of which one has only a test.
struct Fill;

impl Work for Fill {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let many = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                    INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, source, record_id, \
                    captured_at, received_at, problems, envelope, deliveries, conflicts, state) \
                    SELECT CASE WHEN i = 1 THEN 'zebra' WHEN i = 2 THEN 'attic' ELSE 'demo' END, 'P' || i, \
                    '{\"purchase_id\":\"P' || i || '\"}', '10', 1, CASE WHEN i = 2 THEN 'test' ELSE 'call' END, 'r', \
                    $2 - i * 60000, $2 - i * 60000, '[]', '{}', 1, 0, \
                    CASE WHEN i = $3 THEN 'pending' ELSE 'completed' END FROM n";
        writing
            .execute(sql(many).bind(ODD + 60).bind(NEWEST).bind(ODD))
            .await
            .map(drop)
    }
}

#[tokio::test]
async fn a_search_says_how_far_it_looked_and_goes_on_from_there() {
    let world = World::new(&[]).await;
    world.store.write(Fill).await.expect("filled");
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let odd = format!(">P{ODD}</a>");
    let looked = "The newest 10,000 purchases were looked at";

    let page = world.page("/console/purchases?state=pending", &ana).await;
    assert!(page.contains(looked) && !page.contains(&odd), "{page}");
    let rest = page.split("rel=\"next\" href=\"").nth(1).expect("a way on");
    let on = rest.split('"').next().expect("its end").replace("&#38;", "&");
    let page = world.page(&on, &ana).await;
    assert!(!page.contains(looked) && page.contains(&odd), "{on}: {page}");

    // Who has the number need not go on, and who looks at the days finds it at once.
    let page = world.page(&format!("/console/purchases?q=P{ODD}"), &ana).await;
    assert!(page.contains(looked) && page.contains(&odd), "{page}");
    let page = world
        .page("/console/purchases?state=pending&from=2025-11-10&to=2025-11-15", &ana)
        .await;
    assert!(page.contains(&odd), "{page}");

    // What needs no search is whole, page after page.
    let page = world.page("/console/purchases", &ana).await;
    assert!(!page.contains(looked) && page.contains(">P0</a>"), "{page}");
    let spanish = format!("{ana}; purchase_console_language=es");
    let page = world.page("/console/purchases?state=pending", &spanish).await;
    assert!(page.contains("Seguir buscando"), "{page}");
}

#[tokio::test]
async fn every_shop_is_known_by_its_last_purchase_that_counts() {
    let world = World::new(&[]).await;
    world.store.write(Fill).await.expect("filled");
    let heard = world.store.sites_heard().await.expect("it answers");
    let heard: Vec<_> = heard.iter().map(|row| (row.site.as_str(), row.last_at)).collect();
    assert_eq!(heard, [("demo", NEWEST), ("zebra", NEWEST - 60_000)]);
}
