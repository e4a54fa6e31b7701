//! Every language has every text, with the same values; every text in use is there, and every one that is there is in use.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use purchase_core::{Kind, Said, purchase::said};

use super::*;
use crate::{passing::Advice, problem};

/// Keys made of a prefix and a name that is not known before: all that begin so are in use.
const FAMILIES: [&str; 16] = [
    "kind",
    "problem",
    "cause",
    "source",
    "state",
    "severity",
    "outcome",
    "basis",
    "role",
    "delivery",
    "notice",
    "event",
    "pass",
    "pass-advice",
    "attempt",
    "circuit",
];

fn values(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, into);
        }
    }
}

fn of_expression(expression: &Expression<&str>, into: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, into),
        Expression::Select { selector, variants } => {
            of_inline(selector, into);
            for variant in variants {
                values(&variant.value, into);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(into.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => of_expression(expression, into),
        other => panic!("a kind of placeable that this catalogue does not use: {other:?}"),
    }
}

/// The keys of a language, each with the names of its values.
fn texts(about: &About) -> BTreeMap<String, BTreeSet<String>> {
    let resource = parser::parse(about.texts).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", about.tag));
    let mut texts = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut names = BTreeSet::new();
        values(message.value.as_ref().expect("a message has a text"), &mut names);
        let before = texts.insert(message.id.name.to_owned(), names);
        assert_eq!(before, None, "{} is given twice in {}", message.id.name, about.tag);
    }
    texts
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "html")
        {
            into.push(path);
        }
    }
}

/// What stands in quotes in the console's sources: every key in use is among it.
fn quoted() -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/console")),
        &mut paths,
    );
    let texts = paths.iter().filter(|path| !path.ends_with("tests.rs"));
    let texts = texts.map(|path| fs::read_to_string(path).expect("the file can be read"));
    texts
        .flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// The keys that the sources ask for by name.
