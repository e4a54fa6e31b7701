//! The picture in the terminal: a bar per area and per part.

use super::parts::Area;

/// Columns of the longest bar.
const COLUMNS: usize = 40;

/// One line per area and part, each with its bytes, its share of all and a bar.
pub fn draw(areas: &[Area]) -> String {
    let all: usize = areas.iter().map(|area| area.bytes).sum();
    let longest = areas.first().map_or(1, |area| area.bytes.max(1));
    let line = |name: &str, bytes: usize, sign: &str| {
        let share = bytes as f64 * 100.0 / all.max(1) as f64;
        let bar = sign.repeat((bytes * COLUMNS).div_ceil(longest));
        format!("{name:<28}{bytes:>8} {share:>5.1} %  {bar}\n")
    };
    let mut out = String::new();
    for area in areas {
        out += &line(&area.name, area.bytes, "█");
        for (name, bytes) in &area.parts {
            out += &line(&format!("  {name}"), *bytes, "░");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_the_bytes() {
        let area = |name: &str, bytes| Area {
            name: name.to_owned(),
            bytes,
            parts: Vec::new(),
        };
        let drawn = draw(&[area("core", 300), area("tag", 100)]);
        let lengths: Vec<usize> = drawn.lines().map(|line| line.matches('█').count()).collect();
        assert_eq!(lengths, [COLUMNS, COLUMNS.div_ceil(3)]);
        assert!(drawn.contains("75.0 %"), "{drawn}");
    }
}
