//! What the console says of stored problems, in the reader's language.

use super::{
    format::Words,
    steps::{Outcome, Output},
};
use crate::problem::StoredProblem;

/// The language of the sentence that is stored with a problem.
const STORED_LANGUAGE: &str = "en";

/// Texts whose plural a value chooses.
const COUNT: &str = "count";

/// A sentence and its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// As in the attribute `lang`; none if it is the reader's.
    pub language: Option<&'static str>,
}

impl StoredProblem {
    /// Whether it refused the purchase.
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// What to do about it, or what was done. What an earlier or a later version stored may have no text in the catalogue: then
    /// the stored English sentence stands.
    pub fn sentence(&self, words: &Words) -> Sentence {
        let key = format!("problem-{}", self.code);
        if !words.language.has(&key) {
            let language = Some(STORED_LANGUAGE).filter(|stored| *stored != words.language.tag());
            return Sentence {
                text: self.message.clone(),
                language,
            };
        }
        let values: Vec<(&str, &str)> = self
            .values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let count = self.values.get(COUNT).and_then(|count| count.parse::<i64>().ok());
        Sentence {
            text: match count {
                Some(count) => words.counted(&key, count, &values),
                None => words.with(&key, &values),
            },
            language: None,
        }
    }

    /// As what a step put out.
    pub fn output(&self, words: &Words) -> Output {
        Output {
            about: self.path.clone(),
            found: self.text.clone(),
            meaning: words.named("kind", &self.kind),
            sentence: Some(self.sentence(words)),
            ..Output::of(&self.severity)
        }
    }
}

/// How the check ended that found these problems.
pub fn outcome(problems: &[StoredProblem]) -> Outcome {
    if problems.iter().any(StoredProblem::is_error) {
        Outcome::Failed
    } else if problems.iter().any(|problem| problem.severity == "warning") {
        Outcome::Noted
    } else {
        Outcome::Succeeded
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        console::catalogue::Language,
        problem::{self, UNKNOWN_ZONE},
    };

    fn sentences(json: &str, language: Language) -> Vec<(String, Option<&'static str>)> {
        let zone = TimeZone::UTC;
        let words = Words { language, zone };
        let sentences = problem::read(json).into_iter().map(|problem| problem.sentence(&words));
        sentences.map(|sentence| (sentence.text, sentence.language)).collect()
    }

    #[test]
    fn a_stored_problem_is_told_in_the_readers_language() {
        use purchase_core::{Kind, Problem, Said, purchase::said};
        let problem = |said: Said, value| Problem::warning("a", Kind::TooMany, "", said.with(value));
        let stored = problem::write(&[
            problem(said::WRITE_UP_TO, "5"),
            problem(said::NOT_LISTED, "1"),
            problem(said::NOT_LISTED, "12000"),
            problem(UNKNOWN_ZONE, ""),
        ]);
        let said = sentences(&stored.expect("written"), Language::Spanish);
        let texts: Vec<_> = said.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts[0], "Escribe un número de 0 a 5.");
        assert_eq!(texts[1], "Hay un problema más que no aparece en la lista.");
        assert_eq!(texts[2], "Hay 12.000 problemas más que no aparecen en la lista.");
        assert!(texts[3].starts_with("Escribe un nombre IANA"), "{}", texts[3]);
        assert!(said.iter().all(|(_, language)| language.is_none()));
    }

    #[test]
    fn what_has_no_text_in_the_catalogue_keeps_its_english_sentence() {
        for code in ["", r#","code":"of-a-later-version","values":{"x":"1"}"#] {
            let row =
                format!(r#"[{{"path":"a","kind":"missing","severity":"error","text":"","message":"Add it."{code}}}]"#);
            assert_eq!(sentences(&row, Language::Spanish), [("Add it.".to_owned(), Some("en"))]);
            assert_eq!(sentences(&row, Language::English), [("Add it.".to_owned(), None)]);
        }
    }
}
