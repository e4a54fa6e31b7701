//! What the handlers' tests share: requests, and a running shop.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use tower::ServiceExt;
use url::Url;

use crate::{
    erp::Erp,
    orders::Orders,
    server_message::ServerMessages,
    shop::{self, Shop},
    status::Platform,
    views::{Tag, Views},
};

/// What the gateway of the tests knows.
pub const SECRET: &str = "secret";
/// The gateway's origin in the tests.
pub const GATEWAY: &str = "http://127.0.0.1:7502";

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// Its body as JSON.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        serde_json::from_str(&self.text).unwrap()
    }

    /// A parameter in the address it leads to.
    pub fn parameter(&self, name: &str) -> String {
        let base = Url::parse("http://here/").unwrap();
        let url = base.join(self.location()).unwrap();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

/// A shop with these words, and its orders unknown to any collector.
pub fn shop_at(origin: &str, platform: Option<Platform>) -> Router {
    shop_with(origin, platform, None)
}

/// A shop with these words, which tells a collector of its orders.
pub fn shop_with(origin: &str, platform: Option<Platform>, messages: Option<ServerMessages>) -> Router {
    let tag = Tag {
        collector: Url::parse("http://127.0.0.1:7500/").unwrap(),
        site: "demo".to_owned(),
        order_status: true,
        platform,
        options: String::new(),
    };
    shop::router(Shop {
        views: Views::new(Some(tag), None),
        origin: origin.to_owned(),
        gateway: GATEWAY.to_owned(),
        orders: Orders::default(),
        secret: SECRET.to_owned(),
        platform,
        messages,
        erp: Erp::new(Some(SECRET.to_owned())),
    })
}

/// Answers to a GET.
pub async fn get(site: &Router, path: &str) -> Answer {
    ask(site, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Answers to a posted form.
pub async fn post(site: &Router, path: &str, form: &str) -> Answer {
    ask(site, form_request(path, form, &[])).await
}

/// A posted form with more headers.
pub fn form_request(path: &str, form: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request = headers
        .iter()
        .fold(request, |it, (name, value)| it.header(*name, *value));
    request.body(Body::from(form.to_owned())).unwrap()
}

/// Answers to any request.
pub async fn ask(site: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = site.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}
