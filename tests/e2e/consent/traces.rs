//! What the tag left in a browser.

use serde_json::Value;

use crate::{browser::Browser, process::until};

/// Everything of the tag's that this page's origin keeps: keys of both storages, databases, cookies.
const TRACES: &str = "
    const traces = [];
    for (const storage of [localStorage, sessionStorage])
      for (const key of Object.keys(storage)) if (/purchase-tag/.test(key)) traces.push(key);
    for (const cookie of document.cookie.split('; ')) if (/purchase/.test(cookie)) traces.push('cookie ' + cookie);
    indexedDB.databases().then((found) => done(traces.concat(found.map(({ name }) => 'database ' + name)).sort()));";

/// The names of everything that is stored.
pub async fn traces(browser: &Browser) -> Vec<String> {
    let found = browser.run_async(TRACES, vec![]).await;
    let names = found.as_array().expect("a list").iter();
    names.filter_map(Value::as_str).map(Into::into).collect()
}

/// Whether anything is stored.
pub async fn stores_something(browser: &Browser) -> bool {
    !traces(browser).await.is_empty()
}

/// Nothing is stored at this moment.
pub async fn assert_no_trace(browser: &Browser, when: &str) {
    assert_eq!(traces(browser).await, [""; 0], "{when}");
}

/// Waits until nothing is stored any more: a database is erased asynchronously.
pub async fn traces_vanish(browser: &Browser) {
    until("nothing is stored", || async {
        traces(browser).await.is_empty().then_some(())
    })
    .await;
}
