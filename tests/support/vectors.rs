//! Reads the conformance vectors and compares results with what they expect. Used by all three runs.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

/// One case with where it stands.
pub struct Case {
    /// File and name.
    pub title: String,
    /// `html` or `json`.
    pub input: Value,
    /// The site's configuration; an empty object if there is none.
    pub config: Value,
    /// The results, in order.
    pub expect: Vec<Value>,
}

/// All cases of all files.
pub fn load() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the vectors' folder")
        .map(|entry| entry.expect("an entry of the vectors' folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).expect("a readable file of vectors");
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let case = |case: &Value| Case {
        title: format!("{stem}/{}", case["name"].as_str().expect("a case's name")),
        input: case["input"].clone(),
        config: case
            .get("config")
            .cloned()
            .unwrap_or_else(|| Value::Object(Default::default())),
        expect: case["expect"]
            .as_array()
            .expect("a case's expectation is a list")
            .clone(),
    };
    file["cases"]
        .as_array()
        .expect("a file's cases")
        .iter()
        .map(case)
        .collect()
}

/// What differs, in words; empty if nothing does. Problems are compared as sets of path, kind and severity.
pub fn differences(case: &Case, results: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    if results.len() != case.expect.len() {
        found.push(format!("{} results instead of {}", results.len(), case.expect.len()));
    }
    for (index, (expected, result)) in case.expect.iter().zip(results).enumerate() {
        for key in ["source", "outcome", "purchase"] {
            if expected[key] != result[key] {
                found.push(format!(
                    "[{index}].{key} is {} instead of {}",
                    result[key], expected[key]
                ));
            }
        }
        // Most cases have no status to be read and no signature; those that do name them. Only with the secret is anything verified.
        for key in ["state", "placed", "signed", "verified"] {
            let is_compared = key != "verified" || result.get(key).is_some();
            if is_compared && expected.get(key).is_some_and(|value| *value != result[key]) {
                found.push(format!(
                    "[{index}].{key} is {} instead of {}",
                    result[key], expected[key]
                ));
            }
        }
        let (expected, got) = (problems(expected), problems(result));
        found.extend(
            expected
                .difference(&got)
                .map(|missing| format!("[{index}] lacks {missing}")),
        );
        found.extend(
            got.difference(&expected)
                .map(|surplus| format!("[{index}] has {surplus} too")),
        );
    }
    found
}

fn problems(result: &Value) -> BTreeSet<String> {
    let list = result["problems"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |problem: &Value, key: &str| problem[key].as_str().unwrap_or("?").to_owned();
    list.iter()
        .map(|problem| {
            format!(
                "{} {} at \"{}\"",
                text(problem, "severity"),
                text(problem, "kind"),
                text(problem, "path")
            )
        })
        .collect()
}

/// Fails with everything that differs, if anything does.
#[track_caller]
pub fn assert_none(differences: Vec<(String, Vec<String>)>, cases: usize) {
    let wrong: Vec<_> = differences.into_iter().filter(|(_, found)| !found.is_empty()).collect();
    let list: Vec<String> = wrong
        .iter()
        .map(|(title, found)| format!("{title}\n    {}", found.join("\n    ")))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases differ:\n{}",
        wrong.len(),
        list.join("\n")
    );
    assert!(cases >= 150, "only {cases} cases were read");
}
