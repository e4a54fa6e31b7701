//! Reads the file or standard input, as text.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Largest page or payload that is read.
pub const INPUT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Bytes at the start of a page in which it may name its encoding.
const PRESCAN_BYTES: usize = 4096;

/// Reads `path`, or standard input for `-`, and decodes it.
///
/// # Errors
/// If it cannot be read or is larger than [`INPUT_BYTES_MAX`].
pub fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let limit = INPUT_BYTES_MAX + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Err(io::Error::other(format!(
            "it is larger than {} MiB",
            INPUT_BYTES_MAX / 1024 / 1024
        )));
    }
    Ok(decode(bytes))
}

/// What is UTF-8 is read as UTF-8, whatever it says; anything else by its byte order mark, then by the encoding it
/// names, then as Windows-1252 like in a browser.
fn decode(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
        Err(error) => error.into_bytes(),
    };
    let encoding = named_encoding(&bytes[..bytes.len().min(PRESCAN_BYTES)]).unwrap_or(WINDOWS_1252);
    // A page that names UTF-16 in ASCII letters is not in UTF-16.
    let encoding = if encoding.is_ascii_compatible() {
        encoding
    } else {
        UTF_8
    };
    // `decode` looks for a byte order mark first.
    encoding.decode(&bytes).0.into_owned()
}

/// The label after the first `charset=` (HTML) or `encoding=` (XML) that names an encoding.
fn named_encoding(start: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    ["charset", "encoding"]
        .iter()
        .flat_map(|key| text.match_indices(key))
        .find_map(|(at, key)| {
            let value = text[at + key.len()..].trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '/' | '?'));
            Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(decode(bytes.to_vec()), expected);
    }

    #[test]
    fn utf8_wins_then_marks_then_names_then_the_browsers_default() {
        check("\u{feff}<p>ñ".as_bytes(), "<p>ñ");
        check("<meta charset=iso-8859-1>ñ".as_bytes(), "<meta charset=iso-8859-1>ñ");
        check(b"\xff\xfe<\0p\0>\0\xf1\0", "<p>\u{f1}");
        check(b"<meta charset='iso-8859-2'>\xf8", "<meta charset='iso-8859-2'>\u{159}");
        check(
            b"<?xml version='1.0' encoding=\"ISO-8859-15\"?>\xa4",
            "<?xml version='1.0' encoding=\"ISO-8859-15\"?>\u{20ac}",
        );
        check(
            b"<meta http-equiv=content-type content=\"text/html; charset=windows-1251\">\xcf",
            "<meta http-equiv=content-type content=\"text/html; charset=windows-1251\">\u{41f}",
        );
        check(b"<p>\xf1 \x80", "<p>\u{f1} \u{20ac}");
    }
}
