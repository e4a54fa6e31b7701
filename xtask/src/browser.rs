//! Chromium and its WebDriver server, for the browser tests.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{find, install, may_install};

/// Where the two programs are.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

impl Browser {
    /// Finds them (`CHROME` and `CHROMEDRIVER` go first) or installs Debian's packages.
    pub fn ensure() -> Result<Self> {
        if let Some(browser) = Self::find() {
            return Ok(browser);
        }
        if may_install() {
            install(&["chromium", "chromium-driver"])?;
        }
        let Some(browser) = Self::find() else {
            bail!(
                "the browser tests need Chromium and its driver: install them (Debian: apt-get install chromium \
                 chromium-driver) or name them in CHROME and CHROMEDRIVER"
            );
        };
        Ok(browser)
    }

    fn find() -> Option<Self> {
        let given = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
        let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let chromium = given("CHROME").or_else(|| browsers.into_iter().find_map(find))?;
        let driver = given("CHROMEDRIVER").or_else(|| find("chromedriver"))?;
        Some(Self { chromium, driver })
    }
}
