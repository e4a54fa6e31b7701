//! Stories of departures: what each tells, by which gateway, and what of an earlier one goes on.

use purchase_core::{
    checkout::*,
    order::State,
    outbox::Timestamp,
    source::SourceKind,
    wire::{Envelope, new_envelope},
};

use crate::browser::*;

#[test]
fn another_order_of_the_same_cart_is_told() {
    let mut browser = Browser::new(STATUS_URL);
    let mut page = browser.open(PageKind::Checkout, "", &[]);
    for (order, expected) in [("1", 1), ("1", 0), ("2", 1)] {
        let leaving = Leaving {
            cart_id: Some("c1".into()),
            purchase_id: Some(order.into()),
            gateway: None,
            contents: String::new(),
        };
        browser.tell(&mut page, CheckoutInput::Opened(leaving));
        assert_eq!(std::mem::take(&mut page.said).len(), expected, "{order}");
    }
    let mut back = browser.open(PageKind::Other, "", &["c1"]);
    browser.answer(&mut back, "c1", 200, &order("3", "c1", "processing"));
    back.says(&["ask c1", "register 3", "erase"]);
}

#[test]
fn the_gateway_is_known_from_the_departure_or_from_the_return() {
    let leaving = |gateway| Leaving {
        gateway,
        ..Leaving::of_contents("{\"cart_id\":\"c1\"}".into())
    };
    // By the address that was left by; another one of the same cart is news.
    let mut browser = Browser::new(NO_STATUS_URL);
    let mut page = browser.open(PageKind::Checkout, "", &[]);
    for (gateway, expected) in [
        (Some("redsys"), "c1 created by left via redsys in full"),
        (Some("paypal"), "c1 created by left via paypal in full"),
    ] {
        browser.tell(&mut page, CheckoutInput::Opened(leaving(gateway)));
        page.says(&[expected]);
        browser.tell(&mut page, CheckoutInput::Opened(leaving(None)));
        page.says(&[]);
    }
    // A later departure is another one.
    browser.now += 1;
    browser.tell(&mut page, CheckoutInput::Opened(leaving(None)));
    page.says(&["c1 created by left in full"]);
    browser.now += 1;
    browser.tell(&mut page, CheckoutInput::Opened(leaving(Some("paypal"))));
    page.says(&["c1 created by left via paypal in full"]);
    // It is kept till the shopper is back on a page that tells nothing of it.
    browser
        .open(PageKind::Other, "", &["c1"])
        .says(&["c1 unknown by returned via paypal"]);

    // By the page that led here, where the gateway adds nothing to the address; parameters say it better.
    for (query, gateway) in [("", "mollie"), ("token=a&PayerID=b", "paypal")] {
        let mut browser = Browser::new(STATUS_URL);
        let mut page = browser.open(PageKind::Checkout, "", &[]);
        browser.tell(&mut page, CheckoutInput::Opened(leaving(None)));
        page.says(&["c1 created by left in full"]);
        let mut back = browser.load();
        let arrival = Arrival {
            page: PageKind::Other,
            reached: Reached::Load,
            query: query.into(),
            referrer: "https://www.mollie.com:443/checkout?token=SECRET".into(),
            mine: vec![id_of("c1")],
        };
        browser.tell(&mut back, CheckoutInput::Arrived(arrival));
        browser.answer(&mut back, "c1", 200, &order("3", "c1", "processing"));
        back.says(&["ask c1", &format!("register 3 via {gateway}"), "erase"]);
    }
}

#[test]
fn a_new_try_is_asked_about_anew() {
    let mut browser = left(STATUS_URL);
    for text in browser.stored.values_mut() {
        *text = text.replace(" 0 0 {", &format!(" {ASKS_MAX} {} {{", NOON + DAY));
    }
    let mut page = browser.open(PageKind::Checkout, "", &[]);
    page.says(&[]);
    browser.now += 1;
    browser.leave(&mut page, "c1");
    page.says(&["c1 created by left in full"]);
    browser.open(PageKind::Other, "", &["c1"]).says(&["ask c1"]);
}

