//! An HTML page as browsers see it, reduced to what carries purchases: class attributes, texts and script elements.
//!
//! html5gum cuts the page into tokens, html5ever builds the tree. Why two: html5ever's own tokenizer compares every
//! attribute with all earlier ones of its tag, so one tag with a megabyte of attributes would take minutes.

mod feed;
mod node;
mod tree;

pub use self::tree::{Id, Tree};

/// Deepest element of a page that is kept as such. Browsers flatten pages beyond the same depth.
pub const PAGE_DEPTH_MAX: u32 = 512;

/// Parses a page the way a browser with scripts does: `noscript` holds text, `template` content is not on the page.
/// Never fails; time and memory are linear in the page's length.
pub fn parse(page: &str) -> Tree {
    // Unclosed formatting elements are reopened in every later paragraph. A page can be written so that this grows
    // with the square of its length; such a page is read again with formatting elements as plain ones.
    feed::parse(page, feed::Formatting::Faithful)
        .or_else(|| feed::parse(page, feed::Formatting::Plain))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
