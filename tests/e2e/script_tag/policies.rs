//! Pages with a policy: the printed lines are enough, in every engine that is there.

use super::{
    shop::{Shop, purchase},
    site::{PROBE_SOURCE, Page},
    snippet::Snippet,
};
use crate::browser::Engine;

const CSP: &str = "content-security-policy";

/// A page's policy, and what of the printed lines belongs to it.
struct Case {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    html: String,
    /// Whether the module may run under it.
    module: bool,
}

/// A strict policy with the printed directives added.
fn csp(script_src: &str, printed: &[String], rest: &str) -> (&'static str, String) {
    let [scripts, connections] = printed else {
        panic!("two directives are printed, not {printed:?}")
    };
    let scripts = scripts.replace("script-src", &format!("script-src {PROBE_SOURCE} {script_src}"));
    // The page's icon is an address of its own kind, so that browsers ask nobody for one.
    (
        CSP,
        format!("default-src 'none'; img-src data:; {scripts}; {connections}; {rest}"),
    )
}

fn cases(snippet: &Snippet, engine: Engine) -> Vec<Case> {
    const NONCE: &str = "'nonce-r4nd0m'";
    let plain = snippet.html();
    let with_nonce = snippet.html_with_nonce("r4nd0m");
    let case = |name, headers, html: &String, module| Case {
        name,
        headers,
        html: html.clone(),
        module,
    };
    let integrity_policy = || ("integrity-policy", "blocked-destinations=(script)".to_owned());
    let types = "require-trusted-types-for 'script'";
    let listed_types = "require-trusted-types-for 'script'; trusted-types purchase-tag";
    let no_types = "require-trusted-types-for 'script'; trusted-types 'none'";
    // WebKit checks the module's JavaScript by a script element only, whose address must be a trusted type.
    let without_types = engine != Engine::WebKit;
    let strict = format!("{NONCE} 'strict-dynamic'");
    let nonce = |script_src: &str, rest| csp(script_src, &snippet.nonce, rest);
    vec![
        case("addresses", vec![csp("", &snippet.addresses, "")], &plain, true),
        case("nonce", vec![nonce(NONCE, "")], &with_nonce, true),
        case("strict-dynamic", vec![nonce(&strict, "")], &with_nonce, true),
        case(
            "digests",
            vec![csp("'strict-dynamic'", &snippet.digests, "")],
            &plain,
            true,
        ),
        case("trusted-types", vec![nonce(NONCE, types)], &with_nonce, true),
        case(
            "listed-trusted-types",
            vec![nonce(&strict, listed_types)],
            &with_nonce,
            true,
        ),
        case(
            "no-trusted-types",
            vec![nonce(&strict, no_types)],
            &with_nonce,
            without_types,
        ),
        case("integrity-policy", vec![integrity_policy()], &plain, true),
        case(
            "isolation",
            vec![
                ("cross-origin-embedder-policy", "require-corp".into()),
                ("cross-origin-opener-policy", "same-origin".into()),
            ],
            &plain,
            true,
        ),
        case(
            "all",
            vec![nonce(&strict, listed_types), integrity_policy()],
            &with_nonce,
            true,
        ),
        case(
            "all-by-address",
            vec![csp("", &snippet.addresses, listed_types), integrity_policy()],
            &plain,
            true,
        ),
        case(
            "without-webassembly",
            vec![csp(
                "",
                &[
                    snippet.addresses[0].replace(" 'wasm-unsafe-eval'", ""),
                    snippet.addresses[1].clone(),
                ],
                "",
            )],
            &plain,
            false,
        ),
    ]
}

/// The policies are in force: what the tag keeps to, others do not get away with.
async fn are_enforced(shop: &Shop, collector: &str) {
    let page = |headers, head: String| Page {
        headers,
        head,
        ..Page::default()
    };
    let newest = Snippet::print(collector, &["--newest"]);
    let headers = vec![("integrity-policy", "blocked-destinations=(script)".into())];
    let address = shop
        .site
        .page("/control/integrity-policy", page(headers, newest.html()));
    shop.browser.open(&address).await;
    let loader = shop.browser.run("return typeof window.purchaseTag.version").await;
    assert_eq!(loader, "undefined", "a loader without digest is blocked");
    let types = "require-trusted-types-for 'script'; trusted-types purchase-tag";
    let address = shop
        .site
        .page("/control/trusted-types", page(vec![(CSP, types.into())], String::new()));
    shop.browser.open(&address).await;
    let assigns = "try { document.createElement('script').src = '/x'; return 'allowed' } catch { return 'forbidden' }";
    assert_eq!(
        shop.browser.run(assigns).await,
        "forbidden",
        "an address that is only a text"
    );
}

async fn works_under_each(engine: Engine) {
    let shop = Shop::start_in(engine).await;
    // Files at the collector, another origin than the page's: the harder case for every policy.
    let collector = shop.collector.url();
    are_enforced(&shop, &collector).await;
    let snippet = Snippet::print(&collector, &[]);
    for (index, case) in cases(&snippet, engine).into_iter().enumerate() {
        let id = (100 + index).to_string();
        let page = Page {
            headers: case.headers,
            head: case.html,
            body: purchase(&id),
        };
        let module = shop.buys(&format!("/{}", case.name), page, &id).await;
        let events = shop.browser.events().await;
        assert_eq!(module, case.module, "{}: {events:#?}", case.name);
        if case.module {
            for name in ["violation", "exception"] {
                assert_eq!(shop.seen(name).await, [""; 0], "{}: {name}", case.name);
            }
        }
    }
    shop.end().await;
}

mod chromium {
    #[tokio::test(flavor = "multi_thread")]
    async fn every_policy_with_its_printed_lines() {
        super::works_under_each(crate::browser::Engine::Chromium).await;
    }
}

mod firefox {
    #[tokio::test(flavor = "multi_thread")]
    async fn every_policy_with_its_printed_lines() {
        super::works_under_each(crate::browser::Engine::Firefox).await;
    }
}

mod webkit {
    #[tokio::test(flavor = "multi_thread")]
    async fn every_policy_with_its_printed_lines() {
        super::works_under_each(crate::browser::Engine::WebKit).await;
    }
}
