//! What is sent to each platform, field by field, and what is not.

use purchase_collector::passing::{
    Advice, Answer, Event, Plan, Request, Verdict,
    order::read_purchase,
    request::{Method, Purpose},
};
use purchase_core::order::State;
use serde_json::{Value, json};

use crate::orders::{CANCELED_AT, CAPTURED_AT, destination, documented, order, vectors};

/// The requests for this purchase, a minute after its capture.
fn requests(kind: &str, lines: &str, purchase: &Value, event: Event) -> (Vec<Request>, Vec<String>) {
    let state = if event == Event::Canceled {
        State::Canceled
    } else {
        State::Completed
    };
    match destination(kind, lines).plan(&order(purchase, state), event, CAPTURED_AT + 60_000) {
        Plan::Send { requests, notes } => (requests, notes),
        Plan::NotSent(advice) => panic!("not sent: {advice:?}"),
    }
}

fn not_sent(kind: &str, lines: &str, purchase: &Value) -> Advice {
    match destination(kind, lines).plan(&order(purchase, State::Completed), Event::Placed, CAPTURED_AT) {
        Plan::Send { .. } => panic!("it is sent"),
        Plan::NotSent(advice) => advice,
    }
}

fn body(request: &Request) -> Value {
    serde_json::from_str(request.body.as_deref().expect("a body")).expect("the body is JSON")
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    let found = request.headers.iter().find(|(known, _)| *known == name);
    &found.expect("the header").1
}

#[test]
fn a_canonical_purchase_is_read_back_as_itself() {
    for (title, purchase) in vectors() {
        let read = read_purchase(&purchase.to_string()).expect(&title);
        assert_eq!(serde_json::to_value(read).expect("it is JSON"), purchase, "{title}");
    }
}

#[test]
fn connectif_gets_the_documented_fields() {
    let (sent, notes) = requests("connectif", "", &documented(), Event::Placed);
    let [request] = &sent[..] else {
        panic!("one request: {sent:?}")
    };
    assert_eq!(
        (request.method, request.url.as_str(), header(request, "authorization")),
        (
            Method::Post,
            "https://api.connectif.cloud/purchases/?triggerPurchaseEvent=true",
            "apiKey key-id:0123456789abcdef"
        )
    );
    let expected = json!({
        "purchaseId": "00123/ä", "cartId": "558", "contactEmail": "ann+x@shop.example", "paymentMethod": "Visa",
        "purchaseDate": "2025-11-21T22:00:00Z", "totalPrice": 180.75, "totalQuantity": 4,
        "products": [{
            "productId": "P-1", "quantity": 3, "price": 179.751, "name": "Mug", "productDetailUrl": "https://shop.example/p/1",
            "unitPrice": 59.917, "imageUrl": "https://cdn.example/1.jpg", "thumbnailUrl": "https://cdn.example/1s.jpg",
            "description": "A <b>mug</b>", "brand": "Acme", "categories": ["Kitchen/Mugs", "New"], "tags": ["new"],
            "rating": 4.5, "ratingCount": 7, "reviewCount": 3, "publishedAt": "2020-05-03T10:15:00Z",
            "unitPriceOriginal": 70.25, "unitPriceWithoutVAT": 49.79, "discountedAmount": 10, "discountedPercentage": 14.23,
            "customField1": "x",
        }],
    });
    assert_eq!(body(request), expected);
    assert_eq!(notes, ["product_basket_item[1] is left out: it has no price"]);

    let destination = destination("connectif", "base_url = \"http://h:1\"\ntrigger_purchase_event = false");
    let order = order(&documented(), State::Completed);
    let contact = destination.contact(&order).expect("a request");
    assert_eq!(
        (contact.method, contact.url.as_str(), contact.body.as_deref()),
        (Method::Patch, "http://h:1/contacts/ann%2Bx%40shop.example", Some("{}"))
    );
    let question = destination.verification(&order).expect("a request");
    assert_eq!(
        (question.method, question.url.as_str()),
        (Method::Get, "http://h:1/purchases/purchase-id/00123%2F%C3%A4")
    );
    assert!(!destination.takes(Event::Canceled));
}

