//! Return addresses of each gateway, and ordinary ones.

use super::*;
use alloc::{format, string::String, vec::Vec};

#[track_caller]
fn gives(query: &str, gateway: &str, expected: Hint) {
    let expected = Return {
        gateway,
        hint: expected,
    };
    assert_eq!(hint(query, ""), Some(expected), "{query}");
}

#[track_caller]
fn nothing(query: &str) {
    assert_eq!(hint(query, ""), None, "{query}");
}

/// For tests only: the shop's terminal writes it.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    out
}

fn redsys(response: &str) -> String {
    let json = format!(
        "{{\"Ds_Date\":\"21%2F11%2F2026\",\"Ds_Amount\":\"18075\",\"Ds_Order\":\"0010023\",\"Ds_Response\":{response},\"Ds_Currency\":\"978\"}}"
    );
    let parameters = base64(&json).replace('+', "%2B").replace('/', "%2F");
    format!("?Ds_SignatureVersion=HMAC_SHA256_V1&Ds_MerchantParameters={parameters}&Ds_Signature=abc%3D")
}

#[test]
fn redsys_is_decoded() {
    gives(&redsys("\"0000\""), "redsys", Hint::Succeeded);
    gives(&redsys("\"0099\""), "redsys", Hint::Succeeded);
    gives(&redsys("12"), "redsys", Hint::Succeeded);
    gives(&redsys("\"0180\""), "redsys", Hint::Failed);
    gives(&redsys("\"9915\""), "redsys", Hint::Canceled);
    gives(&redsys("\"9999\""), "redsys", Hint::Pending);
    gives(&redsys("null"), "redsys", Hint::Returned);
    let unescaped = redsys("\"0000\"").replace("%2B", "+").replace("%2F", "_");
    gives(&unescaped, "redsys", Hint::Succeeded);
    gives("?Ds_MerchantParameters=*&Ds_Signature=x", "redsys", Hint::Returned);
    nothing("?Ds_MerchantParameters=*");
    nothing("?Ds_Response=0000");
}

#[test]
fn paypal() {
    gives("token=5O190127TN364715T&PayerID=FSMVU44LF3YUS", "paypal", Hint::Pending);
    gives("?token=EC-60U79048BN7719609", "paypal", Hint::Canceled);
    gives(
        "?token=EC-60U79048BN7719609&PayerID=7E7MGXCWTTKK2",
        "paypal",
        Hint::Pending,
    );
    let pdt = |status| format!("?PayerID=X&st={status}&tx=4K1234&cc=EUR&amt=180.75&cm=&item_number=");
    gives(&pdt("Completed"), "paypal-standard", Hint::Succeeded);
    gives(&pdt("Pending"), "paypal-standard", Hint::Pending);
    gives(&pdt("Denied"), "paypal-standard", Hint::Failed);
    nothing(&pdt("other"));
}

#[test]
fn stripe() {
    let intent =
        |status| format!("?payment_intent=pi_3N&payment_intent_client_secret=pi_3N_secret_x&redirect_status={status}");
    gives(&intent("succeeded"), "stripe", Hint::Succeeded);
    gives(&intent("pending"), "stripe", Hint::Pending);
    gives(&intent("canceled"), "stripe", Hint::Canceled);
    gives(&intent("failed"), "stripe", Hint::Failed);
    gives(&intent(""), "stripe", Hint::Returned);
    nothing("?redirect_status=succeeded");
    nothing("?payment_intent=later&redirect_status=succeeded");
    gives("?session_id=cs_test_a1b2", "stripe-checkout", Hint::Pending);
    gives("?order=5&paid=cs_live_a1b2", "stripe-checkout", Hint::Pending);
    nothing("?session_id=cs_a1b2");
}

