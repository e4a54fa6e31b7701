//! Every text of the console, by key and language. A language is one file of Project Fluent's format, which knows plurals:
//! a further language is a translation of `languages/en.ftl`, a line in [`Language`] and its row in `ABOUT`.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// What a language is.
struct About {
    language: Language,
    /// As in `lang` and `Accept-Language`.
    tag: &'static str,
    /// Whose dates and numbers it uses.
    locale: &'static str,
    /// In itself.
    name: &'static str,
    texts: &'static str,
}

/// One row each, in the order of [`Language`].
const ABOUT: [About; 2] = [
    About {
        language: Language::English,
        tag: "en",
        // 24 hours, and days before months, as in the rest of Europe.
        locale: "en-GB",
        name: "English",
        texts: include_str!("languages/en.ftl"),
    },
    About {
        language: Language::Spanish,
        tag: "es",
        locale: "es-ES",
        name: "Español",
        texts: include_str!("languages/es.ftl"),
    },
];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| ABOUT.iter().map(bundle).collect());

fn bundle(about: &About) -> Bundle {
    // What cannot be read is left out; a test reads every file.
    let resource = match FluentResource::try_new(about.texts.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let language: LanguageIdentifier = about.tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // All our languages run the same way, and marks around values would be copied with them.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    fn about(self) -> &'static About {
        let found = ABOUT.iter().find(|about| about.language == self);
        found.unwrap_or(&ABOUT[0])
    }

    /// The tag, as in the attribute `lang`.
    pub fn tag(self) -> &'static str {
        self.about().tag
    }

    /// The locale whose dates and numbers it uses.
    pub fn locale(self) -> &'static str {
        self.about().locale
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The language of a tag such as `es` or `es-MX`.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        let found = ABOUT.iter().find(|about| about.tag.eq_ignore_ascii_case(primary));
        found.map(|about| about.language)
    }

    /// The language that an `Accept-Language` header likes best (RFC 9110, 12.5.4); English if it likes none of ours.
    pub fn accepted(header: &str) -> Language {
        let mut best = (Language::English, 0.0);
        for range in header.split(',') {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Language::from_tag) else {
                continue;
            };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
            let weight = weight.unwrap_or(1.0);
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The text of a key with its values filled in; the key itself if there is none, which a test rules out for all keys in use.
    pub fn text(self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        let place = ABOUT
            .iter()
            .position(|about| about.language == self)
            .unwrap_or_default();
        let Some(bundle) = BUNDLES.get(place) else {
            return key.to_owned();
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle.format_pattern(pattern, values, &mut Vec::new()).into_owned()
    }

    /// Whether there is a text of this key.
    pub fn has(self, key: &str) -> bool {
        let place = ABOUT
            .iter()
            .position(|about| about.language == self)
            .unwrap_or_default();
        BUNDLES.get(place).is_some_and(|bundle| bundle.has_message(key))
    }
}

#[cfg(test)]
mod tests;
