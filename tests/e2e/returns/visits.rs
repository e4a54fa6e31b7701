//! What shoppers do in the scenarios, from the shop's first page to the last one that they see.

use super::{scenario::Variant, shop::Shop, stage::Stage};
use crate::process::PATIENCE;

/// What everybody buys.
const PRODUCT: &str = "/product/stoneware-serving-bowl";

/// Longer than another tab's shopper may still be paying, and than any session.
const DAYS_AWAY: u32 = 2;

/// How the shopper goes through the checkout page.
#[derive(Clone, Copy, PartialEq)]
pub enum Pace {
    /// Reads it.
    Calm,
    /// Presses the button as soon as it is there, perhaps before the module is.
    Hasty,
}

/// Pays, and the gateway does the rest.
pub async fn returns(stage: &mut Stage, shop: &Shop, pace: Pace) {
    leaves(stage, shop, pace).await;
    stage.browser.press("pay").await;
    is_confirmed(stage, shop).await;
}

/// Pays, and presses the receipt's button.
pub async fn presses_the_button(stage: &mut Stage, shop: &Shop) {
    leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    stage.browser.press("return").await;
    is_confirmed(stage, shop).await;
}

/// Pays, and closes the tab before the button is pressed, then the browser.
pub async fn closes_everything(stage: &mut Stage, shop: &Shop) {
    let first = stage.browser.tab().await;
    stage.browser.new_tab().await;
    let number = leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    stage.browser.awaits("return").await;
    shop.gets_paid(&number).await;
    stage.browser.close_tab(&first).await;
    stage.browser.quit().await;
    stage.browser.kill_and_restart().await;
    comes_home_later(stage, shop).await;
}

/// Pays on a page that is closed then, by itself or by hand.
pub async fn closes_the_tab(stage: &mut Stage, shop: &Shop) {
    let first = stage.browser.tab().await;
    stage.browser.new_tab().await;
    let number = leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    shop.gets_paid(&number).await;
    stage.browser.close_tab_if_open(&first).await;
    comes_home_later(stage, shop).await;
}

/// Pays, and takes the link to the home page.
pub async fn goes_home(stage: &mut Stage, shop: &Shop) {
    leaves(stage, shop, Pace::Calm).await;
    pays_and_goes_home(stage, shop).await;
}

/// The same where the shop's server tells the collector only after that.
pub async fn goes_home_and_the_server_tells(stage: &mut Stage, shop: &Shop) {
    let number = leaves(stage, shop, Pace::Calm).await;
    pays_and_goes_home(stage, shop).await;
    stage.comes_to(shop, "none; checkout unknown, open").await;
    shop.tell(stage, &number).await;
}

/// The same where the order is there before the payment: the collector knows its number from the checkout.
pub async fn goes_home_with_an_order(stage: &mut Stage, shop: &Shop) {
    let number = leaves(stage, shop, Pace::Calm).await;
    pays_and_goes_home(stage, shop).await;
    stage.hears_of_checkouts(shop, 1).await;
    let checkout = stage.collector.checkouts_of(&shop.site).await.remove(0);
    assert_eq!(checkout["purchase_id"], number.as_str(), "{checkout}");
}

/// Whatever the button to pay leads to, it leads back to the checkout page.
pub async fn is_back_at_the_checkout(stage: &mut Stage, shop: &Shop) {
    leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    stage.browser.arrives_below(&shop.page("/checkout?")).await;
}

/// Presses the gateway's button to cancel.
pub async fn cancels(stage: &mut Stage, shop: &Shop) {
    leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("cancel").await;
    stage.browser.arrives_below(&shop.page("/checkout?canceled=1")).await;
}

/// Gets a voucher, and sees the confirmation page of an order that is not paid.
pub async fn gets_a_voucher(stage: &mut Stage, shop: &Shop) {
    brings_a_voucher(stage, shop).await;
}

/// The same, and pays it later.
pub async fn gets_a_voucher_and_pays(stage: &mut Stage, shop: &Shop) {
    let number = brings_a_voucher(stage, shop).await;
    stage.comes_to(shop, "pending; checkout created, open").await;
    // Whoever leaves before the module was there is known to the collector only.
    stage.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    stage.browser.visit(&shop.gateway("/vouchers")).await;
    shop.pay_voucher(&number).await;
    comes_home_later(stage, shop).await;
}

