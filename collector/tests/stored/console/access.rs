//! Signing in and out, roles, other sites' forms, and attempts.

use axum::http::StatusCode;
use purchase_collector::{clock::now_ms, console::access::password, store::console::Role};

use super::reader::{PASSWORD, form, posted};
use crate::world::{World, envelope, get};

const PAGES: [&str; 8] = [
    "/console",
    "/console/purchases",
    "/console/purchase?site=demo&id=1",
    "/console/refused",
    "/console/refusal?site=demo&digest=1",
    "/console/checkouts",
    "/console/accuracy",
    "/console/destinations",
];

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in() {
    let world = World::new(&[]).await;
    for path in PAGES {
        for cookie in ["", "purchase_console=0123456789abcdef", "purchase_console="] {
            let answer = world.look(path, cookie).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(
                answer.header("location").starts_with("/console/login?to=%2Fconsole"),
                "{answer:?}"
            );
        }
    }
    // The token of the read API is none of the console's.
    let bearer = format!("Bearer {}", crate::world::TOKEN);
    let answer = world.send(get("/console", &[("authorization", &bearer)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_is_a_cookie_that_nobody_can_make_from_the_database() {
    let world = World::new(&[]).await;
    world.add("ana", Role::Viewer).await;
    let answer = world.try_to_sign_in(" ANA ", PASSWORD).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/console/purchases")
    );
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/console"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let fields = [
        ("name", "ana"),
        ("password", PASSWORD),
        ("to", "https://evil.example/console"),
    ];
    let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-proto", "https")];
    let answer = world.send(posted("/console/login", &headers, &fields)).await;
    assert!(answer.header("set-cookie").contains("Secure"), "{answer:?}");
    assert_eq!(answer.header("location"), "/console");

    let session = cookie.split(';').next().expect("a cookie").to_owned();
    assert_eq!(world.look("/console", &session).await.status, StatusCode::OK);
    let token = session.split_once('=').expect("a value").1.to_owned();
    let out = world.send(form("/console/logout", &session, &[])).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{out:?}");
    assert_eq!(world.look("/console", &session).await.status, StatusCode::SEE_OTHER);

    world.store.close().await;
    let kept = world.all_that_is_kept().await;
    assert!(kept.contains("$argon2id$") && !kept.contains(PASSWORD) && !kept.contains(&token));
}

#[tokio::test]
async fn sessions_end_with_their_time_their_password_and_their_person() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let eva = world.cookie_of("eva", Role::Viewer).await;
    let hash = password::hash("another long password").expect("hashed");
    assert!(
        world
            .store
            .set_password("ana".to_owned(), hash, now_ms())
            .await
            .expect("changed")
    );
    assert_eq!(world.look("/console", &ana).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.look("/console", &eva).await.status, StatusCode::OK);
    assert_eq!(
        world.try_to_sign_in("ana", PASSWORD).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(world.store.remove_person("eva".to_owned()).await.expect("removed"));
    assert_eq!(world.look("/console", &eva).await.status, StatusCode::SEE_OTHER);

    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let begin = |until| {
        world
            .store
            .begin_session(digest.to_owned(), "ana".to_owned(), now_ms(), until)
    };
    begin(now_ms() + 60_000).await.expect("begun");
    assert_eq!(
        world.look("/console", "purchase_console=abc").await.status,
        StatusCode::OK
    );
    world.store.end_session(digest.to_owned()).await.expect("ended");
    begin(now_ms() - 1).await.expect("begun");
    assert_eq!(
        world.look("/console", "purchase_console=abc").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_wrong_name_is_answered_like_a_wrong_password() {
    let world = World::new(&[]).await;
    world.add("ana", Role::Viewer).await;
    let mut answers = Vec::new();
    for (name, password) in [
        ("ana", "wrong password"),
        ("nobody", "wrong password"),
        ("no name!", PASSWORD),
    ] {
        let answer = world.try_to_sign_in(name, password).await;
        assert_eq!(answer.header("set-cookie"), "");
        answers.push((answer.status, String::from_utf8(answer.body).expect("text")));
    }
    assert_eq!(answers[0].0, StatusCode::FORBIDDEN);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn attempts_run_out_for_a_name_and_not_for_who_is_signed_in() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    for _ in 0..9 {
        assert_eq!(
            world.try_to_sign_in("ana", "wrong password").await.status,
            StatusCode::FORBIDDEN
        );
    }
    let answer = world.try_to_sign_in("ana", PASSWORD).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "60")
    );
    assert!(String::from_utf8_lossy(&answer.body).contains("Too many attempts"));
    assert_eq!(world.look("/console", &ana).await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_sites_pages_can_change_nothing() {
    let world = World::new(&["--site", "demo=https://shop.example"]).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let foreign: [&[(&str, &str)]; 5] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://shop.example"), ("host", "collector.example")],
        &[("origin", "null"), ("host", "collector.example")],
    ];
    for headers in foreign {
        for path in [
            "/console/test-purchase",
            "/console/logout",
            "/console/login",
            "/console/preferences",
        ] {
            let headers = [headers, &[("cookie", ana.as_str())]].concat();
            let fields = [("site", "demo"), ("name", "ana"), ("password", PASSWORD)];
            let answer = world.send(posted(path, &headers, &fields)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(answer.header("set-cookie"), "");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    assert_eq!(world.look("/console", &ana).await.status, StatusCode::OK);
    let tests = world.page("/console/purchases?tests=1", &ana).await;
    assert!(!tests.contains("test-"), "{tests}");
}

#[tokio::test]
async fn only_administrators_change_anything() {
    let world = World::new(&["--site", "demo=https://shop.example"]).await;
    let eva = world.cookie_of("eva", Role::Viewer).await;
    assert!(!world.page("/console", &eva).await.contains("/console/test-purchase"));
    for (path, fields) in [
        ("/console/test-purchase", vec![("site", "demo")]),
        ("/console/refusal", vec![("site", "demo"), ("digest", "x")]),
    ] {
        let answer = world.send(form(path, &eva, &fields)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(String::from_utf8_lossy(&answer.body).contains("An administrator may do this"));
    }
    let ana = world.cookie_of("ana", Role::Admin).await;
    assert!(world.page("/console", &ana).await.contains("/console/test-purchase"));
    let answer = world
        .send(form("/console/test-purchase", &ana, &[("site", "other")]))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_sent_too_late_leads_back_to_the_page_it_stood_on() {
    let world = World::new(&[]).await;
    let eva = world.cookie_of("eva", Role::Viewer).await;
    world.post(envelope("a1", "10023", "10.00")).await;
    let there = "/console/purchase?site=demo&id=10023";
    let from = format!("https://collector.example{there}");
    for path in [
        "/console/replay",
        "/console/replay-dead",
        "/console/earlier",
        "/console/test-purchase",
        "/console/refusal",
    ] {
        for (referer, expected) in [
            (from.as_str(), there),
            ("https://collector.example/other", "/console"),
            ("", "/console"),
        ] {
            let headers = [("sec-fetch-site", "same-origin"), ("referer", referer)];
            let answer = world.send(posted(path, &headers, &[])).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            let login = answer.header("location");
            let query = login.strip_prefix("/console/login?").expect("the page to sign in");
            let wanted: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
            assert_eq!(wanted, [("to".into(), expected.into())], "{path} from {referer:?}");
        }
    }
    world.page(there, &eva).await;
    // Whoever may not do it gets a page whose forms lead back, too.
    let headers = [("sec-fetch-site", "same-origin"), ("referer", &from), ("cookie", &eva)];
    let answer = world.send(posted("/console/replay", &headers, &[])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = String::from_utf8(answer.body).expect("text");
    assert!(
        page.contains("name=\"to\" value=\"/console/purchase?site=demo&#38;id=10023\""),
        "{page}"
    );
}
