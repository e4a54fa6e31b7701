//! Klaviyo's events API, one event per request
//! (<https://developers.klaviyo.com/en/reference/create_event>): in the bulk endpoint one repeated id fails all.

mod body;

use jiff::{Timestamp, tz::TimeZone};
use purchase_core::{Currency, Purchase};

use self::body::{
    Attributes, Data, Event as Body, Line, Metric, MetricName, Profile, ProfileAttributes, Properties, Whole,
};
use super::{
    Advice, Answer, Event, Order, Plan, Request, Verdict,
    answer::verdict,
    destination::{Secret, missing_contact},
    number::number,
    request::{Method, Purpose},
};

/// Its documented address.
pub const BASE_URL: &str = "https://a.klaviyo.com";

/// The revision of the API that the requests are written for.
pub const REVISION: &str = "2026-07-15";

/// Age from which an order is recorded without firing flows, in hours, unless configured.
pub const BACKFILL_HOURS: u32 = 24;

/// Longest request body, in bytes: the platform takes 5 MB.
const BODY_BYTES_MAX: usize = 5_000_000;

/// Most entries of a list.
const LIST_ENTRIES_MAX: usize = 4_000;

/// Largest lead of an event's time over the present, in milliseconds: the platform takes a year.
const AHEAD_MS_MAX: i64 = 360 * 24 * 3_600_000;

/// Earliest event's time, in milliseconds since 1970: the year 2000, as the platform's older pages say.
const TIME_MS_MIN: i64 = 946_684_800_000;

/// An account.
#[derive(Clone, Debug)]
pub struct Klaviyo {
    /// Without a slash at its end.
    pub base_url: String,
    /// The private API key, with the scope `events:write`.
    pub key: Secret,
    /// `YYYY-MM-DD` with an optional suffix.
    pub revision: String,
    /// What `value_currency` says.
    pub currency: ValueCurrency,
    /// Orders that are older are recorded without firing flows, in milliseconds.
    pub backfill_after_ms: i64,
    /// Whether each line is an event `Ordered Product`, too.
    pub ordered_product: bool,
}

/// The currency that is told beside a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueCurrency {
    /// None, also if the purchase names one: the account's own counts.
    #[default]
    LeftOut,
    /// The one that the purchase names, if it does.
    Purchase,
    /// The one that the purchase names, else this one.
    PurchaseOr(Currency),
}

impl ValueCurrency {
    fn of(self, purchase: &Purchase) -> Option<Currency> {
        match self {
            ValueCurrency::LeftOut => None,
            ValueCurrency::Purchase => purchase.currency,
            ValueCurrency::PurchaseOr(currency) => Some(purchase.currency.unwrap_or(currency)),
        }
    }
}

/// `Placed Order` and an `Ordered Product` for each line, or `Cancelled Order`. The names are the platform's own: others are not
/// recognised for revenue.
pub fn plan(settings: &Klaviyo, zone: Option<&TimeZone>, order: &Order, event: Event, now: i64) -> Plan {
    if let Some(advice) = missing_contact(order) {
        return Plan::NotSent(advice);
    }
    let mut notes = vec![];
    let metric = match event {
        Event::Placed | Event::Completed => "Placed Order",
        // Its id is the order's, so that it counts against the order in the customer's lifetime value.
        Event::Canceled => "Cancelled Order",
    };
    let common = Common::of(settings, zone, (order, event), now);
    let purchase = &order.purchase;
    let Some(whole) = common.whole(metric, &mut notes) else {
        return Plan::NotSent(Advice::TooLarge);
    };
    let mut requests = vec![whole];
    if event == Event::Placed && settings.ordered_product {
        for (number_of_line, item) in (1_usize..).zip(&purchase.product_basket_item) {
            let line = Line::of(item);
            if line.product_id.is_none() && line.product_name.is_none() {
                notes.push(super::destination::left_out(
                    number_of_line - 1,
                    "product_id and no name",
                ));
                continue;
            }
            // The line's number: a product may stand in two lines.
            let unique_id = format!("{}_{number_of_line}", purchase.purchase_id);
            let value = item.price.as_ref().map(number);
            let properties = Properties::Line {
                order_id: &purchase.purchase_id,
                line: line.alone(),
            };
            match common.request("Ordered Product", unique_id, value, properties) {
                Some(request) => requests.push(request),
                None => return Plan::NotSent(Advice::Unreadable),
            }
        }
    }
    Plan::Send { requests, notes }
}

