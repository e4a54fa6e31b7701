//! What the package's README tells to write is what the projects consist of, word for word.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::{process, stamp};

/// Languages of the README's blocks that stand in a project; blocks of others are commands.
const LANGUAGES: [&str; 6] = ["js", "jsx", "ts", "html", "astro", "json"];

/// Fails with the first block of `readme` that no file below `projects` contains.
pub fn check(readme: &Path, projects: &Path) -> Result<()> {
    let text = String::from_utf8(process::read(readme)?)?;
    let mut sources = Vec::new();
    for file in stamp::files(projects)? {
        let is_installed = file.components().any(|part| part.as_os_str() == "node_modules");
        if !is_installed && let Ok(source) = std::fs::read_to_string(&file) {
            sources.push(source);
        }
    }
    for block in blocks(&text) {
        let is_tested = sources.iter().any(|source| source.contains(block));
        ensure!(
            is_tested,
            "{}: no project contains this, so nobody knows whether it works:\n{block}",
            readme.display()
        );
    }
    Ok(())
}

/// The fenced blocks in one of the [`LANGUAGES`].
fn blocks(markdown: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for fence in markdown.split("\n```").skip(1).step_by(2) {
        let (language, block) = fence.split_once('\n').unwrap_or((fence, ""));
        if LANGUAGES.contains(&language.trim()) {
            found.push(block);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_code_are_found_and_commands_are_not() {
        let markdown = "# A\n\n```js\na();\nb();\n```\n\ntext\n\n```sh\nnpm i\n```\n\n```html\n<a>\n```\n";
        assert_eq!(blocks(markdown), ["a();\nb();", "<a>"]);
    }
}
