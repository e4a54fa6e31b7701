//! The shop over HTTP: checkout, orders, order status, notifications.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    routing,
};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};
use url::Url;

use crate::{
    outbound,
    server_message::ServerMessages,
    status::Platform,
    testing::{Answer, GATEWAY, SECRET, ask, form_request, get, post, shop_at, shop_with},
};

const ORIGIN: &str = "http://127.0.0.1:7501";
/// Three bowls, 180.75, in cart 558.
const CART: (&str, &str) = ("cookie", "demo_shop_cart=558~SKU-987:3");

fn shop() -> Router {
    shop_at(ORIGIN, None)
}

/// What "Order and pay" answers.
async fn order(shop: &Router, form: &str) -> Answer {
    ask(shop, form_request("/checkout", form, &[CART])).await
}

/// Orders by card, and answers with the order's number.
async fn order_by_card(shop: &Router) -> String {
    order(shop, "payment=card").await.parameter("reference")
}

async fn notify(shop: &Router, secret: &str, number: &str, status: &str) -> Answer {
    let form = format!("reference={number}&status={status}");
    let bearer = format!("Bearer {secret}");
    ask(shop, form_request("/notify", &form, &[("authorization", &bearer)])).await
}

async fn checkout_page(shop: &Router, query: &str) -> String {
    let request = Request::get(format!("/checkout{query}")).header(CART.0, CART.1);
    ask(shop, request.body(Body::empty()).unwrap()).await.text
}

/// The text between two others.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("{start} is not in {text}"));
    rest.split_once(end)
        .unwrap_or_else(|| panic!("{end} does not follow {start}"))
        .0
}

#[tokio::test]
async fn an_orders_status_is_the_purchase_that_the_confirmation_page_states() {
    let shop = shop();
    let number = order_by_card(&shop).await;
    let by_cart = get(&shop, "/order-status?cart_id=558").await;
    assert_eq!(by_cart.status, StatusCode::OK);
    assert_eq!(by_cart.headers[header::CACHE_CONTROL], "no-store");
    let mut fields = by_cart.json();
    assert_eq!(fields["purchase_id"], number);
    assert_eq!(fields["order_status"], "pending");
    assert_eq!(
        (&fields["total_quantity"], &fields["total_price"]),
        (&3.into(), &180.75.into())
    );

    let both = get(&shop, &format!("/order-status?purchase_id={number}&cart_id=558")).await;
    assert_eq!(both.json(), fields);
    let other_cart = get(&shop, &format!("/order-status?purchase_id={number}&cart_id=559")).await;
    assert_eq!(other_cart.status, StatusCode::NOT_FOUND);

    // The same purchase on the confirmation page, in its JSON form.
    let path = order(&shop, "payment=transfer&variant=json")
        .await
        .location()
        .to_owned();
    let page = get(&shop, &path).await.text;
    let stated = between(
        &page,
        "<script type=\"application/json\" class=\"cn_purchase\">",
        "</script>",
    );
    let stated: serde_json::Value = serde_json::from_str(stated).unwrap();
    let asked = format!("/order-status?purchase_id={}", stated["purchase_id"].as_str().unwrap());
    fields = get(&shop, &asked).await.json();
    let status = fields.as_object_mut().unwrap().remove("order_status");
    assert_eq!((fields, status), (stated, Some("pending".into())));
}

