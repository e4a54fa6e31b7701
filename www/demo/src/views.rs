//! The pages' templates, compiled into the executable.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use minijinja::{AutoEscape, Environment, Error, Output, State, Value, escape_formatter, syntax::SyntaxConfig};
use url::Url;

use crate::status::Platform;

/// What the shop's pages know of the tag.
pub struct Tag {
    /// Where the tag's files are served.
    pub collector: Url,
    /// The site key.
    pub site: String,
    /// Whether the tag may ask for an order's status.
    pub order_status: bool,
    /// Whose words the shop uses for it.
    pub platform: Option<Platform>,
    /// More attributes of the script element, as HTML.
    pub options: String,
}

/// Renders pages by template name.
pub struct Views {
    templates: Environment<'static>,
    content_security_policy: Option<HeaderValue>,
}

const TEMPLATES: [(&str, &str); 15] = [
    ("base.html", include_str!("../templates/base.html")),
    ("cart.html", include_str!("../templates/cart.html")),
    ("checkout.html", include_str!("../templates/checkout.html")),
    ("confirmation.html", include_str!("../templates/confirmation.html")),
    ("erp.html", include_str!("../templates/erp.html")),
    ("gateway.html", include_str!("../templates/gateway.html")),
    ("gateway_base.html", include_str!("../templates/gateway_base.html")),
    ("gateway_done.html", include_str!("../templates/gateway_done.html")),
    (
        "gateway_refused.html",
        include_str!("../templates/gateway_refused.html"),
    ),
    (
        "gateway_vouchers.html",
        include_str!("../templates/gateway_vouchers.html"),
    ),
    ("home.html", include_str!("../templates/home.html")),
    ("markup.html", include_str!("../templates/markup.html")),
    ("not_found.html", include_str!("../templates/not_found.html")),
    ("orders.html", include_str!("../templates/orders.html")),
    ("product.html", include_str!("../templates/product.html")),
];

impl Views {
    /// Compiles the templates; the gateway's pages carry no tag. The policy is sent with every page.
    ///
    /// # Panics
    /// If a template that is part of this executable has a syntax error.
    pub fn new(tag: Option<Tag>, content_security_policy: Option<HeaderValue>) -> Self {
        let mut templates = Environment::new();
        templates.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .expect("only the treatment of white space differs from the default"),
        );
        templates.set_formatter(escape_once);
        for (name, source) in TEMPLATES {
            templates
                .add_template(name, source)
                .expect("the embedded templates are well-formed");
        }
        if let Some(tag) = tag {
            templates.add_global("collector", tag.collector.as_str().trim_end_matches('/'));
            templates.add_global("site", tag.site);
            templates.add_global("order_status", tag.order_status);
            templates.add_global("platform", tag.platform.map(Platform::name));
            templates.add_global("tag_options", tag.options.trim());
        }
        Self {
            templates,
            content_security_policy,
        }
    }

    /// The text of a page.
    pub fn text(&self, name: &str, context: Value) -> Result<String, Error> {
        self.templates.get_template(name)?.render(context)
    }

    /// A page as an answer.
    pub fn page(&self, name: &str, context: Value) -> Response {
        match self.text(name, context) {
            Ok(text) => {
                let known = [
                    (
                        header::CONTENT_TYPE,
                        HeaderValue::from_static("text/html; charset=utf-8"),
                    ),
                    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
                ];
                let policy = self.content_security_policy.clone();
                let policy = policy.map(|policy| [(header::CONTENT_SECURITY_POLICY, policy)]);
                (known, policy.map(AppendHeaders), text).into_response()
            }
            Err(error) => {
                eprintln!("Page {name} failed: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "This page failed.").into_response()
            }
        }
    }
}

/// Escapes as PHP's `htmlspecialchars` with quotes does, so that the markup is what a PHP shop prints; the library's own
/// way also escapes the slash.
fn escape_once(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => text,
        _ => return escape_formatter(out, state, value),
    };
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = rest.split_at(at);
        let entity = match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#039;",
        };
        out.write_str(plain)?;
        out.write_str(entity)?;
        rest = &special[1..];
    }
    out.write_str(rest)?;
    Ok(())
}
