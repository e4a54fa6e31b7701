//! `/console/preferences`: language and time zone, kept in the reader's browser.

use axum::{Form, Router, extract::rejection::FormRejection, http::HeaderMap, response::Redirect, routing::post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;

use crate::console::{
    Console, ConsoleError,
    catalogue::Language,
    frame::{LANGUAGE_COOKIE, ZONE_COOKIE, own_path, zone},
};

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/preferences", post(choose))
}

#[derive(Deserialize)]
struct Choice {
    language: String,
    zone: String,
    to: String,
}

async fn choose(
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Result<(CookieJar, Redirect), ConsoleError> {
    let Form(choice) = choice.map_err(|_| ConsoleError::Malformed)?;
    let mut jar = CookieJar::from_headers(&headers);
    // What is not known changes nothing.
    if let Some(language) = Language::from_tag(&choice.language) {
        jar = jar.add(cookie(LANGUAGE_COOKIE, language.tag().to_owned()));
    }
    if let Some(name) = zone(choice.zone.trim()).and_then(|zone| zone.iana_name().map(str::to_owned)) {
        jar = jar.add(cookie(ZONE_COOKIE, name));
    }
    Ok((jar, Redirect::to(&own_path(&choice.to))))
}

fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_path("/console");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.make_permanent();
    cookie
}
