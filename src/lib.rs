//! The tag in the browser.
