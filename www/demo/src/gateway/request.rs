//! What a shop asks the gateway to collect, carried in the address of the payment page and in its form.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::{Url, form_urlencoded};

use super::{
    behaviour::{Behaviour, DELAY_SECONDS, DELAY_SECONDS_MAX},
    families::{Answer, Family, Value},
};
use crate::random;

/// A request for one payment.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Amount as text, with its currency.
    pub amount: String,
    /// The shop's order number. Without one there is nobody to notify.
    pub reference: String,
    /// Where the shopper goes after paying.
    pub return_url: String,
    /// Where the shopper goes after canceling.
    pub cancel_url: String,
    /// Where the shopper goes after a refusal; empty: where one goes after canceling.
    pub failure_url: String,
    /// Key of a [`Behaviour`].
    pub behaviour: String,
    /// Key of a [`Family`].
    pub family: String,
    /// For the behaviour `delay`, in seconds.
    pub delay: String,
}

impl Request {
    /// The query of the payment page's address, or the page's form.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.fields().into_iter().filter(|(_, value)| !value.is_empty()))
            .finish()
    }

    /// Name and value of each part.
    pub fn fields(&self) -> [(&'static str, &str); 8] {
        [
            ("amount", &self.amount),
            ("reference", &self.reference),
            ("return_url", &self.return_url),
            ("cancel_url", &self.cancel_url),
            ("failure_url", &self.failure_url),
            ("behaviour", &self.behaviour),
            ("family", &self.family),
            ("delay", &self.delay),
        ]
    }

    /// Reads what [`to_query`](Self::to_query) wrote; absent parts are empty.
    pub fn from_query(query: &[u8]) -> Self {
        let mut request = Self::default();
        for (name, value) in form_urlencoded::parse(query) {
            let part = match name.as_ref() {
                "amount" => &mut request.amount,
                "reference" => &mut request.reference,
                "return_url" => &mut request.return_url,
                "cancel_url" => &mut request.cancel_url,
                "failure_url" => &mut request.failure_url,
                "behaviour" => &mut request.behaviour,
                "family" => &mut request.family,
                "delay" => &mut request.delay,
                _ => continue,
            };
            *part = value.into_owned();
        }
        request
    }

    /// Whether all ways back lead to this shop, so that the gateway sends nobody elsewhere.
    pub fn is_from(&self, shop: &str) -> bool {
        let leads_back = |text: &str| Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == shop);
        leads_back(&self.return_url) && leads_back(&self.cancel_url) && leads_back(self.failure_url())
    }

    /// Where the shopper goes after a refusal.
    pub fn failure_url(&self) -> &str {
        if self.failure_url.is_empty() {
            &self.cancel_url
        } else {
            &self.failure_url
        }
    }

    /// What happens after paying.
    pub fn behaviour(&self) -> Behaviour {
        Behaviour::by_key(&self.behaviour)
    }

    /// Whose parameters are added to the ways back.
    pub fn family(&self) -> &'static Family {
        Family::by_key(&self.family)
    }

    /// Seconds until the behaviour `delay` returns.
    pub fn delay(&self) -> u32 {
        self.delay.parse().unwrap_or(DELAY_SECONDS).min(DELAY_SECONDS_MAX)
    }

    /// Names and values of a family's answer to this request.
    pub fn parameters(&self, (parameters, words): Answer) -> Vec<(&'static str, String)> {
        let token = random::hex();
        let cents: String = self.amount.chars().filter(char::is_ascii_digit).collect();
        let fill = |text: &str| {
            let filled = text
                .replace("{token}", &token)
                .replace("{cents}", &cents)
                .replace("{amount}", &decimal(&cents))
                .replace("{reference}", &self.reference);
            let numbered = words.iter().zip(1..);
            numbered.fold(filled, |text, (word, number)| {
                text.replace(&format!("{{{number}}}"), word)
            })
        };
        let value = |value: &Value| match value {
            Value::Text(text) => fill(text),
            Value::Base64(text) => STANDARD.encode(fill(text)),
        };
        parameters.iter().map(|(name, it)| (*name, value(it))).collect()
    }

    /// A way back with a family's answer in its query.
    pub fn way_back(&self, address: &str, answer: Answer) -> String {
        let parameters = self.parameters(answer);
        match Url::parse(address) {
            Ok(mut url) if !parameters.is_empty() => {
                url.query_pairs_mut().extend_pairs(parameters);
                url.into()
            }
            _ => address.to_owned(),
        }
    }
}

/// `180.75` of `18075`.
fn decimal(cents: &str) -> String {
    let padded = format!("{cents:0>3}");
    let (whole, part) = padded.split_at(padded.len() - 2);
    format!("{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            amount: "€1,180.75".to_owned(),
            reference: "10023".to_owned(),
            return_url: "http://127.0.0.1:7501/order-confirmation?order=10023&item=SKU-987:3".to_owned(),
            cancel_url: "http://127.0.0.1:7501/checkout?canceled=1".to_owned(),
            failure_url: "http://127.0.0.1:7501/checkout?failed=1".to_owned(),
            behaviour: "delay".to_owned(),
            family: "redsys".to_owned(),
            delay: "2".to_owned(),
        }
    }

    #[test]
    fn a_request_survives_its_address_and_leads_back_to_the_shop_only() {
        let shop = "http://127.0.0.1:7501";
        assert_eq!(Request::from_query(request().to_query().as_bytes()), request());
        assert!(request().is_from(shop));
        let elsewhere = || "http://127.0.0.1:7501.evil.example/".to_owned();
        let strays: [fn(&mut Request) -> &mut String; 3] = [
            |it| &mut it.return_url,
            |it| &mut it.cancel_url,
            |it| &mut it.failure_url,
        ];
        for stray in strays {
            let mut request = request();
            *stray(&mut request) = elsewhere();
            assert!(!request.is_from(shop), "{request:?}");
        }
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let request = Request {
            cancel_url: "http://shop/".to_owned(),
            ..Request::default()
        };
        assert_eq!(request.failure_url(), "http://shop/");
        assert_eq!((request.behaviour(), request.family().key), (Behaviour::Direct, "none"));
        assert_eq!(request.delay(), DELAY_SECONDS);
        let endless = Request {
            delay: "4000000".to_owned(),
            ..request
        };
        assert_eq!(endless.delay(), DELAY_SECONDS_MAX);
    }

    #[test]
    fn placeholders_are_filled_in() {
        let parameters = |family: &str| {
            let family = Family::by_key(family);
            request().parameters(family.success)
        };
        assert_eq!(parameters("pagbank")[0].1.len(), 32);
        assert_eq!(parameters("paypal-standard")[2], ("amt", "1180.75".to_owned()));
        assert_eq!(parameters("payu-latam")[1], ("transactionState", "4".to_owned()));
        let (name, text) = &parameters("redsys")[1];
        assert_eq!(*name, "Ds_MerchantParameters");
        let fields: serde_json::Value = serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap();
        assert_eq!(fields["Ds_Amount"], "118075");
        assert_eq!(fields["Ds_Order"], "10023");
        assert_eq!(fields["Ds_Response"], "0000");
        assert_eq!(decimal("5"), "0.05");
    }
}
