//! What payment gateways add to the shop's return addresses: one table, of made-up payments.
//!
//! Names and values follow the vendors' documentation: Redsys' manual of the redirect integration; PayPal's Orders API and
//! Payments Standard guide; <https://docs.stripe.com/payments/accept-a-payment>;
//! <https://www.mercadopago.com.br/developers/en/docs/checkout-pro/configure-back-urls>;
//! <https://developer.pagbank.com.br/docs/recebendo-mudancas-de-status>; <https://docs.klarna.com/hosted-payment-page/>;
//! <https://docs.adyen.com/online-payments/>; <https://docs.mollie.com/>;
//! <https://developers.payulatam.com/latam/es/docs/integrations/webcheckout-integration/response-page.html>;
//! <https://docs.wompi.co/>; <https://transbankdevelopers.cl/documentacion/webpay-plus>.

use Value::{Base64, Text};

/// A value. `{reference}` is the order number, `{cents}` and `{amount}` are the amount as `18075` and `180.75`, `{token}` is
/// random and the same in one payment, and `{1}` and so on are the answer's own words.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// The text.
    Text(&'static str),
    /// The text in Base64.
    Base64(&'static str),
}

/// Names and values, in order.
pub type Parameters = &'static [(&'static str, Value)];

/// What is added to an address, and the words in it.
pub type Answer = (Parameters, &'static [&'static str]);

/// A gateway, or several that return in the same way.
#[derive(Debug)]
pub struct Family {
    /// Its key in forms and addresses.
    pub key: &'static str,
    /// Its name on pages.
    pub name: &'static str,
    /// Added to the return address after paying.
    pub success: Answer,
    /// Added to the return address where the payment comes later.
    pub pending: Answer,
    /// Added to the failure address.
    pub failure: Answer,
    /// Added to the cancel address.
    pub canceled: Answer,
}

const NOTHING: Answer = (&[], &[]);

/// Words: `Ds_Response`, which is success from 0000 to 0099; the way to pay.
const REDSYS: Parameters = &[
    ("Ds_SignatureVersion", Text("HMAC_SHA256_V1")),
    (
        "Ds_MerchantParameters",
        Base64(
            r#"{"Ds_Amount":"{cents}","Ds_Currency":"978","Ds_Order":"{reference}","Ds_MerchantCode":"999008881","Ds_Terminal":"1","Ds_Response":"{1}","Ds_TransactionType":"0","Ds_SecurePayment":"1","Ds_PayMethod":"{2}","Ds_MerchantData":"","Ds_ConsumerLanguage":"1"}"#,
        ),
    ),
    ("Ds_Signature", Base64("{token}")),
];
const PAYPAL_ORDER: Parameters = &[("token", Text("{token}"))];
/// Approved, and captured by the shop afterwards: a capture that waits looks no other.
const PAYPAL_APPROVED: Parameters = &[("token", Text("{token}")), ("PayerID", Text("QX4PPMB7S2DKJ"))];
/// Words: `st`.
const PAYPAL_STANDARD: Parameters = &[
    ("tx", Text("{token}")),
    ("st", Text("{1}")),
    ("amt", Text("{amount}")),
    ("cc", Text("EUR")),
    ("cm", Text("")),
    ("item_number", Text("{reference}")),
];
/// Words: `redirect_status`.
const STRIPE: Parameters = &[
    ("payment_intent", Text("pi_{token}")),
    ("payment_intent_client_secret", Text("pi_{token}_secret_{token}")),
    ("redirect_status", Text("{1}")),
];
/// The shop wrote this parameter into the address that it gave to Stripe.
const STRIPE_SESSION: Parameters = &[("session_id", Text("cs_test_{token}"))];
/// Words: the payment's number, status and type. What there is not is the text `null`.
const MERCADO_PAGO: Parameters = &[
    ("collection_id", Text("{1}")),
    ("collection_status", Text("{2}")),
    ("payment_id", Text("{1}")),
    ("status", Text("{2}")),
    ("external_reference", Text("{reference}")),
    ("payment_type", Text("{3}")),
    ("merchant_order_id", Text("{1}")),
    ("preference_id", Text("202809963-{token}")),
    ("site_id", Text("MLB")),
    ("processing_mode", Text("aggregator")),
    ("merchant_account_id", Text("null")),
];
const PAGBANK: Parameters = &[("transaction_id", Text("{token}"))];
/// The shop chose these names: Klarna only fills in its placeholders.
const KLARNA: Parameters = &[("session_id", Text("{token}"))];
const KLARNA_AUTHORIZED: Parameters = &[
    ("session_id", Text("{token}")),
    ("authorization_token", Text("{token}-1")),
];
/// Only Adyen's server can read the result.
const ADYEN: Parameters = &[("redirectResult", Text("X6XtfGC3!Y{token}"))];
/// Words: `transactionState`, `polResponseCode`, `lapTransactionState`.
const PAYU_LATAM: Parameters = &[
    ("merchantId", Text("508029")),
    ("transactionState", Text("{1}")),
    ("risk", Text("0.00")),
    ("polResponseCode", Text("{2}")),
    ("referenceCode", Text("{reference}")),
    ("TX_VALUE", Text("{amount}")),
    ("currency", Text("EUR")),
    ("lapTransactionState", Text("{3}")),
    ("signature", Text("{token}")),
];
const WOMPI: Parameters = &[("id", Text("11004-{token}")), ("env", Text("test"))];
const TRANSBANK: Parameters = &[("token_ws", Text("{token}"))];
const TRANSBANK_ABORTED: Parameters = &[
    ("TBK_TOKEN", Text("{token}")),
    ("TBK_ID_SESION", Text("{token}")),
    ("TBK_ORDEN_COMPRA", Text("{reference}")),
];
/// Webpay knows no later payment; this is what it says when its page timed out.
const TRANSBANK_TIMEOUT: Parameters = &[
    ("TBK_ID_SESION", Text("{token}")),
    ("TBK_ORDEN_COMPRA", Text("{reference}")),
];

