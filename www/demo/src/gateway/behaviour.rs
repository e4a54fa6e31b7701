//! What happens after paying.

/// Seconds until the behaviour `delay` returns, as long as Mercado Pago's receipt may take:
/// <https://www.mercadopago.com.br/developers/en/docs/checkout-pro/configure-back-urls>.
pub const DELAY_SECONDS: u32 = 40;
/// The longest such wait.
pub const DELAY_SECONDS_MAX: u32 = 600;
/// Seconds until the behaviour `auto` returns.
pub const AUTO_SECONDS: u32 = 1;

/// One way in which gateways end a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Paid; the return address at once.
    Direct,
    /// Paid; a receipt, and the return address after [`AUTO_SECONDS`].
    Auto,
    /// Paid; a receipt with a button.
    Button,
    /// Paid; a receipt, and the return address after a long wait.
    Delay,
    /// Canceled on the gateway's side.
    Cancel,
    /// Refused.
    Failure,
    /// To be paid later, with a number.
    Voucher,
    /// Paid; the return address opens in another browser.
    OtherProfile,
    /// Paid; the page closes itself.
    Close,
    /// Paid; the return address gets a posted form.
    Post,
    /// Paid; only the shop's home page is linked.
    Home,
}

/// Every behaviour with its key and what the checkout page calls it, the default first.
pub const BEHAVIOURS: [(Behaviour, &str, &str); 11] = [
    (Behaviour::Direct, "direct", "returns at once"),
    (Behaviour::Auto, "auto", "shows a receipt for a second, then returns"),
    (Behaviour::Button, "button", "shows a receipt with a button to return"),
    (Behaviour::Delay, "delay", "shows a receipt for long, then returns"),
    (Behaviour::Cancel, "cancel", "cancels, and returns to the checkout"),
    (Behaviour::Failure, "failure", "refuses, and returns to the checkout"),
    (Behaviour::Voucher, "voucher", "gives a number to pay with later"),
    (Behaviour::OtherProfile, "other-profile", "returns in another browser"),
    (Behaviour::Close, "close", "closes its page"),
    (Behaviour::Post, "post", "returns by a posted form"),
    (Behaviour::Home, "home", "links to the home page only"),
];

impl Behaviour {
    /// The behaviour with this key; [`Behaviour::Direct`] if there is none.
    pub fn by_key(key: &str) -> Self {
        BEHAVIOURS
            .into_iter()
            .find_map(|(behaviour, it, _)| (it == key).then_some(behaviour))
            .unwrap_or(Self::Direct)
    }

    /// Its key in forms and addresses.
    pub fn key(self) -> &'static str {
        BEHAVIOURS
            .into_iter()
            .find_map(|(behaviour, key, _)| (behaviour == self).then_some(key))
            .unwrap_or_default()
    }
}
