//! Which shops may post, and from which pages.

use std::collections::HashMap;

use purchase_core::wire::is_site_key;
use url::Url;

/// One `--site KEY=ORIGIN[,ORIGIN…]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteOption {
    /// The shop's key.
    pub key: String,
    /// Origins of its pages, as browsers write them in the `Origin` header.
    pub origins: Vec<String>,
}

impl SiteOption {
    /// Reads the option's text.
    ///
    /// # Errors
    /// A sentence if the key or an origin is malformed.
    pub fn parse(text: &str) -> Result<SiteOption, String> {
        let (key, origins) = text
            .split_once('=')
            .ok_or("write KEY=ORIGIN, such as demo=https://shop.example")?;
        if !is_site_key(key) {
            return Err(format!("the key \"{key}\" must be 1 to 64 of A-Z a-z 0-9 . _ -"));
        }
        let origins = origins.split(',').map(origin).collect::<Result<_, _>>()?;
        Ok(SiteOption {
            key: key.to_owned(),
            origins,
        })
    }
}

/// What browsers send for a page without an origin of its own, such as a sandboxed frame (a Shopify pixel).
const OPAQUE_ORIGIN: &str = "null";

/// The origin in a browser's spelling: lower case, no default port, no path; or `null`.
fn origin(text: &str) -> Result<String, String> {
    if text.trim() == OPAQUE_ORIGIN {
        return Ok(OPAQUE_ORIGIN.to_owned());
    }
    let wrong = || format!("\"{text}\" is no origin: write scheme and host, such as https://shop.example");
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if plain && url.origin().is_tuple() {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(wrong())
    }
}

/// The shops known to a collector. Without any every key and origin is accepted.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    origins_by_key: HashMap<String, Vec<String>>,
}

impl Sites {
    /// A key given twice has the origins of both.
    pub fn new(options: Vec<SiteOption>) -> Sites {
        let mut sites = Sites::default();
        for SiteOption { key, origins } in options {
            sites.origins_by_key.entry(key).or_default().extend(origins);
        }
        sites
    }

    /// The keys of the known shops, in no order.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        self.origins_by_key.keys().cloned()
    }

    /// Whether every shop is accepted.
    pub fn is_open(&self) -> bool {
        self.origins_by_key.is_empty()
    }

    /// Whether messages for this shop are taken.
    pub fn takes(&self, key: &str) -> bool {
        self.is_open() || self.origins_by_key.contains_key(key)
    }

    /// Whether pages of this origin may read answers at all; which shop they post for is not known yet.
    pub fn knows_origin(&self, origin: &str) -> bool {
        self.is_open() || self.origins_by_key.values().flatten().any(|known| known == origin)
    }

    /// Whether a request for this shop may come from this origin. Requests without one come from no browser.
    ///
    /// # Errors
    /// A sentence for the answer.
    pub fn admit(&self, key: &str, origin: Option<&str>) -> Result<(), &'static str> {
        if self.is_open() {
            return Ok(());
        }
        let origins = self
            .origins_by_key
            .get(key)
            .ok_or("this collector does not know the site")?;
        match origin {
            Some(origin) if !origins.iter().any(|known| known == origin) => Err("the site does not have this origin"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_do() {
        let option = SiteOption::parse("demo=https://Shop.Example:443/,http://127.0.0.1:7501").expect("well-formed");
        assert_eq!(option.origins, ["https://shop.example", "http://127.0.0.1:7501"]);
        for wrong in [
            "demo",
            "de mo=https://a.b",
            "demo=",
            "demo=shop.example",
            "demo=https://a.b/path",
            "demo=file:///x",
        ] {
            assert!(SiteOption::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_known_sites_from_their_own_origins_or_from_no_browser() {
        let sites = Sites::new(vec![SiteOption::parse("a=https://a.b").expect("well-formed")]);
        assert_eq!(sites.admit("a", Some("https://a.b")), Ok(()));
        assert_eq!(sites.admit("a", None), Ok(()));
        assert!(sites.admit("a", Some("https://c.d")).is_err());
        assert!(sites.admit("a", Some("null")).is_err());
        assert!(sites.admit("b", None).is_err());
        assert_eq!(Sites::default().admit("b", Some("https://x.y")), Ok(()));
        let framed = Sites::new(vec![SiteOption::parse("a=https://a.b,null").expect("well-formed")]);
        assert_eq!(framed.admit("a", Some("null")), Ok(()));
        assert!(framed.knows_origin("null"));
    }
}
