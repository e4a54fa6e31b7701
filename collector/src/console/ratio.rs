//! Accuracy: of those who left for a gateway, or paid in one way, how many became known, how, and how late. Pure.

use std::collections::BTreeMap;

use crate::store::console::{Departure, HOUR_MS, LATE_MINUTES, MINUTE_MS, MethodRow};

/// An open checkout that was left this many hours ago is counted as never: most that come back do so on the same day.
pub const NEVER_HOURS: i64 = 24;

/// What came of the departures for one gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatewaySum {
    /// As the tag names it; none if it did not know it.
    pub gateway: Option<String>,
    /// All of them.
    pub left: i64,
    /// A page of the shop told of the purchase.
    pub reached: i64,
    /// Of these, later than [`LATE_MINUTES`] after the departure.
    pub late: i64,
    /// Only the shop's server told of it.
    pub server: i64,
    /// Canceled, by the gateway's word or the shop's.
    pub canceled: i64,
    /// Open, and not long enough to be called never.
    pub open: i64,
    /// Open for [`NEVER_HOURS`] or longer.
    pub never: i64,
    /// The median from departure to arrival of those that reached a page, in milliseconds.
    pub median: Option<i64>,
}

impl GatewaySum {
    /// All of which something is expected: who canceled bought nothing, and who left just now may still come.
    pub fn expected(&self) -> i64 {
        self.left - self.canceled - self.open
    }
}

/// How the purchases of one payment method became known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodSum {
    /// In the shop's words.
    pub method: Option<String>,
    /// All placed purchases.
    pub purchases: i64,
    /// A page of the shop told of it.
    pub reached: i64,
    /// Only the shop's server told of it.
    pub server: i64,
    /// Later than [`LATE_MINUTES`] after the order.
    pub late: i64,
    /// The median from order to arrival, in milliseconds.
    pub median: Option<i64>,
}

/// The sums by gateway, the most used first; `now` is in milliseconds since 1970.
pub fn by_gateway(departures: &[Departure], now: i64) -> Vec<GatewaySum> {
    let mut sums: BTreeMap<Option<String>, (GatewaySum, Vec<i64>)> = BTreeMap::new();
    for departure in departures {
        let (sum, delays) = sums.entry(departure.gateway.clone()).or_default();
        sum.left += 1;
        match (&departure.purchase_state, departure.received_at) {
            (Some(state), _) if state == "canceled" => sum.canceled += 1,
            (Some(_), Some(received_at)) if departure.from_pages > 0 => {
                let delay = (received_at - departure.left_at).max(0);
                sum.reached += 1;
                sum.late += i64::from(delay >= LATE_MINUTES * MINUTE_MS);
                delays.push(delay);
            }
            (Some(_), _) => sum.server += 1,
            (None, _) if departure.state == "canceled" => sum.canceled += 1,
            (None, _) if now - departure.left_at >= NEVER_HOURS * HOUR_MS => sum.never += 1,
            (None, _) => sum.open += 1,
        }
    }
    let mut sums: Vec<GatewaySum> = sums
        .into_iter()
        .map(|(gateway, (sum, delays))| GatewaySum {
            gateway,
            median: median(delays),
            ..sum
        })
        .collect();
    sums.sort_by_key(|sum| -sum.left);
    sums
}

/// The sums by payment method, the most used first.
pub fn by_method(rows: &[MethodRow]) -> Vec<MethodSum> {
    let mut sums: BTreeMap<Option<String>, (MethodSum, Vec<i64>)> = BTreeMap::new();
    for row in rows {
        let (sum, delays) = sums.entry(row.payment_method.clone()).or_default();
        sum.purchases += 1;
        let is_reached = row.from_pages > 0;
        sum.reached += i64::from(is_reached);
        sum.server += i64::from(!is_reached);
        sum.late += i64::from(row.delay >= LATE_MINUTES * MINUTE_MS);
        delays.push(row.delay.max(0));
    }
    let mut sums: Vec<MethodSum> = sums
        .into_iter()
        .map(|(method, (sum, delays))| MethodSum {
            method,
            median: median(delays),
            ..sum
        })
        .collect();
    sums.sort_by_key(|sum| -sum.purchases);
    sums
}

/// The lower of two in the middle.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departure(gateway: &str, left_at: i64, purchase: Option<(&str, i64, i64)>) -> Departure {
        Departure {
            gateway: Some(gateway.to_owned()),
            state: "created".to_owned(),
            left_at,
            purchase_state: purchase.map(|(state, ..)| state.to_owned()),
            received_at: purchase.map(|(_, received_at, _)| received_at),
            from_pages: purchase.map_or(0, |(.., from_pages)| from_pages),
        }
    }

    #[test]
    fn every_departure_is_counted_once() {
        let now = 100 * HOUR_MS;
        let canceled = Departure {
            state: "canceled".to_owned(),
            ..departure("paypal", now, None)
        };
        let departures = [
            departure("redsys", 0, Some(("completed", MINUTE_MS, 1))),
            departure("redsys", 0, Some(("completed", LATE_MINUTES * MINUTE_MS, 2))),
            departure("redsys", 5, Some(("completed", 0, 1))),
            departure("redsys", 0, Some(("completed", 9, 0))),
            departure("redsys", 0, Some(("canceled", 9, 1))),
            departure("redsys", now - NEVER_HOURS * HOUR_MS, None),
            departure("redsys", now - NEVER_HOURS * HOUR_MS + 1, None),
            canceled,
        ];
        let sums = by_gateway(&departures, now);
        let expected = GatewaySum {
            gateway: Some("redsys".to_owned()),
            left: 7,
            reached: 3,
            late: 1,
            server: 1,
            canceled: 1,
            open: 1,
            never: 1,
            median: Some(MINUTE_MS),
        };
        assert_eq!(sums[0], expected);
        assert_eq!(sums[0].expected(), 5);
        assert_eq!((sums[1].left, sums[1].canceled, sums[1].median), (1, 1, None));
    }

    #[test]
    fn methods_tell_pages_from_servers() {
        let row = |method: Option<&str>, delay, from_pages| MethodRow {
            payment_method: method.map(Into::into),
            delay,
            from_pages,
        };
        let late = LATE_MINUTES * MINUTE_MS;
        let sums = by_method(&[row(Some("card"), 1, 1), row(Some("card"), late, 0), row(None, -1, 1)]);
        assert_eq!(
            sums[0],
            MethodSum {
                method: Some("card".to_owned()),
                purchases: 2,
                reached: 1,
                server: 1,
                late: 1,
                median: Some(1),
            }
        );
        assert_eq!(
            (sums[1].method.as_deref(), sums[1].purchases, sums[1].median),
            (None, 1, Some(0))
        );
    }
}