#[test]
fn what_was_learnt_stands_against_a_later_silence() {
    let mut browser = left(STATUS_URL);
    let mut back = browser.open(PageKind::Other, "?token=EC-60U79048BN7719609", &["c1"]);
    browser.answer(&mut back, "c1", 200, "{\"order_status\":\"on-hold\"}");
    browser.wake(&mut back);
    browser.answer(&mut back, "c1", 500, "");
    back.says(&["ask c1", "c1 pending by status via paypal", "ask c1"]);
    // Of another try only the departure is known.
    let mut checkout = browser.open(PageKind::Checkout, "", &["c1"]);
    browser.now += 1;
    browser.leave(&mut checkout, "c1");
    checkout.says(&["ask c1", "c1 created by left in full"]);
}

#[test]
fn two_tabs_of_one_checkout_agree_on_the_later_departure() {
    let mut browser = left(NO_STATUS_URL);
    let mut other = browser.open(PageKind::Other, "", &[]);
    browser.now += AWAY_MS - 1;
    let mut first = browser.open(PageKind::Checkout, "", &[]);
    browser.leave(&mut first, "c1");
    let (id, text) = browser.stored.first_key_value().expect("it is stored");
    let restored = OpenCheckout::from_text(id, text).expect("a checkout");
    browser.tell(&mut other, CheckoutInput::Restored(restored));
    assert_eq!(other.checkouts.poll_wake(), Some(Timestamp(browser.now + AWAY_MS)));
}

#[test]
fn a_report_becomes_an_envelope() {
    let mut page = Checkouts::new(Settings::default());
    let leaving = Leaving {
        purchase_id: Some("10023".into()),
        contents: "[\"cn_cart\",[\"total_price\",\"20\"]]".into(),
        ..Leaving::default()
    };
    page.handle(Timestamp(NOON), CheckoutInput::Opened(leaving));
    let data = std::iter::from_fn(|| page.poll_effect()).find_map(|effect| match effect {
        CheckoutEffect::Report { data } => Some(data),
        _ => None,
    });
    let (_, text) = new_envelope(SourceKind::Checkout, "demo", NOON, None, "{}", &data.expect("a report"));
    let report = Envelope::read(&text).expect("an envelope").checkout.expect("a report");
    assert_eq!(
        (report.checkout_id.as_str(), report.purchase_id.as_deref()),
        ("10023", Some("10023"))
    );
    assert_eq!(
        (report.state, report.basis, report.left_at),
        (State::Created, Basis::Left, NOON)
    );
    assert_eq!(report.contents.expect("its contents").fields.len(), 1);
}

#[test]
fn an_order_of_a_lower_state_than_was_told_is_registered_all_the_same() {
    let mut browser = left(STATUS_URL);
    let mut back = browser.open(PageKind::Other, "?token=EC-60U79048BN7719609", &["c1"]);
    browser.answer(&mut back, "c1", 500, "");
    back.says(&["ask c1", "c1 canceled by returned via paypal"]);
    browser.wake(&mut back);
    browser.answer(&mut back, "c1", 200, &order("10023", "c1", "on-hold"));
    back.says(&["ask c1", "register 10023 via paypal"]);
}

#[test]
fn after_so_many_asks_none_is_made() {
    let mut browser = left(STATUS_URL);
    for text in browser.stored.values_mut() {
        *text = text.replace(" 0 0 {", &format!(" {ASKS_MAX} 0 {{"));
    }
    browser
        .open(PageKind::Other, "", &["c1"])
        .says(&["c1 unknown by returned"]);
}

#[test]
fn a_departure_in_the_future_is_written_down_anew() {
    let mut browser = left(NO_STATUS_URL);
    browser.now -= 300 * DAY;
    browser.load();
    let (id, text) = browser.stored.first_key_value().expect("it is stored");
    let checkout = OpenCheckout::from_text(id, text).expect("a checkout");
    assert_eq!(checkout.left_at, Timestamp(browser.now));
}
