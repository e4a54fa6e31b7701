//! Somebody with a browser, as far as HTTP goes.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use purchase_collector::{
    clock::now_ms,
    console::access::password,
    store::{
        StoreError, Work, Writing,
        console::{Person, Role},
        sql,
    },
};

use crate::world::{Answer, World};

pub const PASSWORD: &str = "correct horse battery";

/// A form as one of the console's own pages posts it.
pub fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    posted(path, &[("cookie", cookie), ("sec-fetch-site", "same-origin")], fields)
}

/// A form with these headers.
pub fn posted(path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body)).expect("the request is well-formed")
}

/// Moves a purchase of the site "demo" in time.
struct Moved {
    id: String,
    at: i64,
}

impl Work for Moved {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let update = "UPDATE purchases SET received_at = $1 WHERE site = 'demo' AND purchase_id = $2";
        writing.execute(sql(update).bind(self.at).bind(&self.id)).await
    }
}

impl World {
    pub async fn move_purchase(&self, id: &str, at: i64) {
        let moved = Moved { id: id.to_owned(), at };
        assert_eq!(self.store.write(moved).await.expect("moved"), 1);
    }

    pub async fn add(&self, name: &str, role: Role) {
        let hash = password::hash(PASSWORD).expect("hashed");
        let person = Person {
            name: name.to_owned(),
            role,
        };
        assert!(self.store.add_person(person, hash, now_ms()).await.expect("added"));
    }

    pub async fn try_to_sign_in(&self, name: &str, password: &str) -> Answer {
        self.send(form(
            "/console/login",
            "",
            &[("name", name), ("password", password), ("to", "/console/purchases")],
        ))
        .await
    }

    /// The cookie of a new session of a new person.
    pub async fn cookie_of(&self, name: &str, role: Role) -> String {
        self.add(name, role).await;
        let answer = self.try_to_sign_in(name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let cookie = answer.header("set-cookie").split(';').next();
        cookie.expect("a cookie").to_owned()
    }

    pub async fn look(&self, path: &str, cookie: &str) -> Answer {
        self.send(crate::world::get(path, &[("cookie", cookie)])).await
    }

    /// The page's text.
    pub async fn page(&self, path: &str, cookie: &str) -> String {
        let answer = self.look(path, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        String::from_utf8(answer.body).expect("a page is text")
    }
}
