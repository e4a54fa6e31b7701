//! The secrets of the shops' servers. They are compared, and never written anywhere.

mod options;

use std::{
    collections::{HashMap, HashSet},
    fmt, fs,
};

use hmac::{Hmac, KeyInit, Mac};
use purchase_core::wire::is_site_key;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use self::options::{SecretError, SecretFileOption, SecretOption};
use crate::{cli::Serve, sites::Sites};

/// Shortest secret, in bytes: a signature that was overheard must not be enough to guess it.
pub const SECRET_BYTES_MIN: usize = 16;

/// Longest time between a signature and its arrival, in seconds, either way, because clocks differ.
pub const SIGNATURE_SECONDS_MAX: u64 = 300;

/// What a request carries to prove that it comes from the shop's server.
#[derive(Clone, Copy)]
pub enum Credentials<'a> {
    /// The secret itself.
    Bearer(&'a [u8]),
    /// The text of a signature: `t=<unix seconds>,v1=<hex of HMAC-SHA-256(secret, t "." body)>`.
    Signature(&'a str),
}

/// The secrets by site. A site may have several, so that one can be replaced by another while both are in use.
#[derive(Clone, Default)]
pub struct Secrets {
    by_site: HashMap<String, Vec<Vec<u8>>>,
    /// The sites whose pages' purchases are taken only with a signature.
    required: HashSet<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_site.keys()).finish()
    }
}

impl Secrets {
    /// The secrets of the options and of their files; blanks around them do not count.
    ///
    /// # Errors
    /// If an option is malformed, a file cannot be read, a secret is too short, its site is not known, or a site requires
    /// signatures and has no secret.
    pub fn load(options: &Serve) -> Result<Secrets, SecretError> {
        let sites = Sites::new(options.sites.clone());
        let mut secrets = Secrets::default();
        for (number, SecretOption(text)) in (1..).zip(&options.server_secrets) {
            let (site, secret) = text
                .split_once('=')
                .filter(|(site, _)| is_site_key(site))
                .ok_or(SecretError::Form(number))?;
            if sites.admit(site, None).is_err() {
                return Err(SecretError::Site(number));
            }
            if !secrets.add(site, secret) {
                return Err(SecretError::Short(number));
            }
        }
        for SecretFileOption { site, path } in &options.server_secret_files {
            let secret = fs::read_to_string(path).map_err(|error| SecretError::File {
                path: path.clone(),
                error,
            })?;
            if sites.admit(site, None).is_err() {
                return Err(SecretError::SiteOfFile(site.clone()));
            }
            if !secrets.add(site, &secret) {
                return Err(SecretError::ShortFile(path.clone()));
            }
        }
        for site in &options.require_signatures {
            if sites.admit(site, None).is_err() {
                return Err(SecretError::SiteOfSignature(site.clone()));
            }
            if !secrets.has(site) {
                return Err(SecretError::SignatureWithoutSecret(site.clone()));
            }
            secrets.required.insert(site.clone());
        }
        Ok(secrets)
    }

    /// Whether the site has a secret, so that signatures on its pages can be checked.
    pub fn has(&self, site: &str) -> bool {
        self.by_site.contains_key(site)
    }

    /// Whether purchases from the site's pages are taken only with a signature.
    pub fn requires_signature(&self, site: &str) -> bool {
        self.required.contains(site)
    }

    /// Whether the site's server made this signature, in hexadecimal, of this text of a page. It holds for ever, because a page may
    /// be delivered weeks later; used again it is harmless, because the same purchase is stored once.
    pub fn signed(&self, site: &str, signature: &str, text: &str) -> bool {
        from_hexadecimal(signature).is_some_and(|code| is_code(&code, self.of(site), &[text.as_bytes()]))
    }

    fn of(&self, site: &str) -> &[Vec<u8>] {
        self.by_site.get(site).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether it was long enough and was added.
    fn add(&mut self, site: &str, secret: &str) -> bool {
        let secret = secret.trim().as_bytes().to_vec();
        let long_enough = secret.len() >= SECRET_BYTES_MIN;
        if long_enough {
            self.by_site.entry(site.to_owned()).or_default().push(secret);
        }
        long_enough
    }

    /// Whether these credentials of a request with this body prove that the site's server sent it; `now` is in seconds since
    /// 1970. A signature may be used again within its time, which is harmless: the same purchase is stored once.
    pub fn admit(&self, site: &str, credentials: Credentials<'_>, body: &[u8], now: u64) -> bool {
        let secrets = self.of(site);
        match credentials {
            // No `any`: the time must not tell which secret it was.
            Credentials::Bearer(given) => secrets.iter().fold(false, |found, secret| found | same(given, secret)),
            Credentials::Signature(text) => Signature::read(text)
                .filter(|signature| signature.seconds.abs_diff(now) <= SIGNATURE_SECONDS_MAX)
                .is_some_and(|signature| is_code(&signature.code, secrets, &[signature.time.as_bytes(), b".", body])),
        }
    }
}

/// Whether two secrets are the same. Digests have one length, so that the comparison takes the same time whatever was sent.
pub fn same(given: &[u8], expected: &[u8]) -> bool {
    Sha256::digest(given).ct_eq(&Sha256::digest(expected)).into()
}

struct Signature<'a> {
    /// As written: it is what was signed.
    time: &'a str,
    seconds: u64,
    code: [u8; 32],
}

