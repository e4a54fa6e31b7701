//! What each source text must look like: a doc sentence first, clean white space, no `unwrap` in what ships.

use super::{Finding, finding};

/// Endings of files whose white space is nobody's data.
const CLEAN: [&str; 8] = [".rs", ".js", ".mjs", ".ts", ".css", ".toml", ".md", ".yml"];
/// Folders whose code meets input from outside.
const NO_UNWRAP: [&str; 3] = ["core/src/", "src/", "collector/src/"];

pub(super) fn check(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(doc_sentence(file, text));
    if CLEAN.iter().any(|ending| file.ends_with(ending)) {
        findings.extend(white_space(file, text));
    }
    if file.ends_with(".rs") && NO_UNWRAP.iter().any(|folder| file.starts_with(folder)) && !is_test_file(file) {
        findings.extend(unwraps(file, text));
    }
    findings
}

fn doc_sentence(file: &str, text: &str) -> Option<Finding> {
    let opening = match file.rsplit_once('.')?.1 {
        "rs" => "//!",
        "js" | "mjs" => "/**",
        _ => return None,
    };
    let first = text.lines().find(|line| !line.starts_with("#!/"))?;
    let advice = format!("the file does not say what it is: begin it with a sentence in `{opening}`");
    (!first.starts_with(opening)).then(|| finding(file, 1, advice))
}

fn white_space(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t']) {
            findings.push(finding(
                file,
                index + 1,
                "white space at the end of the line: end the line after its last character",
            ));
        }
        if file.ends_with(".rs") && line.contains('\t') {
            findings.push(finding(file, index + 1, r"a tab: write spaces, or `\t` in a string"));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        findings.push(finding(
            file,
            text.lines().count(),
            "the last line is not ended: end it with a line feed",
        ));
    }
    findings
}

fn is_test_file(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

fn unwraps(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The depth of braces inside an item for tests; `None` outside.
    let mut skipped: Option<i32> = None;
    for (index, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("#[cfg(test)]") {
            skipped = Some(0);
        }
        if let Some(depth) = &mut skipped {
            let braces = |brace| line.matches(brace).count() as i32;
            let entered = *depth > 0 || line.contains('{');
            *depth += braces('{') - braces('}');
            // The item ends with its last brace, or at once if it is a declaration.
            if *depth <= 0 && (entered || code.ends_with(';')) {
                skipped = None;
            }
        } else if !code.starts_with("//") && code.contains(".unwrap()") {
            let advice =
                "`.unwrap()` stops the program: return an error, match, or `expect` with the reason why it cannot fail";
            findings.push(finding(file, index + 1, advice));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, text: &str) -> Vec<usize> {
        check(file, text).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_file_begins_with_its_sentence() {
        assert_eq!(lines("core/src/a.rs", "use b;\n"), [1]);
        assert_eq!(lines("core/src/a.rs", "//! A.\nuse b;\n"), [] as [usize; 0]);
        assert_eq!(lines("www/a.js", "// A.\n"), [1]);
        assert_eq!(lines("www/a.mjs", "#!/usr/bin/env node\n/** A. */\n"), [] as [usize; 0]);
    }

    #[test]
    fn white_space_is_clean() {
        assert_eq!(lines("a.md", "a\nb \nc\t\nd"), [2, 3, 4]);
        assert_eq!(lines("xtask/a.rs", "//! A.\n\tb();\n"), [2]);
        assert_eq!(lines("tests/vectors/a.html", "a \n\tb"), [] as [usize; 0]);
    }

    #[test]
    fn unwrap_is_for_tests_only() {
        let text = "//! A.\n/// `a.unwrap()`\nfn a() {\n    b.unwrap();\n}\n#[cfg(test)]\nmod c;\nfn d() {\n    e.unwrap()\n}\n\
                    #[cfg(test)]\nmod tests {\n    fn f() {\n        g.unwrap();\n    }\n}\nfn h() {\n    i.unwrap();\n}\n";
        assert_eq!(lines("core/src/a.rs", text), [4, 9, 18]);
        assert_eq!(lines("xtask/src/a.rs", text), [] as [usize; 0]);
        assert_eq!(lines("core/src/a/tests.rs", text), [] as [usize; 0]);
    }
}