#[test]
fn latin_america() {
    let mercado_pago = |status| {
        format!(
            "?collection_id=1&collection_status={status}&payment_id=1&status={status}&external_reference=10023&\
             payment_type=credit_card&merchant_order_id=2&preference_id=3-abc&site_id=MLA&processing_mode=aggregator&\
             merchant_account_id=null"
        )
    };
    gives(&mercado_pago("approved"), "mercado-pago", Hint::Succeeded);
    gives(&mercado_pago("in_process"), "mercado-pago", Hint::Pending);
    gives(&mercado_pago("pending"), "mercado-pago", Hint::Pending);
    gives(&mercado_pago("rejected"), "mercado-pago", Hint::Failed);
    gives(&mercado_pago("null"), "mercado-pago", Hint::Canceled);
    gives(
        "?preference_id=3&merchant_order_id=2&status=approved",
        "mercado-pago",
        Hint::Succeeded,
    );
    let payu = |state| {
        format!(
            "?merchantId=508029&merchant_name=Test&referenceCode=10023&transactionState={state}&lapTransactionState=X&\
             TX_VALUE=180.75&currency=COP&signature=abc"
        )
    };
    gives(&payu("4"), "payu-latam", Hint::Succeeded);
    gives(&payu("7"), "payu-latam", Hint::Pending);
    gives(&payu("6"), "payu-latam", Hint::Failed);
    gives(&payu("104"), "payu-latam", Hint::Failed);
    gives(&payu("99"), "payu-latam", Hint::Returned);
    gives("?id=1234-1610641025-49201&env=test", "wompi", Hint::Returned);
    gives("?ref_payco=a1b2c3", "epayco", Hint::Returned);
    gives("?token_ws=01ab", "transbank", Hint::Returned);
    gives(
        "?TBK_TOKEN=01ab&TBK_ORDEN_COMPRA=10023&TBK_ID_SESION=s",
        "transbank",
        Hint::Canceled,
    );
    gives("?TBK_ORDEN_COMPRA=10023&TBK_ID_SESION=s", "transbank", Hint::Failed);
    gives(
        "?token_ws=01ab&TBK_TOKEN=01ab&TBK_ORDEN_COMPRA=10023&TBK_ID_SESION=s",
        "transbank",
        Hint::Failed,
    );
}

#[test]
fn klarna_and_adyen() {
    gives("?sid=5f&authorization_token=b4bd", "klarna", Hint::Succeeded);
    gives("?redirectResult=eyJ0cmFu", "adyen", Hint::Returned);
    gives("?sessionId=CS1&sessionResult=Ab02", "adyen", Hint::Returned);
    let legacy = |result| format!("?authResult={result}&merchantReference=10023&pspReference=88&merchantSig=x%3D");
    gives(&legacy("AUTHORISED"), "adyen", Hint::Succeeded);
    gives(&legacy("PENDING"), "adyen", Hint::Pending);
    gives(&legacy("CANCELLED"), "adyen", Hint::Canceled);
    gives(&legacy("REFUSED"), "adyen", Hint::Failed);
}

#[test]
fn ordinary_pages_give_none() {
    for query in [
        "",
        "?",
        "?utm_source=mail&utm_medium=email&utm_campaign=autumn&utm_id=5",
        "?gclid=Cj0K&fbclid=Iw&msclkid=x&srsltid=y",
        "?id=5",
        "?id=5&status=approved",
        "?id=1234-1610641025-49201",
        "?id=5&env=desktop",
        "?status=open",
        "?status=approved&payment_id=7",
        "?token=abc",
        "?token=5O190127TN364715T",
        "?page=2&sort=price&order=desc",
        "?q=redirect_status%3Dsucceeded",
        "?q=Ds_MerchantParameters&Ds_Signature",
        "?transaction_id=E884542",
        "?order_id=10023&key=wc_order_abc",
        "?session_id=5f2c",
        "?sessionId=5",
        "?signature=abc",
        "?st=Completed",
        "?merchantReference=1",
        "?PayerID=",
        "?TBK_TOKEN=",
        "?%00%ff&&&===&?&=",
    ] {
        nothing(query);
    }
}