impl Signature<'_> {
    fn read(text: &str) -> Option<Signature<'_>> {
        let (time, code) = text.split_once(',')?;
        let time = time.trim().strip_prefix("t=")?;
        let code = code.trim().strip_prefix("v1=")?;
        let digits = time.bytes().all(|byte| byte.is_ascii_digit());
        Some(Signature {
            time,
            seconds: time.parse().ok().filter(|_| digits)?,
            code: from_hexadecimal(code)?,
        })
    }
}

/// Whether this is HMAC-SHA-256 of the parts by one of the secrets. Each of them is tried: the time must not tell which it was.
fn is_code(code: &[u8; 32], secrets: &[Vec<u8>], parts: &[&[u8]]) -> bool {
    secrets.iter().fold(false, |found, secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
            return found;
        };
        parts.iter().for_each(|part| mac.update(part));
        found | mac.verify_slice(code).is_ok()
    })
}

fn from_hexadecimal(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digit = |index: usize| char::from(*pair.get(index)?).to_digit(16);
        *byte = u8::try_from(16 * digit(0)? + digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by `printf '1763765393.{"site":"demo"}' | openssl dgst -sha256 -hmac <secret>`.
    const SECRET: &str = "0123456789abcdef";
    const BODY: &[u8] = br#"{"site":"demo"}"#;
    const CODE: &str = "5187fdbbed5d8c6772660d7f23e532c91702c8e56366a56a23423d7090d68d57";

    fn admit(credentials: Credentials<'_>, body: &[u8], now: u64) -> bool {
        let mut secrets = Secrets::default();
        assert!(secrets.add("demo", "another secret of this site") && secrets.add("demo", SECRET));
        assert!(!secrets.admit("other", credentials, body, now));
        secrets.admit("demo", credentials, body, now)
    }

    #[test]
    fn a_signature_holds_for_its_body_and_its_time() {
        let good = format!("t=1763765393,v1={CODE}");
        let holds = |text: &str, body: &[u8], now| admit(Credentials::Signature(text), body, now);
        for now in [1_763_765_393, 1_763_765_093, 1_763_765_693] {
            assert!(holds(&good, BODY, now), "{now}");
        }
        for now in [0, 1_763_765_092, 1_763_765_694, u64::MAX] {
            assert!(!holds(&good, BODY, now), "{now}");
        }
        assert!(holds(
            &format!("t=1763765393, v1={}", CODE.to_uppercase()),
            BODY,
            1_763_765_393
        ));
        assert!(!holds(&good, b"{}", 1_763_765_393));
        for wrong in [
            "",
            "t=1763765393",
            &format!("v1={CODE}"),
            &format!("t=1763765394,v1={CODE}"),
            &format!("t=+1763765393,v1={CODE}"),
            &format!("t=1763765393,v1={}", &CODE[2..]),
            &format!("t=1763765393,v1={}", CODE.replace(['a', 'b', '0'], "é")),
            &format!("t=1763765393,v1={}", "0".repeat(64)),
        ] {
            assert!(!holds(wrong, BODY, 1_763_765_393), "{wrong}");
        }
    }

    #[test]
    fn a_pages_signature_holds_for_its_text_and_its_site() {
        // Written by `printf '10023\n180.75\n2024-09-13T10:49:31+02:00' | openssl dgst -sha256 -hmac 0123456789abcdef`.
        const TEXT: &str = "10023\n180.75\n2024-09-13T10:49:31+02:00";
        const CODE: &str = "e7da96409045ad9268c0fe2ff38da1cee92346bec3af6c2c1fbb582657b78b61";
        let mut secrets = Secrets::default();
        assert!(secrets.add("demo", SECRET) && secrets.add("demo", "another secret of this site"));
        assert!(secrets.add("other", "the secret of another site"));
        assert!(secrets.signed("demo", CODE, TEXT) && secrets.signed("demo", &CODE.to_uppercase(), TEXT));
        assert!(!secrets.signed("other", CODE, TEXT) && !secrets.signed("unknown", CODE, TEXT));
        assert!(!secrets.signed("demo", CODE, &TEXT.replace("180.75", "180.76")));
        for wrong in ["", &CODE[2..], &format!("{CODE}00"), &"0".repeat(64), &"é".repeat(32)] {
            assert!(!secrets.signed("demo", wrong, TEXT), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_itself_and_never_shown() {
        for (given, expected) in [
            (SECRET, true),
            ("0123456789abcdeF", false),
            ("", false),
            ("0123456789abcdef0", false),
        ] {
            assert_eq!(
                admit(Credentials::Bearer(given.as_bytes()), b"", 0),
                expected,
                "{given}"
            );
        }
        let mut secrets = Secrets::default();
        assert!(secrets.add("demo", SECRET) && !secrets.add("demo", "too short"));
        let option = SecretOption::parse("demo=0123456789abcdef");
        assert!(!format!("{secrets:?} {option:?}").contains("0123"));
    }
}
