//! What is kept of an answer's words: short, and without the buyer.

use crate::redact::{may_be_address, replace_words};

/// Most characters kept of one attempt.
pub const TEXT_CHARS_MAX: usize = 500;

/// The text on one line, without e-mail addresses and without the destination's secret, cut at [`TEXT_CHARS_MAX`].
pub fn kept(text: &str, secret: &str) -> String {
    let text = if secret.is_empty() {
        text.to_owned()
    } else {
        text.replace(secret, "…")
    };
    let mut out = replace_words(&text, "[e-mail]", may_be_address).replace(char::is_control, " ");
    match out.char_indices().nth(TEXT_CHARS_MAX) {
        Some((end, _)) => {
            out.truncate(end);
            out.push('…');
            out
        }
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_secrets_go_and_length_is_bounded() {
        for (text, expected) in [
            (
                r#"{"detail":"no contact ann.o'hara+x@shop.example\u0020here"}"#,
                r#"{"detail":"no contact [e-mail] here"}"#,
            ),
            ("/contacts/ann%40shop.example not found", "[e-mail] not found"),
            ("key k:secret\nis wrong", "key … is wrong"),
            ("plain", "plain"),
        ] {
            assert_eq!(kept(&text.replace("\\u0020", " "), "k:secret"), expected);
        }
        assert_eq!(kept(&"é".repeat(600), "").chars().count(), TEXT_CHARS_MAX + 1);
    }
}
