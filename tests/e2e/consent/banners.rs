//! What banners tell, in the two ways that are standards: Google's consent mode and the IAB's framework.

use super::{
    assert_sent_only, order,
    traces::{assert_no_trace, traces_vanish},
};
use crate::world::World;

/// A banner of the IAB's framework that asks at this moment; `banner.tells(status, purposes)` is what it says next.
pub const TCF_OPEN: &str = "
    window.banner = {
      listeners: [],
      data: { gdprApplies: true, eventStatus: 'cmpuishown', purpose: { consents: {} }, vendor: { consents: {} } },
      tells(eventStatus, purposes, vendors = []) {
        const of = (list) => Object.fromEntries(list.map((id) => [id, true]));
        this.data = { ...this.data, eventStatus, purpose: { consents: of(purposes) }, vendor: { consents: of(vendors) } };
        this.listeners.forEach((listener, listenerId) => listener({ ...this.data, listenerId }, true));
      },
    };
    window.__tcfapi = (command, version, callback) => {
      if (command !== 'addEventListener' || version !== 2) return callback(null, false);
      banner.listeners.push(callback);
      callback({ ...banner.data, listenerId: banner.listeners.length - 1 }, true);
    };";

const GTAG: &str = "window.gtag = function () { (window.dataLayer = window.dataLayer || []).push(arguments) };";

/// What a page says, in its order, and whether its purchase may be sent at once.
const GOOGLE: [(&str, &str, bool); 9] = [
    ("", "gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted' })", true),
    ("", "gtag('consent', 'default', { ad_storage: 'granted' })", false),
    ("data-consent-for=analytics_storage", "gtag('consent', 'default', { analytics_storage: 'granted' })", true),
    // The update comes in time.
    (
        "",
        "gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted', wait_for_update: 9000 })",
        false,
    ),
    (
        "",
        "gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted', wait_for_update: 30 })",
        true,
    ),
    (
        "",
        "gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted' });
         gtag('consent', 'default', { ad_storage: 'denied', region: ['ES'] })",
        false,
    ),
    ("", "gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted', region: ['US'] })", false),
    (
        "",
        "gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied' });
         gtag('consent', 'update', { ad_storage: 'granted' }); gtag('consent', 'update', { analytics_storage: 'granted' })",
        true,
    ),
    (
        "",
        "gtag('consent', 'update', { ad_storage: 'granted', analytics_storage: 'denied' });
         gtag('consent', 'default', { analytics_storage: 'granted' })",
        false,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn googles_consent_mode() {
    let world = World::with_options("data-consent=google").await;
    let mut sent = Vec::new();
    for (index, (option, says, grants)) in (50_001..).zip(GOOGLE) {
        // The prelude is run by the tag's own script element.
        let attribute = option
            .split_once('=')
            .map(|(name, value)| format!("document.currentScript.setAttribute('{name}', '{value}');"));
        let attribute = attribute.unwrap_or_default();
        world.proxy.set_prelude(&format!("{attribute}{GTAG}{says};"));
        world.browser.open(&world.shop(&order(index))).await;
        if grants {
            let registered = world.browser.event("registered").await;
            assert_eq!(registered["purchase_id"], index.to_string(), "{says}");
            sent.push(index);
            world
                .browser
                .run("gtag('consent', 'update', { ad_storage: 'denied', analytics_storage: 'denied' })")
                .await;
            traces_vanish(&world.browser).await;
        } else {
            assert_no_trace(&world.browser, says).await;
        }
    }
    // The last one that arrives shows that the refused ones were not on their way.
    world.proxy.set_prelude(&format!("{GTAG}{};", GOOGLE[0].1));
    world.browser.open(&world.shop(&order(50_100))).await;
    world.browser.event("registered").await;
    sent.push(50_100);
    world.collector.wait_for_purchases(sent.len()).await;
    assert_sent_only(&world, &sent);
    world.end().await;
}

/// What a banner tells, and whether that is a grant.
const TCF: [(&str, &str, bool); 9] = [
    ("", "banner.tells('tcloaded', [1, 7])", true),
    ("", "banner.tells('tcloaded', [1])", false),
    ("data-consent-for=1", "banner.tells('tcloaded', [1])", true),
    ("", "banner.tells('cmpuishown', [1, 7])", false),
    (
        "",
        "banner.data.gdprApplies = false; banner.tells('tcloaded', [])",
        true,
    ),
    ("", "banner.tells('useractioncomplete', [])", false),
    ("", "banner.tells('useractioncomplete', [1, 2, 7])", true),
    (
        "data-consent-vendor=755",
        "banner.tells('useractioncomplete', [1, 7], [2])",
        false,
    ),
    (
        "data-consent-vendor=755",
        "banner.tells('useractioncomplete', [1, 7], [2, 755])",
        true,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_iabs_framework() {
    let world = World::with_options("data-consent=tcf").await;
    let mut sent = Vec::new();
    for (index, (option, tells, grants)) in (51_001..).zip(TCF) {
        let attribute = option
            .split_once('=')
            .map(|(name, value)| format!("document.currentScript.setAttribute('{name}', '{value}');"));
        let attribute = attribute.unwrap_or_default();
        world.proxy.set_prelude(&format!("{attribute}{TCF_OPEN}"));
        world.browser.open(&world.shop(&order(index))).await;
        world.browser.run(tells).await;
        if grants {
            let registered = world.browser.event("registered").await;
            assert_eq!(registered["purchase_id"], index.to_string(), "{tells}");
            sent.push(index);
            world
                .browser
                .run("banner.data.gdprApplies = true; banner.tells('useractioncomplete', [])")
                .await;
            traces_vanish(&world.browser).await;
        } else {
            assert_no_trace(&world.browser, tells).await;
        }
    }
    // The banner may come after the tag.
    world.proxy.set_prelude("");
    world.browser.open(&world.shop(&order(51_100))).await;
    world
        .browser
        .run(&format!("{TCF_OPEN}; banner.tells('tcloaded', [1, 7])"))
        .await;
    world.browser.event("registered").await;
    sent.push(51_100);
    world.collector.wait_for_purchases(sent.len()).await;
    assert_sent_only(&world, &sent);
    world.end().await;
}
