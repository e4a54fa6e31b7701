//! The console in Chromium, with a few thousand purchases of every kind: what axe says of every page in light and dark, on a desk
//! and on a phone, and whether a keyboard is enough.

#[path = "../../collector/examples/sample/fill.rs"]
mod fill;

use std::fs;

use fantoccini::key::Key;
use purchase_collector::{
    clock::now_ms,
    console::access::password,
    store::{
        Store,
        console::{Person, Role},
    },
};
use serde_json::Value;

use crate::{
    browser::{Appearance, Browser, Engine},
    collector::Collector,
    process::setting,
};

const PASSWORD: &str = "correct horse battery";

/// The same purchases in every run.
const SEED: u64 = 42;

/// Every page, and links on pages that lead to further ones.
const PAGES: [&str; 10] = [
    "/console",
    "/console/purchases",
    "/console/purchases?q=zzz",
    "/console/purchases?problems=1&late=1&tests=1",
    "/console/purchases?unsent=1",
    "/console/refused",
    "/console/checkouts",
    "/console/accuracy",
    "/console/destinations",
    "/console/nothing-here",
];

/// Where a list leads: the list, and the link to follow.
const LINKS: [(&str, &str); 4] = [
    ("/console/purchases", "tbody a"),
    ("/console/purchases?problems=1", "tbody a"),
    ("/console/purchases?unsent=1", "tbody tr:has(.badge.failed) a"),
    ("/console/refused", ".causes a"),
];

/// What axe finds, in words; empty if nothing.
const AXE: &str = "
    axe.run(document, { resultTypes: ['violations'] }).then(
      ({ violations }) => done(violations.map(({ id, help, nodes }) =>
        id + ': ' + help + ' — ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | '))),
      (error) => done(['axe failed: ' + error]));";

/// What a page must not have: something wider than the screen, scripts, requests elsewhere.
const FAULTS: &str = "
    const faults = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > document.documentElement.clientWidth) faults.push('wider than the screen: ' + wide);
    if (document.scripts.length > 0) faults.push('has scripts');
    if (!document.documentElement.lang) faults.push('names no language');
    for (const { name } of performance.getEntriesByType('resource')) {
      if (!name.startsWith(location.origin + '/console/')) faults.push('asks for ' + name);
    }
    return faults;";

/// A collector with sample purchases and a browser that shows its sign-in page.
async fn console() -> (Collector, Browser) {
    let mut collector = Collector::new(None);
    let store = Store::open(&collector.database().into())
        .await
        .expect("the database opens");
    let made = fill::fill(&store, SEED).await.expect("it can be filled");
    println!("{made} with seed {SEED}");
    add_person(&store).await;
    store.close().await;
    collector.start().await;
    let browser = Browser::start(Engine::Chromium).await;
    (collector, browser)
}

/// Somebody who may sign in.
pub async fn add_person(store: &Store) {
    let person = Person {
        name: "ana".to_owned(),
        role: Role::Admin,
    };
    let hash = password::hash(PASSWORD).expect("hashed");
    assert!(store.add_person(person, hash, now_ms()).await.expect("added"));
}

/// Signs that person in.
pub async fn sign_in(browser: &Browser, collector: &Collector) {
    browser.open(&format!("{}/console", collector.url())).await;
    // The first field has the focus already.
    browser.write("ana").await;
    browser.key(Key::Tab.into()).await;
    browser.write(PASSWORD).await;
    browser.key(Key::Enter.into()).await;
    browser.arrives_at(&format!("{}/console", collector.url())).await;
}

/// Looks at the page in every appearance; what is wrong with it.
async fn look(browser: &Browser, axe: &str, page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for appearance in Appearance::ALL {
        browser.appear(appearance).await;
        browser.run(axe).await;
        for found in [browser.run_async(AXE, vec![]).await, browser.run(FAULTS).await] {
            let texts = found.as_array().expect("a list").iter().filter_map(Value::as_str);
            wrong.extend(texts.map(|text| format!("{page} {appearance:?}: {text}")));
        }
    }
    wrong
}

const PHONE: Appearance = Appearance {
    scheme: "light",
    width: 360,
};

/// What must be on the pages, so that axe sees it: the address, and an element of each.
const SHOWN: [(&str, &[&str]); 3] = [
    ("/console", &["p.alert", ".tiles .is-bad", ".chart .late"]),
    (
        "/console/destinations",
        &[
            ".destinations .is-bad",
            ".destinations div.output",
            "form[action='/console/replay-dead']",
        ],
    ),
    ("/console/purchases?unsent=1", &["tbody .badge.failed"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_everybody_in_light_and_dark_on_desk_and_phone() {
    let (collector, browser) = console().await;
    let axe = fs::read_to_string(setting("PURCHASE_AXE")).expect("axe");
    let at = |path: &str| format!("{}{path}", collector.url());
    browser.open(&at("/console/login")).await;
    let mut wrong = look(&browser, &axe, "/console/login").await;
    sign_in(&browser, &collector).await;
    for page in PAGES {
        browser.open(&at(page)).await;
        wrong.extend(look(&browser, &axe, page).await);
    }
    for (list, link) in LINKS {
        browser.open(&at(list)).await;
        let script = format!("return document.querySelector('{link}').href");
        let page = browser.run(&script).await;
        let page = page.as_str().expect("a link").to_owned();
        browser.open(&page).await;
        // What is folded away is on the page, too.
        browser
            .run("for (const one of document.querySelectorAll('details')) one.open = true")
            .await;
        wrong.extend(look(&browser, &axe, &page).await);
    }
    // Spanish words are longer: nothing may leave a phone's screen.
    browser.open(&at("/console")).await;
    browser
        .run("document.cookie = 'purchase_console_language=es; path=/console'")
        .await;
    browser.appear(PHONE).await;
    for page in PAGES {
        browser.open(&at(page)).await;
        assert_eq!(browser.run("return document.documentElement.lang").await, "es");
        let faults = browser.run(FAULTS).await;
        let texts = faults.as_array().expect("a list").iter().filter_map(Value::as_str);
        wrong.extend(texts.map(|text| format!("{page} in Spanish: {text}")));
    }
    for (page, elements) in SHOWN {
        browser.open(&at(page)).await;
        for element in elements {
            let script = format!("return !document.querySelector({element:?})");
            if browser.run(&script).await != Value::Bool(false) {
                wrong.push(format!("{page}: the sample has no {element}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_reaches_everything_and_sees_where_it_is() {
    let (collector, browser) = console().await;
    sign_in(&browser, &collector).await;
    browser.open(&format!("{}/console/purchases", collector.url())).await;
    let reachable = browser
        .run(
            "const all = document.querySelectorAll('a[href], button, select, input:not([type=hidden]), [tabindex=\"0\"]');
             window.reached = new Set();
             return all.length;",
        )
        .await;
    // Date fields take several stops.
    let stops = reachable.as_u64().expect("a number") + 12;
    for stop in 0..stops {
        browser.key(Key::Tab.into()).await;
        let seen = browser
            .run(
                "const at = document.activeElement;
                 if (at === document.body) return true;
                 window.reached.add(at);
                 const { outlineStyle, outlineWidth } = getComputedStyle(at);
                 return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 || at.outerHTML.slice(0, 200);",
            )
            .await;
        assert_eq!(seen, Value::Bool(true), "the focus is not seen at stop {stop}");
    }
    assert_eq!(browser.run("return window.reached.size").await, reachable);

    browser.run("document.querySelector('tbody a').focus()").await;
    browser.key(Key::Enter.into()).await;
    browser
        .arrives_below(&format!("{}/console/purchase?", collector.url()))
        .await;
}