fn asked_for() -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/console")),
        &mut paths,
    );
    let mut keys = BTreeSet::new();
    for path in paths.iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).expect("the file can be read");
        for call in [".t(\"", ".t1(\"", ".n(\"", ".with(\"", ".counted(\""] {
            let after = text.split(call).skip(1);
            keys.extend(after.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    keys
}

#[test]
fn every_language_has_every_text_with_the_same_values() {
    let english = texts(&ABOUT[0]);
    for about in &ABOUT {
        let texts = texts(about);
        let keys = texts.keys().chain(english.keys());
        let differing: BTreeSet<_> = keys.filter(|key| texts.get(*key) != english.get(*key)).collect();
        assert_eq!(differing, BTreeSet::new(), "{}", about.tag);
    }
    let unplaced = Language::ALL
        .iter()
        .zip(&ABOUT)
        .filter(|(language, about)| **language != about.language);
    assert_eq!(unplaced.count(), 0);
}

#[test]
fn every_text_in_use_is_there_and_every_other_is_not() {
    let there: BTreeSet<String> = texts(&ABOUT[0]).into_keys().collect();
    let missing: Vec<_> = asked_for().difference(&there).cloned().collect();
    assert_eq!(missing, Vec::<String>::new(), "asked for and not there");
    let quoted = quoted();
    let is_of_family = |key: &String| FAMILIES.iter().any(|family| key.starts_with(&format!("{family}-")));
    let unused: Vec<_> = there
        .iter()
        .filter(|key| !quoted.contains(*key) && !is_of_family(key))
        .collect();
    assert_eq!(unused, Vec::<&String>::new(), "there and not asked for");
}

#[test]
fn names_from_elsewhere_have_their_texts() {
    use purchase_core::{checkout::Basis, order::State, source::SourceKind};
    let mut keys = Vec::new();
    for name in ["created", "unknown", "pending", "canceled", "completed"] {
        assert!(State::from_name(name).is_some(), "{name}");
        keys.push(format!("state-{name}"));
    }
    for name in ["markup", "call", "data-layer", "json", "checkout"] {
        assert!(SourceKind::from_name(name).is_some(), "{name}");
        keys.push(format!("source-{name}"));
    }
    for name in ["left", "returned", "status"] {
        assert!(Basis::from_name(name).is_some(), "{name}");
        keys.push(format!("basis-{name}"));
    }
    let failures = ["interrupted", "missing", "retry", "refused", "not-sent"];
    keys.extend(failures.map(|outcome| format!("attempt-{outcome}")));
    keys.extend(["normalised", "warning", "error"].map(|name| format!("severity-{name}")));
    for key in keys {
        assert!(Language::English.has(&key), "{key}");
    }
}

/// The keys of a family, without its name.
fn family(about: &About, name: &str) -> BTreeSet<String> {
    let keys = texts(about).into_keys();
    keys.filter_map(|key| Some(key.strip_prefix(&format!("{name}-"))?.to_owned()))
        .collect()
}

/// What the core and the collector say of payloads: code and sentence.
fn sentences() -> impl Iterator<Item = (&'static str, Said)> {
    said::ALL.iter().chain(problem::SAID).copied()
}

#[test]
fn every_code_has_its_text_in_every_language_and_no_other_has_one() {
    let sorted = |codes: Vec<String>| codes.into_iter().collect::<BTreeSet<_>>();
    let kinds = Kind::ALL.iter().map(|kind| kind.name().replace('_', "-"));
    let codes: [(&str, Vec<String>); 3] = [
        ("problem", sentences().map(|(code, _)| code.to_owned()).collect()),
        (
            "pass-advice",
            Advice::all().map(|advice| advice.code().to_owned()).collect(),
        ),
        ("kind", kinds.collect()),
    ];
    for (name, codes) in codes {
        let (count, codes) = (codes.len(), sorted(codes));
        assert_eq!(codes.len(), count, "a code of {name} is given twice");
        for about in &ABOUT {
            assert_eq!(family(about, name), codes, "{name} in {}", about.tag);
        }
    }
}

#[test]
fn a_sentence_asks_for_no_value_that_its_problem_has_not() {
    for about in &ABOUT {
        let texts = texts(about);
        for (code, said) in sentences() {
            let mut given: BTreeSet<String> = said.value_name().map(str::to_owned).into_iter().collect();
            if given.contains("count") {
                given.insert("shown".to_owned());
            }
            let asked = texts.get(&format!("problem-{code}")).cloned().unwrap_or_default();
            let missing: Vec<_> = asked.difference(&given).collect();
            assert_eq!(missing, Vec::<&String>::new(), "problem-{code} in {}", about.tag);
        }
    }
}

/// The only ones that English says in another way: one with a plural, one without a parser's words for what is no JSON.
const SAID_DIFFERENTLY: [&str; 2] = ["not-listed", "not-json"];

#[test]
fn english_says_what_the_core_says() {
    for (code, said) in sentences().filter(|(code, _)| !SAID_DIFFERENTLY.contains(code)) {
        let value = said.value_name().map(|name| (name, format!("{{{name}}}")));
        let values: FluentArgs<'_> = value.into_iter().collect();
        let text = Language::English.text(&format!("problem-{code}"), Some(&values));
        assert_eq!(text.replace('’', "'"), said.text(), "problem-{code}");
    }
}

#[test]
fn the_reader_gets_the_language_they_like_best() {
    let cases = [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,de;q=0.9,en;q=0.5,es;q=0.7", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr, es;q=0", "en"),
        ("*;q=x,,;", "en"),
    ];
    for (header, expected) in cases {
        assert_eq!(Language::accepted(header).tag(), expected, "{header:?}");
    }
}

#[test]
fn values_and_plurals_are_filled_in() {
    let mut values = FluentArgs::new();
    values.set("count", 1);
    values.set("shown", "1");
    assert_eq!(Language::Spanish.text("duration-days", Some(&values)), "1 día");
    values.set("count", 3);
    values.set("shown", "3");
    assert_eq!(Language::Spanish.text("duration-days", Some(&values)), "3 días");
    assert_eq!(Language::English.text("no-such-key", None), "no-such-key");
}
