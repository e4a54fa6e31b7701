//! The file that names the destinations, in TOML. Secrets stand in files of their own or in the environment.

mod entry;

use std::{collections::HashSet, fs, io, path::Path};

use serde::Deserialize;

use self::entry::Entry;
use super::{Destination, circuit::CircuitLimits};

/// What `--destinations FILE` says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// In the file's order.
    pub destinations: Vec<Destination>,
    /// How they are tried.
    pub delivery: Delivery,
}

/// How purchases are passed on; the same for all destinations. All are milliseconds unless named otherwise.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// Longest time for one request.
    pub timeout_ms: u64,
    /// Longest wait before the second attempt; the limit doubles with each.
    pub retry_ms_min: i64,
    /// Longest wait between two attempts.
    pub retry_ms_max: i64,
    /// Age from which a purchase that fails again is given up, counted from when it was to be passed on.
    pub give_up_ms: i64,
    /// How long an entry belongs to the collector that took it; longer than the requests of one attempt may take.
    pub lease_ms: i64,
    /// Longest time until an entry is noticed that another collector made.
    pub poll_ms: u64,
    /// How long after its delivery a purchase is asked for, where the platform can tell.
    pub verify_ms: i64,
    /// Purchases that one collector passes on to one destination at the same time.
    pub concurrency: usize,
    /// Failures of a destination in a row that open its circuit.
    pub circuit_failures: i64,
    /// How long the circuit is open the first time; each further time twice as long.
    pub circuit_ms: i64,
    /// How long the circuit is open at most.
    pub circuit_ms_max: i64,
}

impl Default for Delivery {
    fn default() -> Delivery {
        const SECOND: i64 = 1_000;
        const MINUTE: i64 = 60 * SECOND;
        const HOUR: i64 = 60 * MINUTE;
        Delivery {
            timeout_ms: 30_000,
            retry_ms_min: 2 * SECOND,
            retry_ms_max: HOUR,
            give_up_ms: 7 * 24 * HOUR,
            lease_ms: 3 * MINUTE,
            poll_ms: 2_000,
            verify_ms: 30 * SECOND,
            concurrency: 8,
            circuit_failures: 5,
            circuit_ms: 30 * SECOND,
            circuit_ms_max: 10 * MINUTE,
        }
    }
}

/// Requests of one attempt at most: ask, deliver, create the contact, deliver again. Parts of a purchase renew the lease.
const REQUESTS_PER_LEASE: i64 = 4;

impl Delivery {
    /// When the circuits open, and for how long.
    pub fn circuit(&self) -> CircuitLimits {
        CircuitLimits {
            failures: self.circuit_failures,
            open_ms: self.circuit_ms,
            open_ms_max: self.circuit_ms_max,
        }
    }

    fn check(&self) -> Result<(), String> {
        let positive = [
            ("retry_ms_min", self.retry_ms_min),
            ("retry_ms_max", self.retry_ms_max),
            ("give_up_ms", self.give_up_ms),
            ("circuit_failures", self.circuit_failures),
            ("circuit_ms", self.circuit_ms),
            ("circuit_ms_max", self.circuit_ms_max),
        ];
        if let Some((name, _)) = positive.iter().find(|(_, value)| *value <= 0) {
            return Err(format!("{name} must be more than 0"));
        }
        if self.timeout_ms == 0 || self.poll_ms == 0 || self.concurrency == 0 || self.verify_ms < 0 {
            return Err("timeout_ms, poll_ms and concurrency must be more than 0, verify_ms not less".to_owned());
        }
        let longest = i64::try_from(self.timeout_ms)
            .unwrap_or(i64::MAX)
            .saturating_mul(REQUESTS_PER_LEASE);
        if self.lease_ms <= longest {
            return Err(format!(
                "lease_ms must be more than {REQUESTS_PER_LEASE} times timeout_ms"
            ));
        }
        Ok(())
    }
}

/// Why the file cannot be used. No secret is quoted.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {0}: {1}; give another file with --destinations")]
    File(String, io::Error),
    /// It is not the TOML we know.
    #[error("{0}, line {1}: {2} (--destinations)")]
    Toml(String, usize, String),
    /// A destination is not complete.
    #[error("{0}, destination {1}: {2} (--destinations)")]
    Destination(String, usize, String),
    /// A number is out of its bounds.
    #[error("{0}, [delivery]: {1} (--destinations)")]
    Delivery(String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    destination: Vec<Entry>,
    #[serde(default)]
    delivery: Delivery,
}

