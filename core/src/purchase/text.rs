//! White space, placeholders and addresses.

use alloc::string::String;

/// Longest id, in characters.
pub const ID_CHARS_MAX: usize = 256;

/// Longest other text, in characters.
pub const TEXT_CHARS_MAX: usize = 16_384;

/// What JavaScript's `trim` removes: Unicode white space without the next-line control, and the byte order mark.
pub fn is_blank(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `text` without blanks at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Whether the text is what a template prints when a value is missing (Connectif's Shopify scripts concatenate such words).
pub fn is_placeholder(text: &str) -> bool {
    matches!(text, "null" | "undefined" | "NaN")
}

/// An address, judged.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// Absolute already: kept verbatim.
    Absolute,
    /// Completed with the page's address.
    Resolved(String),
    /// Relative, and no usable page address is known.
    Relative,
    /// No http(s) address.
    Malformed,
}

/// Judges an address. It is never percent-encoded or otherwise rewritten, because the platforms compare it as text.
pub fn address(text: &str, page_url: Option<&str>) -> Address {
    if text.chars().any(|c| c.is_control()) {
        return Address::Malformed;
    }
    if origin_length(text).is_some() {
        return Address::Absolute;
    }
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if text
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.chars().all(is_scheme))
    {
        return Address::Malformed;
    }
    let Some((page, origin_end)) = page_url.and_then(|page| Some((page, origin_length(page)?))) else {
        return Address::Relative;
    };
    let (origin, after) = page.split_at_checked(origin_end).unwrap_or((page, ""));
    let path = after.split(['?', '#']).next().unwrap_or_default();
    let resolved = if text.starts_with("//") {
        let scheme = origin.split('/').next().unwrap_or_default();
        String::from(scheme) + text
    } else if text.starts_with('/') {
        String::from(origin) + text
    } else if text.starts_with(['?', '#']) {
        String::from(origin) + path + text
    } else {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (mut folders, mut rest) = (
            folder
                .split('/')
                .filter(|part| !part.is_empty())
                .collect::<alloc::vec::Vec<_>>(),
            text,
        );
        loop {
            if let Some(after) = rest.strip_prefix("../") {
                folders.pop();
                rest = after;
            } else if let Some(after) = rest.strip_prefix("./") {
                rest = after;
            } else {
                break;
            }
        }
        let mut resolved = String::from(origin);
        for folder in folders {
            resolved.push('/');
            resolved.push_str(folder);
        }
        resolved + "/" + rest
    };
    if origin_length(&resolved).is_some() {
        Address::Resolved(resolved)
    } else {
        Address::Malformed
    }
}

/// Bytes of `scheme://host[:port]`, if this is an absolute http(s) address with a host.
fn origin_length(text: &str) -> Option<usize> {
    let (scheme, rest) = ["http://", "https://"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some((scheme, rest))
    })?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (!host.is_empty() && !host.chars().any(is_blank)).then_some(scheme.len() + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn resolves(text: &str, expected: &str) {
        let page = Some("https://shop.example/a/b/confirmation?x=1/2#f");
        assert_eq!(address(text, page), Address::Resolved(expected.into()));
    }

    #[test]
    fn addresses() {
        resolves("/p/1", "https://shop.example/p/1");
        resolves("//cdn.example/p", "https://cdn.example/p");
        resolves("p?q=1", "https://shop.example/a/b/p?q=1");
        resolves("../p", "https://shop.example/a/p");
        resolves("?id=1", "https://shop.example/a/b/confirmation?id=1");
        assert_eq!(
            address("p", Some("https://shop.example")),
            Address::Resolved("https://shop.example/p".into())
        );
        assert_eq!(address("HTTPS://shop.example/é b", None), Address::Absolute);
        assert_eq!(address("/p", None), Address::Relative);
        for wrong in [
            "javascript:alert(1)",
            "data:image/png,x",
            "https://",
            "http:///p",
            "ftp://x/y",
        ] {
            assert_eq!(
                address(wrong, Some("https://shop.example/")),
                Address::Malformed,
                "{wrong}"
            );
        }
    }
}
