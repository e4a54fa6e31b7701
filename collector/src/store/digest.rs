//! Digests that tell contents apart.

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::hexadecimal::hexadecimal;

/// SHA-256 of a text, in hexadecimal.
pub fn of_text(text: &str) -> String {
    hexadecimal(Sha256::digest(text))
}

/// SHA-256 of what was said: of an envelope without the parts that differ from visit to visit, of a server message all.
pub fn of_envelope(envelope: &str) -> String {
    #[derive(Deserialize)]
    struct Said<'a> {
        #[serde(borrow)]
        v: Option<&'a RawValue>,
        source: Option<&'a RawValue>,
        page: Option<&'a RawValue>,
        config: Option<&'a RawValue>,
        contact: Option<&'a RawValue>,
        data: Option<&'a RawValue>,
    }
    let Ok(said) = serde_json::from_str::<Said<'_>>(envelope) else {
        return of_text(envelope);
    };
    if said.v.is_none() {
        return of_text(envelope);
    }
    let mut hash = Sha256::new();
    for part in [said.source, said.page, said.config, said.contact, said.data] {
        let text = part.map_or("", RawValue::get);
        // The length keeps neighbours apart.
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hexadecimal(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_the_same_and_contents_are_not() {
        let first = of_envelope(r#"{"v":1,"id":"a","captured_at":1,"source":"markup","data":["cn_purchase"]}"#);
        let again = of_envelope(r#"{"v":1,"id":"b","captured_at":2,"source":"markup","data":["cn_purchase"]}"#);
        let other = of_envelope(r#"{"v":1,"id":"a","captured_at":1,"source":"markup","data":["cn_purchase "]}"#);
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert_ne!(
            of_envelope(r#"{"purchase_id":"1"}"#),
            of_envelope(r#"{"purchase_id":"2"}"#)
        );
    }
}
