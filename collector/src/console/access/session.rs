//! Sessions: a random token in a cookie that no script can read, its digest in the database.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};

use crate::{
    clock::now_ms,
    console::{Console, ConsoleError, frame::Frame},
    hexadecimal::hexadecimal,
    store::{
        StoreError,
        console::{HOUR_MS, Person, Role},
    },
};

/// How long a session lasts, in hours, whatever is done in it: a working day.
pub const SESSION_HOURS: i64 = 12;

/// The cookie's name.
const COOKIE: &str = "purchase_console";

/// Bytes of a token; it cannot be guessed.
const TOKEN_BYTES: usize = 32;

/// Whether the request came over TLS, as the proxy before us says. Whoever lies about it harms only their own cookie.
fn is_secure(headers: &HeaderMap) -> bool {
    let scheme = headers.get("x-forwarded-proto").map(|scheme| scheme.as_bytes());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"https"))
}

fn digest(token: &str) -> String {
    hexadecimal(Sha256::digest(token))
}

/// The cookie with which everything begins and ends: of this host, not for scripts, not sent along by other sites' forms.
fn cookie(headers: &HeaderMap, token: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, token);
    cookie.set_path("/console");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(is_secure(headers));
    cookie
}

/// Begins a session for somebody whose password was right; returns the jar with its cookie.
///
/// # Errors
/// If the database fails or the machine gives no random numbers.
pub async fn begin(
    console: &Console,
    headers: &HeaderMap,
    jar: CookieJar,
    name: &str,
) -> Result<CookieJar, ConsoleError> {
    // A session that was there before is no longer anybody's.
    let jar = end(console, headers, jar).await?;
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| ConsoleError::Failed)?;
    let token = hexadecimal(bytes);
    let now = now_ms();
    let until = now + SESSION_HOURS * HOUR_MS;
    console
        .store
        .begin_session(digest(&token), name.to_owned(), now, until)
        .await?;
    Ok(jar.add(cookie(headers, token)))
}

/// Ends the request's session, if it has one; returns the jar without its cookie. Twice is harmless.
///
/// # Errors
/// If the database fails.
pub async fn end(console: &Console, headers: &HeaderMap, jar: CookieJar) -> Result<CookieJar, StoreError> {
    if let Some(token) = jar.get(COOKIE) {
        console.store.end_session(digest(token.value())).await?;
        return Ok(jar.remove(cookie(headers, String::new())));
    }
    Ok(jar)
}

/// Whose session the request belongs to.
async fn person(console: &Console, headers: &HeaderMap) -> Result<Option<Person>, StoreError> {
    let jar = CookieJar::from_headers(headers);
    match jar.get(COOKIE) {
        Some(token) => console.store.person_of_session(&digest(token.value()), now_ms()).await,
        None => Ok(None),
    }
}

/// Somebody signed in, and the frame of the page they asked for.
pub struct SignedIn(pub Frame);

impl FromRequestParts<Console> for SignedIn {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<SignedIn, ConsoleError> {
        let mut frame = Frame::of(parts, console);
        frame.person = person(console, &parts.headers).await?;
        if frame.person.is_some() {
            Ok(SignedIn(frame))
        } else {
            Err(ConsoleError::SignIn(frame.path))
        }
    }
}

/// Somebody signed in who may change things.
pub struct Admin(pub Frame);

impl FromRequestParts<Console> for Admin {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Admin, ConsoleError> {
        let SignedIn(frame) = SignedIn::from_request_parts(parts, console).await?;
        let is_admin = frame.person.as_ref().is_some_and(|person| person.role == Role::Admin);
        if is_admin {
            Ok(Admin(frame))
        } else {
            Err(ConsoleError::Role)
        }
    }
}
