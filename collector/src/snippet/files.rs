//! The tag's files as a build left them.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256, Sha384};

use crate::hexadecimal::hexadecimal;

/// The loader that never changes: its name and what `integrity` says about it.
#[derive(Debug)]
pub struct Loader {
    /// File name, with the start of the content's digest.
    pub name: String,
    /// `sha384-…`
    pub integrity: String,
}

/// Bytes of the digest in a pinned name; each is two hexadecimal digits.
const NAME_BYTES: usize = 4;

impl Loader {
    /// Name of the loader that is always the newest.
    pub const UNPINNED: &str = "purchase-tag.js";

    /// The pinned loader of the newest build in a folder, which may hold those of earlier ones too.
    ///
    /// # Errors
    /// A sentence if there is none, or another under its name.
    pub fn in_folder(folder: &Path) -> Result<Loader, String> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).map_err(|error| {
                format!(
                    "{} cannot be read ({error}); give the folder that `cargo xtask build` filled with --assets",
                    path.display()
                )
            })
        };
        let newest = read(Loader::UNPINNED)?;
        let mut digest = hexadecimal(Sha256::digest(&newest));
        digest.truncate(2 * NAME_BYTES);
        let name = format!("purchase-tag-{digest}.js");
        if read(&name)? != newest {
            return Err(format!("{name} is not what its name says; build the files again"));
        }
        Ok(Loader {
            integrity: integrity(&newest),
            name,
        })
    }
}

/// A content's digest as the attribute `integrity` has it.
fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(content)))
}

/// The digest of an inline script, as a content policy has it.
pub fn inline_digest(script: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
}