#[test]
fn connectifs_error_codes_have_their_verdicts() {
    let destination = destination("connectif", "");
    let read = |status, body: &str| {
        let answer = Answer {
            status,
            retry_after_ms: None,
            body: body.to_owned(),
        };
        destination.read(Purpose::Deliver, &answer)
    };
    for (status, code, expected) in [
        (400, r#"{"status":400,"code":"E0101"}"#, Verdict::CreateContact),
        (
            400,
            r#"{"code":"E0102","productsId":["1"]}"#,
            Verdict::Refused(Advice::ProductsUnknown),
        ),
        (
            400,
            r#"{"code":"E0103","allowedDomains":[]}"#,
            Verdict::Refused(Advice::ProductDomain),
        ),
        (400, r#"{"code":"E9999"}"#, Verdict::Refused(Advice::Refused)),
        (400, "<html>", Verdict::Refused(Advice::Refused)),
        (500, r#"{"code":"E0101"}"#, Verdict::ill(Advice::ServerError)),
        (201, "", Verdict::Delivered),
    ] {
        assert_eq!(read(status, code), expected, "{status} {code}");
    }
}

#[test]
fn klaviyo_gets_an_event_for_the_order_and_for_each_line() {
    let (sent, notes) = requests("klaviyo", "currency = \"EUR\"", &documented(), Event::Placed);
    let [whole, first, second] = &sent[..] else {
        panic!("three requests: {sent:?}")
    };
    for request in [whole, first, second] {
        assert_eq!(
            (
                request.method,
                request.url.as_str(),
                header(request, "revision"),
                header(request, "content-type")
            ),
            (
                Method::Post,
                "https://a.klaviyo.com/api/events",
                "2026-07-15",
                "application/vnd.api+json"
            )
        );
        assert_eq!(
            header(request, "authorization"),
            "Klaviyo-API-Key key-id:0123456789abcdef"
        );
    }
    let event = |metric: &str, unique_id: &str, rest: Value| {
        let mut attributes = json!({
            "time": "2025-11-21T22:00:00Z", "unique_id": unique_id, "backfill": false,
            "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": "ann+x@shop.example"}}},
        });
        for (key, value) in rest.as_object().into_iter().flatten() {
            attributes[key] = value.clone();
        }
        json!({"data": {"type": "event", "attributes": attributes}})
    };
    let lines = json!([
        {
            "ProductID": "P-1", "ProductName": "Mug", "Quantity": 3, "ItemPrice": 59.917, "RowTotal": 179.751,
            "ProductURL": "https://shop.example/p/1", "ImageURL": "https://cdn.example/1.jpg",
            "Categories": ["/Kitchen/Mugs", "/New"], "Brand": "Acme",
        },
        { "ProductID": "P-3", "ProductName": "Bowl", "Quantity": 1, "Categories": ["/Kitchen/Mugs"] },
    ]);
    let properties = json!({
        "OrderId": "00123/ä", "Categories": ["/Kitchen/Mugs", "/New"], "ItemNames": ["Mug", "Bowl"], "Brands": ["Acme"],
        "Items": lines, "TotalQuantity": 4, "CartId": "558", "PaymentMethod": "Visa", "SourceType": "digital-store",
    });
    let mut rest = json!({"value": 180.75, "value_currency": "EUR", "properties": properties});
    assert_eq!(body(whole), event("Placed Order", "00123/ä", rest.clone()));
    let line = json!({
        "value": 179.751, "value_currency": "EUR", "properties": {
            "OrderId": "00123/ä", "ProductID": "P-1", "ProductName": "Mug", "Quantity": 3,
            "ProductURL": "https://shop.example/p/1", "ImageURL": "https://cdn.example/1.jpg",
            "Categories": ["/Kitchen/Mugs", "/New"], "ProductBrand": "Acme",
        },
    });
    assert_eq!(body(first), event("Ordered Product", "00123/ä_1", line));
    let line = json!({"properties": {
        "OrderId": "00123/ä", "ProductID": "P-3", "ProductName": "Bowl", "Quantity": 1, "Categories": ["/Kitchen/Mugs"],
    }});
    assert_eq!(body(second), event("Ordered Product", "00123/ä_2", line));
    assert!(notes.is_empty());

    let (sent, _) = requests("klaviyo", "currency = \"EUR\"", &documented(), Event::Canceled);
    rest["time"] = json!("2025-11-21T22:17:03Z");
    assert_eq!(body(&sent[0]), event("Cancelled Order", "00123/ä", rest));
    assert_eq!(sent.len(), 1);
}

#[test]
fn klaviyos_value_is_exact_and_zero_counts() {
    // Three of these no binary float holds, and one of them not even nearly.
    for amount in ["0", "0.1", "180.75", "123456789.123456789012345678"] {
        let purchase = json!({"purchase_id": "1", "total_quantity": 1, "total_price": amount, "email": "a@b.c"});
        let (sent, _) = requests("klaviyo", "", &purchase, Event::Placed);
        let text = sent[0].body.as_deref().unwrap_or_default();
        assert!(text.contains(&format!("\"value\":{amount},")), "{text}");
        assert!(!text.contains("value_currency"), "{text}");
    }
    let purchase =
        json!({"purchase_id": "1", "total_quantity": 1, "total_price": "1", "currency": "CHF", "email": "a@b.c"});
    let mut without = purchase.clone();
    without.as_object_mut().expect("an object").remove("currency");
    for (lines, purchase, expected) in [
        ("currency = \"EUR\"", &purchase, json!("CHF")),
        ("currency = \"EUR\"", &without, json!("EUR")),
        ("currency = \"purchase\"", &purchase, json!("CHF")),
        ("currency = \"purchase\"", &without, Value::Null),
        // Only what is asked for.
        ("", &purchase, Value::Null),
    ] {
        let (sent, _) = requests("klaviyo", lines, purchase, Event::Placed);
        assert_eq!(
            body(&sent[0])["data"]["attributes"]["value_currency"],
            expected,
            "{lines} {purchase}"
        );
    }
}

