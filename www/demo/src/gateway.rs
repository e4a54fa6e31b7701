//! The payment page of a bank: another origin, where the shopper pays, cancels or stays. What happens after paying, and
//! what the ways back carry, is the shopper's choice on the checkout page, so that it can be any real gateway.

mod behaviour;
mod families;
mod notifier;
mod request;
#[cfg(test)]
mod tests;
mod vouchers;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, RawForm, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use minijinja::{Value, context, value::Serde};

use self::{
    behaviour::{AUTO_SECONDS, Behaviour},
    vouchers::Vouchers,
};
pub use self::{
    behaviour::{BEHAVIOURS, DELAY_SECONDS, DELAY_SECONDS_MAX},
    families::FAMILIES,
    notifier::Notifier,
    request::Request,
};
use crate::{status::Status, views::Views};

/// A gateway.
pub struct Gateway {
    views: Views,
    /// Origin of the only shop that has a contract here.
    shop: String,
    notifier: Notifier,
    vouchers: Vouchers,
}

impl Gateway {
    /// `shop` is the origin that it returns to and notifies.
    pub fn new(views: Views, shop: String, notifier: Notifier) -> Self {
        Self {
            views,
            shop,
            notifier,
            vouchers: Vouchers::default(),
        }
    }
}

/// The gateway's routes.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/pay", get(payment_page).post(pay))
        .route("/cancel", post(cancel))
        .route("/vouchers", get(vouchers))
        .route("/vouchers/{reference}/pay", post(pay_voucher))
        .route("/static/{file}", get(static_file))
        .route("/health", get(|| async { "ok" }))
        .fallback(refused)
        .with_state(Arc::new(gateway))
}

async fn payment_page(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery) -> Response {
    let request = Request::from_query(query.unwrap_or_default().as_bytes());
    if !request.is_from(&gateway.shop) {
        return refused(State(gateway)).await;
    }
    let context = context! {
        amount => request.amount.as_str(),
        reference => request.reference.as_str(),
        fields => Value::from(Serde(request.fields())),
    };
    gateway.views.page("gateway.html", context)
}

async fn pay(State(gateway): State<Arc<Gateway>>, RawForm(form): RawForm) -> Response {
    let request = Request::from_query(&form);
    if !request.is_from(&gateway.shop) {
        return refused(State(gateway)).await;
    }
    let (status, address, answer) = match request.behaviour() {
        Behaviour::Cancel => return canceled(&gateway, &request).await,
        Behaviour::Failure => (Status::Failed, request.failure_url(), request.family().failure),
        Behaviour::Voucher => (Status::OnHold, request.return_url.as_str(), request.family().pending),
        _ => (
            Status::Processing,
            request.return_url.as_str(),
            request.family().success,
        ),
    };
    gateway.notifier.tell(&request.reference, status).await;
    match request.behaviour() {
        Behaviour::Direct | Behaviour::Failure => Redirect::to(&request.way_back(address, answer)).into_response(),
        // A posted form carries the answer in its body.
        Behaviour::Post => receipt(&gateway, &request, address, &request.parameters(answer)),
        _ => receipt(&gateway, &request, &request.way_back(address, answer), &[]),
    }
}

/// The page after the payment.
fn receipt(gateway: &Gateway, request: &Request, way_back: &str, posted: &[(&str, String)]) -> Response {
    let behaviour = request.behaviour();
    let seconds = match behaviour {
        Behaviour::Auto => Some(AUTO_SECONDS),
        Behaviour::Delay => Some(request.delay()),
        _ => None,
    };
    let voucher =
        (behaviour == Behaviour::Voucher).then(|| gateway.vouchers.issue(&request.reference, &request.amount));
    let context = context! {
        behaviour => behaviour.key(),
        amount => request.amount.as_str(),
        reference => request.reference.as_str(),
        way_back,
        posted => Value::from(Serde(posted)),
        seconds,
        voucher => voucher.map(|it| it.number),
        home => format!("{}/", gateway.shop),
    };
    gateway.views.page("gateway_done.html", context)
}

/// The shopper pressed the button.
async fn cancel(State(gateway): State<Arc<Gateway>>, RawForm(form): RawForm) -> Response {
    let request = Request::from_query(&form);
    if !request.is_from(&gateway.shop) {
        return refused(State(gateway)).await;
    }
    canceled(&gateway, &request).await
}

async fn canceled(gateway: &Gateway, request: &Request) -> Response {
    gateway.notifier.tell(&request.reference, Status::Cancelled).await;
    Redirect::to(&request.way_back(&request.cancel_url, request.family().canceled)).into_response()
}

async fn vouchers(State(gateway): State<Arc<Gateway>>) -> Response {
    let context = context! { vouchers => Value::from(Serde(gateway.vouchers.all())) };
    gateway.views.page("gateway_vouchers.html", context)
}

async fn pay_voucher(State(gateway): State<Arc<Gateway>>, Path(reference): Path<String>) -> Response {
    if !gateway.vouchers.pay(&reference) {
        return refused(State(gateway)).await;
    }
    gateway.notifier.tell(&reference, Status::Processing).await;
    Redirect::to("/vouchers").into_response()
}

async fn refused(State(gateway): State<Arc<Gateway>>) -> Response {
    let page = gateway
        .views
        .page("gateway_refused.html", context! { shop => gateway.shop.as_str() });
    (StatusCode::NOT_FOUND, page).into_response()
}

async fn static_file(Path(file): Path<String>) -> Response {
    let (kind, text) = match file.as_str() {
        "gateway.css" => ("text/css; charset=utf-8", include_str!("../static/gateway.css")),
        "gateway.js" => ("text/javascript; charset=utf-8", include_str!("../static/gateway.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")],
        text,
    )
        .into_response()
}
