//! What a page's content policy must allow, for each of the ways in which policies name scripts.

use std::fmt;

use super::files::inline_digest;

/// Lets WebAssembly be compiled, and nothing else; without it the loader delivers by itself.
const WASM: &str = "'wasm-unsafe-eval'";

/// Under this name the loader loads the module's JavaScript in WebKit (`www/loader/src/module.js`).
const TRUSTED_TYPES: &str = "purchase-tag";

/// What the policy is about.
pub struct Policy<'a> {
    /// The inline script, without its tags.
    pub inline: &'a str,
    /// The loader's `integrity`, if it is pinned.
    pub loader: Option<&'a str>,
    /// Address of the folder with the tag's files, with a slash at its end.
    pub files: &'a str,
    /// The collector's address, with a slash at its end.
    pub collector: &'a str,
}

impl fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inline = inline_digest(self.inline);
        let files = source(self.files);
        let connect = format!("connect-src {files} {}v1/purchases", source(self.collector));
        write!(
            f,
            "Where pages have a Content-Security-Policy, add to it, if it names addresses:\n\n\
             script-src {WASM} '{inline}' {files}\n{connect}\n\n\
             if it has a nonce, with or without 'strict-dynamic' (and put the nonce into both elements above):\n\n\
             script-src {WASM}\n{connect}\n"
        )?;
        if let Some(loader) = self.loader {
            write!(
                f,
                "\nif it has 'strict-dynamic' and digests:\n\n\
                 script-src {WASM} '{inline}' '{loader}'\n{connect}\n"
            )?;
        }
        write!(
            f,
            "\nif it lists 'trusted-types' (without it Safari does not run the module, and the loader delivers by itself):\n\n\
             trusted-types {TRUSTED_TYPES}\n"
        )
    }
}

/// An address as a source expression, in which these two would end it.
fn source(address: &str) -> String {
    address.replace(';', "%3B").replace(',', "%2C")
}