#[test]
fn klaviyo_does_not_fire_flows_for_what_is_old() {
    let destination = destination("klaviyo", "backfill_after_hours = 2");
    let order = order(&documented(), State::Completed);
    // The date on the order, an instant before the capture.
    let placed_at = CAPTURED_AT - 993_000;
    for (age_ms, expected) in [(0, false), (2 * 3_600_000, false), (2 * 3_600_000 + 1, true)] {
        let Plan::Send { requests, .. } = destination.plan(&order, Event::Placed, placed_at + age_ms) else {
            panic!("it is sent");
        };
        for request in requests {
            assert_eq!(body(&request)["data"]["attributes"]["backfill"], expected, "{age_ms}");
        }
    }
    // An old order that is canceled now is news.
    let canceled = crate::orders::order(&documented(), State::Canceled);
    for (age_ms, expected) in [(0, false), (2 * 3_600_000, false), (2 * 3_600_000 + 1, true)] {
        let Plan::Send { requests, .. } = destination.plan(&canceled, Event::Canceled, CANCELED_AT + age_ms) else {
            panic!("it is sent");
        };
        assert_eq!(
            body(&requests[0])["data"]["attributes"]["backfill"],
            expected,
            "{age_ms}"
        );
    }
}

#[test]
fn klaviyos_limits_hold_for_the_largest_purchase() {
    let line = |number: usize| {
        json!({
            "quantity": 1, "price": "1", "product_id": format!("P-{number}"), "name": format!("{number} {}", "n".repeat(900)),
            "category": [format!("/{number}"), "/all"],
        })
    };
    let lines: Vec<_> = (0..9_000).map(line).collect();
    let purchase = json!({
        "purchase_id": "1", "total_quantity": 9_000, "total_price": "9000", "email": "a@b.c", "product_basket_item": lines,
    });
    let (sent, notes) = requests("klaviyo", "", &purchase, Event::Placed);
    assert_eq!(sent.len(), 9_001);
    assert!(sent[0].body.as_ref().is_some_and(|body| body.len() <= 5_000_000));
    let whole = body(&sent[0]);
    let properties = &whole["data"]["attributes"]["properties"];
    assert_eq!(whole["data"]["attributes"]["value"], 9_000);
    let items = properties["Items"].as_array().map_or(0, Vec::len);
    assert_eq!(items, 2_000);
    assert_eq!(
        notes,
        ["Items holds the first 2000 of 9000 lines, as many as the platform takes"]
    );
}

#[test]
fn egoi_gets_single_and_bulk_orders() {
    let (sent, notes) = requests("egoi", "domain = \"shop.example\"", &documented(), Event::Canceled);
    assert_eq!(
        (sent[0].method, sent[0].url.as_str(), header(&sent[0], "apikey")),
        (
            Method::Post,
            "https://api.egoiapp.com/shop.example/orders",
            "key-id:0123456789abcdef"
        )
    );
    let expected = json!({
        "order_id": "00123/ä", "order_total": 180.75, "order_status": "canceled", "order_date": "2025-11-21 23:00:00",
        "cart_id": "558", "contact": {"base": {"email": "ann+x@shop.example"}},
        "products": [{
            "product_identifier": "P-1", "name": "Mug", "description": "A <b>mug</b>", "price": 59.917, "quantity": 3,
            "brand": "Acme", "link": "https://shop.example/p/1", "image_link": "https://cdn.example/1.jpg",
            "categories": ["Kitchen>Mugs", "New"], "related_products": ["P-2"],
        }],
    });
    assert_eq!(body(&sent[0]), expected);
    assert_eq!(notes, ["product_basket_item[1] is left out: it has no unit_price"]);

    let bulk = "list_id = 7\nstore_url = \"https://shop.example\"";
    let (sent, _) = requests("egoi", bulk, &documented(), Event::Placed);
    assert_eq!(sent[0].url, "https://api.egoiapp.com/lists/7/orders");
    let expected = json!([{
        "order_id": "00123/ä", "revenue": 180.75, "store_url": "https://shop.example", "date": "2025-11-21T22:00:00Z",
        "contact_id": "ann+x@shop.example", "order_status": "completed",
        "items": [{"id": "P-1", "name": "Mug", "price": 59.917, "quantity": 3}],
    }]);
    assert_eq!(body(&sent[0]), expected);
}