/// Reads the file, and the secrets that it names.
///
/// # Errors
/// If any part of it cannot be used: a collector that passes only some purchases on would not be noticed.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| ConfigError::File(name.clone(), error))?;
    let form: FileForm = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
        ConfigError::Toml(name.clone(), line, error.message().replace('\n', " "))
    })?;
    form.delivery
        .check()
        .map_err(|problem| ConfigError::Delivery(name.clone(), problem))?;
    let mut destinations = vec![];
    let mut names = HashSet::new();
    for (number, entry) in (1..).zip(form.destination) {
        let wrong = |problem: String| ConfigError::Destination(name.clone(), number, problem);
        let destination = entry.read(|variable| std::env::var(variable).ok()).map_err(wrong)?;
        if !names.insert((destination.site.clone(), destination.name.clone())) {
            let twice = format!(
                "the site {} has another one of the name {}",
                destination.site, destination.name
            );
            return Err(wrong(twice + "; give one of them another name"));
        }
        destinations.push(destination);
    }
    Ok(Config {
        destinations,
        delivery: form.delivery,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        fs::write(&key, " id:a-long-enough-secret\n").expect("it is written");
        let file = folder.path().join("destinations.toml");
        fs::write(&file, text.replace("KEY", &key.display().to_string())).expect("it is written");
        load(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn one_of_each_kind() {
        let config = load_text(
            r#"
            [delivery]
            retry_ms_min = 10
            [[destination]]
            site = "demo"
            kind = "connectif"
            key_file = "KEY"
            base_url = "http://127.0.0.1:9/"
            [[destination]]
            site = "demo"
            kind = "klaviyo"
            name = "news"
            key_file = "KEY"
            currency = "EUR"
            backfill_after_hours = 2
            time_zone = "Europe/Madrid"
            [[destination]]
            site = "demo"
            kind = "egoi"
            key_file = "KEY"
            domain = "shop.example"
            [[destination]]
            site = "demo"
            kind = "egoi"
            name = "list"
            key_file = "KEY"
            list_id = 7
            store_url = "https://shop.example"
            [[destination]]
            site = "demo"
            kind = "webhook"
            key_file = "KEY"
            url = "https://other.example/in"
            "#,
        )
        .expect("it is complete");
        let names: Vec<_> = config
            .destinations
            .iter()
            .map(|one| (one.name.as_str(), one.kind.name()))
            .collect();
        let expected = [
            ("connectif", "connectif"),
            ("news", "klaviyo"),
            ("egoi", "egoi"),
            ("list", "egoi"),
            ("webhook", "webhook"),
        ];
        assert_eq!(names, expected);
        assert_eq!((config.delivery.retry_ms_min, config.delivery.concurrency), (10, 8));
        assert!(!format!("{config:?}").contains("long-enough"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_secrets() {
        let destination = "[[destination]]\nsite = \"demo\"\n";
        for (text, expected) in [
            ("[delivery]\nretry_ms = 1", "line 2: unknown field `retry_ms`"),
            ("[delivery]\nretry_ms_min = 0", "retry_ms_min must be more than 0"),
            ("[delivery]\nlease_ms = 1000", "lease_ms"),
            (
                "[[destination]]\nsite = \"de mo\"\nkind = \"webhook\"",
                "destination 1: site",
            ),
            (&format!("{destination}kind = \"mail\""), "unknown variant `mail`"),
            (&format!("{destination}kind = \"connectif\""), "key_file or key_env"),
            (
                &format!("{destination}kind = \"connectif\"\nkey = \"abc\""),
                "unknown field `key`",
            ),
            (
                &format!("{destination}kind = \"connectif\"\nkey_file = \"KEY\"\ncurrency = \"EUR\""),
                "currency is no option of connectif",
            ),
            (
                &format!("{destination}kind = \"egoi\"\nkey_file = \"KEY\""),
                "domain, or list_id and store_url",
            ),
            (
                &format!("{destination}kind = \"klaviyo\"\nkey_env = \"NOBODY_SETS_THIS\""),
                "NOBODY_SETS_THIS",
            ),
            (
                &format!("{destination}kind = \"webhook\"\nkey_file = \"KEY\"\nurl = \"file:///etc\""),
                "url",
            ),
            (
                &format!(
                    "{0}kind = \"webhook\"\nkey_file = \"KEY\"\nurl = \"https://a.b\"\n{0}kind = \"webhook\"\nkey_file = \"KEY\"\nurl = \"https://a.b\"",
                    destination
                ),
                "destination 2: the site demo has another one of the name webhook",
            ),
        ] {
            let problem = load_text(text).expect_err(text);
            assert!(problem.contains(expected), "{problem}");
            assert!(
                !problem.contains("long-enough") && problem.lines().count() == 1,
                "{problem}"
            );
        }
    }
}
