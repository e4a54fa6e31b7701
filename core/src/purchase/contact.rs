//! The buyer's e-mail, if the site asks for it.

use alloc::string::{String, ToString};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{rules::ContactMode, text::is_blank};

/// Longest e-mail address, in characters (RFC 5321: 64 + 1 + 255).
pub const EMAIL_CHARS_MAX: usize = 320;

/// The buyer, as far as the site's configuration lets us know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Contact {
    /// The address as written.
    #[serde(rename = "email")]
    Email(String),
    /// Lower-case hexadecimal SHA-256 of the normalised address.
    #[serde(rename = "email_sha256")]
    EmailSha256(String),
}

impl Contact {
    /// Reads a trimmed address. None if it is malformed or the mode is [`ContactMode::None`].
    ///
    /// Normalisation before hashing is the ad platforms': lower case, and no dots before `@gmail.com`
    /// (<https://developers.google.com/google-ads/api/docs/conversions/enhance-conversions>).
    pub fn read(text: &str, mode: ContactMode) -> Option<Contact> {
        match mode {
            ContactMode::None => None,
            // A hash that the page made is passed on.
            _ if is_sha256(text) => Some(Contact::EmailSha256(text.to_string())),
            _ if !is_email(text) => None,
            ContactMode::Email => Some(Contact::Email(text.to_string())),
            ContactMode::Sha256 => Some(Contact::EmailSha256(sha256(&normalised(text)))),
        }
    }

    /// The address or the hash.
    pub fn as_str(&self) -> &str {
        match self {
            Contact::Email(text) | Contact::EmailSha256(text) => text,
        }
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && !text.chars().any(|c| is_blank(c) || c.is_control())
        && text.chars().count() <= EMAIL_CHARS_MAX
}

fn normalised(email: &str) -> String {
    // ASCII only: the tables of all the world's letters weigh more than the rest of this file, and mail providers hand out
    // no other capitals.
    let email = email.to_ascii_lowercase();
    match email.split_once('@') {
        Some((local, domain @ ("gmail.com" | "googlemail.com"))) => local.replace('.', "") + "@" + domain,
        _ => email,
    }
}

fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 }));
        }
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_normalised_address() {
        let hash = |text| Contact::read(text, ContactMode::Sha256).map(|contact| contact.as_str().to_string());
        assert_eq!(hash("Jane.Doe@Gmail.com"), hash("janedoe@gmail.com"));
        assert_ne!(hash("jane.doe@shop.example"), hash("janedoe@shop.example"));
        // echo -n test@example.com | sha256sum
        assert_eq!(
            hash("Test@Example.com").as_deref(),
            Some("973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b")
        );
    }

    #[test]
    fn malformed_addresses_and_the_default_mode_give_nothing() {
        for text in ["", "a", "@", "a@", "@b", "a@b@c", "a b@c"] {
            assert_eq!(Contact::read(text, ContactMode::Email), None, "{text}");
        }
        assert_eq!(Contact::read("a@b.c", ContactMode::None), None);
    }
}
