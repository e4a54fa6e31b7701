//! `purchase-collector snippet` as its users meet it, and as the README shows it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// Any file will do: only its digests are looked at.
const LOADER: &str = "a loader";

/// `printf 'a loader' | sha256sum`, the first eight digits.
const DIGEST: &str = "4d2b8648";

/// `printf 'a loader' | openssl dgst -sha384 -binary | base64`
const INTEGRITY: &str = "sha384-Q/smeawMFZdaCU3eXijzuNKd8rEQ+OVIYGA7sXJQymmH3dGkgdvsh6LdY5fwsBqN";

/// A folder as `cargo xtask build` leaves it.
fn assets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["purchase-tag.js", &format!("purchase-tag-{DIGEST}.js")] {
        fs::write(folder.path().join(name), LOADER).expect("the file is written");
    }
    folder
}

fn run(folder: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .args(["snippet", "--assets"])
        .arg(folder)
        .args(options)
        .output()
        .expect("the binary runs")
}

fn printed(options: &[&str]) -> String {
    let output = run(assets().path(), options);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The digests of a build, which change with every change of the tag, as the README writes them.
fn without_digests(text: &str) -> String {
    text.replace(DIGEST, "0a1b2c3d").replace(INTEGRITY, "sha384-…")
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = include_str!("../../README.md");
    let (_, shown) = readme
        .split_once("\n$ purchase-collector snippet ")
        .expect("the README shows the command");
    let (options, shown) = shown.split_once('\n').expect("what it prints follows");
    let (shown, _) = shown.split_once("```").expect("the block ends");
    let options: Vec<_> = options.split(' ').collect();
    assert_eq!(shown, without_digests(&printed(&options)));
}

#[test]
fn the_readmes_snippet_is_the_loaders_own() {
    let readme = include_str!("../../README.md");
    let stub = include_str!("../../www/loader/stub.html");
    let (_, snippet) = stub.split_once("-->\n").expect("a comment comes first");
    assert!(readme.contains(snippet.trim_end()), "{snippet}");
    assert!(printed(&["--site=demo", "--collector=https://collector.example", "--newest"]).contains(snippet));
}

/// The page that the README has its readers write.
fn page_of_the_readme() -> &'static str {
    let (_, page) = include_str!("../../README.md")
        .split_once("```html\n<!doctype html>")
        .expect("the README has a page");
    page.split_once("```").expect("the block ends").0
}

/// What `check` prints of a page.
fn checked(page: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("confirmation.html");
    fs::write(&file, page).expect("the file is written");
    let output = Command::new(env!("CARGO_BIN_EXE_purchase-collector"))
        .arg("check")
        .arg(&file)
        .output()
        .expect("the binary runs");
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn the_readmes_page_has_the_snippet_and_a_purchase_with_nothing_to_mend() {
    let page = page_of_the_readme();
    let printed = printed(&["--site=demo", "--collector=http://127.0.0.1:7500", "--newest"]);
    let lines: Vec<_> = printed.lines().filter(|line| line.starts_with("<script")).collect();
    assert!(page.contains(&lines.join("\n")), "{lines:?}");
    let judged = "accepted  from markup  purchase_id 10023, total_price 180.75, 1 items\n\n1 accepted, 0 refused\n";
    assert_eq!(checked(page), judged);
}

#[test]
fn the_readmes_refused_purchase_is_its_page_with_two_mistakes() {
    let page = page_of_the_readme()
        .replace("\"total_price\">180.75<", "\"total_price\">1.234<")
        .replace("<span class=\"total_quantity\">3</span>", "");
    let (_, shown) = include_str!("../../README.md")
        .split_once("\n$ purchase-collector check confirmation.html\n")
        .expect("the README shows the command");
    let (shown, _) = shown.split_once("```").expect("the block ends");
    assert_eq!(checked(&page), shown);
}

#[test]
fn a_shop_that_asks_for_consent_gets_the_snippet_that_stores_nothing() {
    let readme = include_str!("../../README.md");
    let stub = include_str!("../../www/loader/stub-consent.html");
    let (_, snippet) = stub.split_once("-->\n").expect("a comment comes first");
    assert!(readme.contains(snippet.trim_end()), "{snippet}");
    let options = ["--site=demo", "--collector=https://collector.example", "--newest"];
    let asking = printed(&[&options[..], &["--consent=google"]].concat());
    assert!(asking.contains(snippet), "{asking}");
    let digest = |text: &str| text.split("'sha256-").nth(1).map(str::to_owned);
    assert_ne!(
        digest(&asking),
        digest(&printed(&options)),
        "the policy is about the script that is printed"
    );
}

#[test]
fn the_loader_is_pinned_by_name_and_digest() {
    let text = printed(&["--site=demo", "--collector=https://collector.example"]);
    let line = format!(
        "<script async src=\"https://collector.example/tag/purchase-tag-{DIGEST}.js\" integrity=\"{INTEGRITY}\" \
         crossorigin=\"anonymous\" data-site=\"demo\"></script>\n"
    );
    assert!(text.contains(&line), "{text}");
}

#[test]
fn a_collector_behind_a_path_needs_no_address_of_its_own_and_a_cdn_does() {
    let behind = printed(&["--site=a", "--collector=https://shop.example/shop/t", "--newest"]);
    assert!(
        behind.contains("src=\"https://shop.example/shop/t/tag/purchase-tag.js\" data-site=\"a\"></script>"),
        "{behind}"
    );
    assert!(
        behind.contains("\nconnect-src https://shop.example/shop/t/tag/ https://shop.example/shop/t/v1/purchases\n"),
        "{behind}"
    );
    let cdn = printed(&[
        "--site=a",
        "--collector=https://collector.example",
        "--files=https://cdn.example/x&y;z",
        "--newest",
    ]);
    assert!(
        cdn.contains(
            "src=\"https://cdn.example/x&amp;y;z/purchase-tag.js\" data-site=\"a\" \
             data-collector=\"https://collector.example\"></script>"
        ),
        "{cdn}"
    );
    assert!(
        cdn.contains("\nconnect-src https://cdn.example/x&y%3Bz/ https://collector.example/v1/purchases\n"),
        "{cdn}"
    );
}

#[test]
fn files_that_belong_to_no_build_are_refused() {
    let options = ["--site=demo", "--collector=https://collector.example"];
    let folder = assets();
    fs::write(folder.path().join(format!("purchase-tag-{DIGEST}.js")), "another").expect("the file is written");
    let spoilt = run(folder.path(), &options);
    let empty = run(tempfile::tempdir().expect("a folder").path(), &options);
    for (output, word) in [(spoilt, "not what its name says"), (empty, "--assets")] {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && message.contains(word), "{message}");
        assert_eq!(output.stdout, b"");
    }
}
