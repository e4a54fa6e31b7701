//! What takes the bytes of a file: parts, gathered into areas.

use std::collections::BTreeMap;

/// The smallest share of a file that has a line of its own; smaller parts are gathered.
const SHARE_MIN: f64 = 0.002;
/// What gathered parts are called.
const OTHERS: &str = "others";

/// Some bytes of a file and what they are for.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// A crate, or a kind of content.
    pub area: String,
    /// A Rust module, or a file.
    pub name: String,
    pub bytes: usize,
}

/// The parts of one area.
#[derive(PartialEq, Debug)]
pub struct Area {
    pub name: String,
    pub bytes: usize,
    /// Largest first, the gathered ones last.
    pub parts: Vec<(String, usize)>,
}

/// Adds up parts of the same name and gathers small ones; largest area first.
pub fn areas(parts: &[Part]) -> Vec<Area> {
    let all: usize = parts.iter().map(|part| part.bytes).sum();
    let is_small = |bytes: usize| (bytes as f64) < all as f64 * SHARE_MIN;
    let mut sums: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for Part { area, name, bytes } in parts {
        *sums.entry(area).or_default().entry(name).or_default() += bytes;
    }
    let mut areas: Vec<Area> = Vec::new();
    for (name, sums) in sums {
        let (small, large): (Vec<_>, Vec<_>) = sums.into_iter().partition(|&(_, bytes)| is_small(bytes));
        let mut parts: Vec<(String, usize)> = large
            .into_iter()
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .collect();
        parts.sort_by_key(|&(_, bytes)| std::cmp::Reverse(bytes));
        let gathered: usize = small.iter().map(|(_, bytes)| bytes).sum();
        if gathered > 0 {
            parts.push((OTHERS.to_owned(), gathered));
        }
        let bytes = parts.iter().map(|(_, bytes)| bytes).sum();
        let name = name.to_owned();
        areas.push(Area { name, bytes, parts });
    }
    areas.sort_by_key(|area| std::cmp::Reverse(area.bytes));
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_added_up_sorted_and_small_ones_gathered() {
        let part = |area: &str, name: &str, bytes| Part {
            area: area.to_owned(),
            name: name.to_owned(),
            bytes,
        };
        let parts = [
            part("std", "alloc", 100),
            part("core", "a", 300),
            part("core", "b", 500),
            part("core", "a", 300),
            part("core", "c", 1),
            part("core", "d", 1),
        ];
        let found = areas(&parts);
        assert_eq!(found[0].name, "core");
        assert_eq!(found[0].bytes, 1_102);
        let named = |name: &str, bytes| (name.to_owned(), bytes);
        assert_eq!(found[0].parts, [named("a", 600), named("b", 500), named(OTHERS, 2)]);
        assert_eq!((found[1].name.as_str(), found[1].bytes), ("std", 100));
    }
}