const fn family(key: &'static str, name: &'static str, answers: [Answer; 4]) -> Family {
    let [success, pending, failure, canceled] = answers;
    Family {
        key,
        name,
        success,
        pending,
        failure,
        canceled,
    }
}

/// Every family, the default first; the answers are success, pending, failure, canceled.
pub static FAMILIES: [Family; 15] = [
    family("none", "Nothing", [NOTHING; 4]),
    family(
        "redsys",
        "Redsys",
        [
            (REDSYS, &["0000", "C"]),
            (REDSYS, &["9998", "C"]),
            (REDSYS, &["0190", "C"]),
            (REDSYS, &["9915", "C"]),
        ],
    ),
    family(
        "bizum",
        "Bizum, through Redsys",
        [
            (REDSYS, &["0000", "z"]),
            (REDSYS, &["9999", "z"]),
            (REDSYS, &["0190", "z"]),
            (REDSYS, &["9915", "z"]),
        ],
    ),
    family(
        "paypal-orders",
        "PayPal Orders and Express",
        [
            (PAYPAL_APPROVED, &[]),
            (PAYPAL_APPROVED, &[]),
            (PAYPAL_ORDER, &[]),
            (PAYPAL_ORDER, &[]),
        ],
    ),
    family(
        "paypal-standard",
        "PayPal Payments Standard",
        [
            (PAYPAL_STANDARD, &["Completed"]),
            (PAYPAL_STANDARD, &["Pending"]),
            (PAYPAL_STANDARD, &["Denied"]),
            NOTHING,
        ],
    ),
    family(
        "stripe",
        "Stripe PaymentIntents",
        [
            (STRIPE, &["succeeded"]),
            (STRIPE, &["pending"]),
            (STRIPE, &["failed"]),
            (STRIPE, &["failed"]),
        ],
    ),
    family(
        "stripe-checkout",
        "Stripe Checkout",
        [(STRIPE_SESSION, &[]), (STRIPE_SESSION, &[]), NOTHING, NOTHING],
    ),
    family(
        "mercado-pago",
        "Mercado Pago Checkout Pro",
        [
            (MERCADO_PAGO, &["1319847221", "approved", "credit_card"]),
            (MERCADO_PAGO, &["1319847221", "pending", "ticket"]),
            (MERCADO_PAGO, &["1319847221", "rejected", "credit_card"]),
            (MERCADO_PAGO, &["null", "null", "null"]),
        ],
    ),
    family(
        "pagbank",
        "PagBank, PagSeguro",
        [(PAGBANK, &[]), (PAGBANK, &[]), (PAGBANK, &[]), NOTHING],
    ),
    family(
        "klarna",
        "Klarna Hosted Payment Page",
        [
            (KLARNA_AUTHORIZED, &[]),
            (KLARNA_AUTHORIZED, &[]),
            (KLARNA, &[]),
            (KLARNA, &[]),
        ],
    ),
    family("adyen", "Adyen", [(ADYEN, &[]); 4]),
    family("mollie", "Mollie", [NOTHING; 4]),
    family(
        "payu-latam",
        "PayU Latam",
        [
            (PAYU_LATAM, &["4", "1", "APPROVED"]),
            (PAYU_LATAM, &["7", "25", "PENDING"]),
            (PAYU_LATAM, &["6", "5", "DECLINED"]),
            NOTHING,
        ],
    ),
    family("wompi", "Wompi", [(WOMPI, &[]), (WOMPI, &[]), (WOMPI, &[]), NOTHING]),
    family(
        "transbank",
        "Transbank Webpay Plus",
        [
            (TRANSBANK, &[]),
            (TRANSBANK_TIMEOUT, &[]),
            (TRANSBANK, &[]),
            (TRANSBANK_ABORTED, &[]),
        ],
    ),
];

impl Family {
    /// The family with this key; the first if there is none.
    pub fn by_key(key: &str) -> &'static Self {
        FAMILIES.iter().find(|family| family.key == key).unwrap_or(&FAMILIES[0])
    }
}
