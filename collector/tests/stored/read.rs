//! The read API, the panel and the tag's files.

use std::fs;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{TOKEN, World, envelope, get};

#[tokio::test]
async fn reading_needs_the_token() {
    let world = World::new(&[]).await;
    for path in ["/v1/purchases", "/v1/purchases/demo/1", "/v1/refusals"] {
        for header in [
            "",
            "Bearer wrong",
            "Bearer",
            TOKEN,
            "Basic a-read-token",
            "Bearer a-read-token2",
        ] {
            let answer = world.send(get(path, &[("authorization", header)])).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {header}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        assert_eq!(world.send(get(path, &[])).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        world.send(get("/v1/health", &[])).await.json(),
        json!({ "status": "ok" })
    );
}

#[tokio::test]
async fn without_a_token_nothing_can_be_read() {
    let world = World::new(&["--read-token", ""]).await;
    for header in ["Bearer ", "Bearer x"] {
        let answer = world.send(get("/v1/purchases", &[("authorization", header)])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.json()["error"]
                .as_str()
                .is_some_and(|error| error.contains("--read-token"))
        );
    }
}

#[tokio::test]
async fn lists_are_newest_first_and_can_be_continued() {
    let world = World::new(&[]).await;
    for id in ["1", "2", "3"] {
        world.post(envelope("a1", id, "10.00")).await;
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let ids = |answer: &Value| -> Vec<String> {
        let rows = answer["purchases"].as_array().expect("a list").iter();
        rows.map(|row| row["purchase_id"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let all = world.read("/v1/purchases").await;
    assert_eq!(ids(&all), ["3", "2", "1"]);
    assert_eq!(ids(&world.read("/v1/purchases?limit=1").await), ["3"]);
    let after = all["purchases"][1]["received_at"].as_i64().expect("a time");
    assert_eq!(ids(&world.read(&format!("/v1/purchases?after={after}")).await), ["3"]);
    assert!(ids(&world.read("/v1/purchases?site=nobody").await).is_empty());
    let wrong = world
        .send(get(
            "/v1/purchases?limit=x",
            &[("authorization", &format!("Bearer {TOKEN}"))],
        ))
        .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let missing = world
        .send(get(
            "/v1/purchases/demo/9",
            &[("authorization", &format!("Bearer {TOKEN}"))],
        ))
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ids_with_any_character_can_be_looked_up() {
    let world = World::new(&[]).await;
    world.post(envelope("a1", "A/1 \u{e9}#", "10.00")).await;
    let history = world.read("/v1/purchases/demo/A%2F1%20%C3%A9%23").await;
    assert_eq!(history["purchase_id"], "A/1 \u{e9}#");
}

#[tokio::test]
async fn the_panel_may_load_only_its_own_files() {
    let world = World::new(&[]).await;
    for (path, content_type) in [
        ("/", "text/html"),
        ("/panel.css", "text/css"),
        ("/panel.js", "text/javascript"),
        ("/elements.js", "text/javascript"),
        ("/purchases.js", "text/javascript"),
        ("/checkouts.js", "text/javascript"),
    ] {
        let answer = world.send(get(path, &[])).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.header("content-type").starts_with(content_type));
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(world.send(get("/nothing", &[])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_tags_files_have_their_types_caches_and_compression() {
    let around = tempfile::tempdir().expect("a folder");
    fs::write(around.path().join("outside.js"), "no").expect("the file is written");
    let folder = around.path().join("tag");
    fs::create_dir_all(folder.join("sub")).expect("the folders are made");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the file is written");
    let code = "console.log('a long enough script');\n".repeat(100);
    write("purchase-tag.js", &code);
    write("purchase-tag-0a1b2c3d.js", &code);
    write("purchase-tag-0a1b2c3d.wasm", &"\0asm".repeat(500));
    let world = World::new(&["--assets", folder.to_str().expect("the path is text")]).await;
    let ask = async |path: &str, encoding: &str| world.send(get(path, &[("accept-encoding", encoding)])).await;

    let loader = ask("/tag/purchase-tag.js", "").await;
    assert_eq!(
        (loader.status, loader.body.as_slice()),
        (StatusCode::OK, code.as_bytes())
    );
    assert_eq!(loader.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(loader.header("cache-control"), "public, max-age=600");
    assert_eq!(loader.header("access-control-allow-origin"), "*");
    assert_eq!(loader.header("cross-origin-resource-policy"), "cross-origin");

    let pinned = "public, max-age=31536000, immutable";
    assert_eq!(
        ask("/tag/purchase-tag-0a1b2c3d.js", "").await.header("cache-control"),
        pinned
    );
    for (encoding, expected) in [("", ""), ("gzip", "gzip"), ("gzip, deflate, br", "br")] {
        let module = ask("/tag/purchase-tag-0a1b2c3d.wasm", encoding).await;
        assert_eq!(module.header("content-type"), "application/wasm");
        assert_eq!(module.header("cache-control"), pinned);
        assert_eq!(module.header("content-encoding"), expected);
        assert_eq!(module.body.len() < 2_000, !expected.is_empty());
    }

    for path in [
        "/tag/../outside.js",
        "/tag/%2e%2e/outside.js",
        "/tag/..%2foutside.js",
        "/tag/..%5coutside.js",
        "/tag//etc/passwd",
        "/tag/nothing.js",
        "/tag/sub",
        "/tag/sub/",
        "/tag/",
        "/tag",
        "/tag/purchase-tag.js%00.txt",
    ] {
        let answer = ask(path, "").await;
        assert!(!answer.status.is_success(), "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control").replace("no-store", ""), "", "{path}");
    }
}

#[tokio::test]
async fn without_a_folder_there_are_no_files() {
    let world = World::new(&[]).await;
    assert_eq!(
        world.send(get("/tag/purchase-tag.js", &[])).await.status,
        StatusCode::NOT_FOUND
    );
}
