//! Stories of open checkouts: a browser whose storage and tabs are what the story says, a shop that answers what the story says, a
//! clock that only the story moves.

use std::collections::BTreeMap;

use purchase_core::{
    Rules,
    checkout::*,
    json,
    order::{Platform, Standing, State, StatusRules},
    outbox::Timestamp,
    source::SourceKind,
    wire::{Envelope, new_envelope},
};

const NOON: u64 = 1_763_726_400_000;
const DAY: u64 = 24 * 60 * 60 * 1_000;
const STATUS_URL: bool = true;
const NO_STATUS_URL: bool = false;

/// A browser with its storage; each tab shows one page at a time.
struct Browser {
    now: u64,
    status_url: bool,
    stored: BTreeMap<String, String>,
}

/// One page.
struct Page {
    checkouts: Checkouts,
    said: Vec<String>,
}

impl Browser {
    fn new(status_url: bool) -> Browser {
        Browser {
            now: NOON,
            status_url,
            stored: BTreeMap::new(),
        }
    }

    /// A page that starts with what is stored.
    fn load(&mut self) -> Page {
        let mut page = self.blank();
        self.restore(&mut page);
        page
    }

    /// A page that has read nothing yet.
    fn blank(&self) -> Page {
        let settings = Settings {
            status_url: self.status_url,
            own_returns: String::new(),
        };
        Page {
            checkouts: Checkouts::new(settings),
            said: Vec::new(),
        }
    }

    fn restore(&mut self, page: &mut Page) {
        for (id, text) in self.stored.clone() {
            if let Some(checkout) = OpenCheckout::from_text(&id, &text) {
                self.tell(page, CheckoutInput::Restored(checkout));
            }
        }
    }

    /// A page that starts and is arrived at by loading it.
    fn open(&mut self, kind: PageKind, query: &str, mine: &[&str]) -> Page {
        let mut page = self.load();
        self.arrive(&mut page, kind, Reached::Load, query, mine);
        page
    }

    fn arrive(&mut self, page: &mut Page, kind: PageKind, reached: Reached, query: &str, mine: &[&str]) {
        let arrival = Arrival {
            page: kind,
            reached,
            query: query.into(),
            referrer: String::new(),
            mine: mine.iter().map(|cart| id_of(cart)).collect(),
        };
        self.tell(page, CheckoutInput::Arrived(arrival));
    }

    fn leave(&mut self, page: &mut Page, cart: &str) {
        let leaving = Leaving {
            cart_id: Some(cart.into()),
            purchase_id: None,
            gateway: None,
            contents: format!(
                "{{\"cart_id\":\"{cart}\",\"total_quantity\":1,\"total_price\":\"20\",\"email\":\"a@b.example\"}}"
            ),
        };
        self.tell(page, CheckoutInput::Opened(leaving));
    }

    fn see(&mut self, page: &mut Page, purchase: &str, cart: &str, standing: Standing) {
        let seen = Seen {
            purchase_id: purchase.into(),
            cart_id: Some(cart.into()),
            standing,
        };
        self.tell(page, CheckoutInput::PurchaseSeen(seen));
    }

    fn answer(&mut self, page: &mut Page, cart: &str, status: u16, body: &str) {
        let rules = Rules {
            statuses: StatusRules {
                platform: Some(Platform::WooCommerce),
                custom: None,
            },
            ..Rules::default()
        };
        let reply = Reply::from_response(status, None, body, &rules);
        self.tell(page, CheckoutInput::Answered { id: id_of(cart), reply });
    }

    /// Moves the clock to the page's next wake-up and wakes it; answers how long that took, in milliseconds.
    #[track_caller]
    fn wake(&mut self, page: &mut Page) -> u64 {
        let at = page.checkouts.poll_wake().expect("something to wake up for").0;
        let waited = at.saturating_sub(self.now);
        self.now = at;
        self.tell(page, CheckoutInput::Wake);
        waited
    }

    fn tell(&mut self, page: &mut Page, input: CheckoutInput) {
        page.checkouts.handle(Timestamp(self.now), input);
        while let Some(effect) = page.checkouts.poll_effect() {
            let said = match effect {
                CheckoutEffect::Save { id, text } => {
                    self.stored.insert(id, text);
                    continue;
                }
                CheckoutEffect::Erase { id } => {
                    self.stored.remove(&id).expect("what is erased was stored");
                    "erase".into()
                }
                CheckoutEffect::Ask { cart_id, .. } => format!("ask {}", cart_id.expect("the cart")),
                CheckoutEffect::Report { data } => {
                    assert!(!data.contains('@'), "{data}");
                    let value = json::read(&data).expect("a report is JSON");
                    let report = CheckoutReport::from_value(&value).expect("a report");
                    let via = report
                        .gateway
                        .map(|gateway| format!(" via {gateway}"))
                        .unwrap_or_default();
                    let full = if report.contents.is_some() { " in full" } else { "" };
                    format!(
                        "{} {} by {}{via}{full}",
                        report.checkout_id,
                        report.state.name(),
                        report.basis.name()
                    )
                }
                CheckoutEffect::Register { data, gateway } => {
                    let via = gateway.map(|gateway| format!(" via {gateway}")).unwrap_or_default();
                    let value = json::read(&data).expect("a purchase is JSON");
                    let id = value.get("purchase_id").and_then(json::Value::text);
                    format!("register {}{via}", id.expect("its id"))
                }
            };
            page.said.push(said);
        }
    }
}

impl Page {
    #[track_caller]
    fn says(&mut self, expected: &[&str]) {
        assert_eq!(std::mem::take(&mut self.said), expected);
    }
}

fn id_of(cart: &str) -> String {
    OpenCheckout::id_of(Some(cart), None, "")
}

fn order(id: &str, cart: &str, status: &str) -> String {
    format!(
        "{{\"purchase_id\":\"{id}\",\"cart_id\":\"{cart}\",\"total_quantity\":1,\"total_price\":\"20\",\"order_status\":\"{status}\"}}"
    )
}

/// The shopper left cart `c1` for the gateway.
fn left(status_url: bool) -> Browser {
    let mut browser = Browser::new(status_url);
    let mut checkout = browser.open(PageKind::Checkout, "", &[]);
    browser.leave(&mut checkout, "c1");
    checkout.says(&["c1 created by left in full"]);
    assert_eq!(checkout.checkouts.poll_wake(), None);
    browser
}

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
