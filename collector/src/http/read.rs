//! The read API: what was kept, for those who have the token.

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, State, rejection::QueryRejection},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use purchase_core::order;
use serde::{Deserialize, Serialize};

use super::{App, HttpError, credentials};
use crate::{
    clock::now_ms,
    secrets::same,
    store::{CheckoutRow, DestinationHealth, Newest, Pass, PurchaseFilter, PurchaseHistory, PurchaseRow, RefusalRow},
};

/// Rows of a list if the request names no limit.
const LIMIT_DEFAULT: i64 = 100;

/// Most rows of a list.
const LIMIT_MAX: i64 = 1_000;

/// The routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/v1/purchases", get(purchases))
        .route("/v1/purchases/{site}/{purchase_id}", get(purchase))
        .route("/v1/checkouts", get(checkouts))
        .route("/v1/refusals", get(refusals))
        .route("/v1/destinations", get(destinations))
}

/// Proof that the request has the read token.
pub struct Reader;

impl FromRequestParts<App> for Reader {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Reader, HttpError> {
        let expected = app.read_token.as_deref().ok_or(HttpError::ReadDisabled)?;
        match credentials::bearer(&parts.headers) {
            Some(token) if same(token, expected.as_bytes()) => Ok(Reader),
            _ => Err(HttpError::Token),
        }
    }
}

/// What any list may be asked for; a list takes what concerns it.
#[derive(Deserialize)]
struct ListParameters {
    site: Option<String>,
    after: Option<i64>,
    limit: Option<i64>,
    state: Option<String>,
    placed: Option<bool>,
    open: Option<bool>,
}

impl From<ListParameters> for Newest {
    fn from(given: ListParameters) -> Newest {
        Newest {
            site: given.site.filter(|site| !site.is_empty()),
            after: given.after.unwrap_or(i64::MIN),
            limit: given.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX),
        }
    }
}

type Parameters = Result<Query<ListParameters>, QueryRejection>;

async fn purchases(_: Reader, State(app): State<App>, parameters: Parameters) -> Result<Response, HttpError> {
    #[derive(Serialize)]
    struct Answer {
        purchases: Vec<PurchaseRow>,
    }
    let parameters = given(parameters)?;
    let filter = PurchaseFilter {
        state: parameters.state.as_deref().map(state).transpose()?,
        placed: parameters.placed,
    };
    Ok(fresh(Answer {
        purchases: app.store.purchases(&parameters.into(), filter).await?,
    }))
}

async fn checkouts(_: Reader, State(app): State<App>, parameters: Parameters) -> Result<Response, HttpError> {
    #[derive(Serialize)]
    struct Answer {
        checkouts: Vec<CheckoutRow>,
    }
    let parameters = given(parameters)?;
    let open = parameters.open;
    Ok(fresh(Answer {
        checkouts: app.store.checkouts(&parameters.into(), open).await?,
    }))
}

async fn refusals(_: Reader, State(app): State<App>, parameters: Parameters) -> Result<Response, HttpError> {
    #[derive(Serialize)]
    struct Answer {
        refusals: Vec<RefusalRow>,
    }
    Ok(fresh(Answer {
        refusals: app.store.refusals(&given(parameters)?.into()).await?,
    }))
}

async fn purchase(
    _: Reader,
    State(app): State<App>,
    Path((site, purchase_id)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    #[derive(Serialize)]
    struct Answer {
        #[serde(flatten)]
        history: PurchaseHistory,
        passes: Vec<Pass>,
    }
    let history = app.store.history(&site, &purchase_id).await?;
    Ok(fresh(Answer {
        history: history.ok_or(HttpError::NotFound)?,
        passes: app.store.passes_of(&site, &purchase_id).await?,
    }))
}

async fn destinations(_: Reader, State(app): State<App>, parameters: Parameters) -> Result<Response, HttpError> {
    #[derive(Serialize)]
    struct Answer {
        destinations: Vec<DestinationHealth>,
    }
    let site = given(parameters)?.site;
    Ok(fresh(Answer {
        destinations: app.store.destinations_health(site.as_deref(), now_ms()).await?,
    }))
}

fn given(parameters: Parameters) -> Result<ListParameters, HttpError> {
    let Query(parameters) = parameters.map_err(|rejection| HttpError::Query(rejection.body_text()))?;
    Ok(parameters)
}

fn state(name: &str) -> Result<order::State, HttpError> {
    order::State::from_name(name).ok_or_else(|| {
        HttpError::Query("\"state\" is one of created, unknown, pending, canceled and completed".to_owned())
    })
}

fn fresh(body: impl Serialize) -> Response {
    (
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(body),
    )
        .into_response()
}
