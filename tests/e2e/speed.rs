//! What the tag costs a page: time until a capture is durable, long tasks, layout shifts, its place in the back/forward cache.
//!
//! Times on a shared machine vary. So no test asks for a mean: of several page loads one without any long task of the tag is enough to
//! show that the tag itself needs none, and the comparison with a bare `setItem` is a report, not a test.

use std::time::Duration;

use axum::{Router, response::Html, routing::get};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::sleep};

use crate::{process::setting, world::World};

/// How much slower the processor is made, as in the browsers' own audits.
const SLOWED: u32 = 4;

/// A task that takes longer is long (Long Tasks API), in milliseconds.
const LONG_TASK_MS: f64 = 50.0;

/// Page loads of which the best counts.
const LOADS: usize = 5;

/// Keeps what the browser itself observes. Frames name the scripts that ran in them (Long Animation Frames API).
const OBSERVE: &str = "
window.__observed = { 'long-animation-frame': [], longtask: [], 'layout-shift': [] };
for (const type in __observed) {
  const keep = (entry) => ({
    start: entry.startTime, duration: entry.duration, value: entry.value,
    moved: (entry.sources || []).map((source) => source.node && (source.node.id || source.node.outerHTML || source.node.data)),
    scripts: (entry.scripts || []).map((script) => ({ url: script.sourceURL, start: script.startTime, duration: script.duration })),
  });
  new PerformanceObserver((list) => __observed[type].push(...list.getEntries().map(keep))).observe({ type, buffered: true });
}";

/// The longest task that the tag had a part in, in milliseconds: a long task in which a script of the tag ran, or one of such a script
/// alone. 0 if there is none.
fn longest_task_of_the_tag(observed: &Value) -> f64 {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let number = |value: &Value, key: &str| value[key].as_f64().unwrap_or_default();
    let frames = list(&observed["long-animation-frame"]);
    let scripts: Vec<Value> = frames.iter().flat_map(|frame| list(&frame["scripts"])).collect();
    let ours = scripts
        .iter()
        .filter(|script| script["url"].as_str().is_some_and(|url| url.contains("/purchase-tag")));
    let alone = ours.clone().map(|script| number(script, "duration"));
    let tasks = list(&observed["longtask"]);
    let shared = tasks.iter().filter(|task| {
        let (start, end) = (number(task, "start"), number(task, "start") + number(task, "duration"));
        ours.clone()
            .any(|script| (start..end).contains(&number(script, "start")))
    });
    alone
        .chain(shared.map(|task| number(task, "duration")))
        .fold(0.0, f64::max)
}