#[tokio::test]
async fn an_unknown_order_is_an_error_in_json() {
    let shop = shop();
    for path in ["/order-status?cart_id=558", "/order-status?purchase_id=10023"] {
        let answer = get(&shop, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(answer.json()["error"], "no such order");
    }
    for path in ["/order-status", "/order-status?cart_id=&purchase_id="] {
        assert_eq!(get(&shop, path).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_notification_needs_the_secret() {
    let shop = shop();
    let number = order_by_card(&shop).await;
    let path = format!("/order-status?purchase_id={number}");
    assert_eq!(
        notify(&shop, "guess", &number, "processing").await.status,
        StatusCode::UNAUTHORIZED
    );
    let form = format!("reference={number}&status=processing");
    assert_eq!(post(&shop, "/notify", &form).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&shop, &path).await.json()["order_status"], "pending");

    let taken = notify(&shop, SECRET, &number, "processing").await;
    assert_eq!(
        (taken.status, taken.json()["order_status"].as_str()),
        (StatusCode::OK, Some("processing"))
    );
    assert_eq!(get(&shop, &path).await.json()["order_status"], "completed");
    // Late and repeated notifications are answered, and change nothing.
    assert_eq!(
        notify(&shop, SECRET, &number, "cancelled").await.json()["order_status"],
        "processing"
    );
    assert_eq!(get(&shop, &path).await.json()["order_status"], "completed");
    assert_eq!(
        notify(&shop, SECRET, "10023", "processing").await.status,
        StatusCode::NOT_FOUND
    );
    let unknown = notify(&shop, SECRET, &number, "paid").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_return_address_pays_nothing() {
    let shop = shop();
    let request = order(&shop, "payment=card&family=mercado-pago").await;
    let (number, way_back) = (request.parameter("reference"), request.parameter("return_url"));
    let path = way_back.strip_prefix(ORIGIN).unwrap();
    let page = get(&shop, &format!("{path}&status=approved")).await;
    assert!(page.text.contains("pack it once it is paid"));
    let status = get(&shop, &format!("/order-status?purchase_id={number}")).await;
    assert_eq!(status.json()["order_status"], "pending");
}

#[tokio::test]
async fn the_confirmation_of_an_unpaid_order_states_its_status_for_a_platform_only() {
    let own_words = shop();
    let transfer = order(&own_words, "payment=transfer").await;
    assert!(!get(&own_words, transfer.location()).await.text.contains("order_status"));

    let shop = shop_at(ORIGIN, Some(Platform::Woocommerce));
    let transfer = order(&shop, "payment=transfer").await.location().to_owned();
    let page = get(&shop, &transfer).await.text;
    assert!(page.contains("data-platform=\"woocommerce\""));
    assert!(page.contains("<span class=\"order_status\">on-hold</span>"));
    let number = between(&transfer, "order=", "&");
    notify(&shop, SECRET, number, "processing").await;
    let page = get(&shop, &transfer).await.text;
    assert!(page.contains("cn_purchase") && !page.contains("class=\"order_status\""));
    // An address without a kept order is as ever.
    assert!(
        !get(&shop, "/order-confirmation")
            .await
            .text
            .contains("class=\"order_status\"")
    );
}

#[tokio::test]
async fn a_posted_return_is_sent_on_to_the_confirmation_page() {
    let query = "order=10023&item=SKU-987:3&date=2026-11-21T10:00:00%2B0100";
    let answer = post(&shop(), &format!("/order-confirmation?{query}"), "token_ws=1").await;
    assert_eq!(answer.location(), format!("/order-confirmation?{query}"));
}

#[tokio::test]
async fn the_checkout_page_marks_itself_and_its_form() {
    let shop = shop();
    let page = checkout_page(
        &shop,
        "?behaviour=delay&family=redsys&delay=2&variant=late&order_first=1",
    )
    .await;
    assert!(
        page.contains("data-site=\"demo\" data-page=\"checkout\" data-order-status-url=\"/order-status\"></script>")
    );
    assert!(
        page.contains(
            "<form method=\"post\" action=\"/checkout\" class=\"split\" id=\"checkout\" data-purchase-tag-pay>"
        )
    );
    assert!(page.contains("<div class=\"cn_cart\"") && page.contains("<span class=\"cart_id\">558</span>"));
    for chosen in [
        "<option value=\"delay\" selected>",
        "<option value=\"redsys\" selected>",
        "<option selected>late",
        "value=\"2\"",
        "name=\"order_first\" value=\"1\" checked",
    ] {
        assert!(page.contains(chosen), "{chosen}");
    }
    assert!(checkout_page(&shop, "?failed=1").await.contains("refused the payment"));
    assert!(
        checkout_page(&shop, "?canceled=1")
            .await
            .contains("canceled the payment")
    );
}

#[tokio::test]
async fn the_order_has_the_number_and_content_that_the_checkout_page_told() {
    let shop = shop();
    let page = checkout_page(&shop, "").await;
    let told = between(&page, "<script type=\"application/json\" id=\"purchase\">", "</script>");
    let mut told: serde_json::Value = serde_json::from_str(told).unwrap();
    let number = told["purchase_id"].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("name=\"order\" value=\"{number}\"")));
    let path = format!("/order-status?purchase_id={number}");
    assert_eq!(get(&shop, &path).await.status, StatusCode::NOT_FOUND);

    let form = format!("payment=instant&order_first=1&order={number}");
    assert_eq!(order(&shop, &form).await.parameter("reference"), number);
    // The page's script fills in the way to pay.
    told["payment_method"] = "Instant bank payment".into();
    assert_eq!(get(&shop, &path).await.json(), told);
    // Once more from the same page: the same order. And without the choice: a new one.
    assert_eq!(order(&shop, &form).await.parameter("reference"), number);
    let without = format!("payment=instant&order={number}");
    assert_ne!(order(&shop, &without).await.parameter("reference"), number);
}

#[tokio::test]
async fn the_gateway_is_asked_with_every_choice() {
    let form = "payment=card&behaviour=failure&family=stripe&delay=7";
    let answer = order(&shop(), form).await;
    assert!(answer.location().starts_with(&format!("{GATEWAY}/pay?")));
    let expected = [
        ("amount", "€180.75"),
        ("cancel_url", "http://127.0.0.1:7501/checkout?canceled=1"),
        ("failure_url", "http://127.0.0.1:7501/checkout?failed=1"),
        ("behaviour", "failure"),
        ("family", "stripe"),
        ("delay", "7"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.parameter(name), value);
    }
}

#[tokio::test]
async fn a_paid_cart_is_empty_wherever_the_shopper_comes_back_to() {
    let shop = shop();
    let number = order_by_card(&shop).await;
    let home = async || {
        let request = Request::get("/").header(CART.0, CART.1);
        ask(&shop, request.body(Body::empty()).unwrap()).await.text
    };
    assert!(home().await.contains("class=\"cn_cart"));
    notify(&shop, SECRET, &number, "processing").await;
    assert!(!home().await.contains("class=\"cn_cart"));
}

#[tokio::test]
async fn the_shops_own_list_shows_each_change() {
    let shop = shop();
    let number = order_by_card(&shop).await;
    notify(&shop, SECRET, &number, "on-hold").await;
    let page = get(&shop, "/orders").await.text;
    let row = between(&page, &format!("<h2>Order {number}</h2>"), "</ol>");
    let words = ["<b>pending</b>", "<b>on-hold</b>"].map(|word| row.find(word));
    assert!(words[0].is_some() && words[0] < words[1], "{row}");
}

#[tokio::test]
async fn the_collector_hears_of_each_change_when_the_notification_arrives() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let (told, mut heard) = mpsc::unbounded_channel();
    let take = move |body: String| {
        told.send(body).unwrap();
        async {}
    };
    let router = Router::new().route("/v1/purchases", routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let messages = ServerMessages::new(outbound::client().unwrap(), &collector, "demo", "s3".to_owned());
    let shop = shop_with(ORIGIN, Some(Platform::Woocommerce), Some(messages));

    let number = order_by_card(&shop).await;
    let mut statuses = Vec::new();
    for status in ["on-hold", "processing", "processing"] {
        notify(&shop, SECRET, &number, status).await;
        if statuses.last().is_some_and(|last| last == status) {
            continue;
        }
        let body = timeout(Duration::from_secs(20), heard.recv()).await.unwrap().unwrap();
        let message: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(message["purchase_id"], number);
        statuses.push(message["order_status"].as_str().unwrap().to_owned());
    }
    // A bank transfer is told at once; what was repeated was not told again before it.
    let next_cart = ("cookie", "demo_shop_cart=559~SKU-987:3");
    ask(&shop, form_request("/checkout", "payment=transfer", &[next_cart])).await;
    let body = timeout(Duration::from_secs(20), heard.recv()).await.unwrap().unwrap();
    assert!(body.contains("\"payment_method\":\"Bank transfer\""), "{body}");
    assert_eq!(statuses, ["on-hold", "processing"]);
}
