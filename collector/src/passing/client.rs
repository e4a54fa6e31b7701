//! Requests over the network: bounded in time and in size, and never to another place than asked for.

use std::{
    error::Error,
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Response,
    header::{HeaderMap, RETRY_AFTER},
    redirect,
};

use super::{
    Advice,
    answer::{ANSWER_BYTES_MAX, Answer},
    request::{Method, Request},
};

/// Longest `Retry-After` that is believed, in milliseconds: a day.
const RETRY_AFTER_MS_MAX: i64 = 24 * 3_600_000;

/// Sends requests. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Client {
    timeout: Duration,
    /// Trusts no certificate: for addresses without TLS, which need none.
    plain: reqwest::Client,
    /// Trusts the system's certificates; missing until they could be read.
    trusting: Arc<OnceLock<reqwest::Client>>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, without addresses.
    pub text: String,
    /// What to do about it.
    pub advice: Advice,
    /// Whether the request may have arrived all the same.
    pub maybe_sent: bool,
}

impl Client {
    /// Each request, its answer included, has this many milliseconds.
    ///
    /// # Errors
    /// If the TLS library refuses its own defaults. Missing certificates are none: see [`Client::find_certificates`].
    pub fn new(timeout_ms: u64) -> Result<Client, reqwest::Error> {
        // Someone who uses this as a library may have chosen a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let timeout = Duration::from_millis(timeout_ms);
        Ok(Client {
            timeout,
            plain: builder(timeout).tls_certs_only([]).build()?,
            trusting: Arc::default(),
        })
    }

    /// Reads the system's certificates of authorities, if that is not done; so does every request to an `https` address, so that
    /// what is installed later is found without a new start.
    ///
    /// # Errors
    /// If there are none, as in a small container; the text says what to install.
    pub fn find_certificates(&self) -> Result<(), Failure> {
        self.trusting().map(drop)
    }

    fn trusting(&self) -> Result<&reqwest::Client, Failure> {
        if let Some(client) = self.trusting.get() {
            return Ok(client);
        }
        let built = builder(self.timeout).build().map_err(|error| Failure {
            text: format!(
                "the system's certificates of authorities cannot be read; install the package ca-certificates, or name a \
                 file with them in SSL_CERT_FILE: {}",
                with_causes(&error)
            ),
            advice: Advice::NoCertificates,
            maybe_sent: false,
        })?;
        // Whoever was faster built the same.
        Ok(self.trusting.get_or_init(|| built))
    }

    /// One request and its answer, read to its end or to [`ANSWER_BYTES_MAX`].
    ///
    /// # Errors
    /// If there is no whole answer in time.
    pub async fn exchange(&self, request: &Request) -> Result<Answer, Failure> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Patch => reqwest::Method::PATCH,
            Method::Post => reqwest::Method::POST,
        };
        let client = if request.url.starts_with("http://") {
            &self.plain
        } else {
            self.trusting()?
        };
        let mut sent = client.request(method, &request.url);
        for (name, value) in &request.headers {
            sent = sent.header(*name, value);
        }
        if let Some(body) = &request.body {
            sent = sent.body(body.clone());
        }
        let response = sent.send().await.map_err(failure)?;
        read(response).await.map_err(failure)
    }
}

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .timeout(timeout)
        // The key would go to whatever place the answer names.
        .redirect(redirect::Policy::none())
        .user_agent(concat!("purchase-collector/", env!("CARGO_PKG_VERSION")))
}

async fn read(mut response: Response) -> Result<Answer, reqwest::Error> {
    let status = response.status().as_u16();
    let retry_after_ms = pause_ms(status, response.headers(), Timestamp::now());
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= ANSWER_BYTES_MAX {
            body.truncate(ANSWER_BYTES_MAX);
            break;
        }
    }
    Ok(Answer {
        status,
        retry_after_ms,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// How long the answer asks to be left alone, in milliseconds: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), else the
/// `RateLimit-Reset` of a platform whose limit is used up
/// (<https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling>).
fn pause_ms(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = |text: &str| text.parse::<i64>().ok().map(|seconds| seconds.saturating_mul(1_000));
    let at_date = |text: &str| {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(date.as_millisecond().saturating_sub(now.as_millisecond()))
    };
    let asked = text(RETRY_AFTER.as_str()).and_then(|text| seconds(text).or_else(|| at_date(text)));
    let used_up = status == 429 || text("ratelimit-remaining") == Some("0");
    asked
        .or_else(|| text("ratelimit-reset").filter(|_| used_up).and_then(seconds))
        .map(|ms| ms.clamp(0, RETRY_AFTER_MS_MAX))
}

fn failure(error: reqwest::Error) -> Failure {
    let advice = if error.is_timeout() {
        Advice::TimedOut
    } else {
        Advice::Unreachable
    };
    let maybe_sent = !error.is_connect() && !error.is_builder();
    // The address may hold the buyer's.
    let text = with_causes(&error.without_url());
    Failure {
        text,
        advice,
        maybe_sent,
    }
}

/// The causes say more than the error itself.
fn with_causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_asks_for() {
        let now: Timestamp = "2025-11-21T22:00:00Z".parse().expect("an instant");
        let pause = |status, headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().expect("a header"));
            }
            pause_ms(status, &map, now)
        };
        for (status, headers, expected) in [
            (429, &[("retry-after", "7")][..], Some(7_000)),
            (503, &[("retry-after", "Fri, 21 Nov 2025 22:00:30 GMT")], Some(30_000)),
            (503, &[("retry-after", "Fri, 21 Nov 2025 21:00:00 GMT")], Some(0)),
            (429, &[("retry-after", "99999999999999999")], Some(RETRY_AFTER_MS_MAX)),
            (429, &[("retry-after", "soon")], None),
            (429, &[("ratelimit-reset", "3")], Some(3_000)),
            (
                202,
                &[("ratelimit-remaining", "0"), ("ratelimit-reset", "2")],
                Some(2_000),
            ),
            (202, &[("ratelimit-remaining", "5"), ("ratelimit-reset", "2")], None),
            (500, &[], None),
        ] {
            assert_eq!(pause(status, headers), expected, "{status} {headers:?}");
        }
    }
}
