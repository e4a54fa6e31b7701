//! What takes the loader's bytes: its source files, by esbuild's own account.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::parts::Part;

/// esbuild's metafile, as far as it is used here.
#[derive(Deserialize)]
struct Metafile {
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
struct Output {
    bytes: usize,
    inputs: BTreeMap<String, Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    bytes_in_output: usize,
}

/// The parts of the loader, by the metafile of its bundling.
///
/// # Errors
/// If the text is no metafile of one output.
pub fn parts(metafile: &str) -> Result<Vec<Part>> {
    let metafile: Metafile = serde_json::from_str(metafile).context("esbuild's metafile is not understood")?;
    let output = metafile.outputs.into_values().next();
    let output = output.context("esbuild's metafile names no output")?;
    let part = |name: String, bytes| Part {
        area: "loader (www/)".to_owned(),
        name,
        bytes,
    };
    let inputs: usize = output.inputs.values().map(|input| input.bytes_in_output).sum();
    let frame = part("bundle's frame".to_owned(), output.bytes.saturating_sub(inputs));
    let named = output.inputs.into_iter().map(|(path, input)| {
        let name = Path::new(&path).file_name().unwrap_or_default().to_string_lossy();
        part(name.into_owned(), input.bytes_in_output)
    });
    Ok(named.chain([frame]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_the_output_is_told() {
        let text = r#"{"outputs": {"dist/x.js": {"bytes": 100, "inputs":
            {"www/loader/src/main.js": {"bytesInOutput": 60}, "www/shared/records.js": {"bytesInOutput": 30}}}}}"#;
        let parts = parts(text).unwrap();
        let found: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.bytes)).collect();
        assert_eq!(found, [("main.js", 60), ("records.js", 30), ("bundle's frame", 10)]);
    }
}
