//! The PostgreSQL server that the collector's tests start.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{find, install, may_install};

/// Names the folder of the server's programs, for the tests and for whoever has them elsewhere.
const VARIABLE: &str = "POSTGRES_BIN";

/// Debian's package, and where it puts one folder per version.
const PACKAGE: &str = "postgresql";
const VERSIONS: &str = "/usr/lib/postgresql";

/// Makes sure that the tests find a server: found, or installed from Debian's packages.
pub fn ensure() -> Result<()> {
    if is_missing() && may_install() {
        install(&[PACKAGE])?;
    }
    if is_missing() {
        bail!(
            "the collector's tests need a PostgreSQL server: install it (Debian: apt-get install {PACKAGE}), or name the folder of \
             initdb in {VARIABLE}"
        );
    }
    Ok(())
}

fn is_missing() -> bool {
    let named = env::var_os(VARIABLE).map(PathBuf::from);
    let versions = Path::new(VERSIONS).read_dir().into_iter().flatten().flatten();
    let mut folders = named
        .into_iter()
        .chain(versions.map(|version| version.path().join("bin")));
    !folders.any(|folder| folder.join("initdb").is_file()) && find("initdb").is_none()
}
