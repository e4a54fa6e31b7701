//! Stories of open checkouts.

mod browser;
mod departures;

use purchase_core::{
    Rules,
    checkout::*,
    order::{Standing, State},
    outbox::Timestamp,
};

use crate::browser::*;

#[test]
fn the_home_page_two_days_later_with_a_status_url() {
    let mut browser = left(STATUS_URL);
    browser.now += 2 * DAY;
    let mut home = browser.open(PageKind::Other, "?utm_source=mail", &[]);
    home.says(&["ask c1"]);
    browser.answer(&mut home, "c1", 200, &order("10023", "c1", "processing"));
    home.says(&["register 10023", "erase"]);
    assert_eq!(home.checkouts.poll_wake(), None);
    browser.open(PageKind::Other, "", &[]).says(&[]);
}

#[test]
fn the_home_page_two_days_later_without_one() {
    let mut browser = left(NO_STATUS_URL);
    browser.now += 2 * DAY;
    let mut home = browser.open(PageKind::Other, "", &[]);
    home.says(&["c1 unknown by returned"]);
    browser.open(PageKind::Other, "", &["c1"]).says(&[]);
    // The confirmation may still come.
    let mut confirmation = browser.load();
    browser.see(&mut confirmation, "10023", "c1", Standing::CONFIRMED);
    browser.arrive(&mut confirmation, PageKind::Confirmation, Reached::Load, "", &[]);
    confirmation.says(&["erase"]);
}

#[test]
fn a_status_url_that_knows_nothing_is_asked_four_times_and_the_rest_is_told() {
    let mut browser = left(STATUS_URL);
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    home.says(&["ask c1"]);
    browser.answer(&mut home, "c1", 404, "");
    home.says(&["c1 unknown by returned"]);
    let mut pauses = Vec::new();
    for status in [404, 500, 200] {
        pauses.push(browser.wake(&mut home));
        home.says(&["ask c1"]);
        browser.answer(&mut home, "c1", status, "<html>");
    }
    assert_eq!(pauses, ASK_DELAYS_MS[1..]);
    home.says(&[]);
    assert_eq!(home.checkouts.poll_wake(), None);
    // A new page view is a new chance.
    browser.open(PageKind::Other, "", &[]).says(&["ask c1"]);
}

#[test]
fn an_answer_that_never_comes_is_given_up() {
    let mut browser = left(STATUS_URL);
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    home.says(&["ask c1"]);
    assert_eq!(browser.wake(&mut home), STATUS_ANSWER_MS_MAX);
    home.says(&["c1 unknown by returned"]);
    // It comes after all.
    browser.answer(&mut home, "c1", 200, &order("10023", "c1", "processing"));
    home.says(&["register 10023", "erase"]);
}

#[test]
fn the_back_button_and_then_paid_on_the_second_try() {
    let mut browser = Browser::new(NO_STATUS_URL);
    let mut checkout = browser.open(PageKind::Checkout, "", &[]);
    browser.leave(&mut checkout, "c1");
    checkout.says(&["c1 created by left in full"]);
    browser.arrive(&mut checkout, PageKind::Checkout, Reached::BackForward, "", &["c1"]);
    checkout.says(&[]);
    browser.now += 60_000;
    browser.leave(&mut checkout, "c1");
    checkout.says(&["c1 created by left in full"]);
    assert_eq!(browser.stored.len(), 1);
    let mut confirmation = browser.load();
    browser.see(&mut confirmation, "10023", "c1", Standing::CONFIRMED);
    browser.arrive(&mut confirmation, PageKind::Confirmation, Reached::Load, "", &["c1"]);
    confirmation.says(&["erase"]);
    assert!(browser.stored.is_empty());
}

#[test]
fn paid_and_then_the_back_button() {
    let mut browser = Browser::new(STATUS_URL);
    let mut checkout = browser.open(PageKind::Checkout, "", &[]);
    browser.leave(&mut checkout, "c1");
    browser.arrive(&mut checkout, PageKind::Checkout, Reached::BackForward, "", &["c1"]);
    browser.answer(&mut checkout, "c1", 200, &order("10023", "c1", "processing"));
    checkout.says(&["c1 created by left in full", "ask c1", "register 10023", "erase"]);
}

#[test]
fn canceled_at_the_gateway() {
    let mut browser = left(NO_STATUS_URL);
    let query = "?token=EC-60U79048BN7719609";
    let mut back = browser.open(PageKind::Checkout, query, &["c1"]);
    back.says(&["c1 canceled by returned via paypal"]);
    assert!(browser.stored.values().all(|text| !text.contains("EC-")));
    // Another page says less, and nothing is told twice.
    browser.open(PageKind::Other, "", &["c1"]).says(&[]);
    browser.open(PageKind::Checkout, query, &["c1"]).says(&[]);
}

