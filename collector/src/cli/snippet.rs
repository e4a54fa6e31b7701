//! The options of `snippet`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use url::Url;

use super::site_key;

/// Options of `snippet`.
#[derive(Clone, Debug, Args)]
pub struct Snippet {
    /// Address of the collector as browsers reach it, with the path of a reverse proxy if there is one
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub collector: Url,

    /// The shop's key
    #[arg(long, value_name = "KEY", value_parser = site_key)]
    pub site: String,

    /// Folder with the tag's files, to name and pin the newest loader
    #[arg(long, value_name = "DIR", default_value = "dist")]
    pub assets: PathBuf,

    /// Address of the folder from which browsers get the tag's files, if a CDN or the shop serves them [default: /tag/ below the
    /// collector's address]
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub files: Option<Url>,

    /// Load always the newest loader, which cannot be pinned
    #[arg(long)]
    pub newest: bool,

    /// Who tells the shopper's consent, before which nothing is stored or sent [default: nobody, it is not required]
    #[arg(long, value_enum, value_name = "MODE")]
    pub consent: Option<Consent>,
}

/// Who tells the shopper's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Consent {
    /// The shop, by a call
    Wait,
    /// Google Consent Mode
    Google,
    /// A banner that speaks IAB's TCF
    Tcf,
}

impl Consent {
    /// The value of `data-consent`.
    pub fn name(self) -> &'static str {
        match self {
            Consent::Wait => "wait",
            Consent::Google => "google",
            Consent::Tcf => "tcf",
        }
    }
}

fn web_address(text: &str) -> Result<Url, &'static str> {
    let wrong = "write an address such as https://collector.example";
    let url = Url::parse(text.trim()).map_err(|_| wrong)?;
    matches!(url.scheme(), "http" | "https").then_some(url).ok_or(wrong)
}
