//! The options that name secrets, and why they cannot be used.

use std::{convert::Infallible, fmt, io, path::PathBuf};

use purchase_core::wire::is_site_key;

use super::SECRET_BYTES_MIN;

/// One `--server-secret KEY=SECRET`, unread: the command line's parser would print what it does not understand.
#[derive(Clone)]
pub struct SecretOption(pub(super) String);

impl SecretOption {
    /// Takes the option's text as it is.
    ///
    /// # Errors
    /// Never.
    pub fn parse(text: &str) -> Result<SecretOption, Infallible> {
        Ok(SecretOption(text.to_owned()))
    }
}

impl fmt::Debug for SecretOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretOption(…)")
    }
}

/// One `--server-secret-file KEY=PATH`.
#[derive(Clone, Debug)]
pub struct SecretFileOption {
    pub(super) site: String,
    pub(super) path: PathBuf,
}

impl SecretFileOption {
    /// Reads the option's text.
    ///
    /// # Errors
    /// A sentence if the key is malformed.
    pub fn parse(text: &str) -> Result<SecretFileOption, &'static str> {
        let (site, path) = text
            .split_once('=')
            .filter(|(site, path)| is_site_key(site) && !path.is_empty())
            .ok_or("write KEY=PATH, such as demo=/run/secrets/demo")?;
        Ok(SecretFileOption {
            site: site.to_owned(),
            path: path.into(),
        })
    }
}

/// Why the secrets cannot be used. No text of an option is quoted: any part of it may be the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is not `KEY=SECRET`.
    #[error("write each --server-secret as KEY=SECRET; number {0} is not")]
    Form(usize),
    /// It is too short.
    #[error("a secret has at least {SECRET_BYTES_MIN} bytes; --server-secret number {0} is shorter")]
    Short(usize),
    /// Its key is no `--site`.
    #[error("--server-secret number {0} is for a site that no --site names")]
    Site(usize),
    /// The file cannot be read.
    #[error("cannot read {}: {error}; give another file with --server-secret-file", .path.display())]
    File {
        /// What was asked for.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file's secret is too short.
    #[error("a secret has at least {SECRET_BYTES_MIN} bytes; the one in {} is shorter (--server-secret-file)", .0.display())]
    ShortFile(PathBuf),
    /// The file's key is no `--site`.
    #[error("--server-secret-file names {0}, which no --site names")]
    SiteOfFile(String),
    /// Its key is no `--site`.
    #[error("--require-signature names {0}, which no --site names")]
    SiteOfSignature(String),
    /// Every purchase of its pages would be refused.
    #[error(
        "--require-signature names {0}, whose signatures nobody can check: give its server's secret with --server-secret-file \
         or --server-secret"
    )]
    SignatureWithoutSecret(String),
}
