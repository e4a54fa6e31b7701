//! The payment gateways, as data.
//!
//! Each row's source is its documentation as named there; what is remembered and not re-read says so. A row without a pattern adds nothing
//! to the address that could be told from an ordinary page's.

/// How the shopper comes back to the shop after paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoReturn {
    /// By itself, at once.
    Yes,
    /// By itself, perhaps after a while, if the shop switched it on; by a button else.
    Configured {
        /// Longest documented delay, in seconds; 0 if none is documented.
        seconds: u8,
    },
    /// Only by a button that not everybody presses.
    ByButton,
    /// Not at all: there is nothing to come back from, or no redirect.
    Never,
}

/// How long after the order the payment may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidLater {
    /// It does not.
    No,
    /// Minutes, by an approval in an app.
    Minutes,
    /// Days.
    Days,
}

/// One gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The name in reports.
    pub name: &'static str,
    /// Its patterns, separated by `;`, as [`hint`](super::hint) documents them. They name parameters that no ordinary page has,
    /// or several at once.
    pub returns: &'static str,
    /// The parameters that are secrets, tokens or signatures, separated by blanks. Like every other parameter's, their values
    /// never leave [`hint`](super::hint).
    pub secrets: &'static str,
    /// The parts of its pages' host names that tell it from others, separated by blanks; see [`of_host`](super::of_host). Remembered from
    /// the vendors' guides; their test hosts have the same parts.
    pub hosts: &'static str,
    /// How the shopper comes back.
    pub auto_return: AutoReturn,
    /// How long after the order it may be paid.
    pub paid_later: PaidLater,
}

const fn row(
    name: &'static str,
    auto_return: AutoReturn,
    paid_later: PaidLater,
    secrets: &'static str,
    returns: &'static str,
) -> Gateway {
    Gateway {
        name,
        returns,
        secrets,
        hosts: "",
        auto_return,
        paid_later,
    }
}

impl Gateway {
    const fn at(self, hosts: &'static str) -> Gateway {
        Gateway { hosts, ..self }
    }
}

use AutoReturn::{ByButton, Configured, Never, Yes};
use PaidLater::{Days, Minutes, No};

