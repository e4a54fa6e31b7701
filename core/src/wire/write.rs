//! Writing envelopes, where no loader does it.

use alloc::{format, string::String};

use super::VERSION;
use crate::{json, source::SourceKind};

/// An envelope: its id and its text. `config_json` and `data_json` are JSON texts already, the latter of the shape that `source`
/// demands. The id is derived from site and data, so the same purchase given twice is one record.
pub fn new_envelope(
    source: SourceKind,
    site: &str,
    captured_at: u64,
    page: Option<&str>,
    config_json: &str,
    data_json: &str,
) -> (String, String) {
    let id = record_id(site, data_json);
    let mut out = format!("{{\"v\":{VERSION},\"site\":");
    json::write_text(&mut out, site);
    out += &format!(
        ",\"id\":\"{id}\",\"source\":\"{}\",\"captured_at\":{captured_at}",
        source.name()
    );
    if let Some(page) = page {
        out.push_str(",\"page\":");
        json::write_text(&mut out, page);
    }
    out += &format!(",\"config\":{config_json},\"data\":{data_json}}}");
    (id, out)
}

/// The envelope with an entry more: `contact` is the buyer's hashed address, `gateway` the gateway that the page was reached from, `basis`
/// what a purchase rests on that the page does not state itself.
pub fn with_entry(envelope: &str, key: &str, text: &str) -> String {
    let mut out = String::from("{");
    json::write_text(&mut out, key);
    out.push(':');
    json::write_text(&mut out, text);
    out.push(',');
    out.push_str(envelope.strip_prefix('{').unwrap_or(envelope));
    out
}

/// FNV-1a, 64 bits, in hexadecimal: not against attackers, only so that equal captures meet.
pub(crate) fn record_id(site: &str, data: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in site.bytes().chain([0]).chain(data.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Envelope;

    #[test]
    fn what_is_written_is_an_envelope() {
        let (id, text) = new_envelope(
            SourceKind::Call,
            "demo",
            5,
            Some("https://shop.example/\"x"),
            "{\"decimal\":\"comma\"}",
            "{\"purchase_id\":\"1\"}",
        );
        let read = Envelope::read(&with_entry(&text, "contact", "a@b.c")).expect("an envelope");
        assert_eq!((&read.id, read.captured_at, read.site.as_str()), (&id, 5, "demo"));
        assert_eq!(read.page.as_deref(), Some("https://shop.example/\"x"));
        assert_eq!(
            read.sole_purchase().expect("one purchase").contact.as_deref(),
            Some("a@b.c")
        );
    }
}