/// What all events of an order share.
struct Common<'a> {
    settings: &'a Klaviyo,
    order: &'a Order,
    time: String,
    currency: Option<Currency>,
    backfill: bool,
}

impl<'a> Common<'a> {
    fn of(settings: &'a Klaviyo, zone: Option<&TimeZone>, (order, event): (&'a Order, Event), now: i64) -> Common<'a> {
        let happened_at = match event {
            Event::Canceled => order.canceled_at.unwrap_or(order.received_at),
            Event::Placed | Event::Completed => order.placed_at(zone),
        };
        // A date that the platform refuses is the shop's error, and no reason to lose the revenue.
        let at = if (TIME_MS_MIN..=now.saturating_add(AHEAD_MS_MAX)).contains(&happened_at) {
            happened_at
        } else {
            order.received_at
        };
        Common {
            settings,
            order,
            time: Timestamp::from_millisecond(at).unwrap_or_default().to_string(),
            currency: settings.currency.of(&order.purchase),
            backfill: now.saturating_sub(at) > settings.backfill_after_ms,
        }
    }

    /// The event of the whole order. A body that is too large loses its last lines, and with them nothing that counts: the value
    /// is the order's, and each line is an event of its own.
    fn whole(&self, metric: &'static str, notes: &mut Vec<String>) -> Option<Request> {
        let purchase = &self.order.purchase;
        let all = purchase.product_basket_item.len();
        let mut lines = all.min(LIST_ENTRIES_MAX);
        loop {
            let properties = Properties::Whole(Whole::of(purchase, lines, LIST_ENTRIES_MAX));
            let value = Some(number(&purchase.total_price));
            let request = self.request(metric, purchase.purchase_id.clone(), value, properties)?;
            if request.body.as_ref().is_none_or(|body| body.len() <= BODY_BYTES_MAX) {
                if lines < all {
                    notes.push(format!(
                        "Items holds the first {lines} of {all} lines, as many as the platform takes"
                    ));
                }
                return Some(request);
            }
            if lines == 0 {
                return None;
            }
            lines /= 2;
        }
    }

    fn request(
        &self,
        metric: &'static str,
        unique_id: String,
        value: Option<Box<serde_json::value::RawValue>>,
        properties: Properties<'_>,
    ) -> Option<Request> {
        let body = Body {
            data: Data {
                kind: "event",
                attributes: Attributes {
                    properties,
                    time: &self.time,
                    value_currency: value
                        .as_ref()
                        .and(self.currency)
                        .map(|currency| currency.code().to_owned()),
                    value,
                    unique_id: &unique_id,
                    backfill: self.backfill,
                    metric: Metric::of(MetricName { name: metric }),
                    profile: Profile::of(ProfileAttributes {
                        email: self.order.email()?,
                    }),
                },
            },
        };
        Some(Request {
            purpose: Purpose::Deliver,
            method: Method::Post,
            url: format!("{}/api/events", self.settings.base_url),
            headers: vec![
                ("accept", "application/vnd.api+json".to_owned()),
                (
                    "authorization",
                    format!("Klaviyo-API-Key {}", self.settings.key.expose()),
                ),
                ("content-type", "application/vnd.api+json".to_owned()),
                ("revision", self.settings.revision.clone()),
            ],
            body: Some(serde_json::to_string(&body).ok()?),
        })
    }
}

/// Accepted is 202 and nothing else: another success is that of something in between, such as a portal's page.
pub fn read(answer: &Answer) -> Verdict {
    match answer.status {
        200..=299 if answer.status != 202 => Verdict::ill(Advice::WrongAddress),
        _ => verdict(answer),
    }
}
