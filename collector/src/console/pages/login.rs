//! `/console/login` and `/console/logout`.

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{FromRequest, FromRequestParts, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use crate::console::{
    Console, ConsoleError,
    access::{self, Client, password},
    answer::{Page, page},
    frame::{Frame, own_path},
};

/// The routes.
pub fn router() -> Router<Console> {
    Router::new()
        .route("/console/login", get(show).post(sign_in))
        .route("/console/logout", post(sign_out))
}

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    frame: Frame,
    to: String,
    failed: bool,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    to: String,
}

/// A page that nobody needs to be signed in for.
struct Anyone(Frame);

impl FromRequestParts<Console> for Anyone {
    type Rejection = ConsoleError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        console: &Console,
    ) -> Result<Anyone, ConsoleError> {
        Ok(Anyone(Frame::of(parts, console)))
    }
}

async fn show(Anyone(frame): Anyone, Query(Wanted { to }): Query<Wanted>) -> Page {
    let to = own_path(&to);
    page(&Login {
        frame,
        to,
        failed: false,
    })
}

async fn sign_in(
    State(console): State<Console>,
    Anyone(frame): Anyone,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
    jar: CookieJar,
    request: Request,
) -> Result<Response, ConsoleError> {
    let form = Form::<Credentials>::from_request(request, &()).await;
    let Form(given) = form.map_err(|_| ConsoleError::Malformed)?;
    let to = own_path(&given.to);
    let name = password::name(&given.name);
    // What is no name is nobody's; it costs as much as a name.
    let counted = name.clone().unwrap_or_default();
    let too_many = |seconds| {
        tracing::warn!("too many attempts to sign in");
        ConsoleError::Attempts(seconds)
    };
    let client = client.map(|Extension(client)| client);
    console.attempts.count(client, &counted).map_err(too_many)?;
    let stored = match &name {
        Some(name) => console.store.password_of(name).await?,
        None => None,
    };
    let given = given.password;
    let is_right = {
        let _turn = console.attempts.turn().await.map_err(too_many)?;
        let checked = tokio::task::spawn_blocking(move || password::is_right(&given, stored.as_deref()));
        checked.await.map_err(|_| ConsoleError::Failed)?
    };
    let Some(name) = name.filter(|_| is_right) else {
        tracing::warn!("somebody could not sign in");
        let page = page(&Login {
            frame,
            to,
            failed: true,
        })?;
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    };
    let jar = access::begin(&console, &headers, jar, &name).await?;
    Ok((jar, Redirect::to(&to)).into_response())
}

async fn sign_out(
    State(console): State<Console>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<(CookieJar, Redirect), ConsoleError> {
    let jar = access::end(&console, &headers, jar).await?;
    Ok((jar, Redirect::to("/console/login")))
}
