//! kill -9 while purchases arrive, again and again: every acknowledged purchase is there, none twice. On PostgreSQL two
//! collectors get the same purchases. (A kill says nothing of a power cut: that depends on the settings that `Store` makes.)

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, SystemTime},
};

use fastrand::Rng;
use purchase_collector::store::{DatabaseAddress, Store, sql};

use crate::world::{
    self, ON_POSTGRES, envelope,
    process::{Collector, post},
};

/// Kills in one test.
const KILLS: usize = 20;

/// Senders per collector.
const SENDERS: usize = 6;

/// Longest life of a collector after its first acknowledgement, in milliseconds.
const LIFE_MS_MAX: u64 = 250;

/// What the senders heard.
#[derive(Default)]
struct Heard {
    /// How often each purchase was accepted as new.
    accepted: BTreeMap<usize, usize>,
    /// How often each purchase was acknowledged.
    acknowledged: BTreeMap<usize, i64>,
    /// Sent without an answer: sent again in the next life.
    unknown: BTreeSet<usize>,
}

impl Heard {
    fn note(&mut self, id: usize, answer: Option<(u16, String)>) {
        match answer {
            Some((status @ (200 | 201), _)) => {
                self.unknown.remove(&id);
                *self.acknowledged.entry(id).or_default() += 1;
                *self.accepted.entry(id).or_default() += usize::from(status == 201);
            }
            _ => drop(self.unknown.insert(id)),
        }
    }
}

/// One life: loads the collectors until it is over, then kills `victims` of them.
fn live(collectors: &mut [Collector], victims: usize, life: Duration, next: &AtomicUsize, heard: &Mutex<Heard>) {
    let over = AtomicBool::new(false);
    let (answered, any) = mpsc::channel();
    let first = next.load(Ordering::Relaxed);
    let again: Vec<_> = heard.lock().expect("no panic").unknown.iter().copied().collect();
    std::thread::scope(|scope| {
        for collector in collectors.iter() {
            let address = collector.address.clone();
            // Each collector gets all purchases, and what the last life left open.
            let own = Arc::new(AtomicUsize::new(0));
            for _ in 0..SENDERS {
                let (address, own, again, over, answered) =
                    (address.clone(), Arc::clone(&own), &again, &over, answered.clone());
                scope.spawn(move || {
                    while !over.load(Ordering::Relaxed) {
                        let turn = own.fetch_add(1, Ordering::Relaxed);
                        let id = again.get(turn).copied().unwrap_or(first + turn - turn.min(again.len()));
                        next.fetch_max(id + 1, Ordering::Relaxed);
                        let answer = post(&address, &envelope(&format!("r{id}"), &id.to_string(), "10.00"));
                        let is_alive = answer.is_some();
                        heard.lock().expect("no panic").note(id, answer);
                        if !is_alive {
                            break;
                        }
                        // The test may have heard enough.
                        let _ = answered.send(());
                    }
                });
            }
        }
        drop(answered);
        any.recv().expect("a collector answers");
        std::thread::sleep(life);
        for collector in &mut collectors[..victims] {
            collector.kill();
        }
        over.store(true, Ordering::Relaxed);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_collector_loses_nothing_it_acknowledged() {
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("a clock");
    let seed = env::var("KILL_SEED").map_or(since_1970.as_micros() as u64, |seed| seed.parse().expect("a number"));
    println!("KILL_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let database = world::new_database(folder.path()).await;
    let (next, heard) = (AtomicUsize::new(1), Mutex::new(Heard::default()));
    let count = if ON_POSTGRES { 2 } else { 1 };
    let mut collectors = Vec::new();
    let mut kills = 0;
    while kills < KILLS {
        while collectors.len() < count {
            collectors.push(Collector::start(&["--database", &database]));
        }
        let victims = random.usize(1..=count);
        live(
            &mut collectors,
            victims,
            Duration::from_millis(random.u64(0..LIFE_MS_MAX)),
            &next,
            &heard,
        );
        collectors.drain(..victims);
        kills += victims;
    }
    drop(collectors);

    let heard = heard.into_inner().expect("no panic");
    println!(
        "{} purchases acknowledged, {} without an answer",
        heard.acknowledged.len(),
        heard.unknown.len()
    );
    assert!(heard.acknowledged.len() > 5 * KILLS, "the collectors worked");
    let address = DatabaseAddress::parse(&database).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let stored: Vec<(String, i64, i64, i64)> = store
        .all(sql(
            "SELECT p.purchase_id, p.deliveries, COUNT(d.number), COUNT(CASE WHEN d.outcome = 'accepted' THEN 1 END) \
             FROM purchases p JOIN deliveries d ON d.site = p.site AND d.purchase_id = p.purchase_id \
             GROUP BY p.purchase_id, p.deliveries",
        ))
        .await
        .expect("the rows");
    let stored: BTreeMap<usize, _> = stored
        .into_iter()
        .map(|(id, deliveries, rows, accepted)| (id.parse().expect("our ids"), (deliveries, rows, accepted)))
        .collect();
    for (id, times) in &heard.acknowledged {
        let (deliveries, ..) = stored
            .get(id)
            .unwrap_or_else(|| panic!("{id} was acknowledged and is lost"));
        assert!(deliveries >= times, "{id}: {times} acknowledged, {deliveries} counted");
    }
    for (id, (deliveries, rows, accepted)) in stored {
        assert_eq!((deliveries, accepted), (rows, 1), "{id}");
        let times = heard.accepted.get(&id).copied().unwrap_or_default();
        assert!(times <= 1, "{id} was new {times} times");
    }
}
