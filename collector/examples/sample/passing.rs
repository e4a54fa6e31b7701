//! Passes the sample's purchases on, on a clock of its own: what is sent is planned, judged and kept by the collector's own code;
//! only the platforms' answers are made up.

use std::{fs, path::Path, sync::Arc};

use purchase_collector::{
    passing::{Answer, Destination, Event, Plan, Routes, Verdict, config, config::Delivery, request::Purpose},
    store::{Claimed, Finished, Health, Store, StoreError, Take},
};

/// One shop's destinations, so that another one has none.
const CONFIGURATION: &str = r#"
[delivery]
circuit_ms = 10_800_000
circuit_ms_max = 10_800_000
[[destination]]
site = "demo"
kind = "connectif"
key_file = "KEY"
[[destination]]
site = "demo"
kind = "klaviyo"
key_file = "KEY"
currency = "EUR"
[[destination]]
site = "demo"
name = "warehouse"
kind = "webhook"
key_file = "KEY"
url = "https://warehouse.example/purchases"
"#;

/// How long a request takes, in milliseconds.
const ANSWER_MS: i64 = 240;

/// Since when the warehouse is out of order, in milliseconds before now.
const OUTAGE_MS: i64 = 40 * 60_000;

/// Entries that are taken together.
const TOGETHER: i64 = 8;

/// The destinations as they would be configured.
///
/// # Errors
/// If their file cannot be written or read.
pub fn configured() -> Result<(Routes, Delivery), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    fs::write(path("key"), "sample:no-secret-at-all")?;
    let text = CONFIGURATION.replace("KEY", &Path::display(&path("key")).to_string());
    fs::write(path("destinations.toml"), text)?;
    let config = config::load(&path("destinations.toml"))?;
    Ok((Routes::new(config.destinations), config.delivery))
}

/// Passes on everything that was to be passed on between two times, in milliseconds since 1970.
///
/// # Errors
/// If the database fails.
pub async fn carry(
    store: &Store,
    (routes, delivery): &(Routes, Delivery),
    since: i64,
    now: i64,
) -> Result<(), StoreError> {
    for (destination, _) in routes.all() {
        let platform = Platform {
            destination,
            delivery,
            now,
        };
        let (site, name) = (&platform.destination.site, &platform.destination.name);
        let mut at = since;
        while at < now {
            match store.take(site, name, at, delivery.lease_ms, TOGETHER).await? {
                Take::Nothing(None) => break,
                Take::Nothing(Some(due_at)) => at = due_at.max(at + 1),
                Take::Entries(entries) => {
                    for entry in entries {
                        store.finish(platform.carried(&entry, at)).await?;
                    }
                }
            }
        }
    }
    Ok(())
}

struct Platform<'a> {
    destination: Arc<Destination>,
    delivery: &'a Delivery,
    /// When the sample ends, in milliseconds since 1970.
    now: i64,
}

/// What an attempt came to.
struct Came {
    state: &'static str,
    outcome: &'static str,
    /// In milliseconds from its end; none if nothing follows.
    wait_ms: Option<i64>,
    advice: Option<&'static str>,
}

impl Platform<'_> {
    fn carried(&self, entry: &Claimed, started_at: i64) -> Finished {
        let at = started_at + ANSWER_MS;
        let plan = entry.order.as_ref().zip(Event::from_name(&entry.key.event));
        let plan = plan.map(|(order, event)| self.destination.plan(order, event, at));
        let answer = self.answer(entry, at);
        let came = match plan {
            Some(Plan::NotSent(advice)) => Came {
                state: "not-sent",
                outcome: "not-sent",
                wait_ms: None,
                advice: Some(advice.code()),
            },
            _ => self.judged(entry, &answer),
        };
        let was_asked = came.outcome != "not-sent";
        let failures = if came.advice.is_some() { entry.failures + 1 } else { 0 };
        Finished {
            key: entry.key.clone(),
            claims: entry.claims,
            number: entry.number,
            at,
            state: came.state,
            due_at: came.wait_ms.map(|ms| at + ms),
            failures,
            progress: None,
            maybe_sent: false,
            asked: None,
            unseen: entry.unseen,
            outcome: came.outcome,
            status: was_asked.then_some(i64::from(answer.status)),
            text: if was_asked { answer.body } else { String::new() },
            advice: came.advice,
            health: Health {
                well: was_asked.then_some(answer.status < 500),
                limits: self.delivery.circuit(),
                was_probe: entry.is_probe,
                not_before: answer.retry_after_ms.map(|ms| at + ms),
                random: 0.9,
            },
        }
    }

    fn judged(&self, entry: &Claimed, answer: &Answer) -> Came {
        let came = |state, outcome, wait_ms, advice| Came {
            state,
            outcome,
            wait_ms,
            advice,
        };
        if entry.verifying {
            return came("verified", "verified", None, None);
        }
        let asks = entry
            .order
            .as_ref()
            .and_then(|order| self.destination.verification(order));
        match self.destination.read(Purpose::Deliver, answer) {
            Verdict::Refused(advice) => came("dead", "refused", None, Some(advice.code())),
            Verdict::Retry { advice, after_ms, .. } => {
                let wait_ms = after_ms.unwrap_or(self.delivery.retry_ms_min << entry.failures.min(9));
                came("waiting", "retry", Some(wait_ms), Some(advice.code()))
            }
            _ if asks.is_some() => came("verifying", "delivered", Some(self.delivery.verify_ms), None),
            _ => came("delivered", "delivered", None, None),
        }
    }

    /// What the platform says: mostly yes. Which purchases fail is decided by their numbers, the same in every run.
    fn answer(&self, entry: &Claimed, at: i64) -> Answer {
        let id = &entry.key.purchase_id;
        let digits: String = id.chars().filter(char::is_ascii_digit).collect();
        let number: u64 = digits.parse().unwrap_or_default();
        let one_of = |count: u64| number % count == count - 1;
        let is_first = entry.number == 1;
        let answer = |status, body: &str| Answer {
            status,
            retry_after_ms: None,
            body: body.to_owned(),
        };
        match self.destination.kind.name() {
            "connectif" if !entry.verifying && one_of(31) => answer(
                400,
                r#"{"title":"Bad Request","detail":"Some products do not exist in the store.","code":"E0102","productsId":["p7","p12"]}"#,
            ),
            "connectif" if is_first && one_of(23) => answer(502, "<html><h1>502 Bad Gateway</h1></html>"),
            "klaviyo" if is_first && one_of(29) => Answer {
                retry_after_ms: Some(11_000),
                ..answer(
                    429,
                    r#"{"errors":[{"status":429,"code":"throttled","title":"Request was throttled.","detail":"Expected available in 11 seconds."}]}"#,
                )
            },
            "klaviyo" if one_of(61) => answer(
                400,
                r#"{"errors":[{"status":400,"code":"invalid","title":"Invalid input.","detail":"Invalid email address","source":{"pointer":"/data/attributes/profile/data/attributes/email"}}]}"#,
            ),
            "klaviyo" => answer(202, ""),
            "webhook" if at > self.now - OUTAGE_MS => {
                answer(503, "Service Unavailable: the warehouse is being backed up")
            }
            "webhook" if one_of(43) => answer(422, r#"{"error":"unknown article p12"}"#),
            _ => answer(200, ""),
        }
    }
}
