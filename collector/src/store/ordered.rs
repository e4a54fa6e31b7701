//! When the order was placed, as far as its first message tells.

use jiff::Timestamp;
use purchase_core::Purchase;

use super::Delivery;

/// In milliseconds since 1970 by the collector's clock, never later than the arrival. The shop's own date counts if it names
/// an instant; otherwise the time that passed on the device between capture and sending, whose two ends one clock measured.
pub fn at(purchase: &Purchase, delivery: &Delivery, received_at: i64) -> i64 {
    let stated = purchase.purchase_date.as_ref();
    let stated = stated.and_then(|date| date.as_str().parse::<Timestamp>().ok());
    let waited = delivery
        .sent_at
        .map(|sent_at| sent_at.saturating_sub(delivery.captured_at));
    let at = match (stated, waited) {
        (Some(stated), _) => stated.as_millisecond(),
        (None, Some(waited)) => received_at.saturating_sub(waited.max(0)),
        (None, None) => delivery.captured_at,
    };
    at.min(received_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::judge;
    use purchase_core::wire::Envelope;

    fn at_of(date: &str, captured_at: i64, sent_at: Option<i64>, received_at: i64) -> i64 {
        let text = format!(
            r#"{{"v":1,"site":"demo","id":"a","source":"call","captured_at":1,
                 "data":{{"purchase_id":"1","total_quantity":1,"total_price":"1.00","purchase_date":"{date}"}}}}"#
        );
        let envelope = Envelope::read(&text).expect("an envelope");
        let purchase = judge(envelope.sole_purchase(), &envelope.config, None)
            .purchase
            .expect("a purchase");
        let delivery = Delivery {
            site: "demo".to_owned(),
            record_id: "a".to_owned(),
            source: "call",
            captured_at,
            page: None,
            gateway: None,
            text: text.clone(),
            sent_at,
            attempt: None,
        };
        at(&purchase, &delivery, received_at)
    }

    #[test]
    fn the_shops_instant_then_the_devices_wait_then_the_capture() {
        let day = 1_763_765_393_000;
        assert_eq!(
            at_of("2025-11-21T23:49:53+01:00", 5, Some(9), day + 60_000),
            1_763_765_393_000
        );
        assert_eq!(at_of("2025-11-21T23:49:53", 5, Some(9), day), day - 4);
        assert_eq!(at_of("2025-11-21", 9, Some(5), day), day);
        assert_eq!(at_of("", 5, None, day), 5);
        assert_eq!(at_of("", day + 1, None, day), day);
        assert_eq!(at_of("2099-01-01T00:00:00Z", 5, None, day), day);
    }
}