#[test]
fn what_a_platform_would_refuse_is_not_sent() {
    let single = "domain = \"shop.example\"";
    let mut guest = documented();
    guest.as_object_mut().expect("an object").remove("email");
    let mut hashed = guest.clone();
    hashed["email_sha256"] = json!("0".repeat(64));
    for (kind, lines) in [("connectif", ""), ("klaviyo", ""), ("egoi", single)] {
        assert_eq!(not_sent(kind, lines, &guest), Advice::NoContact, "{kind}");
        assert_eq!(not_sent(kind, lines, &hashed), Advice::HashedContact, "{kind}");
    }
    let mut free = documented();
    free["total_price"] = json!("0");
    assert_eq!(not_sent("egoi", single, &free), Advice::TotalNotPositive);
    let mut empty = documented();
    empty["product_basket_item"] = json!([{"name": "Mug"}]);
    assert_eq!(not_sent("egoi", single, &empty), Advice::NoLines);
    // The others take both.
    requests("klaviyo", "", &free, Event::Placed);
    requests("connectif", "", &empty, Event::Placed);
    requests("webhook", "url = \"https://other.example/in\"", &guest, Event::Placed);
}

#[test]
fn connectif_gets_whole_date_times() {
    for (date, lines, expected) in [
        ("2020-05-03T10:15:00+02:00", "", "2020-05-03T08:15:00Z"),
        ("2020-05-03T10:15:00", "", "2020-05-03T10:15:00Z"),
        ("2020-05-03", "", "2020-05-03T00:00:00Z"),
        ("2020-05-03", "time_zone = \"Europe/Madrid\"", "2020-05-02T22:00:00Z"),
    ] {
        let mut purchase = documented();
        purchase["product_basket_item"][0]["published_at"] = json!(date);
        let (sent, _) = requests("connectif", lines, &purchase, Event::Placed);
        assert_eq!(body(&sent[0])["products"][0]["publishedAt"], expected, "{date}");
    }
}

#[test]
fn a_webhooks_answers_have_their_verdicts() {
    let destination = destination("webhook", "url = \"https://other.example/in\"");
    let refused = Verdict::Refused(Advice::Refused);
    for (statuses, expected) in [
        // It knows the id already.
        (&[200, 204, 409][..], Verdict::Delivered),
        // About this one message: others are sent all the same.
        (&[400, 406, 410, 418, 422, 451], refused),
        (&[413], Verdict::Refused(Advice::TooLarge)),
        (&[401], Verdict::ill(Advice::Credentials)),
        (&[404, 405], Verdict::ill(Advice::WrongAddress)),
        (&[500, 503], Verdict::ill(Advice::ServerError)),
    ] {
        for status in statuses {
            let answer = Answer {
                status: *status,
                ..Answer::default()
            };
            assert_eq!(destination.read(Purpose::Deliver, &answer), expected, "{status}");
        }
    }
}

#[test]
fn webhooks_are_signed_and_tell_everything() {
    let lines = "url = \"https://other.example/in?x=1\"";
    let (sent, _) = requests("webhook", lines, &documented(), Event::Placed);
    assert_eq!(sent[0].url, "https://other.example/in?x=1");
    let expected = json!({
        "id": "demo:00123/ä:placed", "event": "placed", "site": "demo", "purchase_id": "00123/ä", "state": "completed",
        "placed": true, "captured_at": CAPTURED_AT, "received_at": CAPTURED_AT + 1_000, "purchase": documented(),
    });
    assert_eq!(body(&sent[0]), expected);
    // Written by `printf '1763763453.{"purchase_id":"1"…' | openssl dgst -sha256 -hmac key-id:0123456789abcdef`.
    let purchase = json!({"purchase_id": "1", "total_quantity": 1, "total_price": "1"});
    let (sent, _) = requests("webhook", lines, &purchase, Event::Placed);
    let text = sent[0].body.as_deref().unwrap_or_default();
    assert_eq!(
        (text, header(&sent[0], "x-purchase-signature")),
        (
            concat!(
                r#"{"id":"demo:1:placed","event":"placed","site":"demo","purchase_id":"1","state":"completed","placed":true,"#,
                r#""captured_at":1763763393000,"received_at":1763763394000,"#,
                r#""purchase":{"purchase_id":"1","total_quantity":1,"total_price":"1"}}"#
            ),
            "t=1763763453,v1=345482e695404dc5d82436862a212bb356acc05f30406ed9ebb8984a1abd89dc"
        )
    );
    assert!(!format!("{sent:?}").contains("v1="));
}