#[test]
fn a_hint_of_success_is_no_purchase() {
    let mut browser = left(NO_STATUS_URL);
    let query = "?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2&redirect_status=succeeded";
    let mut back = browser.open(PageKind::Other, query, &["c1"]);
    back.says(&["c1 pending by returned via stripe"]);
    assert_eq!(browser.stored.len(), 1);
}

#[test]
fn what_the_shop_says_beats_the_hint() {
    let mut browser = left(STATUS_URL);
    let mut back = browser.open(PageKind::Other, "?token=EC-60U79048BN7719609", &["c1"]);
    back.says(&["ask c1"]);
    browser.answer(&mut back, "c1", 200, "{\"order_status\":\"on-hold\"}");
    back.says(&["c1 pending by status via paypal"]);
    browser.wake(&mut back);
    browser.answer(&mut back, "c1", 200, "{\"order_status\":\"cancelled\"}");
    back.says(&["ask c1", "c1 canceled by status via paypal", "erase"]);
}

#[test]
fn a_voucher_is_pending_and_completed_days_later() {
    let mut browser = left(STATUS_URL);
    let mut back = browser.open(PageKind::Other, "", &["c1"]);
    browser.answer(&mut back, "c1", 200, &order("10023", "c1", "on-hold"));
    back.says(&["ask c1", "register 10023"]);
    browser.wake(&mut back);
    browser.answer(&mut back, "c1", 200, &order("10023", "c1", "on-hold"));
    back.says(&["ask c1"]);
    browser.now += 3 * DAY;
    let mut home = browser.open(PageKind::Other, "", &[]);
    browser.answer(&mut home, "c1", 200, &order("10023", "c1", "processing"));
    home.says(&["ask c1", "register 10023", "erase"]);
}

#[test]
fn a_voucher_whose_confirmation_page_says_pending() {
    let mut browser = left(STATUS_URL);
    let mut confirmation = browser.load();
    let pending = Standing {
        state: State::Pending,
        placed: false,
    };
    browser.see(&mut confirmation, "10023", "c1", pending);
    browser.arrive(&mut confirmation, PageKind::Confirmation, Reached::Load, "", &["c1"]);
    browser.answer(&mut confirmation, "c1", 200, &order("10023", "c1", "on-hold"));
    // It is registered by the page already.
    confirmation.says(&["ask c1"]);
    browser.now += 3 * DAY;
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    browser.answer(&mut home, "c1", 200, &order("10023", "c1", "completed"));
    home.says(&["ask c1", "register 10023", "erase"]);
}

#[test]
fn a_purchase_that_is_stated_before_storage_is_read() {
    let mut browser = left(NO_STATUS_URL);
    let mut confirmation = browser.blank();
    let pending = Standing {
        state: State::Pending,
        placed: false,
    };
    browser.see(&mut confirmation, "10023", "c1", pending);
    browser.restore(&mut confirmation);
    browser.arrive(&mut confirmation, PageKind::Confirmation, Reached::Load, "", &["c1"]);
    confirmation.says(&[]);
    browser.now += 2 * DAY;
    // What is known to be pending is not told as unknown.
    browser.open(PageKind::Other, "", &["c1"]).says(&[]);
}

#[test]
fn two_carts_in_two_tabs() {
    let mut browser = left(NO_STATUS_URL);
    let mut other = browser.open(PageKind::Checkout, "", &[]);
    // The first tab's shopper may still be paying.
    other.says(&[]);
    assert_eq!(other.checkouts.poll_wake(), Some(Timestamp(NOON + AWAY_MS)));
    browser.now += 1_000;
    browser.leave(&mut other, "c2");
    other.says(&["c2 created by left in full"]);
    let mut first = browser.open(PageKind::Other, "?token=EC-60U79048BN7719609", &["c1"]);
    first.says(&["c1 canceled by returned via paypal"]);
    assert_eq!(browser.wake(&mut first), AWAY_MS);
    first.says(&["c2 unknown by returned"]);
    let mut second = browser.load();
    browser.see(&mut second, "10024", "c2", Standing::CONFIRMED);
    browser.arrive(&mut second, PageKind::Confirmation, Reached::Load, "", &["c2"]);
    second.says(&["erase"]);
    assert_eq!(browser.stored.keys().collect::<Vec<_>>(), [&id_of("c1")]);
}

#[test]
fn the_answer_about_another_order_does_not_count() {
    let mut browser = left(STATUS_URL);
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    browser.answer(&mut home, "c1", 200, &order("10001", "c0", "processing"));
    home.says(&["ask c1", "c1 unknown by returned"]);
}

#[test]
fn garbage_in_storage_is_left_alone() {
    let mut browser = left(NO_STATUS_URL);
    for (id, text) in [
        ("o1", "o9 new form"),
        ("o2", ""),
        ("o3", "o1 created x"),
        ("a1", "1 0 0 0 {}"),
    ] {
        browser.stored.insert(id.into(), text.into());
    }
    browser
        .open(PageKind::Other, "", &["c1"])
        .says(&["c1 unknown by returned"]);
    assert_eq!(browser.stored.len(), 5);
}

