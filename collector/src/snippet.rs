//! `purchase-collector snippet`: prints what a shop's pages need: the lines of the tag, and what a content policy must allow.

mod files;
mod policy;

use std::{fmt::Write, process::ExitCode};

use url::Url;

pub use self::files::Loader;
use self::policy::Policy;
use crate::cli::{Consent, Snippet};

/// The snippet with placeholders for address and site; its first line is the inline script, which is the same for all shops.
const STUB: &str = include_str!("../../www/loader/stub.html");

/// The same for shops that ask for consent: it stores nothing.
const STUB_CONSENT: &str = include_str!("../../www/loader/stub-consent.html");

/// Where a collector serves the tag's files, below its own address.
const FILES: &str = "tag/";

/// Runs the command: prints the text and answers the exit code.
pub fn run(options: &Snippet) -> ExitCode {
    match text(options) {
        Ok(text) => {
            anstream::print!("{text}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            anstream::eprintln!("purchase-collector: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The whole text, without anything that depends on time or machine but the files' digests.
///
/// # Errors
/// A sentence if the folder has not the files of one build.
pub fn text(options: &Snippet) -> Result<String, String> {
    let collector = folder(&options.collector);
    let files = options.files.as_ref().map_or_else(|| below(&collector, FILES), folder);
    let loader = (!options.newest)
        .then(|| Loader::in_folder(&options.assets))
        .transpose()?;
    let inline = inline_script(options.consent);
    let policy = Policy {
        inline,
        loader: loader.as_ref().map(|loader| loader.integrity.as_str()),
        files: &files,
        collector: &collector,
    };
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "Into every page, as early as possible:\n\n\
         <script>{inline}</script>\n{}\n\n{policy}",
        element(options, loader.as_ref(), &files, &collector),
    );
    Ok(text)
}

/// The script element of the loader.
fn element(options: &Snippet, loader: Option<&Loader>, files: &str, collector: &str) -> String {
    let (name, integrity) = match loader {
        Some(loader) => (
            loader.name.as_str(),
            format!(" integrity=\"{}\" crossorigin=\"anonymous\"", loader.integrity),
        ),
        None => (Loader::UNPINNED, String::new()),
    };
    // The loader finds a collector by itself that has the files in its own folder.
    let own = below(collector, FILES) == files;
    let collector = match own {
        true => String::new(),
        false => format!(" data-collector=\"{}\"", attribute(collector.trim_end_matches('/'))),
    };
    let consent = options
        .consent
        .map_or_else(String::new, |consent| format!(" data-consent=\"{}\"", consent.name()));
    let (site, files) = (&options.site, attribute(files));
    format!("<script async src=\"{files}{name}\"{integrity} data-site=\"{site}\"{collector}{consent}></script>")
}

/// What is between the tags of the snippet's inline script.
fn inline_script(consent: Option<Consent>) -> &'static str {
    let stub = if consent.is_some() { STUB_CONSENT } else { STUB };
    stub.split_once("<script>")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map_or("", |(script, _)| script)
}

/// An address as a folder: without query and fragment, with a slash at its end.
fn folder(address: &Url) -> String {
    let path = address.path().trim_end_matches('/');
    format!("{}{path}/", address.origin().ascii_serialization())
}

fn below(folder: &str, name: &str) -> String {
    format!("{folder}{name}")
}

/// Text inside an attribute's double quotes.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stub_is_found_in_the_snippet() {
        for consent in [None, Some(Consent::Wait)] {
            let script = inline_script(consent);
            assert!(script.starts_with("window.purchaseTag="));
            assert!(!script.contains('<'));
            assert_eq!(
                script.contains("indexedDB"),
                consent.is_none(),
                "only without consent it may store"
            );
        }
    }

    #[test]
    fn an_address_becomes_a_folder() {
        for (address, expected) in [
            ("https://collector.example", "https://collector.example/"),
            ("https://Shop.example:443/shop/t/", "https://shop.example/shop/t/"),
            ("http://127.0.0.1:7500/a?b#c", "http://127.0.0.1:7500/a/"),
        ] {
            assert_eq!(folder(&address.parse().expect("an address")), expected);
        }
    }
}
