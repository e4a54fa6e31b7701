//! The table of scenarios, and what is to come of each.

use std::pin::Pin;

use super::{
    fate::Expected,
    shop::Shop,
    stage::Stage,
    visits::{self, Pace},
};
use crate::browser::Engine;

/// One way to leave for the gateway and to come back, or not.
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What happens, for the table.
    pub story: &'static str,
    /// From the cart to the last page that the shopper sees.
    pub play: Play,
    /// The developers' options, as the checkout page's query.
    pub options: &'static str,
    /// Whether the shop states orders in WooCommerce's words, also on the confirmation page.
    pub woocommerce: bool,
    /// Whether the browser is closed and started again on its profile.
    pub restarts: bool,
    /// Whether another scenario is near enough for the short forms.
    pub only_in_full: bool,
    /// Whether the shop's server says nothing while the shopper is about: its message is sent by the visit.
    pub silent: bool,
    /// What is to come of it, for each [`Variant`]; none where there is nothing to play.
    pub expected: [Option<Expected>; 3],
}

/// A visit.
pub type Play = for<'a> fn(&'a mut Stage, &'a Shop) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// How the shop helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// It has an order-status URL.
    OrderStatus,
    /// Not at all.
    Nothing,
    /// Its server posts its orders itself.
    ServerMessage,
}

impl Variant {
    /// All of them, in the order of the table.
    pub const ALL: [Variant; 3] = [Variant::OrderStatus, Variant::Nothing, Variant::ServerMessage];

    /// For the table.
    pub fn name(self) -> &'static str {
        match self {
            Variant::OrderStatus => "with order-status URL",
            Variant::Nothing => "without",
            Variant::ServerMessage => "with server message",
        }
    }
}

impl Scenario {
    /// What is to come of it.
    pub fn expected(&self, variant: Variant) -> Option<Expected> {
        self.expected[variant as usize]
    }

    /// Whether there is something to play that an engine can.
    pub fn is_for(&self, engine: Engine, variant: Variant) -> bool {
        (!self.restarts || engine.has_profiles()) && self.expected(variant).is_some()
    }
}

/// Those of the short forms. What does not depend on how the shop helps is played with the order-status URL only, which does most.
pub fn short(variant: Variant, engine: Engine) -> Vec<&'static Scenario> {
    let depends = |it: &Scenario| it.expected.iter().any(|expected| *expected != it.expected[0]);
    let is_played = |it: &&Scenario| variant == Variant::OrderStatus || depends(it);
    ALL.iter()
        .filter(|it| it.is_for(engine, variant) && !it.only_in_full)
        .filter(is_played)
        .collect()
}

const fn scenario(
    name: &'static str,
    story: &'static str,
    options: &'static str,
    play: Play,
    [status, nothing, message]: [Expected; 3],
) -> Scenario {
    Scenario {
        name,
        story,
        play,
        options,
        woocommerce: false,
        restarts: false,
        only_in_full: false,
        silent: false,
        expected: [Some(status), Some(nothing), Some(message)],
    }
}

/// Wraps a visit for the table.
macro_rules! play {
    ($visit:ident $(, $argument:expr)*) => {
        |stage, shop| Box::pin(visits::$visit(stage, shop $(, $argument)*))
    };
}

const fn fate(orders: &'static [&'static str], checkouts: &'static [&'static str]) -> Expected {
    Expected { orders, checkouts }
}

const BOUGHT: &[&str] = &["completed, placed"];
const BOUGHT_BOTH: &[&str] = &["completed, placed", "completed, placed"];
const NOTHING: &[&str] = &[];

/// The confirmation page was reached.
const CONFIRMED: [Expected; 3] = [fate(BOUGHT, &["created, closed"]); 3];

/// Paid, and the shopper comes home without the confirmation page.
const HOME: [Expected; 3] = [
    fate(BOUGHT, &["created, closed"]),
    fate(NOTHING, &["unknown, open"]),
    fate(BOUGHT, &["unknown, closed"]),
];

/// The shop knows that nothing comes of it, or only the return says so.
const CANCELED: [Expected; 3] = [
    fate(&["canceled"], &["created, closed"]),
    fate(NOTHING, &["canceled, open"]),
    fate(&["canceled"], &["canceled, closed"]),
];

