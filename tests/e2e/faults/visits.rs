//! What shoppers do in the scenarios: the visit with the purchase.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    spoilt,
    stage::{Order, Stage},
};
use crate::{
    process::{PATIENCE, within},
    proxy::{Fault, File, FileFault, RetryAfter},
};

/// How long a page whose `fetch` never sends anything is given to send all the same.
const SPOILT_PATIENCE: Duration = Duration::from_secs(2);

/// Where nothing can be lost any more, how long a page is given to end what it does.
const CALM: Duration = Duration::from_secs(5);

/// How long a browser is given to send what a page that is gone left to it.
const LEFT_BEHIND: Duration = Duration::from_secs(5);

/// (a), (i): the purchase is registered while the shopper reads the page.
pub async fn healthy(stage: &mut Stage, order: &Order) {
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("registered").await;
    stage.browser.visit(stage.elsewhere()).await;
}

/// (b): no connection, and the tab is closed.
pub async fn offline(stage: &mut Stage, order: &Order) {
    stage.proxy.set(Fault::Refuse).await;
    let first = stage.browser.tab().await;
    stage.browser.new_tab().await;
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("retrying").await;
    stage.browser.close_tab(&first).await;
}

/// (c), (d), (j), (o): requests meet a fault while the page is open and when the shopper leaves it.
pub async fn faulty(stage: &mut Stage, order: &Order, fault: Fault) {
    stage.proxy.set(fault).await;
    stage.browser.open(&order.confirmation()).await;
    assert!(stage.sends(order, PATIENCE).await, "nothing was sent");
    if fault != Fault::Hang {
        stage.browser.event("retrying").await;
    }
    stage.browser.visit(stage.elsewhere()).await;
    stage.browser.arrives_at(stage.elsewhere()).await;
}

/// (e): the page is left up to 50 ms after the capture, each time a little later.
pub async fn leave(stage: &mut Stage, order: &Order, fault: Fault) {
    const STEP_MS: usize = 7;
    const LATEST_MS: usize = 50;
    stage.proxy.set(fault).await;
    let delay = order.index * STEP_MS % (LATEST_MS + 1);
    stage.proxy.set_prelude(&format!(
        "document.addEventListener('purchase-tag:captured', () => setTimeout(() => {{ location.href = '{}' }}, {delay}))",
        stage.elsewhere()
    ));
    stage.browser.visit(&order.confirmation()).await;
    stage.browser.arrives_at(stage.elsewhere()).await;
}

/// (f): three reloads after the purchase was registered.
pub async fn reload(stage: &mut Stage, order: &Order) {
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("registered").await;
    for _ in 0..3 {
        stage.browser.reload().await;
        assert!(
            stage.browser.outbox_is_empty(PATIENCE).await,
            "the reloaded page still has something to send"
        );
    }
}

/// (g): two purchases wait; two tabs open the shop at the same moment.
pub async fn two_tabs(stage: &mut Stage, order: &Order) {
    /// Longer than it takes to tell both tabs, in milliseconds.
    const TOGETHER_IN_MS: u32 = 400;
    stage.proxy.set(Fault::Status(503, None)).await;
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("retrying").await;
    let first = stage.browser.tab().await;
    stage.browser.visit(stage.elsewhere()).await;
    let second = stage.browser.new_tab().await;
    stage.browser.visit(stage.elsewhere()).await;
    stage.proxy.set(Fault::None).await;
    let together = stage
        .browser
        .run(&format!("return Date.now() + {TOGETHER_IN_MS}"))
        .await;
    for tab in [&first, &second] {
        stage.browser.switch_to(tab).await;
        let go = format!(
            "setTimeout(() => {{ location.href = '{}' }}, {together} - Date.now())",
            order.home()
        );
        stage.browser.run(&go).await;
    }
    for tab in [&first, &second] {
        stage.browser.switch_to(tab).await;
        stage.browser.arrives_at(&order.home()).await;
    }
    assert!(stage.stores(order, PATIENCE).await, "two tabs, and nobody delivered");
    for tab in [&first, &second] {
        stage.browser.switch_to(tab).await;
        assert!(
            stage.browser.outbox_is_empty(PATIENCE).await,
            "a tab holds on to what is confirmed"
        );
    }
    stage.browser.close_tab(&first).await;
}

/// (g): a newer release in another tab changes the database's version and leaves a record that this one does not know. Neither
/// release stops the other, and neither touches what the other wrote.
pub async fn newer_release(stage: &mut Stage, order: &Order) {
    stage.proxy.set(Fault::Status(503, None)).await;
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("retrying").await;
    let first = stage.browser.tab().await;
    let second = stage.browser.new_tab().await;
    stage.browser.visit(&format!("{}health", order.home())).await;
    let upgrade = "
        localStorage['purchase-tag:demo:r:newer'] = '2 a record of another format';
        const opening = indexedDB.open('purchase-tag', 2);
        opening.onupgradeneeded = () => {};
        opening.onerror = () => done('refused');
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('records', 'readwrite');
          transaction.objectStore('records').put({ text: '2 a record of another format', claimed_until: 0 }, 'demo:newer');
          transaction.oncomplete = () => { opening.result.close(); done('upgraded') };
        };";
    assert_eq!(stage.browser.run_async(upgrade, vec![]).await, "upgraded");
    stage.browser.switch_to(&first).await;
    stage.proxy.set(Fault::None).await;
    stage.browser.run("purchaseTag('flush')").await;
    assert!(
        stage.stores(order, PATIENCE).await,
        "the older release delivers nothing any more"
    );
    stage.browser.switch_to(&second).await;
    stage.browser.close_tab(&first).await;
    let left = stage.leftovers().await;
    assert_eq!(left.matches("2 a record of another format").count(), 2, "{left}");
}

