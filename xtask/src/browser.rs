//! The browsers and their WebDriver servers, for the browser tests.

mod geckodriver;

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::process::{find, install, may_install};
use crate::workspace::Workspace;

/// A browser engine.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
#[value(rename_all = "lower")]
pub enum Engine {
    /// Chromium with ChromeDriver
    Chromium,
    /// Firefox with geckodriver
    Firefox,
    /// WebKitGTK's MiniBrowser with its driver, under Xvfb
    WebKit,
}

/// One program that the tests start.
struct Program {
    /// Environment variable that names it, for the tests and for whoever has it elsewhere.
    variable: &'static str,
    /// Names on the PATH, or absolute paths.
    names: &'static [&'static str],
}

impl Engine {
    /// As the command line and the tests' modules write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Its programs as environment variables for the tests: found (variables that are set go first), or installed from Debian's
    /// packages and crates.io.
    pub fn ensure(self, workspace: &Workspace) -> Result<Vec<(&'static str, PathBuf)>> {
        if self.missing().is_some() && may_install() {
            install(self.packages())?;
        }
        if let Some(program) = self.missing() {
            bail!(
                "the tests in {} need {}: install it (Debian: apt-get install {}), name it in {}, or leave this engine out with \
                 `--without {}`",
                self.name(),
                program.names[0],
                self.packages().join(" "),
                program.variable,
                self.name()
            );
        }
        let found = self.programs().iter();
        let mut all: Vec<_> = found
            .filter_map(|program| Some((program.variable, program.find()?)))
            .collect();
        if self == Self::Firefox {
            all.push((geckodriver::VARIABLE, geckodriver::ensure(workspace)?));
        }
        Ok(all)
    }

    fn missing(self) -> Option<&'static Program> {
        self.programs().iter().find(|program| program.find().is_none())
    }

    fn programs(self) -> &'static [Program] {
        match self {
            Self::Chromium => &[
                Program {
                    variable: "CHROME",
                    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
                },
                Program {
                    variable: "CHROMEDRIVER",
                    names: &["chromedriver"],
                },
            ],
            Self::Firefox => &[Program {
                variable: "FIREFOX",
                names: &["firefox-esr", "firefox"],
            }],
            Self::WebKit => &[
                Program {
                    variable: "WEBKITDRIVER",
                    names: &["WebKitWebDriver"],
                },
                Program {
                    variable: "MINIBROWSER",
                    names: &[
                        "MiniBrowser",
                        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
                        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
                    ],
                },
                Program {
                    variable: "XVFB",
                    names: &["Xvfb"],
                },
            ],
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver"],
            Self::Firefox => &["firefox-esr"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb"],
        }
    }
}

impl Program {
    fn find(&self) -> Option<PathBuf> {
        let given = env::var_os(self.variable).map(PathBuf::from);
        // A path with a folder in it stays itself when it is joined to one of the PATH's.
        given
            .filter(|path| path.is_file())
            .or_else(|| self.names.iter().find_map(|name| find(name)))
    }
}