#[test]
fn a_clock_that_is_set_back_delays_nothing_for_long() {
    let mut browser = left(STATUS_URL);
    browser.now -= 300 * DAY;
    let mut home = browser.open(PageKind::Other, "", &[]);
    home.says(&["ask c1"]);
    browser.answer(&mut home, "c1", 404, "");
    while let Some(at) = home.checkouts.poll_wake() {
        assert!(at.0 <= browser.now + AWAY_MS, "{at:?}");
        browser.wake(&mut home);
        browser.answer(&mut home, "c1", 404, "");
    }
    home.says(&["ask c1", "ask c1", "ask c1", "c1 unknown by returned"]);
    // Its age counts from now on.
    browser.now += AGE_MS_MAX + 1;
    browser.open(PageKind::Other, "", &[]).says(&["erase"]);
}

#[test]
fn the_age_limit() {
    let mut browser = left(STATUS_URL);
    browser.now += AGE_MS_MAX + 1;
    browser
        .open(PageKind::Other, "", &[])
        .says(&["c1 unknown by returned", "erase"]);
}

#[test]
fn the_oldest_gives_way() {
    let mut browser = Browser::new(NO_STATUS_URL);
    let mut page = browser.open(PageKind::Checkout, "", &[]);
    for cart in 0..=CHECKOUTS_MAX {
        browser.now += 1;
        browser.leave(&mut page, &format!("c{cart}"));
    }
    assert_eq!(browser.stored.len(), CHECKOUTS_MAX);
    assert!(!browser.stored.contains_key(&id_of("c0")));
    assert_eq!(page.said[page.said.len() - 2..], ["c0 unknown by returned", "erase"]);
}

#[test]
fn asks_are_spread_over_the_days() {
    let mut browser = left(STATUS_URL);
    let mut asks = 0;
    for _ in 0..200 {
        let mut page = browser.open(PageKind::Other, "", &["c1"]);
        for _ in 0..ASKS_PER_VISIT_MAX {
            if page.said.iter().any(|said| said == "ask c1") {
                page.said.clear();
                asks += 1;
                browser.answer(&mut page, "c1", 200, "{\"order_status\":\"on-hold\"}");
            }
            if page
                .checkouts
                .poll_wake()
                .is_some_and(|at| at.0 - browser.now <= 60_000)
            {
                browser.wake(&mut page);
            }
        }
    }
    assert!((ASKS_FREE..ASKS_FREE + 12).contains(&asks), "{asks} within hours");
    for _ in 0..60 {
        browser.now += DAY / 3;
        let mut page = browser.open(PageKind::Other, "", &["c1"]);
        asks += page.said.iter().filter(|said| *said == "ask c1").count() as u32;
        browser.answer(&mut page, "c1", 404, "");
    }
    assert!((25..=ASKS_MAX).contains(&asks), "{asks} within 20 days");
}

#[test]
fn a_shop_that_asks_for_peace_gets_it() {
    let mut browser = left(STATUS_URL);
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    let reply = Reply::from_response(503, Some(600_000), "", &Rules::default());
    browser.tell(&mut home, CheckoutInput::Answered { id: id_of("c1"), reply });
    home.says(&["ask c1", "c1 unknown by returned"]);
    assert_eq!(browser.wake(&mut home), 600_000);
    home.says(&["ask c1"]);
}

#[test]
fn what_another_tab_erased_is_forgotten() {
    let mut browser = left(STATUS_URL);
    let mut home = browser.open(PageKind::Other, "", &["c1"]);
    home.says(&["ask c1"]);
    browser.tell(&mut home, CheckoutInput::ErasedElsewhere { id: id_of("c1") });
    browser.answer(&mut home, "c1", 200, &order("10023", "c1", "processing"));
    home.says(&[]);
    assert_eq!(home.checkouts.poll_wake(), None);
}

#[test]
fn a_restored_page_repeats_no_hint() {
    let mut browser = left(NO_STATUS_URL);
    let query = "?token=EC-60U79048BN7719609";
    let mut back = browser.open(PageKind::Other, query, &[]);
    back.says(&[]);
    browser.arrive(&mut back, PageKind::Checkout, Reached::BackForward, query, &["c1"]);
    back.says(&[]);
    browser.arrive(&mut back, PageKind::Other, Reached::BackForward, query, &["c1"]);
    back.says(&["c1 unknown by returned"]);
}

#[test]
fn a_checkout_page_that_is_loaded_anew_is_still_the_checkout() {
    let mut browser = left(NO_STATUS_URL);
    browser.open(PageKind::Checkout, "", &["c1"]).says(&[]);
    assert_eq!(browser.stored.len(), 1);
}
