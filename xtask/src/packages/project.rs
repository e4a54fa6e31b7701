//! One project that uses the package: a copy of its sources, its own packages by its lock file, and ours from the tarball.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::build::Package;
use crate::npm;
use crate::process::{self, step};
use crate::stamp::{Stamp, files};
use crate::workspace::Workspace;

/// Where npm puts packages.
const MODULES: &str = "node_modules";

/// Where the projects' builds put their pages, but for Next.js.
const OUTPUT: &str = "dist";

/// A project and the folder that it is built in.
pub struct Project {
    name: String,
    source: PathBuf,
    folder: PathBuf,
    /// npm's settings, the same for all projects.
    settings: PathBuf,
    cache: PathBuf,
}

impl Project {
    /// The project `name` of the folder `source`, to be built below `built`.
    pub fn new(workspace: &Workspace, source: &Path, built: &Path, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: source.join(name),
            folder: built.join(name),
            settings: source.join(".npmrc"),
            cache: workspace.scratch("npm-cache"),
        }
    }

    /// Installs what the lock file names, and the package from its tarball, unless they are there.
    pub fn install(&self, package: &Package) -> Result<()> {
        process::folder(&self.folder)?;
        let lists = ["package.json", "package-lock.json"].map(|file| self.source.join(file));
        let locked = self.folder.join(MODULES).join(".locked");
        let mut stamp = Stamp::new(self.folder.join("locked.stamp")).file(&self.settings)?;
        for list in &lists {
            stamp = stamp.file(list)?;
        }
        let mut is_new = false;
        stamp.unless_fresh(&[&locked], || {
            is_new = true;
            for file in lists.iter().chain([&self.settings]) {
                let name = file.file_name().unwrap_or_default();
                process::write(&self.folder.join(name), &process::read(file)?)?;
            }
            step(&format!("Installing the packages of {} with npm", self.name), || {
                process::output(
                    npm::npm()?
                        .args(["ci", "--ignore-scripts"])
                        .envs(self.settings())
                        .current_dir(&self.folder),
                )
            })?;
            process::folder(&self.folder.join(MODULES))?;
            process::write(&locked, b"")
        })?;

        // The lock file cannot name the tarball, whose hash is another one after each change of the tag.
        let installed = self.folder.join(MODULES).join(&package.name).join("package.json");
        let stamp = Stamp::new(self.folder.join("installed.stamp")).file(&package.tarball)?;
        let stamp = if is_new { stamp.text("again") } else { stamp };
        stamp.unless_fresh(&[&installed], || {
            let mut npm = npm::npm()?;
            npm.args([
                "install",
                "--no-save",
                "--no-package-lock",
                "--ignore-scripts",
                "--prefer-offline",
            ])
            .arg(&package.tarball);
            process::output(npm.envs(self.settings()).current_dir(&self.folder)).map(drop)
        })
    }

    /// Runs the project's own build, unless nothing has changed.
    pub fn build(&self, package: &Package) -> Result<()> {
        let done = self.folder.join(".built");
        let stamp = Stamp::new(self.folder.join("built.stamp"))
            .file(&package.tarball)?
            .tree(&self.source)?;
        stamp.unless_fresh(&[&done], || {
            // Nothing of an earlier build may be tested.
            let _ = std::fs::remove_dir_all(self.folder.join(OUTPUT));
            for file in files(&self.source)? {
                let copy = self.folder.join(file.strip_prefix(&self.source).unwrap_or(&file));
                process::folder(copy.parent().unwrap_or(&self.folder))?;
                process::write(&copy, &process::read(&file)?)?;
            }
            step(&format!("Building {}", self.name), || {
                process::output(
                    npm::npm()?
                        .args(["run", "build"])
                        .envs(self.settings())
                        .current_dir(&self.folder),
                )
            })?;
            process::write(&done, b"")
        })
    }

    /// The file of a tool that is installed in the project.
    pub fn tool(&self, file: &str) -> PathBuf {
        self.folder.join(MODULES).join(file)
    }

    /// Runs a script with Node.js in the project's folder.
    pub fn command(&self, script: impl AsRef<Path>) -> Command {
        let mut node = Command::new("node");
        node.arg(script.as_ref()).current_dir(&self.folder);
        node
    }

    /// No tool phones home, and npm keeps what it fetched inside the target folder.
    fn settings(&self) -> [(&'static str, &std::ffi::OsStr); 4] {
        let on = std::ffi::OsStr::new("1");
        [
            ("npm_config_cache", self.cache.as_os_str()),
            ("NEXT_TELEMETRY_DISABLED", on),
            ("ASTRO_TELEMETRY_DISABLED", on),
            ("CI", on),
        ]
    }
}
