//! From html5gum's tokens to html5ever's tree builder, within limits.

use std::{borrow::Cow, collections::HashMap, mem};

use html5ever::{
    Attribute, LocalName, QualName,
    interface::TreeSink as _,
    ns,
    tendril::StrTendril,
    tokenizer::{Doctype, Tag, TagKind, Token, TokenSink as _, TokenSinkResult, states::RawKind},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};
use html5gum::{
    Emitter, ForwardingEmitter, Span, State, Tokenizer,
    emitters::callback::{Callback, CallbackEmitter, CallbackEvent},
};
use purchase_core::markup::DEPTH_MAX;

use super::{
    PAGE_DEPTH_MAX,
    tree::{Id, Sink, Tree},
};

/// Whether unclosed `b`, `a`, `font`, … are reopened in later paragraphs as HTML asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Formatting {
    /// They are.
    Faithful,
    /// They are plain elements.
    Plain,
}

/// The parser may repeat this many elements on its own, and as many again as the page has tags.
const REPEATED_ELEMENTS_MAX: usize = 10_000;

/// Attributes that say whether and how an element carries a purchase; `encoding` steers the parser inside MathML.
const ATTRIBUTES: [&[u8]; 4] = [b"class", b"type", b"data-purchase-tag", b"encoding"];

/// Elements that HTML reopens after misnesting.
const FORMATTING: [&[u8]; 14] = [
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt", b"u",
];

/// Elements that are not left out for being too deep: they have no element inside, and most of them decide how the
/// tokenizer reads on.
#[rustfmt::skip]
const LEAVES: [&[u8]; 24] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"iframe", b"img", b"input", b"link", b"meta", b"noembed",
    b"noframes", b"noscript", b"param", b"plaintext", b"script", b"source", b"style", b"textarea", b"title", b"track",
    b"wbr", b"xmp",
];

/// Deepest leaf: inside SVG some of them nest after all.
const LEAF_DEPTH_MAX: u32 = 2 * PAGE_DEPTH_MAX;

/// Parses a page; none if the parser repeated too many elements, which [`Formatting::Plain`] rules out.
pub fn parse(page: &str, formatting: Formatting) -> Option<Tree> {
    let options = TreeBuilderOpts {
        scripting_enabled: true,
        ..TreeBuilderOpts::default()
    };
    let builder = TreeBuilder::new(Sink::default(), options);
    let feed = Feed {
        builder: &builder,
        formatting,
        tag: None,
        keep_value: false,
        state: None,
        tags: 0,
        too_deep: LeftOut::new(),
        block: None,
        given_up: false,
    };
    let gave_up = Tokenizer::new_with_emitter(page, FeedEmitter(CallbackEmitter::new(feed)))
        .next()
        .is_some();
    (!gave_up).then(|| builder.sink.finish())
}

/// How many start tags of a name were left out and not closed yet: as many end tags are left out, too.
type LeftOut = HashMap<LocalName, usize>;

/// An open `cn_…` element that was admitted beyond the page's depth limit.
struct Block {
    /// Where it stands.
    depth: u32,
    /// What was left out around it: the end tags inside it are not theirs.
    around: LeftOut,
}

struct Feed<'a> {
    builder: &'a TreeBuilder<Id, Sink>,
    formatting: Formatting,
    tag: Option<Tag>,
    /// Whether the attribute whose value comes next was kept.
    keep_value: bool,
    /// What the tree builder asks the tokenizer to read next.
    state: Option<State>,
    tags: usize,
    too_deep: LeftOut,
    block: Option<Block>,
    given_up: bool,
}