/// (h): another script of the shop has used up localStorage.
pub async fn full(stage: &mut Stage, order: &Order, fault: Fault) {
    stage.browser.open(&order.home()).await;
    let fill = "
        let size = 1 << 22, key = 0;
        while (size) try { localStorage.setItem('f' + key++, 'x'.repeat(size)) } catch { size >>= 1 }
        try { localStorage.setItem('purchase', 'x'.repeat(100)); return 'there is room' } catch { return 'full' }";
    assert_eq!(stage.browser.run(fill).await, "full");
    stage.proxy.set(fault).await;
    stage.browser.open(&order.confirmation()).await;
    stage
        .browser
        .event(if fault == Fault::None { "registered" } else { "retrying" })
        .await;
    stage.browser.visit(stage.elsewhere()).await;
}

/// (k): the WebAssembly is still on its way when the shopper leaves.
pub async fn late_module(stage: &mut Stage, order: &Order) {
    stage.proxy.set_file(Some((File::Module, FileFault::Late)));
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("captured").await;
    stage.browser.visit(stage.elsewhere()).await;
    stage.browser.arrives_at(stage.elsewhere()).await;
    stage.proxy.set_file(None);
}

/// Whether the shopper has seen the shop before the confirmation page.
#[derive(Clone, Copy, PartialEq)]
pub enum Shop {
    /// No: the browser has neither the tag's files nor a database for this origin.
    New,
    /// Yes, as everybody who went through a cart and a checkout.
    Known,
}

/// (l): the browser dies so many milliseconds after the capture, and starts again on what is on disk.
pub async fn killed(stage: &mut Stage, order: &Order, shop: Shop, delay_ms: u64) {
    stage.proxy.set_prelude(&format!(
        "document.addEventListener('purchase-tag:captured', () => fetch('{}/signal', {{ mode: 'no-cors' }}))",
        stage.proxy.files()
    ));
    if shop == Shop::Known {
        stage.browser.open(&order.home()).await;
        stage.browser.outbox_is_empty(PATIENCE).await;
    }
    stage.proxy.set(Fault::Refuse).await;
    let address = order.confirmation();
    let visit = stage.browser.visit(&address);
    stage.proxy.signal_during(visit).await;
    sleep(Duration::from_millis(delay_ms)).await;
    stage.browser.kill_and_restart().await;
}

/// (l): the page's process dies, as when it runs out of memory; the browser goes on.
pub async fn renderer_killed(stage: &mut Stage, order: &Order) {
    queued(stage, order).await;
    stage.browser.kill_renderers();
    stage.stores(order, LEFT_BEHIND).await;
    stage.browser.kill_and_restart().await;
}

/// (l): the browser is closed by its menu.
pub async fn quit(stage: &mut Stage, order: &Order) {
    queued(stage, order).await;
    stage.browser.quit().await;
    stage.stores(order, LEFT_BEHIND).await;
    stage.browser.kill_and_restart().await;
}

/// The collector could not take the purchase, and is up again before the tag's next attempt.
async fn queued(stage: &mut Stage, order: &Order) {
    /// In seconds; no request of the page leaves before, and it is over when the later visit ends.
    const RETRY_AFTER: u64 = 10;
    stage
        .proxy
        .set(Fault::Status(503, Some(RetryAfter::Seconds(RETRY_AFTER))))
        .await;
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("retrying").await;
    stage.proxy.set(Fault::None).await;
}

/// (m): the module cannot run here, today or later.
pub async fn without_module(stage: &mut Stage, order: &Order) {
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("captured").await;
    assert!(
        stage.sends(order, PATIENCE).await,
        "nothing was sent without the module"
    );
    stage.browser.outbox_is_empty(CALM).await;
    stage.browser.visit(stage.elsewhere()).await;
    stage.browser.arrives_at(stage.elsewhere()).await;
}

/// (n): one of the module's files is broken, today and later.
pub async fn broken_file(stage: &mut Stage, order: &Order, file: File, fault: FileFault) {
    stage.proxy.set_file(Some((file, fault)));
    without_module(stage, order).await;
}

/// (p): another script, a different one for each shopper, has spoilt the page before the tag starts. In a tab of its own that is closed,
/// because a driver cannot leave a page whose `JSON` throws.
pub async fn spoilt(stage: &mut Stage, order: &Order) {
    stage.proxy.set_prelude(spoilt::script(order.index));
    let first = stage.browser.tab().await;
    stage.browser.new_tab().await;
    stage.browser.visit(&order.confirmation()).await;
    stage.sends(order, SPOILT_PATIENCE).await;
    stage.browser.close_tab(&first).await;
}

/// (q): back from elsewhere to the page that could not deliver.
pub async fn back(stage: &mut Stage, order: &Order) {
    stage.proxy.set(Fault::Status(503, None)).await;
    stage.browser.open(&order.confirmation()).await;
    stage.browser.event("retrying").await;
    stage.browser.follow(stage.elsewhere()).await;
    stage.proxy.set(Fault::None).await;
    stage.browser.back().await;
    assert!(
        within(PATIENCE, || stage.is_stored(order)).await,
        "the page is back and does not deliver"
    );
}
