//! Accuracy: of those who left for a gateway, or paid in one way, how many reached the confirmation page, how late, and how many not. Pure.

use std::collections::BTreeMap;

use crate::store::console::{Departure, HOUR_MS, LATE_MINUTES, MINUTE_MS, MethodRow};

/// A shopper who left this many hours ago and was not heard of since is counted as never: most that come back do so on the same day.
pub const NEVER_HOURS: i64 = 24;

/// How far the device's clock and the collector's may be apart, in milliseconds: the time of a page may be by either.
const CLOCK_ERROR_MS: i64 = HOUR_MS;

/// What came of the departures for one gateway, or by one payment method. Each departure is in one of `reached`, `elsewhere`,
/// `canceled`, `open` and `never`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartureSum {
    /// The gateway's name or the payment method; none if it is not known.
    pub name: Option<String>,
    /// All of them.
    pub left: i64,
    /// The shopper was on a page that stated the purchase.
    pub reached: i64,
    /// Of these, later than [`LATE_MINUTES`] after the departure.
    pub late: i64,
    /// The median from departure to that page, in milliseconds.
    pub median: Option<i64>,
    /// The shopper was on another page of the shop only.
    pub elsewhere: i64,
    /// Canceled, by the gateway's word or the shop's.
    pub canceled: i64,
    /// Not heard of, and not long enough to be called never.
    pub open: i64,
    /// Not heard of for [`NEVER_HOURS`] or longer.
    pub never: i64,
    /// Of those who did not reach the confirmation page: the shop's server alone told of a placed order.
    pub server: i64,
}

impl DepartureSum {
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
pub fn by_gateway(departures: &[Departure], now: i64) -> Vec<DepartureSum> {
    sums(departures, now, |departure| departure.gateway.as_ref())
}

/// The sums by payment method, the most used first; `now` is in milliseconds since 1970.
pub fn left_by_method(departures: &[Departure], now: i64) -> Vec<DepartureSum> {
    sums(departures, now, |departure| departure.payment_method.as_ref())
}

fn sums(departures: &[Departure], now: i64, name_of: impl Fn(&Departure) -> Option<&String>) -> Vec<DepartureSum> {
    let mut sums: BTreeMap<Option<&String>, (DepartureSum, Vec<i64>)> = BTreeMap::new();
    for departure in departures {
        let (sum, delays) = sums.entry(name_of(departure)).or_default();
        sum.left += 1;
        // A page that stated an order of the same cart before is none that this departure led to.
        let reached_at = departure
            .reached_at
            .filter(|reached_at| reached_at.saturating_add(CLOCK_ERROR_MS) >= departure.left_at);
        // An order that waits for its payment knows nothing of a cancellation yet; one that was placed was not canceled before.
        let is_canceled = departure.purchase_state.as_deref() == Some("canceled")
            || (departure.state == "canceled" && !departure.placed && reached_at.is_none());
        match reached_at {
            _ if is_canceled => sum.canceled += 1,
            Some(reached_at) => {
                let delay = (reached_at - departure.left_at).max(0);
                sum.reached += 1;
                sum.late += i64::from(delay >= LATE_MINUTES * MINUTE_MS);
                delays.push(delay);
            }
            None => {
                sum.server += i64::from(departure.placed && departure.from_pages == 0);
                if departure.elsewhere > 0 {
                    sum.elsewhere += 1;
                } else if now - departure.left_at >= NEVER_HOURS * HOUR_MS {
                    sum.never += 1;
                } else {
                    sum.open += 1;
                }
            }
        }
    }
    let mut sums: Vec<DepartureSum> = sums
        .into_iter()
        .map(|(name, (sum, delays))| DepartureSum {
            name: name.cloned(),
            median: median(delays),
            ..sum
        })
        .collect();
    sums.sort_by_key(|sum| -sum.left);
    sums
}

/// The sums of all purchases by payment method, the most used first.
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

    fn departure(gateway: &str, left_at: i64, state: &str) -> Departure {
        Departure {
            gateway: Some(gateway.to_owned()),
            state: state.to_owned(),
            left_at,
            ..Departure::default()
        }
    }

    fn stated(reached_at: i64, state: &str) -> Departure {
        Departure {
            purchase_state: Some(state.to_owned()),
            placed: state == "completed",
            reached_at: Some(reached_at),
            from_pages: 1,
            ..departure("redsys", 5, "created")
        }
    }

    #[test]
    fn every_departure_is_counted_once() {
        let now = 100 * HOUR_MS;
        let told_by_server = |elsewhere, left_at| Departure {
            purchase_state: Some("completed".to_owned()),
            placed: true,
            elsewhere,
            ..departure("redsys", left_at, "unknown")
        };
        let asked_for = Departure {
            reached_at: None,
            elsewhere: 1,
            ..stated(0, "completed")
        };
        // An order that the shop's server told of before the payment, which was then canceled; and a page of an earlier order.
        let given_up = Departure {
            purchase_state: Some("pending".to_owned()),
            ..departure("stripe", 0, "canceled")
        };
        let earlier = Departure {
            gateway: Some("stripe".to_owned()),
            left_at: CLOCK_ERROR_MS + 6,
            ..stated(5, "pending")
        };
        let departures = [
            given_up,
            earlier,
            stated(5 + MINUTE_MS, "completed"),
            stated(5 + LATE_MINUTES * MINUTE_MS, "pending"),
            stated(0, "completed"),
            stated(9, "canceled"),
            asked_for,
            told_by_server(1, 0),
            told_by_server(0, 0),
            told_by_server(0, now),
            departure("redsys", now - NEVER_HOURS * HOUR_MS, "created"),
            departure("redsys", now - NEVER_HOURS * HOUR_MS + 1, "created"),
            departure("paypal", now, "canceled"),
        ];
        let sums = by_gateway(&departures, now);
        let expected = DepartureSum {
            name: Some("redsys".to_owned()),
            left: 10,
            reached: 3,
            late: 1,
            median: Some(MINUTE_MS),
            elsewhere: 2,
            canceled: 1,
            open: 2,
            never: 2,
            server: 3,
        };
        assert_eq!(sums[0], expected);
        assert_eq!(sums[0].expected(), 7);
        let stripe = &sums[1];
        assert_eq!(
            (stripe.left, stripe.canceled, stripe.reached, stripe.never),
            (2, 1, 0, 1)
        );
        assert_eq!((sums[2].left, sums[2].canceled, sums[2].median), (1, 1, None));
        // Anybody can send a device's clock that is beyond all reason.
        let sums = by_gateway(&[stated(i64::MAX, "completed")], now);
        assert_eq!((sums[0].reached, sums[0].late), (1, 1));
        let by_method = left_by_method(&departures, now);
        assert_eq!(
            (by_method.len(), by_method[0].name.as_ref(), by_method[0].left),
            (1, None, 13)
        );
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