impl Feed<'_> {
    fn give(&mut self, token: Token) {
        self.state = match self.builder.process_token(token, 1) {
            TokenSinkResult::RawData(RawKind::Rcdata) => Some(State::RcData),
            TokenSinkResult::RawData(RawKind::Rawtext) => Some(State::RawText),
            TokenSinkResult::RawData(_) => Some(State::ScriptData),
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::Script(_) => Some(State::Data),
            TokenSinkResult::Continue | TokenSinkResult::EncodingIndicator(_) => return,
        };
    }

    fn name(&self, name: &[u8]) -> LocalName {
        if self.formatting == Formatting::Plain && FORMATTING.contains(&name) {
            return LocalName::from("span");
        }
        LocalName::from(&*String::from_utf8_lossy(name))
    }

    fn start_tag(&mut self, tag: Tag) {
        self.tags += 1;
        if self.is_too_deep(&tag) {
            *self.too_deep.entry(tag.name).or_default() += 1;
            return;
        }
        self.give(Token::TagToken(tag));
        self.count();
    }

    fn end_tag(&mut self, name: &[u8]) {
        let name = self.name(name);
        if self.block.is_some() {
            self.ask_depth();
        }
        if let Some(open) = self.too_deep.get_mut(&name).filter(|open| **open > 0) {
            *open -= 1;
            return;
        }
        let attrs = Vec::new();
        let kind = TagKind::EndTag;
        self.give(Token::TagToken(Tag {
            kind,
            name,
            self_closing: false,
            attrs,
            had_duplicate_attributes: false,
        }));
        self.count();
    }

    /// A page that makes the parser repeat too much is given up.
    fn count(&mut self) {
        self.given_up |= self.builder.sink.elements() > 2 * self.tags + REPEATED_ELEMENTS_MAX;
    }

    /// Whether the parser stands so deep that this element is left out. A purchase is found at any depth, but at most
    /// one block's depth below the page's limit: every open element costs time at every later tag.
    fn is_too_deep(&mut self, tag: &Tag) -> bool {
        let limit = if LEAVES.contains(&tag.name.as_bytes()) {
            LEAF_DEPTH_MAX
        } else {
            PAGE_DEPTH_MAX
        };
        if self.builder.sink.depth() < limit {
            return false;
        }
        let depth = self.ask_depth();
        if depth < PAGE_DEPTH_MAX {
            return false;
        }
        if self.block.is_none() && is_container(tag) {
            self.block = Some(Block {
                depth,
                around: mem::take(&mut self.too_deep),
            });
        }
        self.block.is_none() || depth > PAGE_DEPTH_MAX + DEPTH_MAX as u32
    }

    /// Where the parser stands: a comment goes where the next element would. Also notices the end of a block.
    fn ask_depth(&mut self) -> u32 {
        self.give(Token::CommentToken(StrTendril::new()));
        let depth = self.builder.sink.depth();
        if let Some(block) = self.block.take_if(|block| depth <= block.depth) {
            self.too_deep = block.around;
        }
        depth
    }
}

fn is_container(tag: &Tag) -> bool {
    let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
    class.is_some_and(|class| {
        class
            .value
            .split_ascii_whitespace()
            .any(|token| token.starts_with("cn_"))
    })
}

impl Callback<(), ()> for Feed<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _span: Span<()>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                let name = self.name(name);
                let attrs = Vec::new();
                let kind = TagKind::StartTag;
                self.tag = Some(Tag {
                    kind,
                    name,
                    self_closing: false,
                    attrs,
                    had_duplicate_attributes: false,
                });
            }
            CallbackEvent::AttributeName { name } => self.attribute(name),
            CallbackEvent::AttributeValue { value } => {
                let attribute = self
                    .tag
                    .as_mut()
                    .and_then(|tag| tag.attrs.last_mut())
                    .filter(|_| self.keep_value);
                if let Some(attribute) = attribute {
                    attribute.value.push_slice(&String::from_utf8_lossy(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    self.start_tag(Tag { self_closing, ..tag });
                }
            }
            CallbackEvent::EndTag { name } => self.end_tag(name),
            CallbackEvent::String { value } => self.string(value),
            CallbackEvent::Doctype {
                name,
                public_identifier,
                system_identifier,
                force_quirks,
            } => {
                self.give(Token::DoctypeToken(Doctype {
                    name: Some(name).filter(|name| !name.is_empty()).map(tendril),
                    public_id: public_identifier.map(tendril),
                    system_id: system_identifier.map(tendril),
                    force_quirks,
                }));
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Error(_) => {}
        }
        // A token ends the parse.
        self.given_up.then_some(())
    }
}

impl Feed<'_> {
    fn attribute(&mut self, name: &[u8]) {
        self.keep_value = false;
        let Some(tag) = &mut self.tag else { return };
        if !ATTRIBUTES.contains(&name) || tag.attrs.iter().any(|known| known.name.local.as_bytes() == name) {
            return;
        }
        self.keep_value = true;
        let name = QualName::new(None, ns!(), LocalName::from(&*String::from_utf8_lossy(name)));
        tag.attrs.push(Attribute {
            name,
            value: StrTendril::new(),
        });
    }

    fn string(&mut self, value: &[u8]) {
        for (at, part) in value.split(|byte| *byte == 0).enumerate() {
            if at > 0 {
                self.give(Token::NullCharacterToken);
            }
            if !part.is_empty() {
                self.give(Token::CharacterTokens(tendril(part)));
            }
        }
    }
}

fn tendril(bytes: &[u8]) -> StrTendril {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => StrTendril::from_slice(text),
        Cow::Owned(text) => StrTendril::from(text),
    }
}

/// html5gum's emitter, with the two answers that only a tree builder knows.
struct FeedEmitter<'a>(CallbackEmitter<Feed<'a>, ()>);

impl ForwardingEmitter for FeedEmitter<'_> {
    type Token = ();

    fn inner(&mut self) -> &mut impl Emitter<Token = ()> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_eof(&mut self) {
        self.0.emit_eof();
        let feed = self.0.callback_mut();
        feed.give(Token::EOFToken);
        feed.builder.end();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let _ = self.0.emit_current_tag();
        self.0.callback_mut().state.take()
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.0
            .callback_mut()
            .builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
