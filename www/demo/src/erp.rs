//! The program in which the shop keeps its books: it takes the collector's webhooks, in memory, so many, the oldest dropped.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

/// Messages that are kept.
const KEPT_MAX: usize = 1000;
/// Longest time between a signature and its arrival, in seconds, either way: who overhears one cannot use it later.
const SIGNATURE_SECONDS_MAX: i64 = 300;

/// What it answers to the messages that come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes them.
    #[default]
    Takes,
    /// 503: it is out of order, and the collector tries again.
    Busy,
    /// 422: it refuses them for good.
    Refuses,
}

impl Mood {
    /// All of them.
    pub const ALL: [Mood; 3] = [Mood::Takes, Mood::Busy, Mood::Refuses];

    /// Its name in the form.
    pub fn name(self) -> &'static str {
        match self {
            Mood::Takes => "takes",
            Mood::Busy => "busy",
            Mood::Refuses => "refuses",
        }
    }
}

/// What the collector posts; fields that are not read here are left out.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// The same however often it is sent.
    pub id: String,
    /// `placed`, `completed` or `canceled`.
    pub event: String,
    /// The order's number.
    pub purchase_id: String,
    /// The purchase as the collector stored it.
    pub purchase: Value,
    /// How often it came; counted here.
    #[serde(skip)]
    pub times: u32,
}

/// Why a message was not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The shop and the collector share no secret, or another one, or the signature is too old.
    Signature,
    /// It is no message of ours.
    Malformed,
    /// The mood says so.
    Mood(Mood),
}

/// The program.
pub struct Erp {
    secret: Option<String>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    mood: Mood,
    /// The newest first.
    messages: VecDeque<Message>,
}

impl Erp {
    /// With the secret that it shares with the collector; without one it takes nothing.
    pub fn new(secret: Option<String>) -> Self {
        Self {
            secret,
            book: Mutex::default(),
        }
    }

    /// Takes a message with its `X-Purchase-Signature`. A repeat is only counted: a webhook may come more than once.
    pub fn take(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<(), Refusal> {
        if !self.is_signed(signature, body, now.as_second()) {
            return Err(Refusal::Signature);
        }
        let message: Message = serde_json::from_slice(body).map_err(|_| Refusal::Malformed)?;
        let mut book = self.book();
        if book.mood != Mood::Takes {
            return Err(Refusal::Mood(book.mood));
        }
        match book.messages.iter_mut().find(|kept| kept.id == message.id) {
            Some(kept) => kept.times += 1,
            None => book.messages.push_front(Message { times: 1, ..message }),
        }
        book.messages.truncate(KEPT_MAX);
        Ok(())
    }

    /// `t=<unix seconds>,v1=<hex of HMAC-SHA-256(secret, t "." body)>`, compared in constant time.
    fn is_signed(&self, signature: &str, body: &[u8], now: i64) -> bool {
        let part = |name: &str| signature.split(',').find_map(|part| part.trim().strip_prefix(name));
        let (Some(secret), Some(time), Some(code)) = (&self.secret, part("t="), part("v1=").and_then(from_hex)) else {
            return false;
        };
        let is_recent = time
            .parse::<i64>()
            .is_ok_and(|time| now.abs_diff(time) <= SIGNATURE_SECONDS_MAX.unsigned_abs());
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        is_recent && mac.verify_slice(&code).is_ok()
    }

    /// What it took, the newest first.
    pub fn messages(&self) -> Vec<Message> {
        self.book().messages.iter().cloned().collect()
    }

    /// What it answers now.
    pub fn mood(&self) -> Mood {
        self.book().mood
    }

    /// From now on it answers so.
    pub fn set_mood(&self, mood: Mood) {
        self.book().mood = mood;
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic elsewhere leaves the book as it was.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| digit.try_into().ok()))
        .collect();
    let pairs = digits?;
    let (pairs, rest) = pairs.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef";
    /// Of `1700000000.` and the body below, by `openssl dgst -sha256 -hmac`.
    const SIGNATURE: &str = "t=1700000000,v1=3afb2828c60f047aee09834135c10c4292965dafa18e5ef486329628d7cb57fe";
    const BODY: &str = r#"{"id":"demo:1:placed","event":"placed","purchase_id":"1","purchase":{}}"#;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn only_a_fresh_signature_with_the_secret_is_taken() {
        let erp = Erp::new(Some(SECRET.to_owned()));
        let now = at(1_700_000_010);
        for (signature, body, now) in [
            ("", BODY, now),
            ("t=1700000000", BODY, now),
            ("t=1700000000,v1=", BODY, now),
            (&SIGNATURE.replace("t=1700000000", "t=1700000001"), BODY, now),
            (&SIGNATURE[..SIGNATURE.len() - 1], BODY, now),
            (SIGNATURE, &BODY.replace("\"1\"", "\"2\""), now),
            (SIGNATURE, BODY, at(1_700_000_301)),
        ] {
            assert_eq!(
                erp.take(signature, body.as_bytes(), now),
                Err(Refusal::Signature),
                "{signature}"
            );
        }
        assert_eq!(
            Erp::new(None).take(SIGNATURE, BODY.as_bytes(), now),
            Err(Refusal::Signature)
        );
        let other = Erp::new(Some("another secret, too".to_owned()));
        assert_eq!(other.take(SIGNATURE, BODY.as_bytes(), now), Err(Refusal::Signature));
        assert!(erp.messages().is_empty());
        assert_eq!(erp.take(SIGNATURE, BODY.as_bytes(), now), Ok(()));
    }

    #[test]
    fn a_repeat_is_counted_and_a_mood_answered() {
        let erp = Erp::new(Some(SECRET.to_owned()));
        let now = at(1_700_000_000);
        for _ in 0..3 {
            assert_eq!(erp.take(SIGNATURE, BODY.as_bytes(), now), Ok(()));
        }
        let kept: Vec<_> = erp
            .messages()
            .iter()
            .map(|kept| (kept.id.clone(), kept.times))
            .collect();
        assert_eq!(kept, [("demo:1:placed".to_owned(), 3)]);
        erp.set_mood(Mood::Busy);
        assert_eq!(
            erp.take(SIGNATURE, BODY.as_bytes(), now),
            Err(Refusal::Mood(Mood::Busy))
        );
        assert_eq!(erp.messages()[0].times, 3);
    }
}
