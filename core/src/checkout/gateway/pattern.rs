//! The patterns of return parameters: `condition&condition:hint`, the same for the table and for a shop's own.

use super::{Hint, Return, query::Query};

/// Most entries of a shop's own that are read.
pub const OWN_MAX: usize = 32;

/// Longest entry of a shop's own, in characters.
pub const PATTERN_CHARS_MAX: usize = 512;

/// Longest gateway name, in characters: what a report can carry.
const NAME_CHARS_MAX: usize = 64;

/// The first of a shop's own entries that fits.
pub fn own<'a>(entries: &'a str, query: &Query) -> Option<Return<'a>> {
    entries.split(';').take(OWN_MAX).find_map(|entry| {
        let (gateway, pattern) = entry.split_once('?')?;
        let gateway = gateway.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let is_sound = (1..=NAME_CHARS_MAX).contains(&gateway.len())
            && gateway.bytes().all(is_name)
            && entry.chars().count() <= PATTERN_CHARS_MAX
            && is_sound(pattern);
        let hint = is_sound.then(|| fitting(pattern, query)).flatten()?;
        Some(Return { gateway, hint })
    })
}

/// The hint of the first of these patterns, separated by `;`, that fits.
pub fn first(patterns: &str, query: &Query) -> Option<Hint> {
    patterns.split(';').find_map(|pattern| fitting(pattern, query))
}

fn fitting(pattern: &str, query: &Query) -> Option<Hint> {
    let (conditions, hint) = pattern.rsplit_once(':')?;
    let hint = Hint::from_name(hint.trim())?;
    conditions
        .split('&')
        .all(|condition| holds(condition.trim(), query))
        .then_some(hint)
}

/// Whether something must be there at all, and each condition names a parameter: another pattern would fit every page.
pub fn is_sound(pattern: &str) -> bool {
    let conditions = pattern.rsplit_once(':').map_or("", |(conditions, _)| conditions);
    let has_name = |condition: &str| condition.split('=').next().is_some_and(|name| !name.trim().is_empty());
    let mut conditions = conditions.split('&').map(str::trim);
    let is_there = conditions.clone().any(|condition| !condition.starts_with('!'));
    is_there && conditions.all(|condition| has_name(condition.strip_prefix('!').unwrap_or(condition)))
}

fn holds(condition: &str, query: &Query) -> bool {
    if let Some(name) = condition.strip_prefix('!') {
        return query.get(name.trim()).is_none();
    }
    let Some((name, values)) = condition.split_once('=') else {
        return query.get(condition).is_some();
    };
    let holds = |found: &str| values.split('|').any(|value| is_value(value.trim(), found));
    match name.trim() {
        "*" => query.any(holds),
        name => query.sole(name).is_some_and(holds),
    }
}

fn is_value(expected: &str, found: &str) -> bool {
    if let Some(start) = expected.strip_suffix('*') {
        let head = found.as_bytes().get(..start.len());
        return head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()));
    }
    if let Some((low, high)) = expected.split_once("..") {
        let number = |text: &str| text.parse::<u32>().ok();
        return match (number(low), number(found), number(high)) {
            (Some(low), Some(found), Some(high)) => (low..=high).contains(&found),
            _ => false,
        };
    }
    expected.eq_ignore_ascii_case(found)
}
