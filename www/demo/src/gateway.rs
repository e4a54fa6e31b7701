//! The payment page of a bank: another origin, where the shopper pays, cancels or stays.

use std::sync::Arc;

use axum::{
    Router,
    extract::{RawForm, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use minijinja::context;
use url::{Url, form_urlencoded};

use crate::views::Views;

/// What a shop asks the gateway to collect, carried in the address of the payment page.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Amount as text, with its currency.
    pub amount: String,
    /// The shop's order number.
    pub reference: String,
    /// Where the shopper goes after paying.
    pub return_url: String,
    /// Where the shopper goes after canceling.
    pub cancel_url: String,
}

struct Gateway {
    views: Views,
    /// Origin of the only shop that has a contract here.
    shop: String,
}

/// The gateway's routes; `shop` is the origin it returns to.
pub fn router(views: Views, shop: String) -> Router {
    Router::new()
        .route("/pay", get(payment_page).post(pay))
        .route("/static/gateway.css", get(style))
        .route("/health", get(|| async { "ok" }))
        .fallback(refused)
        .with_state(Arc::new(Gateway { views, shop }))
}

impl Request {
    /// The query of the payment page's address.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("amount", &self.amount)
            .append_pair("reference", &self.reference)
            .append_pair("return_url", &self.return_url)
            .append_pair("cancel_url", &self.cancel_url)
            .finish()
    }

    /// Reads what [`to_query`](Self::to_query) wrote; absent parts are empty.
    fn from_query(query: &[u8]) -> Self {
        let mut request = Self::default();
        for (name, value) in form_urlencoded::parse(query) {
            match name.as_ref() {
                "amount" => request.amount = value.into_owned(),
                "reference" => request.reference = value.into_owned(),
                "return_url" => request.return_url = value.into_owned(),
                "cancel_url" => request.cancel_url = value.into_owned(),
                _ => {}
            }
        }
        request
    }

    /// Whether both ways back lead to this shop, so that the gateway sends nobody elsewhere.
    fn is_from(&self, shop: &str) -> bool {
        let leads_back = |text: &str| Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == shop);
        leads_back(&self.return_url) && leads_back(&self.cancel_url)
    }
}

async fn payment_page(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery) -> Response {
    let request = Request::from_query(query.unwrap_or_default().as_bytes());
    if !request.is_from(&gateway.shop) {
        return refused(State(gateway)).await;
    }
    let Request {
        amount,
        reference,
        return_url,
        cancel_url,
    } = request;
    gateway
        .views
        .page("gateway.html", context! { amount, reference, return_url, cancel_url })
}

async fn pay(State(gateway): State<Arc<Gateway>>, RawForm(form): RawForm) -> Response {
    let request = Request::from_query(&form);
    if !request.is_from(&gateway.shop) {
        return refused(State(gateway)).await;
    }
    Redirect::to(&request.return_url).into_response()
}

async fn refused(State(gateway): State<Arc<Gateway>>) -> Response {
    let page = gateway
        .views
        .page("gateway_refused.html", context! { shop => gateway.shop.as_str() });
    (StatusCode::NOT_FOUND, page).into_response()
}

async fn style() -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (kind, include_str!("../static/gateway.css")).into_response()
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_request_survives_its_address_and_leads_back_to_the_shop_only() {
        let mut request = Request {
            amount: "€180.75".to_owned(),
            reference: "10023".to_owned(),
            return_url: "http://127.0.0.1:7501/order-confirmation?order=10023&item=SKU-987:3".to_owned(),
            cancel_url: "http://127.0.0.1:7501/checkout?canceled=1".to_owned(),
        };
        assert_eq!(Request::from_query(request.to_query().as_bytes()), request);
        assert!(request.is_from("http://127.0.0.1:7501"));
        request.return_url = "http://127.0.0.1:7501.evil.example/".to_owned();
        assert!(!request.is_from("http://127.0.0.1:7501"));
    }
}
