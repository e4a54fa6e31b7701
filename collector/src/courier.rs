//! Carries entries of the queue to their destinations: one task for each destination, several entries at a time.

mod finished;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use self::finished::finished;
use crate::{
    clock::now_ms,
    passing::{
        Advice, Destination, Event, Order, Routes,
        attempt::{self, Outcome, Report, attempt},
        client::Client,
        config::Delivery,
    },
    store::{Claimed, Finished, PassKey, Store, Take},
};

/// Longest time that a stopped courier waits for what is under way, in milliseconds; what lasts longer is tried again after its
/// lease, by whatever collector runs then.
const STOP_MS_MAX: u64 = 10_000;

/// Passes purchases on until `stop` is true or dropped. Several collectors may do so at the same time.
pub async fn run(store: Store, routes: Routes, client: Client, delivery: Delivery, stop: watch::Receiver<bool>) {
    let mut couriers = JoinSet::new();
    for (destination, news) in routes.all() {
        let courier = Courier {
            store: store.clone(),
            client: client.clone(),
            destination,
            delivery,
        };
        couriers.spawn(courier.run(news, stop.clone()));
    }
    while couriers.join_next().await.is_some() {}
}

#[derive(Clone)]
struct Courier {
    store: Store,
    client: Client,
    destination: Arc<Destination>,
    delivery: Delivery,
}

impl Courier {
    async fn run(self, news: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            let room = self.delivery.concurrency.saturating_sub(under_way.len());
            let wait_ms = if room == 0 {
                None
            } else {
                self.fill(&mut under_way, room).await
            };
            let wait = async {
                match wait_ms {
                    Some(ms) => sleep(Duration::from_millis(ms)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // Nobody is left to stop it: then it has no reason to go on either.
                changed = stop.changed() => if changed.is_err() { break },
                () = news.notified() => {}
                Some(_) = under_way.join_next(), if !under_way.is_empty() => {}
                () = wait => {}
            }
        }
        let finish = async { while under_way.join_next().await.is_some() {} };
        if timeout(Duration::from_millis(STOP_MS_MAX), finish).await.is_err() {
            tracing::warn!(
                site = self.destination.site,
                destination = self.destination.name,
                "some purchases are still being passed on; they are tried again after their lease"
            );
        }
    }

    /// Begins as many as there is room for. How long to wait for more, in milliseconds; 0 if there may be more at once.
    async fn fill(&self, under_way: &mut JoinSet<()>, room: usize) -> Option<u64> {
        let (site, name) = (self.destination.site.as_str(), self.destination.name.as_str());
        let limit = i64::try_from(room).unwrap_or(i64::MAX);
        let now = now_ms();
        match self.store.take(site, name, now, self.delivery.lease_ms, limit).await {
            Ok(Take::Entries(entries)) => {
                for claimed in entries {
                    let courier = self.clone();
                    under_way.spawn(async move { courier.carry(claimed).await });
                }
                (under_way.len() < self.delivery.concurrency).then_some(0)
            }
            Ok(Take::Nothing(due_at)) => {
                let ms = due_at.map_or(u64::MAX, |due_at| u64::try_from(due_at - now).unwrap_or_default());
                // Another collector may make an entry at any time.
                Some(ms.clamp(1, self.delivery.poll_ms))
            }
            Err(error) => {
                tracing::error!(site, destination = name, %error, "the queue cannot be read");
                Some(self.delivery.poll_ms)
            }
        }
    }

    async fn carry(&self, claimed: Claimed) {
        let now = now_ms();
        let event = Event::from_name(&claimed.key.event);
        let report = match (&claimed.order, event) {
            (Some(order), Some(event)) => self.attempt(&claimed, order, event, now).await,
            _ => Some(unreadable()),
        };
        let Some(report) = report else {
            // Its lease ended; whoever has it now goes on.
            return;
        };
        let finished = finished(&self.delivery, &self.destination, &claimed, &report, now_ms());
        self.log(&claimed.key, &finished);
        if let Err(error) = self.store.finish(finished).await {
            // The lease ends by itself.
            tracing::error!(site = claimed.key.site, destination = claimed.key.destination, %error, "an attempt cannot be kept");
        }
    }

    async fn attempt(&self, claimed: &Claimed, order: &Order, event: Event, now: i64) -> Option<Report> {
        let standing = attempt::Standing {
            progress: usize::try_from(claimed.progress).unwrap_or_default(),
            maybe_sent: claimed.maybe_sent,
            verifying: claimed.verifying,
            asked: claimed.asked,
        };
        let entry = Held { courier: self, claimed };
        let order = (order, event, standing, now);
        attempt(&self.client, &self.destination, order, &entry).await
    }

    /// One line for each attempt. The answer's words stay in the database.
    fn log(&self, key: &PassKey, finished: &Finished) {
        let PassKey {
            site,
            purchase_id,
            destination,
            event,
        } = key;
        let (state, outcome, status, advice) = (finished.state, finished.outcome, finished.status, finished.advice);
        match finished.state {
            "dead" => {
                tracing::warn!(
                    site,
                    purchase_id,
                    destination,
                    event,
                    outcome,
                    status,
                    advice,
                    "purchase not passed on"
                );
            }
            "waiting" => {
                tracing::info!(
                    site,
                    purchase_id,
                    destination,
                    event,
                    outcome,
                    status,
                    advice,
                    "purchase passed on later"
                );
            }
            _ => tracing::info!(
                site,
                purchase_id,
                destination,
                event,
                state,
                status,
                advice,
                "purchase passed on"
            ),
        }
    }
}

/// An entry that is ours for the time of its lease.
struct Held<'a> {
    courier: &'a Courier,
    claimed: &'a Claimed,
}

impl attempt::Entry for Held<'_> {
    async fn progressed(&self, done: usize) -> bool {
        let until = now_ms().saturating_add(self.courier.delivery.lease_ms);
        let done = i64::try_from(done).unwrap_or(i64::MAX);
        let Claimed { key, claims, .. } = self.claimed;
        // What cannot be kept is sent again, which the destination's own key makes harmless.
        let kept = self.courier.store.progress(key, *claims, done, until).await;
        kept.unwrap_or(false)
    }

    async fn sends_again(&self) -> bool {
        let until = now_ms().saturating_add(self.courier.delivery.lease_ms);
        let Claimed { key, claims, .. } = self.claimed;
        // What cannot be kept is not sent: after a crash nobody would know of it.
        let kept = self.courier.store.sends_again(key, *claims, until).await;
        kept.unwrap_or(false)
    }
}

fn unreadable() -> Report {
    Report {
        result: Outcome::Refused(Advice::Unreadable),
        status: None,
        text: String::new(),
        maybe_sent: true,
        pause_ms: None,
    }
}