/// In the order of the tables.
#[rustfmt::skip]
pub const ALL: &[Scenario] = &[
    scenario("direct", "pays, and is back at once; so fast that the tag is hardly there on any page",
        "behaviour=direct&family=redsys", play!(returns, Pace::Hasty), CONFIRMED),
    Scenario { only_in_full: true, ..scenario("auto", "pays, and is back after a receipt of one second",
        "behaviour=auto&family=stripe", play!(returns, Pace::Calm), CONFIRMED) },
    Scenario { only_in_full: true, ..scenario("delay", "pays, and is back after a receipt that counts down",
        "behaviour=delay&delay=2&family=mercado-pago", play!(returns, Pace::Calm), CONFIRMED) },
    scenario("post", "pays, and is back by a posted form",
        "behaviour=post&family=redsys", play!(returns, Pace::Calm), CONFIRMED),
    scenario("button", "pays, and presses the button that leads back",
        "behaviour=button&family=bizum", play!(presses_the_button), CONFIRMED),
    Scenario { restarts: true, ..scenario("button-never", "pays, does not press it and closes tab and browser; two days later the browser is started again on the shop's home page",
        "behaviour=button&family=redsys", play!(closes_everything), HOME) },
    scenario("close", "pays, the gateway's page closes itself or is closed; two days later another tab opens the home page",
        "behaviour=close&family=klarna", play!(closes_the_tab), HOME),
    scenario("home", "pays, and takes the gateway's link to the home page",
        "behaviour=home&family=adyen", play!(goes_home), HOME),
    Scenario { silent: true, expected: [None, None, Some(fate(BOUGHT, &["unknown, closed"]))], ..scenario("home-message", "the same, and the server's message comes after that",
        "behaviour=home&family=adyen", play!(goes_home_and_the_server_tells), HOME) },
    scenario("cancel", "cancels at the gateway and is back on the checkout page",
        "behaviour=cancel&family=redsys", play!(is_back_at_the_checkout), CANCELED),
    Scenario { only_in_full: true, ..scenario("cancel-button", "the same by the gateway's own button",
        "behaviour=direct&family=mercado-pago", play!(cancels), CANCELED) },
    scenario("failure", "is refused and is back on the checkout page",
        "behaviour=failure&family=stripe", play!(is_back_at_the_checkout), CANCELED),
    Scenario { only_in_full: true, woocommerce: true, ..scenario("voucher", "gets a voucher and presses the button that leads back; the shop says `on-hold`",
        "behaviour=voucher&family=mercado-pago", play!(gets_a_voucher),
        [fate(&["pending"], &["created, open"]); 3]) },
    Scenario { woocommerce: true, ..scenario("voucher-paid", "the same; it is paid, and two days later the shopper opens the home page; the shop says `processing`",
        "behaviour=voucher&family=mercado-pago", play!(gets_a_voucher_and_pays),
        [fate(&["pending, placed"], &["created, closed"]), fate(&["pending"], &["created, open"]), fate(&["pending, placed"], &["created, closed"])]) },
    scenario("voucher-home", "gets a voucher and opens the home page instead; it is paid, and two days later the shopper is there again",
        "behaviour=voucher&family=payu-latam", play!(gets_a_voucher_goes_home_and_pays), HOME),
    scenario("other-profile", "pays, and the return address opens in another browser; two days later the first one opens the home page",
        "behaviour=other-profile", play!(returns_in_another_profile),
        [fate(BOUGHT, &["created, closed"]), fate(BOUGHT, &["unknown, closed"]), fate(BOUGHT, &["unknown, closed"])]),
    scenario("back", "presses back at the gateway, and orders and pays a second time",
        "behaviour=direct&family=wompi", play!(presses_back_and_pays),
        [fate(&["completed, placed", "pending"], &["created, closed"]), fate(BOUGHT, &["created, closed"]), fate(BOUGHT, &["created, closed"])]),
    scenario("back-call", "the same in a shop whose script calls `purchaseTag('checkout', …)` and leaves by an address; back is by the back/forward cache",
        "behaviour=direct&family=wompi", play!(presses_back_after_a_call), CONFIRMED),
    scenario("two-carts", "has two carts at the gateway in two tabs, and pays both",
        "behaviour=direct&family=redsys", play!(pays_two_carts),
        [fate(BOUGHT_BOTH, &["created, closed", "created, closed"]); 3]),
    scenario("two-carts-one", "the same, pays the first and cancels the second",
        "behaviour=direct&family=redsys", play!(pays_one_of_two_carts),
        [
            fate(&["canceled", "completed, placed"], &["created, closed", "created, closed"]),
            fate(BOUGHT, &["canceled, open", "created, closed"]),
            fate(&["canceled", "completed, placed"], &["canceled, closed", "created, closed"]),
        ]),
    scenario("order-first", "the order is created before the payment; pays, and is back after a receipt",
        "behaviour=auto&family=paypal-orders&order_first=1", play!(returns, Pace::Calm), CONFIRMED),
    scenario("order-first-home", "the same, and takes the gateway's link to the home page",
        "behaviour=home&family=paypal-orders&order_first=1", play!(goes_home_with_an_order), HOME),
    scenario("abandoned", "does not pay and closes the gateway's page; two days later another tab opens the home page",
        "behaviour=direct&family=redsys", play!(abandons),
        [fate(&["pending"], &["created, open"]), fate(NOTHING, &["unknown, open"]), fate(NOTHING, &["unknown, open"])]),
    scenario("forged", "does not pay, and opens the home page with the parameters of a successful payment",
        "behaviour=direct&family=stripe", play!(forges_a_return),
        [fate(&["pending"], &["created, open"]), fate(NOTHING, &["pending, open"]), fate(NOTHING, &["pending, open"])]),
];