/// What the browser observed of one load after the other on a slow processor: the longest tasks of the tag, in milliseconds, and the
/// layout shifts. `prelude` runs as a part of the loader.
async fn observe(loads: usize, prelude: &str) -> (Vec<f64>, Vec<Value>) {
    let world = World::start().await;
    world.proxy.set_prelude(prelude);
    world.browser.before_every_page(OBSERVE).await;
    // The demo shop's own display of the tag's state moves its page.
    world.browser.devtools("Network.enable", json!({})).await;
    let display = json!({ "urls": ["*/tag-status.js*"] });
    world.browser.devtools("Network.setBlockedURLs", display).await;
    world.browser.slow_down(SLOWED).await;
    let (mut longest, mut shifts) = (Vec::new(), Vec::new());
    for load in 0..loads {
        let page = format!("/order-confirmation?order=6000{load}&item=SKU-987:3");
        world.browser.open(&world.shop(&page)).await;
        world.browser.event("registered").await;
        // Observers are told in a task of their own, after the frame is presented.
        let observed = "requestAnimationFrame(() => setTimeout(() => done(__observed), 100))";
        let observed = world.browser.run_async(observed, vec![]).await;
        shifts.push(observed["layout-shift"].clone());
        longest.push(longest_task_of_the_tag(&observed));
    }
    world.end().await;
    (longest, shifts)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_long_task_and_no_layout_shift_on_a_slow_processor() {
    let (longest, shifts) = observe(LOADS, "").await;
    println!("longest task of the tag per load, in ms: {longest:?}");
    // A page that is parsed in several pieces may move its own table.
    assert!(shifts.contains(&json!([])), "every load had a layout shift: {shifts:?}");
    let best = longest.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(
        best <= LONG_TASK_MS,
        "every load had a long task of the tag: {longest:?} ms"
    );
}

/// Blocks the page, and moves it once it is painted.
const DISTURB: &str = "
for (const end = performance.now() + 80; performance.now() < end;);
new PerformanceObserver(() => requestAnimationFrame(() => {
  const box = document.createElement('div');
  box.style.height = '200px';
  document.body.prepend(box);
})).observe({ type: 'paint', buffered: true });";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_task_and_a_layout_shift_would_be_seen() {
    // A page that is painted only after it is looked at does not move.
    let (longest, shifts) = observe(LOADS, DISTURB).await;
    assert!(longest.iter().all(|longest| *longest > LONG_TASK_MS), "{longest:?} ms");
    assert!(shifts.iter().any(|shifts| *shifts != json!([])), "no shift was seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_the_tag_stays_in_the_back_forward_cache() {
    let world = World::start().await;
    world
        .browser
        .open(&world.shop("/order-confirmation?order=60010&item=SKU-987:3"))
        .await;
    world.browser.event("registered").await;
    world.browser.follow(&world.gateway("/health")).await;
    world.browser.back().await;
    let reasons = "return performance.getEntriesByType('navigation')[0].notRestoredReasons";
    assert_eq!(world.browser.run(reasons).await, Value::Null, "nothing hinders it");
    assert!(world.browser.is_restored().await, "the page came back from the cache");
    world.end().await;
}

/// How long the page's last script is on its way: far longer than the tag's files are.
const DEFERRED: Duration = Duration::from_millis(1_500);

#[tokio::test(flavor = "multi_thread")]
async fn the_module_starts_after_the_pages_own_start() {
    let world = World::start().await;
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>slow</title><script async src=\"{files}/tag/purchase-tag.js\" data-site=demo \
         data-collector=\"{purchases}\"></script><script defer src=/deferred.js></script><p>A page.",
        files = world.proxy.files(),
        purchases = world.proxy.purchases(),
    );
    let script = || async {
        sleep(DEFERRED).await;
        (
            [("content-type", "text/javascript")],
            "window.__deferred = performance.now()",
        )
    };
    let pages = Router::new()
        .route("/", get(move || async move { Html(page) }))
        .route("/deferred.js", get(script));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("the listener's address");
    tokio::spawn(async move { axum::serve(listener, pages).await });

    let record = "
for (const name of ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming']) {
  const own = WebAssembly[name];
  WebAssembly[name] = function () { (window.__wasm ??= []).push(performance.now()); return own.apply(this, arguments); };
}";
    world.browser.before_every_page(record).await;
    world.browser.open(&format!("http://{address}/")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    let times = "
      const { domContentLoadedEventEnd: parsed } = performance.getEntriesByType('navigation')[0];
      return { parsed, deferred: __deferred, first: __wasm[0] };";
    let times = world.browser.run(times).await;
    let at = |key: &str| times[key].as_f64().expect("a time");
    assert!(at("deferred") <= at("parsed"), "the page was held up: {times}");
    assert!(at("first") >= at("parsed"), "the module waits for the page: {times}");
    world.end().await;
}

/// In front of the loader, in the same script: a purchase waits in the queue, and what writes, opens, fetches or makes an element is noted.
const NOTE_ORDER: &str = "
window.__order = [];
for (const [owner, name] of [
  [Storage.prototype, 'setItem'], [IDBFactory.prototype, 'open'], [BroadcastChannel.prototype, 'postMessage'],
  [IDBObjectStore.prototype, 'put'], [window, 'fetch'], [window, 'fetchLater'], [Document.prototype, 'createElement'],
]) {
  const own = owner[name];
  // A proxy, because the loader takes only a native `fetchLater`.
  if (own) owner[name] = new Proxy(own, { apply(target, self, values) {
    __order.push(values[0].toString().includes(':r:') ? 'record' : name);
    return Reflect.apply(target, self, values);
  } });
}
purchaseTag('purchase', { purchase_id: '60020', total_quantity: 3, total_price: '180.75' });";

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_is_written_before_anything_else_is_touched() {
    let world = World::start().await;
    world.proxy.set_prelude(NOTE_ORDER);
    world.browser.open(&world.shop("/")).await;
    world.browser.event("registered").await;
    let order = world.browser.run("return __order").await;
    assert_eq!(order[0], "record", "{order}");
    for step in ["postMessage", "put"] {
        assert!(
            order.to_string().contains(step),
            "the database is opened, and written: {order}"
        );
    }
    world.end().await;
}

/// In front of the loader, in the same script: a purchase waits in the queue, the clock starts, and the text of the bare `setItem` is the
/// one that a loader before wrote. Half of the loads measure the bare one first: whoever is first opens localStorage for the page.
const MEASURE: &str = "
{
  const { text, order } = PARAMETERS;
  const own = Storage.prototype.setItem;
  const bare = (value) => {
    const start = performance.now();
    own.call(localStorage, 'bare', value);
    window.__bare = performance.now() - start;
    localStorage.removeItem('bare');
  };
  (window.purchaseTag ??= function () { (purchaseTag.q = purchaseTag.q || []).push(arguments) })('purchase', {
    purchase_id: order, total_quantity: 3, total_price: '180.75',
    product_basket_item: [{ product_id: 'SKU-987', name: 'Chair', quantity: 3, unit_price: '60.25', price: '180.75' }],
  });
  Storage.prototype.setItem = function (key, value) {
    own.call(this, key, value);
    if (window.__durable === undefined && key.includes(':r:')) {
      window.__durable = performance.now() - window.__start;
      window.__text = value;
      if (window.__bare === undefined) bare(value);
    }
  };
  if (text) bare(text);
  window.__start = performance.now();
}";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "`cargo xtask size --speed` prints its figures"]
async fn capture_compared_with_a_bare_write() {
    let repetitions: usize = setting("PURCHASE_SPEED_LOADS").parse().expect("a number of loads");
    let world = World::start().await;
    // By whether it was the first that touched localStorage on its page.
    let (mut durable, mut bare) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut text = Value::Null;
    // The first load is not counted: nothing of the profile exists before it.
    for load in 0..=repetitions {
        let parameters =
            json!({ "order": format!("7{load:04}"), "text": if load % 2 == 0 { Value::Null } else { text.clone() } });
        world
            .proxy
            .set_prelude(&MEASURE.replace("PARAMETERS", &parameters.to_string()));
        world.browser.open(&world.shop("/")).await;
        world.browser.event("registered").await;
        let times = world.browser.run("return [__durable, __bare, __text]").await;
        text = times[2].clone();
        if load > 0 {
            let loader_is_first = load % 2 == 0;
            durable[usize::from(loader_is_first)].push(times[0].as_f64().expect("a time"));
            bare[usize::from(!loader_is_first)].push(times[1].as_f64().expect("a time"));
        }
    }
    println!(
        "{repetitions} page loads, {} bytes, in milliseconds",
        text.as_str().map_or(0, str::len)
    );
    let ([loader_second, loader_first], [bare_second, bare_first]) = (durable, bare);
    println!("The first that touches localStorage opens it for the page:");
    let of_loader = summary(
        "the loader, from its first statement to the durable capture",
        loader_first,
    );
    let of_bare = summary("one bare setItem of the same text", bare_first);
    println!("ratio of the medians: {:.1}", of_loader / of_bare);
    println!("localStorage is open already:");
    summary("the loader", loader_second);
    summary("one bare setItem", bare_second);
    world.end().await;
}

/// Prints median, quarters and range; answers the median.
fn summary(name: &str, mut times: Vec<f64>) -> f64 {
    if times.is_empty() {
        return f64::NAN;
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!(
        "{name}: median {:.2}, middle half {:.2} to {:.2}, all {:.2} to {:.2}",
        at(0.5),
        at(0.25),
        at(0.75),
        at(0.0),
        at(1.0)
    );
    at(0.5)
}
