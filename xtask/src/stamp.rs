//! Stamps: a file beside a step's results that says what they were made from, so that an unchanged step is not repeated.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::process;

/// The inputs of one step, collected in a fixed order.
pub struct Stamp {
    file: PathBuf,
    inputs: Sha256,
}

impl Stamp {
    /// Begins the stamp that is kept in `file`.
    pub fn new(file: PathBuf) -> Self {
        Self {
            file,
            inputs: Sha256::new(),
        }
    }

    /// Adds a text, for example a flag.
    pub fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Adds a file's bytes.
    pub fn file(mut self, path: &Path) -> Result<Self> {
        let bytes = process::read(path)?;
        self.add(&bytes);
        Ok(self)
    }

    /// Adds the names and bytes of all files below a folder.
    pub fn tree(mut self, folder: &Path) -> Result<Self> {
        for path in files(folder)? {
            self.add(path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().as_bytes());
            self.add(&process::read(&path)?);
        }
        Ok(self)
    }

    /// Runs `work` unless `results` are there, unchanged, and were made from the same inputs.
    pub fn unless_fresh(self, results: &[&Path], work: impl FnOnce() -> Result<()>) -> Result<()> {
        let inputs = hex(&self.inputs.finalize());
        let state = || -> Result<String> {
            let mut state = Stamp::new(PathBuf::new()).text(&inputs);
            for result in results {
                state = state.file(result)?;
            }
            Ok(hex(&state.inputs.finalize()))
        };
        let kept = std::fs::read_to_string(&self.file).ok();
        if kept.is_some() && kept == state().ok() {
            return Ok(());
        }
        work()?;
        process::write(&self.file, state()?.as_bytes())
    }

    /// The length goes first, so that two inputs never look like one.
    fn add(&mut self, bytes: &[u8]) {
        self.inputs.update((bytes.len() as u64).to_le_bytes());
        self.inputs.update(bytes);
    }
}

/// All files below `folder`, sorted.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_repeated_only_when_an_input_or_a_result_changed() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        process::folder(&folder).unwrap();
        let result = folder.join("result");
        let runs = |input: &str| {
            let mut ran = false;
            let stamp = Stamp::new(folder.join("stamp")).text(input);
            let work = || {
                ran = true;
                process::write(&result, input.as_bytes())
            };
            stamp.unless_fresh(&[&result], work).unwrap();
            ran
        };
        assert!(runs("a"));
        assert!(!runs("a"));
        assert!(runs("b"));
        std::fs::write(&result, "edited by hand").unwrap();
        assert!(runs("b"));
        std::fs::remove_file(&result).unwrap();
        assert!(runs("b"));
        assert!(!runs("b"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
