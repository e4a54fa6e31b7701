//! One person's address in all the spellings in which it may have been kept.

use std::ops::Range;

use purchase_core::{Contact, ContactMode};

use super::digest;
use crate::redact;

/// What a text is: contacts have places of their own in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Json,
    Plain,
}

/// An address and its hashes, in lower case.
#[derive(Clone, Debug)]
pub struct Needles(Vec<Vec<char>>);

impl Needles {
    pub fn new(email: &str) -> Needles {
        let email = email.trim().to_lowercase();
        // By the rules of Google, as the tag makes it, and by those of Meta, which a shop's own page may have used.
        let google = Contact::read(&email, ContactMode::Sha256).map(|hash| hash.as_str().to_owned());
        let mut needles = vec![digest::of_text(&email), email];
        needles.extend(google);
        needles.sort();
        needles.dedup();
        Needles(needles.iter().map(|needle| needle.chars().collect()).collect())
    }

    /// Patterns for `LOWER(…) LIKE … ESCAPE '!'`. They find every text with a needle, and a few without: databases differ in
    /// which letters they lower, and texts in what they write as an escape.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|needle| {
            let mut pattern = String::from("%");
            for &letter in needle {
                match letter {
                    '_' => pattern.push_str("!_"),
                    'a'..='z' | '0'..='9' | '.' | '-' => pattern.push(letter),
                    _ => pattern.push('%'),
                }
            }
            pattern + "%"
        })
    }

    /// The text without any contact, and without these wherever else they stand; none if they stand nowhere in it.
    pub fn cut(&self, text: &str, kind: Kind) -> Option<String> {
        let is_in = |text: &str| {
            let letters = letters(text);
            self.0.iter().any(|needle| find(&letters, needle).is_some())
        };
        if !is_in(text) {
            return None;
        }
        let text = match kind {
            Kind::Json => redact::without_contact(text).into_owned(),
            Kind::Plain => text.to_owned(),
        };
        Some(self.0.iter().fold(text, |text, needle| without(&text, needle)))
    }
}

fn without(text: &str, needle: &[char]) -> String {
    let letters = letters(text);
    let mut rest = letters.as_slice();
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    while let Some(at) = find(rest, needle) {
        let Some((first, last)) = rest.get(at).zip(rest.get(at + needle.len() - 1)) else {
            break;
        };
        out.push_str(text.get(done..first.place.start).unwrap_or_default());
        done = last.place.end;
        rest = rest.get(at + needle.len()..).unwrap_or_default();
    }
    out + text.get(done..).unwrap_or_default()
}

fn find(letters: &[Letter], needle: &[char]) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    letters
        .windows(needle.len())
        .position(|window| window.iter().map(|letter| letter.lower).eq(needle.iter().copied()))
}

/// A letter in lower case, and the bytes that spell it.
struct Letter {
    lower: char,
    place: Range<usize>,
}

/// Reads what JSON (`\u00e9`) and addresses (`%40`) write in place of a letter as that letter.
fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (letter, length) = escaped(rest, "\\u", 4)
            .or_else(|| escaped(rest, "%", 2).filter(|(letter, _)| letter.is_ascii()))
            .or_else(|| rest.chars().next().map(|letter| (letter, letter.len_utf8())))
            .unwrap_or(('\0', rest.len()));
        let place = at..at + length;
        letters.extend(letter.to_lowercase().map(|lower| Letter {
            lower,
            place: place.clone(),
        }));
        at = place.end;
    }
    letters
}

/// The letter that an escape with so many hexadecimal digits at the start of the text stands for, and the escape's length in bytes.
fn escaped(text: &str, sign: &str, digits: usize) -> Option<(char, usize)> {
    let code = text.strip_prefix(sign)?.get(..digits)?;
    if !code.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let letter = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    Some((letter, sign.len() + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_wherever_it_stands() {
        let needles = Needles::new(" Jane.Doe@Gmail.com ");
        let text = r#"{"contact":{"email":"x"},"note":"call JANE.DOE@gmail.com, jane.doe%40gmail.com","n":"1"}"#;
        assert_eq!(
            needles.cut(text, Kind::Json).as_deref(),
            Some(r#"{"note":"call , ","n":"1"}"#)
        );
        for hashed in ["janedoe@gmail.com", "jane.doe@gmail.com"] {
            let text = format!(r#"{{"h":"{}"}}"#, digest::of_text(hashed).to_uppercase());
            assert_eq!(
                needles.cut(&text, Kind::Json).as_deref(),
                Some(r#"{"h":""}"#),
                "{hashed}"
            );
        }
    }

    #[test]
    fn other_peoples_stay() {
        let needles = Needles::new("jane@shop.example");
        for text in [
            r#"{"email":"john@shop.example"}"#,
            r#"{"email":"jane@shop2example"}"#,
            "",
        ] {
            assert_eq!(needles.cut(text, Kind::Json), None, "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_found_in_every_spelling() {
        for given in ["josé@shop.example", "JOSÉ@SHOP.EXAMPLE"] {
            let needles = Needles::new(given);
            for kept in [
                "José@shop.example",
                "JOSÉ@shop.example",
                r"jos\u00E9@shop.example",
                r"JOS\u00c9@shop.example",
            ] {
                let cut = needles.cut(&format!("by {kept}."), Kind::Plain);
                assert_eq!(cut.as_deref(), Some("by ."), "{given} in {kept}");
            }
        }
    }

    #[test]
    fn a_patterns_own_letters_are_letters() {
        let patterns: Vec<_> = Needles::new("a_b%c!d@é.example").patterns().collect();
        assert!(patterns.contains(&"%a!_b%c%d%%.example%".to_owned()), "{patterns:?}");
    }
}
