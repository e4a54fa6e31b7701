//! The gateway over HTTP, beside a running shop that it notifies.

use axum::{Router, http::StatusCode};
use tokio::net::TcpListener;
use url::Url;

use super::{BEHAVIOURS, FAMILIES, Gateway, Notifier, Request, families::Family, router};
use crate::{
    outbound,
    status::Platform,
    testing::{Answer, SECRET, ask, form_request, get, post, shop_at},
    views::Views,
};

/// A shop that listens, the gateway that notifies it, and an order that waits for its payment.
struct Scene {
    origin: String,
    shop: Router,
    gateway: Router,
    order: Request,
}

impl Scene {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shop = shop_at(&origin, Some(Platform::Woocommerce));
        let server = shop.clone();
        tokio::spawn(async move { axum::serve(listener, server).await });
        let notifier = Notifier::new(outbound::client().unwrap(), &origin, SECRET.to_owned());
        let gateway = router(Gateway::new(Views::new(None, None), origin.clone(), notifier));
        let cart = ("cookie", "demo_shop_cart=558~SKU-987:3");
        let answer = ask(&shop, form_request("/checkout", "payment=card", &[cart])).await;
        let asked = Url::parse(answer.location()).unwrap();
        let order = Request::from_query(asked.query().unwrap().as_bytes());
        Self {
            origin,
            shop,
            gateway,
            order,
        }
    }

    /// The order is paid with this behaviour and family.
    async fn pay(&self, behaviour: &str, family: &str) -> Answer {
        post(&self.gateway, "/pay", &self.form(behaviour, family)).await
    }

    fn form(&self, behaviour: &str, family: &str) -> String {
        let order = &self.order;
        let [amount, reference] = [&order.amount, &order.reference].map(Clone::clone);
        let [return_url, cancel_url, failure_url] =
            [&order.return_url, &order.cancel_url, &order.failure_url].map(Clone::clone);
        let request = Request {
            amount,
            reference,
            return_url,
            cancel_url,
            failure_url,
            behaviour: behaviour.to_owned(),
            family: family.to_owned(),
            delay: "2".to_owned(),
        };
        request.to_query()
    }

    /// What the shop says of the order.
    async fn status(&self) -> String {
        let path = format!("/order-status?purchase_id={}", self.order.reference);
        get(&self.shop, &path).await.json()["order_status"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// As it stands in an attribute.
fn escaped(address: &str) -> String {
    address.replace('&', "&amp;")
}

#[tokio::test]
async fn the_payment_page_carries_the_whole_request_and_offers_three_ways() {
    let scene = Scene::new().await;
    let page = get(&scene.gateway, &format!("/pay?{}", scene.form("delay", "redsys")))
        .await
        .text;
    for field in [
        "amount",
        "reference",
        "return_url",
        "cancel_url",
        "failure_url",
        "behaviour",
        "family",
        "delay",
    ] {
        assert!(page.contains(&format!("name=\"{field}\"")), "{field}");
    }
    assert!(page.contains(&format!(
        "name=\"return_url\" value=\"{}\"",
        escaped(&scene.order.return_url)
    )));
    for id in ["pay", "cancel", "stay"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let foreign = "/pay?return_url=http://evil.example/&cancel_url=http://evil.example/";
    assert_eq!(get(&scene.gateway, foreign).await.status, StatusCode::NOT_FOUND);
    let foreign = "return_url=http://evil.example/&cancel_url=http://evil.example/";
    for path in ["/pay", "/cancel"] {
        assert_eq!(post(&scene.gateway, path, foreign).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(scene.status().await, "pending");
}

#[tokio::test]
async fn a_form_without_a_choice_returns_at_once_as_ever() {
    let scene = Scene::new().await;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("return_url", &scene.order.return_url)
        .append_pair("cancel_url", &scene.order.cancel_url)
        .finish();
    assert_eq!(
        post(&scene.gateway, "/pay", &form).await.location(),
        scene.order.return_url
    );
}

#[tokio::test]
async fn each_behaviour_has_its_status_and_its_answer() {
    for (_, behaviour, _) in BEHAVIOURS {
        let scene = Scene::new().await;
        let answer = scene.pay(behaviour, "none").await;
        let way_back = escaped(&scene.order.return_url);
        let link = format!("<a id=\"return\" class=\"primary\" href=\"{way_back}\">");
        let refresh = |seconds: u32| format!("<meta http-equiv=\"refresh\" content=\"{seconds};url={way_back}\">");
        let page = &answer.text;
        let status = match behaviour {
            "direct" => {
                assert_eq!(answer.location(), scene.order.return_url);
                "processing"
            }
            "auto" => {
                assert!(page.contains(&refresh(1)) && page.contains(&link), "{page}");
                "processing"
            }
            "button" => {
                assert!(page.contains(&link) && !page.contains("http-equiv"), "{page}");
                "processing"
            }
            "delay" => {
                assert!(
                    page.contains(&refresh(2)) && page.contains("data-seconds=\"2\""),
                    "{page}"
                );
                "processing"
            }
            "cancel" => {
                assert_eq!(answer.location(), scene.order.cancel_url);
                "cancelled"
            }
            "failure" => {
                assert_eq!(answer.location(), scene.order.failure_url);
                "failed"
            }
            "voucher" => {
                assert!(page.contains("id=\"voucher\"") && page.contains(&link), "{page}");
                "on-hold"
            }
            "other-profile" => {
                assert!(
                    page.contains(&format!("<code id=\"return-address\">{way_back}</code>")),
                    "{page}"
                );
                assert!(!page.contains("href=\"http") && !page.contains("http-equiv"), "{page}");
                "processing"
            }
            "close" => {
                assert!(page.contains("data-close") && !page.contains(&way_back), "{page}");
                "processing"
            }
            "post" => {
                let form = format!("<form method=\"post\" action=\"{way_back}\" data-submit>");
                assert!(page.contains(&form), "{page}");
                "processing"
            }
            "home" => {
                assert!(
                    page.contains(&format!("<a id=\"home\" href=\"{}/\">", scene.origin)),
                    "{page}"
                );
                assert!(!page.contains(&way_back), "{page}");
                "processing"
            }
            other => panic!("{other} has no expectation"),
        };
        assert_eq!(scene.status().await, status, "{behaviour}");
    }
}

#[tokio::test]
async fn a_voucher_is_paid_later() {
    let scene = Scene::new().await;
    let path = format!("/vouchers/{}/pay", scene.order.reference);
    assert_eq!(post(&scene.gateway, &path, "").await.status, StatusCode::NOT_FOUND);
    scene.pay("voucher", "none").await;
    let button = format!("<button class=\"primary\" id=\"pay-{}\">", scene.order.reference);
    assert!(get(&scene.gateway, "/vouchers").await.text.contains(&button));
    assert_eq!(post(&scene.gateway, &path, "").await.location(), "/vouchers");
    assert_eq!(scene.status().await, "processing");
    let page = get(&scene.gateway, "/vouchers").await.text;
    assert!(page.contains("<dd>Paid</dd>") && !page.contains(&button));
}

#[tokio::test]
async fn the_cancel_button_tells_the_shop() {
    let scene = Scene::new().await;
    let answer = post(&scene.gateway, "/cancel", &scene.form("auto", "transbank")).await;
    assert!(answer.location().starts_with(&scene.order.cancel_url), "{answer:?}");
    assert_eq!(answer.parameter("TBK_ORDEN_COMPRA"), scene.order.reference);
    assert_eq!(scene.status().await, "cancelled");
    // The same cart, paid on the second try.
    scene.pay("direct", "none").await;
    assert_eq!(scene.status().await, "processing");
}

/// Names that the gateways' documentation gives, written down once more: success, pending, failure, canceled.
const NAMES: [(&str, [&str; 4]); 15] = [
    ("none", ["", "", "", ""]),
    ("redsys", ["Ds_SignatureVersion,Ds_MerchantParameters,Ds_Signature"; 4]),
    ("bizum", ["Ds_SignatureVersion,Ds_MerchantParameters,Ds_Signature"; 4]),
    ("paypal-orders", ["token,PayerID", "token,PayerID", "token", "token"]),
    (
        "paypal-standard",
        [
            "tx,st=Completed,amt=180.75,cc=EUR,cm,item_number",
            "tx,st=Pending,amt=180.75,cc=EUR,cm,item_number",
            "tx,st=Denied,amt=180.75,cc=EUR,cm,item_number",
            "",
        ],
    ),
    (
        "stripe",
        [
            "payment_intent,payment_intent_client_secret,redirect_status=succeeded",
            "payment_intent,payment_intent_client_secret,redirect_status=pending",
            "payment_intent,payment_intent_client_secret,redirect_status=failed",
            "payment_intent,payment_intent_client_secret,redirect_status=failed",
        ],
    ),
    ("stripe-checkout", ["session_id", "session_id", "", ""]),
    (
        "mercado-pago",
        [
            "collection_id,collection_status=approved,payment_id,status=approved,external_reference,payment_type,\
             merchant_order_id,preference_id,site_id,processing_mode,merchant_account_id=null",
            "collection_id,collection_status=pending,payment_id,status=pending,external_reference,payment_type,\
             merchant_order_id,preference_id,site_id,processing_mode,merchant_account_id=null",
            "collection_id,collection_status=rejected,payment_id,status=rejected,external_reference,payment_type,\
             merchant_order_id,preference_id,site_id,processing_mode,merchant_account_id=null",
            "collection_id=null,collection_status=null,payment_id=null,status=null,external_reference,payment_type=null,\
             merchant_order_id=null,preference_id,site_id,processing_mode,merchant_account_id=null",
        ],
    ),
    ("pagbank", ["transaction_id", "transaction_id", "transaction_id", ""]),
    (
        "klarna",
        [
            "session_id,authorization_token",
            "session_id,authorization_token",
            "session_id",
            "session_id",
        ],
    ),
    ("adyen", ["redirectResult"; 4]),
    ("mollie", [""; 4]),
    (
        "payu-latam",
        [
            "merchantId,transactionState=4,risk,polResponseCode,referenceCode,TX_VALUE=180.75,currency,\
             lapTransactionState=APPROVED,signature",
            "merchantId,transactionState=7,risk,polResponseCode,referenceCode,TX_VALUE=180.75,currency,\
             lapTransactionState=PENDING,signature",
            "merchantId,transactionState=6,risk,polResponseCode,referenceCode,TX_VALUE=180.75,currency,\
             lapTransactionState=DECLINED,signature",
            "",
        ],
    ),
    ("wompi", ["id,env", "id,env", "id,env", ""]),
    (
        "transbank",
        [
            "token_ws",
            "TBK_ID_SESION,TBK_ORDEN_COMPRA",
            "token_ws",
            "TBK_TOKEN,TBK_ID_SESION,TBK_ORDEN_COMPRA",
        ],
    ),
];

/// Asserts that an address is the way back with these parameters and no others added.
fn assert_added(address: &str, way_back: &str, expected: &str, context: &str) {
    let rest = address
        .strip_prefix(way_back)
        .unwrap_or_else(|| panic!("{context}: {address}"));
    let rest = rest.strip_prefix('&').unwrap_or(rest);
    let added: Vec<_> = url::form_urlencoded::parse(rest.as_bytes()).into_owned().collect();
    let expected: Vec<_> = expected.split(',').filter(|name| !name.is_empty()).collect();
    assert_eq!(added.len(), expected.len(), "{context}: {address}");
    for ((name, value), expected) in added.iter().zip(expected) {
        let (expected_name, expected_value) = expected.split_once('=').unwrap_or((expected, value));
        assert_eq!(
            (name.as_str(), value.as_str()),
            (expected_name, expected_value),
            "{context}"
        );
        assert!(!value.contains(['{', '}']), "{context}: {value} is not filled in");
    }
}

#[tokio::test]
async fn each_family_returns_with_its_own_parameters() {
    assert_eq!(NAMES.map(|(key, _)| key), FAMILIES.each_ref().map(|family| family.key));
    for (family, [success, pending, failure, canceled]) in NAMES {
        let scene = Scene::new().await;
        let way = |address: &str, expected, kind| assert_added(address, way_of(&scene, kind), expected, family);
        way(scene.pay("failure", family).await.location(), failure, "failure");
        way(scene.pay("cancel", family).await.location(), canceled, "cancel");
        let voucher = scene.pay("voucher", family).await.text;
        way(&linked(&voucher), pending, "return");
        way(scene.pay("direct", family).await.location(), success, "return");
        let posted = scene.pay("post", family).await.text;
        for name in success.split(',').filter(|name| !name.is_empty()) {
            let name = name.split('=').next().unwrap();
            assert!(
                posted.contains(&format!("<input type=\"hidden\" name=\"{name}\"")),
                "{family} {name}"
            );
        }
    }
}

fn way_of<'a>(scene: &'a Scene, kind: &str) -> &'a str {
    match kind {
        "failure" => &scene.order.failure_url,
        "cancel" => &scene.order.cancel_url,
        _ => &scene.order.return_url,
    }
}

fn linked(page: &str) -> String {
    let (_, rest) = page.split_once("id=\"return\" class=\"primary\" href=\"").unwrap();
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

#[test]
fn no_parameter_has_a_name_that_the_shop_reads() {
    const READ: [&str; 16] = [
        "order",
        "item",
        "payment",
        "date",
        "cart",
        "total",
        "quantity",
        "email",
        "name",
        "surname",
        "key",
        "variant",
        "delay",
        "canceled",
        "failed",
        "behaviour",
    ];
    for Family {
        key,
        success,
        pending,
        failure,
        canceled,
        ..
    } in &FAMILIES
    {
        for (name, _) in [success, pending, failure, canceled].iter().flat_map(|answer| answer.0) {
            assert!(!READ.contains(name), "{key}: {name}");
        }
    }
}