#[test]
fn a_value_that_is_contradicted_holds_no_longer() {
    nothing("?preference_id=3&collection_status=approved&collection_status=rejected");
    gives(
        "?preference_id=3&collection_status=approved&collection_status=approved",
        "mercado-pago",
        Hint::Succeeded,
    );
}

#[test]
fn a_shops_own_patterns_win() {
    let own = " mygateway ? paid = 1 :succeeded; mygateway?state=ko|error:failed;mygateway?ref&!state:returned;stripe?payment_intent:canceled";
    let give = |query| hint(query, own).map(|found| (found.gateway, found.hint));
    assert_eq!(give("?paid=1"), Some(("mygateway", Hint::Succeeded)));
    assert_eq!(give("?state=ERROR&ref=5"), Some(("mygateway", Hint::Failed)));
    assert_eq!(give("?ref=5"), Some(("mygateway", Hint::Returned)));
    assert_eq!(give("?ref=5&state=new"), None);
    assert_eq!(
        give("?payment_intent=pi_1&redirect_status=succeeded"),
        Some(("stripe", Hint::Canceled))
    );
    assert_eq!(give("?redirectResult=x"), Some(("adyen", Hint::Returned)));
}

#[test]
fn malformed_patterns_are_left_out() {
    for own in [
        "x",
        "x?",
        "x?a",
        "x?a:",
        "x?a:paid",
        "x?:succeeded",
        "x?!b:succeeded",
        "x?a&:succeeded",
        "x?=1:succeeded",
        "?a:succeeded",
        "x y?a:succeeded",
        ";;;",
    ] {
        assert_eq!(hint("?a=1", own), None, "{own}");
        let followed = format!("{own};ok?a:failed");
        assert_eq!(
            hint("?a=1", &followed).map(|found| found.gateway),
            Some("ok"),
            "{followed}"
        );
    }
    let many = "x?b:failed;".repeat(OWN_MAX) + "ok?a:failed";
    assert_eq!(hint("?a=1", &many), None);
    let long = format!("x?a&a={}1:failed", "2|".repeat(PATTERN_CHARS_MAX));
    assert_eq!(hint("?a=1", &long), None);
}

#[test]
fn the_table_is_well_formed() {
    let mut names: Vec<&str> = GATEWAYS.iter().map(|gateway| gateway.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), GATEWAYS.len());
    for gateway in GATEWAYS {
        for pattern in gateway.returns.split(';').filter(|pattern| !pattern.is_empty()) {
            let hint = pattern.rsplit_once(':').and_then(|(_, hint)| Hint::from_name(hint));
            assert!(hint.is_some() && pattern::is_sound(pattern), "{pattern}");
        }
    }
}

#[test]
fn hosts_are_known_by_their_parts() {
    for (host, gateway) in [
        ("sis.redsys.es", Some("redsys")),
        ("SIS-T.Redsys.es:25443", Some("redsys")),
        ("www.sandbox.paypal.com", Some("paypal")),
        ("www.mercadopago.com.br", Some("mercado-pago")),
        ("checkout.stripe.com", Some("stripe-checkout")),
        ("hooks.stripe.com", Some("stripe")),
        ("notpaypal.com", None),
        ("shop.example", None),
        ("", None),
        (":", None),
    ] {
        assert_eq!(of_host(host), gateway, "{host}");
    }
    assert_eq!(came_from("", "https://www.klarna.com/", ""), Some("klarna"));
    assert_eq!(
        came_from("?paid=1", "https://www.klarna.com/", "mine?paid=1:succeeded"),
        Some("mine")
    );
    for nowhere in ["", "about:blank", "https://", "klarna.com"] {
        assert_eq!(came_from("", nowhere, ""), None, "{nowhere}");
    }
}
