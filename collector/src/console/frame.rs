//! What every page has around its content: the reader, the language, the time zone, the navigation.

use axum::http::{Method, header, request::Parts};
use axum_extra::extract::cookie::CookieJar;
use jiff::tz::TimeZone;
use url::Url;

use super::{
    Console,
    catalogue::Language,
    format::{Whole, Words},
};
use crate::store::console::{Person, Role};

/// The cookie with a language's tag.
pub const LANGUAGE_COOKIE: &str = "purchase_console_language";

/// The cookie with a time zone's name.
pub const ZONE_COOKIE: &str = "purchase_console_zone";

/// Outcomes of actions that a page may report, as keys of texts; the address says which.
const NOTICES: [&str; 7] = [
    "notice-test-made",
    "notice-judged-again",
    "notice-still-refused",
    "notice-queued",
    "notice-nothing-queued",
    "notice-adding",
    "notice-still-adding",
];

/// Time zones that are suggested; any other IANA name may be written.
pub const ZONES: [&str; 12] = [
    "UTC",
    "Europe/Madrid",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Rome",
    "America/Sao_Paulo",
    "America/Bogota",
    "America/Mexico_City",
    "America/Santiago",
    "America/Argentina/Buenos_Aires",
];

/// Around the content of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// How texts are written.
    pub words: Words,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Path and query of the page, or of the page whose form was sent: an address to come back to.
    pub path: String,
    /// A key of a text about what was just done.
    pub notice: Option<&'static str>,
}

impl Frame {
    /// The frame of a request's page, with nobody signed in.
    pub fn of(parts: &Parts, console: &Console) -> Frame {
        let jar = CookieJar::from_headers(&parts.headers);
        let chosen = jar
            .get(LANGUAGE_COOKIE)
            .and_then(|cookie| Language::from_tag(cookie.value()));
        let accepted = || {
            let header = parts.headers.get(header::ACCEPT_LANGUAGE);
            Language::accepted(header.and_then(|header| header.to_str().ok()).unwrap_or_default())
        };
        let zone = jar.get(ZONE_COOKIE).and_then(|cookie| zone(cookie.value()));
        let done = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .find_map(|pair| pair.strip_prefix("done="));
        Frame {
            words: Words {
                language: chosen.unwrap_or_else(accepted),
                zone: zone.unwrap_or_else(|| console.zone.clone()),
            },
            person: None,
            path: path_of(parts),
            notice: done.and_then(|done| {
                NOTICES
                    .into_iter()
                    .find(|notice| notice.strip_prefix("notice-") == Some(done))
            }),
        }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// The text of a key that depends on a count.
    pub fn n(&self, key: &str, count: impl Whole) -> String {
        self.words.n(key, count)
    }

    /// The text of a key with one value.
    pub fn t1(&self, key: &str, name: &str, value: &str) -> String {
        self.words.t1(key, name, value)
    }

    /// Whether the reader may change things.
    pub fn is_admin(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Admin)
    }

    /// The name of the time zone.
    pub fn zone(&self) -> &str {
        self.words.zone.iana_name().unwrap_or("UTC")
    }

    /// Whether the page belongs to this entry of the navigation.
    pub fn is_at(&self, entry: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        // The page of one thing belongs to the list of such things.
        let list = match path {
            "/console/purchase" => "/console/purchases",
            "/console/refusal" => "/console/refused",
            other => other,
        };
        list == entry
    }

    /// The navigation: address and key of each entry.
    pub fn navigation(&self) -> [(&'static str, &'static str); 6] {
        [
            ("/console", "nav-overview"),
            ("/console/purchases", "nav-purchases"),
            ("/console/refused", "nav-refused"),
            ("/console/checkouts", "nav-checkouts"),
            ("/console/accuracy", "nav-accuracy"),
            ("/console/destinations", "nav-destinations"),
        ]
    }

    /// The suggested time zones.
    pub fn zones(&self) -> &'static [&'static str] {
        &ZONES
    }

    /// The languages.
    pub fn languages(&self) -> &'static [Language] {
        &Language::ALL
    }
}

/// A time zone by its IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// Where the reader is. A form's own address answers nothing but forms, so there the page counts on which it stood: our pages
/// make browsers name it (`Referrer-Policy: same-origin`).
fn path_of(parts: &Parts) -> String {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return own_path(parts.uri.path_and_query().map_or("", |path| path.as_str()));
    }
    let from = parts.headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from
        .and_then(|from| Url::parse(from).ok())
        .map(|from| match from.query() {
            Some(query) => format!("{}?{query}", from.path()),
            None => from.path().to_owned(),
        });
    own_path(&path.unwrap_or_default())
}

/// A path of the console, to go back to; anything else leads to its first page, not to where a link wants it.
pub fn own_path(path: &str) -> String {
    let rest = path.strip_prefix("/console");
    let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own && is_plain {
        path.to_owned()
    } else {
        "/console".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_consoles_own_pages_are_gone_back_to() {
        for own in ["/console", "/console/purchases?site=demo", "/console?done=x"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/console",
            "/consoles",
            "/console\\evil",
            "/console/\r\nX: y",
        ] {
            assert_eq!(own_path(other), "/console", "{other:?}");
        }
    }
}
