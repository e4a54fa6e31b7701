//! Short names for the module's imports and exports: wasm-bindgen's carry a hash each, which no packing makes smaller, in the module
//! and the glue.

/// Hexadecimal digits of wasm-bindgen's hashes.
const HASH_DIGITS: usize = 16;

/// Old and new names, in the order they came in.
#[derive(Default)]
pub struct Names(Vec<(String, String)>);

impl Names {
    /// The new name of an import or export; its own if it carries no hash.
    pub fn shorten(&mut self, name: &str) -> String {
        let hash = name
            .rsplit_once('_')
            .map_or("", |(_, hash)| hash.trim_start_matches('h'));
        let is_generated = name.starts_with("__wb") || name.starts_with("wasm_bindgen__");
        if !is_generated || hash.len() != HASH_DIGITS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return name.to_owned();
        }
        let short = format!("i{}", self.0.len());
        self.0.push((name.to_owned(), short.clone()));
        short
    }

    /// The glue with the new names. No name is part of another: each ends with its own hash.
    pub fn rename(&self, glue: &str) -> String {
        self.0
            .iter()
            .fold(glue.to_owned(), |glue, (old, new)| glue.replace(old, new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_imports_are_numbered_and_others_stay() {
        let mut names = Names::default();
        assert_eq!(names.shorten("__wbg_now_2c44418ca0623664"), "i0");
        assert_eq!(names.shorten("__wbg_now_0123456789abcdef"), "i1");
        assert_eq!(names.shorten("wasm_bindgen__convert__invoke__h529bc53f0e5f0ffe"), "i2");
        for kept in ["__wbindgen_init_externref_table", "now_2c44418ca0623664", "memory"] {
            assert_eq!(names.shorten(kept), kept);
        }
        let glue = "{__wbg_now_2c44418ca0623664: f, __wbg_now_0123456789abcdef: g}";
        assert_eq!(names.rename(glue), "{i0: f, i1: g}");
    }
}