/// Gets a voucher and opens the home page by hand, before it is paid and after.
pub async fn gets_a_voucher_goes_home_and_pays(stage: &mut Stage, shop: &Shop) {
    let number = leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    stage.browser.awaits("voucher").await;
    stage.browser.open(&shop.page("/")).await;
    let unpaid = match stage.variant {
        Variant::OrderStatus => "pending; checkout created, open",
        Variant::Nothing => "none; checkout unknown, open",
        Variant::ServerMessage => "pending; checkout unknown, open",
    };
    stage.comes_to(shop, unpaid).await;
    stage.browser.visit(&shop.gateway("/vouchers")).await;
    shop.pay_voucher(&number).await;
    comes_home_later(stage, shop).await;
}

/// Pays, and the return address opens in a browser that knows nothing of the checkout.
pub async fn returns_in_another_profile(stage: &mut Stage, shop: &Shop) {
    let number = leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    let address = stage.browser.text("return-address").await;
    let other = stage.other().await;
    other.open(&address).await;
    let registered = other.event("registered").await;
    assert_eq!(registered["purchase_id"], number.as_str(), "{registered}");
    other.visit("about:blank").await;
    stage
        .comes_to(shop, "completed, placed; checkout created, closed")
        .await;
    comes_home_later(stage, shop).await;
}

/// Presses back at the gateway, finds the checkout page as it was left, and pays on the second try.
pub async fn presses_back_and_pays(stage: &mut Stage, shop: &Shop) {
    let first = leaves(stage, shop, Pace::Calm).await;
    goes_back(stage, shop, stage.browser.engine.keeps_pages_left_by_forms()).await;
    let still_open = match stage.variant {
        Variant::OrderStatus => "pending; checkout created, open",
        Variant::Nothing | Variant::ServerMessage => "none; checkout created, open",
    };
    stage.comes_to(shop, still_open).await;
    let second = orders(stage, shop).await;
    assert_ne!(first, second, "the shop creates another order");
    stage.browser.press("pay").await;
    is_confirmed(stage, shop).await;
}

/// Leaves a shop whose script tells of the departure, by an address instead of a form; the rest is the same.
pub async fn presses_back_after_a_call(stage: &mut Stage, shop: &Shop) {
    opens_the_checkout(stage, shop, Pace::Calm).await;
    let call = "
        const cart_id = document.querySelector('.cn_cart .cart_id').textContent;
        purchaseTag('checkout', { cart_id, total_quantity: 1 })";
    stage.browser.run(call).await;
    // Firefox keeps no page that is left with a request under way.
    stage.comes_to(shop, "none; checkout created, open").await;
    assert!(stage.browser.outbox_is_empty(PATIENCE).await);
    stage.browser.follow(&shop.gateway("/health")).await;
    goes_back(stage, shop, true).await;
    stage.comes_to(shop, "none; checkout created, open").await;
    orders(stage, shop).await;
    stage.browser.press("pay").await;
    is_confirmed(stage, shop).await;
}

/// Two carts wait at the gateway in two tabs; both are paid.
pub async fn pays_two_carts(stage: &mut Stage, shop: &Shop) {
    two_carts(stage, shop).await;
    stage.browser.press("pay").await;
    is_confirmed(stage, shop).await;
}

/// Two carts wait at the gateway in two tabs; the first is paid, the second canceled.
pub async fn pays_one_of_two_carts(stage: &mut Stage, shop: &Shop) {
    two_carts(stage, shop).await;
    stage.browser.press("cancel").await;
    stage.browser.arrives_below(&shop.page("/checkout?canceled=1")).await;
}

/// Closes the gateway's page without paying.
pub async fn abandons(stage: &mut Stage, shop: &Shop) {
    let first = stage.browser.tab().await;
    stage.browser.new_tab().await;
    leaves(stage, shop, Pace::Calm).await;
    stage.browser.close_tab(&first).await;
    comes_home_later(stage, shop).await;
}