/// All gateways; of rows with patterns the first that fits counts.
pub static GATEWAYS: &[Gateway] = &[
    // Parameters only if the terminal is set so; codes remembered from the manual (9915: given up by the shopper).
    row(
        "redsys",
        ByButton,
        No,
        "Ds_Signature Ds_MerchantParameters",
        "Ds_MerchantParameters&Ds_Response=0..99:succeeded;\
         Ds_MerchantParameters&Ds_Response=9915:canceled;\
         Ds_MerchantParameters&Ds_Response=9998..9999:pending;\
         Ds_MerchantParameters&Ds_Response:failed;\
         Ds_MerchantParameters&Ds_Signature:returned",
    )
    .at("redsys.es"),
    // Goes through Redsys with the same parameters: it cannot be told from it.
    row("bizum", ByButton, Minutes, "Ds_Signature Ds_MerchantParameters", ""),
    // Approved is not captured. Without PayerID the shopper canceled, but `token` is a common name: only the older form,
    // EC-…, is told from others.
    row(
        "paypal",
        Yes,
        Days,
        "token ba_token PayerID",
        "token&PayerID:pending;token=EC-*&!PayerID:canceled",
    )
    .at("paypal.com"),
    // Payment data transfer; parameters remembered from the integration guide.
    row(
        "paypal-standard",
        Configured { seconds: 0 },
        Days,
        "tx sig",
        "tx&amt&cc&st=Completed:succeeded;\
         tx&amt&cc&st=Pending|Processed:pending;\
         tx&amt&cc&st=Denied|Failed|Expired|Voided:failed",
    ),
    // https://docs.stripe.com/payments/accept-a-payment
    row(
        "stripe",
        Yes,
        Days,
        "payment_intent_client_secret",
        "payment_intent=pi_*&redirect_status=succeeded:succeeded;\
         payment_intent=pi_*&redirect_status=pending|processing|requires_capture:pending;\
         payment_intent=pi_*&redirect_status=canceled:canceled;\
         payment_intent=pi_*&redirect_status=failed|requires_payment_method:failed;\
         payment_intent=pi_*&payment_intent_client_secret:returned",
    )
    .at("hooks.stripe.com"),
    // The session's id stands where the shop's success address has its placeholder, under a name of the shop's. The session is
    // complete, its payment perhaps not: https://docs.stripe.com/payments/boleto/accept-a-payment
    row(
        "stripe-checkout",
        Yes,
        Days,
        "session_id",
        "*=cs_live_*|cs_test_*:pending",
    )
    .at("checkout.stripe.com"),
    // https://www.mercadopago.com.br/developers/en/docs/checkout-pro/configure-back-urls ; what is missing is the text `null`,
    // and the whole payment is missing if the shopper gave up.
    row(
        "mercado-pago",
        Configured { seconds: 40 },
        Days,
        "",
        "preference_id&collection_status=approved:succeeded;\
         preference_id&collection_status=pending|in_process|in_mediation|authorized:pending;\
         preference_id&collection_status=rejected:failed;\
         preference_id&collection_status=null|cancelled:canceled;\
         preference_id&merchant_order_id&status=approved:succeeded;\
         preference_id&merchant_order_id&status=pending|in_process|in_mediation|authorized:pending;\
         preference_id&merchant_order_id&status=rejected:failed;\
         preference_id&merchant_order_id&status=null|cancelled:canceled",
    )
    .at("mercadopago"),
    // https://developer.pagbank.com.br/docs/recebendo-mudancas-de-status : at most a transaction's id under a name of the shop's.
    row("pagbank", Configured { seconds: 0 }, Days, "transaction_id", "").at("pagseguro pagbank"),
    // https://docs.klarna.com/hosted-payment-page/api-documentation/create-session/ : placeholders under names of the shop's; these are
    // the documented examples'.
    row(
        "klarna",
        Yes,
        Days,
        "authorization_token",
        "authorization_token&sid:succeeded;authorization_token&session_id:succeeded",
    )
    .at("klarna.com"),
    // https://docs.adyen.com/online-payments/classic-integrations/hosted-payment-pages/hpp-payment-response for `authResult`; the
    // newer ones say nothing readable.
    row(
        "adyen",
        Yes,
        Days,
        "redirectResult sessionResult sessionId merchantSig payload",
        "merchantReference&authResult=AUTHORISED:succeeded;\
         merchantReference&authResult=PENDING|RECEIVED:pending;\
         merchantReference&authResult=CANCELLED:canceled;\
         merchantReference&authResult=REFUSED|ERROR:failed;\
         sessionId&sessionResult:returned;\
         redirectResult:returned",
    )
    .at("adyen.com adyenpayments.com"),
    // https://docs.mollie.com/changelog/december-2022 : nothing is added, one address for every end.
    row("mollie", Yes, Days, "", "").at("mollie.com"),
    // https://developers.payulatam.com/latam/es/docs/integrations/webcheckout-integration/response-page.html ; numbers remembered.
    row(
        "payu-latam",
        Configured { seconds: 0 },
        Days,
        "signature",
        "merchantId&referenceCode&transactionState=4:succeeded;\
         merchantId&referenceCode&transactionState=7:pending;\
         merchantId&referenceCode&transactionState=5|6|104:failed;\
         merchantId&referenceCode&transactionState:returned",
    )
    .at("payulatam.com"),
    // Remembered from the vendor: `id` alone is any page's, so it needs the environment beside it.
    row("wompi", ByButton, Days, "", "id=*&env=test|prod:returned").at("wompi.co"),
    // Remembered from the vendor.
    row("epayco", ByButton, Days, "ref_payco", "ref_payco:returned").at("epayco.co"),
    // https://transbankdevelopers.cl/documentacion/webpay-plus ; the combinations without `token_ws` remembered: given up, and
    // timed out. Both tokens: an error on the form.
    row(
        "transbank",
        Yes,
        No,
        "token_ws TBK_TOKEN",
        "token_ws&TBK_TOKEN:failed;\
         token_ws:returned;\
         TBK_TOKEN&TBK_ORDEN_COMPRA:canceled;\
         TBK_ID_SESION&TBK_ORDEN_COMPRA:failed",
    )
    .at("transbank.cl"),
    // https://developer.paypal.com/platforms/checkout/apm/multibanco/orders-api : up to 7 days.
    row("multibanco", Never, Days, "", ""),
    row("mb-way", Never, Minutes, "", ""),
    // https://docs.stripe.com/payments/boleto/accept-a-payment , https://docs.stripe.com/payments/oxxo : vouchers.
    row("boleto", Never, Days, "", ""),
    row("oxxo", Never, Days, "", ""),
    row("konbini", Never, Days, "", ""),
    row("pago-efectivo", Never, Days, "", ""),
    row("pix", Never, Minutes, "", ""),
];
