//! A browser whose storage and tabs are what a story says, a shop that answers what the story says, a clock that only the story moves.

use std::collections::BTreeMap;

use purchase_core::{
    Rules,
    checkout::*,
    json,
    order::{Platform, Standing, StatusRules},
    outbox::Timestamp,
};

pub const NOON: u64 = 1_763_726_400_000;
pub const DAY: u64 = 24 * 60 * 60 * 1_000;
pub const STATUS_URL: bool = true;
pub const NO_STATUS_URL: bool = false;

/// A browser with its storage; each tab shows one page at a time.
pub struct Browser {
    pub now: u64,
    pub status_url: bool,
    pub stored: BTreeMap<String, String>,
}

/// One page.
pub struct Page {
    pub checkouts: Checkouts,
    pub said: Vec<String>,
}

impl Browser {
    pub fn new(status_url: bool) -> Browser {
        Browser {
            now: NOON,
            status_url,
            stored: BTreeMap::new(),
        }
    }

    /// A page that starts with what is stored.
    pub fn load(&mut self) -> Page {
        let mut page = self.blank();
        self.restore(&mut page);
        page
    }

    /// A page that has read nothing yet.
    pub fn blank(&self) -> Page {
        let settings = Settings {
            status_url: self.status_url,
            own_returns: String::new(),
        };
        Page {
            checkouts: Checkouts::new(settings),
            said: Vec::new(),
        }
    }

    pub fn restore(&mut self, page: &mut Page) {
        for (id, text) in self.stored.clone() {
            if let Some(checkout) = OpenCheckout::from_text(&id, &text) {
                self.tell(page, CheckoutInput::Restored(checkout));
            }
        }
    }

    /// A page that starts and is arrived at by loading it.
    pub fn open(&mut self, kind: PageKind, query: &str, mine: &[&str]) -> Page {
        let mut page = self.load();
        self.arrive(&mut page, kind, Reached::Load, query, mine);
        page
    }

    pub fn arrive(&mut self, page: &mut Page, kind: PageKind, reached: Reached, query: &str, mine: &[&str]) {
        let arrival = Arrival {
            page: kind,
            reached,
            query: query.into(),
            referrer: String::new(),
            mine: mine.iter().map(|cart| id_of(cart)).collect(),
        };
        self.tell(page, CheckoutInput::Arrived(arrival));
    }

    pub fn leave(&mut self, page: &mut Page, cart: &str) {
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

    pub fn see(&mut self, page: &mut Page, purchase: &str, cart: &str, standing: Standing) {
        let seen = Seen {
            purchase_id: purchase.into(),
            cart_id: Some(cart.into()),
            standing,
        };
        self.tell(page, CheckoutInput::PurchaseSeen(seen));
    }

    pub fn answer(&mut self, page: &mut Page, cart: &str, status: u16, body: &str) {
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
    pub fn wake(&mut self, page: &mut Page) -> u64 {
        let at = page.checkouts.poll_wake().expect("something to wake up for").0;
        let waited = at.saturating_sub(self.now);
        self.now = at;
        self.tell(page, CheckoutInput::Wake);
        waited
    }

    pub fn tell(&mut self, page: &mut Page, input: CheckoutInput) {
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
    pub fn says(&mut self, expected: &[&str]) {
        assert_eq!(std::mem::take(&mut self.said), expected);
    }
}

pub fn id_of(cart: &str) -> String {
    OpenCheckout::id_of(Some(cart), None, "")
}

pub fn order(id: &str, cart: &str, status: &str) -> String {
    format!(
        "{{\"purchase_id\":\"{id}\",\"cart_id\":\"{cart}\",\"total_quantity\":1,\"total_price\":\"20\",\"order_status\":\"{status}\"}}"
    )
}

/// The shopper left cart `c1` for the gateway.
pub fn left(status_url: bool) -> Browser {
    let mut browser = Browser::new(status_url);
    let mut checkout = browser.open(PageKind::Checkout, "", &[]);
    browser.leave(&mut checkout, "c1");
    checkout.says(&["c1 created by left in full"]);
    assert_eq!(checkout.checkouts.poll_wake(), None);
    browser
}
