//! What takes the module's bytes: its functions by the names that a page's module does not have, and its other sections.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use super::parts::Part;

/// What crates that come with the compiler are called together.
const STANDARD_LIBRARY: &str = "standard library";
/// What is between WebAssembly and the browser's interfaces.
const BINDINGS: &str = "bindings";

/// Which crate belongs to which area; a crate that is not here is an area of its own.
const AREAS: [(&str, &str); 20] = [
    ("cn_purchase_tag", "tag (src/)"),
    ("purchase_core", "core (core/)"),
    ("core", STANDARD_LIBRARY),
    ("alloc", STANDARD_LIBRARY),
    ("std", STANDARD_LIBRARY),
    ("hashbrown", STANDARD_LIBRARY),
    ("compiler_builtins", STANDARD_LIBRARY),
    ("dlmalloc", STANDARD_LIBRARY),
    ("__rustc", STANDARD_LIBRARY),
    ("wasm_bindgen", BINDINGS),
    ("wasm_bindgen_futures", BINDINGS),
    ("js_sys", BINDINGS),
    ("web_sys", BINDINGS),
    ("gloo_net", BINDINGS),
    ("gloo_utils", BINDINGS),
    ("serde", BINDINGS),
    ("serde_core", BINDINGS),
    ("serde_wasm_bindgen", BINDINGS),
    ("purchasetag", "tag (src/)"),
    // The arrays of the hash.
    ("hybrid_array", "sha2"),
];

/// The parts of a module that has its name section; `shipped` is the module of the page, of the same code.
///
/// # Errors
/// If a module cannot be parsed, or the two differ in more than the names.
pub fn parts(named: &[u8], shipped: &[u8]) -> Result<Vec<Part>> {
    let (mut names, mut bodies) = (HashMap::new(), Vec::new());
    let mut parts = Vec::new();
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(named) {
        match payload? {
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for subsection in section {
                        let Name::Function(functions) = subsection? else {
                            continue;
                        };
                        for naming in functions {
                            let naming = naming?;
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
                parts.push(other("imports", section.range().len()));
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(section) => parts.push(other("texts and tables", section.range().len())),
            other_section => {
                let range = other_section.as_section().map_or(0, |(_, range)| range.len());
                if !matches!(other_section, Payload::CodeSectionStart { .. }) {
                    parts.push(other("types and exports", range));
                }
            }
        }
    }
    let code: usize = bodies.iter().sum();
    ensure!(
        code == code_bytes(shipped)?,
        "the module with names has other code than the page's module"
    );
    for (index, bytes) in (imported..).zip(bodies) {
        let name = names.get(&index).map(String::as_str).unwrap_or_default();
        let (area, name) = place(name);
        parts.push(Part { area, name, bytes });
    }
    Ok(parts)
}

fn other(name: &str, bytes: usize) -> Part {
    Part {
        area: "data and interface".to_owned(),
        name: name.to_owned(),
        bytes,
    }
}

fn code_bytes(module: &[u8]) -> Result<usize> {
    let mut sum = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.context("the module cannot be parsed")? {
            sum += body.range().len();
        }
    }
    Ok(sum)
}

/// The area and module of a function: its path's first crate and the module in it, whatever type it is implemented for.
fn place(mangled: &str) -> (String, String) {
    let name = without_disambiguators(&format!("{:#}", rustc_demangle::demangle(mangled)));
    let mut words = name
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .filter(|word| !matches!(*word, "" | "mut" | "const" | "dyn" | "as" | "impl"));
    let path = words.next().unwrap_or_default();
    let mut steps = path.split("::").filter(|step| !step.is_empty());
    let krate = steps.next().unwrap_or("unnamed");
    let is_path = path.contains("::");
    let krate = match krate.split_once('_') {
        // The exports of the public class, `purchasetag_new` and so on.
        Some((class @ "purchasetag", _)) => class,
        _ if krate.starts_with("__wbindgen") || krate.starts_with("__externref") => "wasm_bindgen",
        // Built-in types have no path: `<u64 as core::fmt::Display>::fmt`.
        _ if !is_path => "core",
        _ => krate,
    };
    let area = AREAS
        .iter()
        .find(|(name, _)| *name == krate)
        .map_or(krate, |(_, area)| *area);
    let module = match (area, steps.next()) {
        // Paths of the standard library and the bindings begin with the crate; ours are known by the area.
        (BINDINGS | STANDARD_LIBRARY, _) if krate != "core" && krate != "alloc" => krate.to_owned(),
        (STANDARD_LIBRARY, Some(step)) if is_path => format!("{krate}::{step}"),
        (_, _) if krate == "purchasetag" => "exports".to_owned(),
        (_, Some(step)) if is_path && step.starts_with(|c: char| c.is_ascii_lowercase()) => step.to_owned(),
        _ => krate.to_owned(),
    };
    (area.to_owned(), module)
}

/// Crates' hashes as the compiler writes them: `core[0123456789abcdef]::str`.
fn without_disambiguators(name: &str) -> String {
    let mut parts = name.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| match part.split_once(']') {
        Some((hash, rest)) if !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => kept + rest,
        _ => kept + "[" + part,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_at(name: &str, area: &str, module: &str) {
        assert_eq!(place(name), (area.to_owned(), module.to_owned()), "{name}");
    }

    #[test]
    fn functions_are_placed_by_crate_and_module() {
        is_at("purchase_core::purchase::number::read_text", "core (core/)", "purchase");
        is_at(
            "cn_purchase_tag::driver::checkouts::<impl cn_purchase_tag::driver::Driver>::desk",
            "tag (src/)",
            "driver",
        );
        is_at(
            "<cn_purchase_tag::zone::IntlZone as purchase_core::purchase::rules::Zone>::offset_minutes",
            "tag (src/)",
            "zone",
        );
        is_at(
            "<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop",
            STANDARD_LIBRARY,
            "alloc::vec",
        );
        is_at(
            "core::ptr::drop_in_place<alloc::rc::Rc<cn_purchase_tag::driver::Driver>>",
            STANDARD_LIBRARY,
            "core::ptr",
        );
        is_at(
            "<&mut serde_wasm_bindgen::ser::Serializer as X>::y",
            BINDINGS,
            "serde_wasm_bindgen",
        );
        is_at("purchasetag_new externref shim", "tag (src/)", "exports");
        is_at("<u64 as core::fmt::Display>::fmt", STANDARD_LIBRARY, "core");
        is_at(
            "core[c5930c85a12de822]::str::converts::from_utf8",
            STANDARD_LIBRARY,
            "core::str",
        );
        is_at("sha2::sha256::compress256", "sha2", "sha256");
        is_at("__externref_table_alloc", BINDINGS, "wasm_bindgen");
    }
}
