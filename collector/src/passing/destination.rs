//! A configured destination: what to send to it for an order, and what its answers mean. Pure: nothing here does I/O.

use jiff::tz::TimeZone;

use super::{
    Advice, Answer, Event, Order, Request, Verdict, connectif, connectif::Connectif, egoi, egoi::Egoi, klaviyo,
    klaviyo::Klaviyo, request::Purpose, webhook, webhook::Webhook,
};

/// A platform with its settings.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Connectif's purchases API.
    Connectif(Connectif),
    /// Klaviyo's events API.
    Klaviyo(Klaviyo),
    /// E-goi's orders API.
    Egoi(Egoi),
    /// Signed JSON to an address of the merchant's.
    Webhook(Webhook),
}

impl Kind {
    /// The name used in the configuration and in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Kind::Connectif(_) => "connectif",
            Kind::Klaviyo(_) => "klaviyo",
            Kind::Egoi(_) => "egoi",
            Kind::Webhook(_) => "webhook",
        }
    }
}

/// One place that one site's purchases are passed on to.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The shop's key.
    pub site: String,
    /// Its name, unique in its site.
    pub name: String,
    /// The shop's zone, for dates that name none.
    pub zone: Option<TimeZone>,
    /// The platform.
    pub kind: Kind,
}

/// What to do for an order and an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Send these, one after the other. The same order always gives the same list, so that a list that was interrupted can be
    /// taken up where it stood.
    Send {
        /// At least one.
        requests: Vec<Request>,
        /// What was left out, for the history.
        notes: Vec<String>,
    },
    /// The platform would refuse it.
    NotSent(Advice),
}

impl Destination {
    /// Whether the platform can be told of it at all.
    pub fn takes(&self, event: Event) -> bool {
        match self.kind {
            // Its API neither changes nor cancels a purchase.
            Kind::Connectif(_) => event == Event::Placed,
            // Its metrics are of what happened, and a payment that is confirmed is none of them.
            Kind::Klaviyo(_) => event != Event::Completed,
            Kind::Egoi(_) | Kind::Webhook(_) => true,
        }
    }

    /// What to send for this event of this order; `now` is in milliseconds since 1970.
    pub fn plan(&self, order: &Order, event: Event, now: i64) -> Plan {
        let zone = self.zone.as_ref();
        match &self.kind {
            Kind::Connectif(settings) => connectif::plan(settings, zone, order),
            Kind::Klaviyo(settings) => klaviyo::plan(settings, zone, order, event, now),
            Kind::Egoi(settings) => egoi::plan(settings, zone, order),
            Kind::Webhook(settings) => webhook::plan(settings, order, event, now),
        }
    }

    /// The request that makes the buyer known; none if the platform needs none.
    pub fn contact(&self, order: &Order) -> Option<Request> {
        match &self.kind {
            Kind::Connectif(settings) => connectif::contact(settings, order),
            Kind::Klaviyo(_) | Kind::Egoi(_) | Kind::Webhook(_) => None,
        }
    }

    /// The request that asks whether the purchase arrived; none if the platform cannot tell.
    pub fn verification(&self, order: &Order) -> Option<Request> {
        match &self.kind {
            Kind::Connectif(settings) => Some(connectif::verification(settings, order)),
            Kind::Klaviyo(_) | Kind::Egoi(_) | Kind::Webhook(_) => None,
        }
    }

    /// What an answer to a request that delivers, or that creates a contact, means.
    pub fn read(&self, purpose: Purpose, answer: &Answer) -> Verdict {
        match (&self.kind, purpose) {
            (Kind::Connectif(_), Purpose::Deliver) => connectif::read(answer),
            (Kind::Klaviyo(_), _) => klaviyo::read(answer),
            (Kind::Webhook(_), _) => webhook::read(answer),
            _ => super::answer::verdict(answer),
        }
    }

    /// Whether the answer to [`Destination::verification`] says that the purchase is there; none if it says neither.
    pub fn is_there(&self, answer: &Answer) -> Option<bool> {
        match answer.status {
            200..=299 => Some(true),
            404 => Some(false),
            _ => None,
        }
    }

    /// The secret that no text may contain.
    pub(crate) fn secret(&self) -> &str {
        match &self.kind {
            Kind::Connectif(settings) => settings.key.expose(),
            Kind::Klaviyo(settings) => settings.key.expose(),
            Kind::Egoi(settings) => settings.key.expose(),
            Kind::Webhook(settings) => settings.secret.expose(),
        }
    }
}

/// A secret that is sent and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Blanks around it do not count: keys copied with one fail at the platforms.
    pub fn new(text: &str) -> Secret {
        Secret(text.trim().to_owned())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a platform that needs the buyer's address does not get the order; none if the address is known.
pub(crate) fn missing_contact(order: &Order) -> Option<Advice> {
    match (order.email(), &order.purchase.contact) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(Advice::HashedContact),
        (None, None) => Some(Advice::NoContact),
    }
}

/// The note about a line that the platform does not take.
pub(crate) fn left_out(index: usize, missing: &str) -> String {
    format!("product_basket_item[{index}] is left out: it has no {missing}")
}

/// A text as one part of an address's path.
pub(crate) fn path_part(text: &str) -> String {
    // Form encoding, but for the blank; everything that is not a letter, a digit or one of `*-._` is escaped.
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}
