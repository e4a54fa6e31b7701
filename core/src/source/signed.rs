//! What a shop's server signs of a purchase, so that nobody in the browser can change it unseen. No cryptography here: who has the
//! secret compares.

use alloc::string::String;

use super::{Field, RawPurchase, RawValue};
use crate::purchase::{Decimal, is_placeholder, plain_amount, trim};

/// The fields whose texts are signed, in this order, one line each.
pub const SIGNED_FIELDS: [Field; 3] = [Field::PurchaseId, Field::TotalPrice, Field::PurchaseDate];

/// A signature and what it is of, as the page states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The signature, unjudged.
    pub signature: &'a str,
    /// The texts of [`SIGNED_FIELDS`] without blanks around them, joined by line feeds; a field that is not there is an empty text.
    /// None if one of them is no text or has a line feed inside, because then two purchases would have the same signature.
    pub text: Option<String>,
    /// What the total means whatever rules the browser says it is to be read by. None if the rules decide, as with `1.234`.
    pub total: Option<Decimal>,
}

impl RawPurchase {
    /// The signature and what it is of; none if the page states none. Of repeated fields the first that is not blank counts, as in
    /// [`Purchase::parse`](crate::Purchase::parse).
    pub fn signed(&self) -> Option<Signed<'_>> {
        let signature = self.text(Field::Signature).filter(|text| !is_placeholder(text))?;
        Some(Signed {
            signature,
            text: self.signed_text(),
            total: self.text(Field::TotalPrice).and_then(plain_amount),
        })
    }

    /// The field's first text that is not blank, trimmed; none if there is none, or a value of the wrong type.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.first(field).flatten()
    }

    fn signed_text(&self) -> Option<String> {
        let mut lines = String::new();
        for (number, field) in SIGNED_FIELDS.into_iter().enumerate() {
            let text = self.first(field).unwrap_or(Some(""))?;
            if text.contains('\n') {
                return None;
            }
            if number > 0 {
                lines.push('\n');
            }
            lines.push_str(text);
        }
        Some(lines)
    }

    /// The field's text, trimmed; outside none if it is not there, inside none if it has a value of the wrong type.
    fn first(&self, field: Field) -> Option<Option<&str>> {
        let texts = self.fields.iter().filter(|(own, _)| *own == field);
        let mut texts = texts.map(|(_, value)| match value {
            RawValue::Text(text) | RawValue::Number(text) => Some(trim(text)),
            RawValue::Wrong(_) => None,
        });
        texts.find(|text| *text != Some(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{json, source::from_fields};

    fn raw(fields: &str) -> RawPurchase {
        from_fields(&json::read(fields).expect("the test's fields are JSON"))
    }

    #[track_caller]
    fn signs(fields: &str, text: Option<&str>, total: Option<&str>) {
        let raw = raw(fields);
        let signed = raw.signed().expect("a signature");
        assert_eq!(signed.signature, "5f");
        assert_eq!(signed.text.as_deref(), text, "{fields}");
        assert_eq!(signed.total.as_ref().map(Decimal::as_str), total, "{fields}");
    }

    #[test]
    fn the_texts_are_signed_as_they_are_printed() {
        signs(
            r#"{"signature":" 5f\n","purchase_id":" 0010 ","total_price":"1.180,750 €","purchase_date":"29/09/2017"}"#,
            Some("0010\n1.180,750 €\n29/09/2017"),
            Some("1180.75"),
        );
        // A number in its own digits; a field that is blank or absent is an empty line.
        signs(
            r#"{"signature":"5f","purchaseId":7,"totalPrice":180.50,"purchaseDate":" "}"#,
            Some("7\n180.50\n"),
            Some("180.5"),
        );
        signs(r#"{"signature":"5f"}"#, Some("\n\n"), None);
    }

    #[test]
    fn the_first_text_counts_as_in_the_judgement() {
        signs(
            r#"{"signature":"5f","purchase_id":"","purchase_id":"1","total_price":"20.00","total_price":"1.00","purchase_id":"2"}"#,
            Some("1\n20.00\n"),
            Some("20"),
        );
    }

    #[test]
    fn no_two_purchases_have_one_signed_text() {
        signs(
            r#"{"signature":"5f","purchase_id":"1\n20","total_price":"3"}"#,
            None,
            Some("3"),
        );
        signs(
            r#"{"signature":"5f","purchase_id":"1","total_price":"3","purchase_date":{}}"#,
            None,
            Some("3"),
        );
    }

    #[test]
    fn a_total_that_the_browsers_rules_decide_has_no_meaning_of_its_own() {
        for total in ["\"1.234\"", "\"1,234\"", "1.234", "1.8075e2", "\"free\"", "true"] {
            let fields = alloc::format!(r#"{{"signature":"5f","purchase_id":"1","total_price":{total}}}"#);
            assert_eq!(raw(&fields).signed().expect("a signature").total, None, "{total}");
        }
    }

    #[test]
    fn what_stands_for_no_signature_is_none() {
        for signature in ["\"\"", "\" \"", "\"undefined\"", "null", "{}"] {
            let fields = alloc::format!(r#"{{"signature":{signature},"purchase_id":"1"}}"#);
            assert_eq!(raw(&fields).signed(), None, "{signature}");
        }
    }
}
