//! The inline stub: the script that shops paste before the loader's.

use anyhow::{Context, Result};

/// The file that holds the snippet, relative to the workspace.
pub const FILE: &str = "www/loader/stub.html";

/// The stub's script itself, without its tags.
///
/// # Errors
/// If the snippet has no inline script.
pub fn script(snippet: &str) -> Result<&str> {
    let inline = || snippet.split_once("<script>")?.1.split_once("</script>");
    inline()
        .map(|(script, _)| script)
        .with_context(|| format!("{FILE} has no inline script"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_what_stands_between_its_tags() {
        let snippet = "<!-- why -->\n<script>f()</script>\n<script async src=\"x.js\"></script>";
        assert_eq!(script(snippet).unwrap(), "f()");
        assert!(script("<script src=x></script>").is_err());
    }
}