/// Does not pay, and writes into the address what the gateway would. The secret in it goes nowhere.
pub async fn forges_a_return(stage: &mut Stage, shop: &Shop) {
    const SECRET: &str = "pi_9_secret_nobodys";
    leaves(stage, shop, Pace::Calm).await;
    let parameters = format!("payment_intent=pi_9&payment_intent_client_secret={SECRET}&redirect_status=succeeded");
    stage.browser.open(&shop.page(&format!("/?{parameters}"))).await;
    let told = match stage.variant {
        Variant::OrderStatus => "pending; checkout created, open",
        Variant::Nothing | Variant::ServerMessage => "none; checkout pending, open",
    };
    stage.comes_to(shop, told).await;
    assert!(stage.browser.outbox_is_empty(PATIENCE).await);
    let kept = stage
        .browser
        .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        .await;
    assert!(!kept.to_string().contains(SECRET), "{kept}");
    let seen = stage.proxy.seen();
    assert!(seen.posts.iter().any(|post| post.body.contains(&shop.site)));
    assert!(seen.posts.iter().all(|post| !post.body.contains(SECRET)));
}

/// Fills a cart and goes to the gateway; answers the order's number there.
async fn leaves(stage: &mut Stage, shop: &Shop, pace: Pace) -> String {
    opens_the_checkout(stage, shop, pace).await;
    orders(stage, shop).await
}

async fn opens_the_checkout(stage: &mut Stage, shop: &Shop, pace: Pace) {
    stage.browser.open(&shop.page(PRODUCT)).await;
    stage.browser.press("add").await;
    stage.browser.arrives_at(&shop.page("/cart")).await;
    stage.browser.open(&shop.checkout()).await;
    if pace == Pace::Calm {
        stage.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    }
}

/// From the checkout page to the gateway; answers the order's number there.
async fn orders(stage: &mut Stage, shop: &Shop) -> String {
    stage.browser.press("place-order").await;
    stage.browser.arrives_below(&shop.gateway("/pay?")).await;
    let number = stage
        .browser
        .run("return new URLSearchParams(location.search).get('reference')")
        .await;
    number.as_str().expect("the gateway has the order's number").to_owned()
}

/// From the gateway to the checkout page as it was left.
async fn goes_back(stage: &mut Stage, shop: &Shop, is_kept: bool) {
    stage.browser.back().await;
    stage.browser.arrives_at(&shop.checkout()).await;
    assert_eq!(
        stage.browser.is_restored().await,
        is_kept,
        "the page came from the back/forward cache"
    );
}

async fn pays_and_goes_home(stage: &mut Stage, shop: &Shop) {
    stage.browser.press("pay").await;
    stage.browser.press("home").await;
    stage.browser.arrives_at(&shop.page("/")).await;
}

async fn is_confirmed(stage: &mut Stage, shop: &Shop) {
    stage.browser.arrives_below(&shop.page("/order-confirmation?")).await;
}

async fn comes_home_later(stage: &mut Stage, shop: &Shop) {
    stage.days_later(DAYS_AWAY);
    stage.browser.open(&shop.page("/")).await;
}

async fn brings_a_voucher(stage: &mut Stage, shop: &Shop) -> String {
    let number = leaves(stage, shop, Pace::Calm).await;
    stage.browser.press("pay").await;
    stage.browser.press("return").await;
    is_confirmed(stage, shop).await;
    number
}

/// The first cart is paid and confirmed while the second waits at the gateway, in the tab that stays.
async fn two_carts(stage: &mut Stage, shop: &Shop) {
    let first = stage.browser.tab().await;
    leaves(stage, shop, Pace::Calm).await;
    let second = stage.browser.new_tab().await;
    // The shop knows a cart by its cookie, and a cart that is at the gateway needs it no more.
    stage.browser.open(&shop.page("/health")).await;
    stage.browser.forget_cookies().await;
    leaves(stage, shop, Pace::Calm).await;

    stage.browser.switch_to(&first).await;
    stage.browser.press("pay").await;
    is_confirmed(stage, shop).await;
    let one_is_paid = match stage.variant {
        Variant::OrderStatus => "completed, placed + pending; checkout created, closed + created, open",
        Variant::Nothing | Variant::ServerMessage => "completed, placed; checkout created, closed + created, open",
    };
    stage.comes_to(shop, one_is_paid).await;
    stage.browser.close_tab(&second).await;
}
