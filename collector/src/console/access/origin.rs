//! Whether a request that changes something comes from the console's own pages.

use axum::http::{HeaderMap, header};
use url::Url;

/// Set by browsers and by no page (<https://www.w3.org/TR/fetch-metadata/>).
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Whether the browser says that one of our own pages sent it. A request without either header comes from no browser that could
/// carry somebody's cookie unasked, but we don't answer it either.
pub fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default())
    };
    if let Some(site) = text(header::HeaderName::from_static(SEC_FETCH_SITE)) {
        return site == "same-origin";
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return false;
    };
    // The scheme is the proxy's affair; a page of the same host and port under another scheme cannot be told apart here.
    Url::parse(origin).is_ok_and(|origin| {
        let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
        origin
            .host_str()
            .is_some_and(|name| format!("{name}{port}").eq_ignore_ascii_case(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_browsers_say_comes_from_here() {
        let cases: [(&[(&'static str, &'static str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://c.example"),
                    ("host", "c.example"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://c.example"), ("host", "c.example")], true),
            (&[("origin", "http://127.0.0.1:7500"), ("host", "127.0.0.1:7500")], true),
            (&[("origin", "https://shop.example"), ("host", "c.example")], false),
            (&[("origin", "null"), ("host", "c.example")], false),
            (&[("host", "c.example")], false),
        ];
        for (given, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                headers.insert(*name, value.parse().expect("a value"));
            }
            assert_eq!(is_own(&headers), expected, "{given:?}");
        }
    }
}
