//! From a tree of class attributes and texts to raw purchases: the quirks of the documented HTML tag live here.
//!
//! What Connectif's own script does (it takes the first descendant of any depth) and where we are stricter:
//! direct children win over deeper ones, and nothing is looked for inside an element that is itself a field, so that
//! markup in a description never becomes a field.

use alloc::{string::String, vec, vec::Vec};

use crate::{
    json::Value,
    source::{
        Field, RawItem, RawPurchase, RawValue,
        names::{ITEM_FIELDS, ITEM_NAME, PURCHASE_FIELDS},
    },
};

/// Deepest element below a `cn_purchase` that a builder of trees keeps; deeper text is folded into the last kept one.
pub const DEPTH_MAX: usize = 64;

/// Most elements in one tree.
pub const NODES_MAX: usize = 500_000;

/// Class token of the purchase's container.
pub const PURCHASE_CLASS: &str = "cn_purchase";

/// Class token of the cart's container.
pub const CART_CLASS: &str = "cn_cart";

/// Class tokens that start like this mark other containers of the vendor's; no purchase field is looked for in them.
const CONTAINER_PREFIX: &str = "cn_";

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The class attribute, verbatim.
    pub class: String,
    /// Texts and elements in document order.
    pub children: Vec<Child>,
}

/// What stands inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    /// A text, entities already decoded.
    Text(String),
    /// An element.
    Element(Node),
}

impl Node {
    /// The tree of an envelope's `data`: `[class, child, …]`. None if the value has another shape.
    pub fn from_value(value: &Value) -> Option<Node> {
        let Value::List(parts) = value else { return None };
        let (class, children) = parts.split_first()?;
        // The JSON reader bounds the depth, and with it this recursion.
        let children = children.iter().map(|child| match child {
            Value::Text(text) => Some(Child::Text(text.clone())),
            list => Node::from_value(list).map(Child::Element),
        });
        Some(Node {
            class: class.text()?.into(),
            children: children.collect::<Option<_>>()?,
        })
    }

    /// Whether the class attribute has this token: it is a list, so stray spaces and further classes do not matter.
    pub fn has_class(&self, token: &str) -> bool {
        self.tokens().any(|own| own == token)
    }

    /// All text below, in document order, as the DOM's `textContent`.
    pub fn text_content(&self) -> String {
        let mut text = String::new();
        let mut open = vec![self.children.iter()];
        while let Some(children) = open.last_mut() {
            match children.next() {
                Some(Child::Text(part)) => text.push_str(part),
                Some(Child::Element(node)) => open.push(node.children.iter()),
                None => {
                    open.pop();
                }
            }
        }
        text
    }

    fn tokens(&self) -> impl Iterator<Item = &str> {
        self.class.split_ascii_whitespace()
    }

    fn elements(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// This element and all below it, in document order.
    fn all(&self) -> impl Iterator<Item = &Node> {
        let mut open = vec![self];
        core::iter::from_fn(move || {
            let node = open.pop()?;
            open.extend(node.elements().rev());
            Some(node)
        })
    }
}

/// Every `cn_purchase` at or below `root`, in document order; one that stands inside another (an unclosed `div`) is a
/// purchase of its own and no part of the outer one. The contact is the page's, so each of them has it.
pub fn purchases(root: &Node) -> Vec<RawPurchase> {
    let contact = contact(root);
    root.all()
        .filter(|node| node.has_class(PURCHASE_CLASS))
        .map(|container| RawPurchase {
            contact: contact.clone(),
            ..purchase(container)
        })
        .collect()
}

/// The cart of the first `cn_cart` at or below `root`, which has a purchase's fields but its id; none if there is no such element.
pub fn cart(root: &Node) -> Option<RawPurchase> {
    root.all().find(|node| node.has_class(CART_CLASS)).map(purchase)
}

fn purchase(container: &Node) -> RawPurchase {
    let mut fields = Vec::new();
    let mut open = Vec::new();
    for (depth, node) in inside(container, |node| {
        node.has_class(ITEM_NAME) || purchase_fields(node).next().is_some()
    }) {
        if node.has_class(ITEM_NAME) {
            open.push(node);
        } else {
            fields.extend(purchase_fields(node).map(|field| (depth, field, node)));
        }
    }
    let mut items = Vec::new();
    open.reverse();
    while let Some(container) = open.pop() {
        let (item, nested) = item(container);
        items.push(item);
        open.extend(nested.into_iter().rev());
    }
    RawPurchase {
        items,
        fields: nearest(fields),
        ..RawPurchase::default()
    }
}

/// One line, and the lines that stand inside it: an unclosed `div` again, so lines of their own.
fn item(container: &Node) -> (RawItem, Vec<&Node>) {
    let mut fields = Vec::new();
    let mut nested = Vec::new();
    for (depth, node) in inside(container, |node| {
        node.has_class(ITEM_NAME) || item_fields(node).next().is_some()
    }) {
        if node.has_class(ITEM_NAME) {
            nested.push(node);
        } else {
            fields.extend(item_fields(node).map(|field| (depth, field, node)));
        }
    }
    (
        RawItem {
            fields: nearest(fields),
        },
        nested,
    )
}

/// The elements below `container` for which `stop` holds, with their depth (1 = direct child), in document order.
/// Nothing below such an element, a description or another container is visited.
fn inside(container: &Node, stop: impl Fn(&Node) -> bool) -> Vec<(usize, &Node)> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, &Node)> = container.elements().rev().map(|node| (1, node)).collect();
    while let Some((depth, node)) = open.pop() {
        if node.tokens().any(|token| token.starts_with(CONTAINER_PREFIX)) {
            continue;
        }
        if stop(node) {
            found.push((depth, node));
        } else if !node.has_class("description") {
            open.extend(node.elements().rev().map(|child| (depth + 1, child)));
        }
    }
    found
}

/// Direct children of a field's name if there are any, else the first deeper one (of a list field: all).
fn nearest(found: Vec<(usize, Field, &Node)>) -> Vec<(Field, RawValue)> {
    let mut direct: Vec<Field> = Vec::new();
    for &(depth, field, _) in &found {
        if depth == 1 && !direct.contains(&field) {
            direct.push(field);
        }
    }
    let mut kept: Vec<(Field, RawValue)> = Vec::new();
    for (depth, field, node) in found {
        let keep = if direct.contains(&field) {
            depth == 1
        } else {
            field.is_list() || !kept.iter().any(|(known, _)| *known == field)
        };
        if keep {
            kept.push((field, RawValue::Text(node.text_content())));
        }
    }
    kept
}

fn purchase_fields(node: &Node) -> impl Iterator<Item = Field> {
    PURCHASE_FIELDS
        .iter()
        .filter(|(_, name, _)| node.has_class(name))
        .map(|(field, ..)| *field)
}

fn item_fields(node: &Node) -> impl Iterator<Item = Field> {
    ITEM_FIELDS
        .iter()
        .filter(|(_, name, _)| node.has_class(name))
        .map(|(field, ..)| *field)
}

/// The buyer's e-mail, as the page names it: `primary_key` directly in the first `cn_client_info`, else `email` in a newsletter tag.
pub fn contact(root: &Node) -> Option<String> {
    [("cn_client_info", "primary_key"), ("cn_newsletter_subscribe", "email")]
        .into_iter()
        .find_map(|(class, field)| {
            let container = root.all().find(|node| node.has_class(class))?;
            let text = container.elements().find(|node| node.has_class(field))?.text_content();
            (!text.trim().is_empty()).then_some(text)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use alloc::{format, string::ToString};

    #[track_caller]
    fn read(tree: &str) -> Vec<RawPurchase> {
        let value = json::read(tree).expect("the test's tree is JSON");
        purchases(&Node::from_value(&value).expect("the test's tree has the shape of a tree"))
    }

    #[track_caller]
    fn fields(tree: &str, expected: &str) {
        let found: Vec<String> = read(tree)
            .iter()
            .flat_map(|purchase| &purchase.fields)
            .map(|(field, value)| match value {
                RawValue::Text(text) => format!("{}={text}", field.name()),
                other => format!("{}={other:?}", field.name()),
            })
            .collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn class_attributes_are_token_lists() {
        fields(
            r#"["x cn_purchase ",["a purchase_id\n","1"],["total_price total_quantity","2"]]"#,
            "purchase_id=1 total_quantity=2 total_price=2",
        );
        fields(r#"["cn_purchase2",["purchase_id","1"]]"#, "");
    }

    #[test]
    fn direct_children_win_and_depth_is_a_fallback() {
        fields(
            r#"["cn_purchase",["box",["purchase_id","deep"]],["purchase_id","direct"]]"#,
            "purchase_id=direct",
        );
        fields(
            r#"["cn_purchase",["box",["purchase_id","deep"],["purchase_id","second"]]]"#,
            "purchase_id=deep",
        );
        fields(
            r#"["cn_purchase",["purchase_id","1"],["purchase_id","2"]]"#,
            "purchase_id=1 purchase_id=2",
        );
    }

    #[test]
    fn nothing_leaks_out_of_fields_items_descriptions_and_other_containers() {
        fields(
            r#"["cn_purchase",["payment_method","a",["purchase_id","1"]]]"#,
            "payment_method=a1",
        );
        fields(r#"["cn_purchase",["product_basket_item",["purchase_id","1"]]]"#, "");
        fields(r#"["cn_purchase",["description",["purchase_id","1"]]]"#, "");
        fields(r#"["cn_purchase",["cn_cart",["cart_id","1"]]]"#, "");
    }

    #[test]
    fn an_unclosed_block_or_line_is_one_of_its_own() {
        let both = read(r#"["cn_purchase",["purchase_id","1"],["cn_purchase",["purchase_id","2"]]]"#);
        assert_eq!(both.len(), 2);
        let lines =
            read(r#"["cn_purchase",["product_basket_item",["name","a"],["product_basket_item",["name","b"]]]]"#);
        let names: Vec<String> = lines[0].items.iter().map(|item| format!("{:?}", item.fields)).collect();
        assert_eq!(names, [r#"[(Name, Text("a"))]"#, r#"[(Name, Text("b"))]"#]);
    }

    #[test]
    fn lists_keep_all_their_elements() {
        let found = read(r#"["cn_purchase",["product_basket_item",["box",["category","/a"],["category","/b"]]]]"#);
        assert_eq!(found[0].items[0].fields.len(), 2);
    }

    #[test]
    fn the_contact_is_a_direct_child_of_the_first_client_info() {
        let tree =
            r#"["body",["cn_client_info",["x",["primary_key","deep@x"]],["primary_key"," a@b.c "]],["cn_purchase"]]"#;
        assert_eq!(read(tree)[0].contact, Some(" a@b.c ".to_string()));
        assert_eq!(
            read(r#"["body",["cn_client_info",["primary_key"]],["cn_purchase"]]"#)[0].contact,
            None
        );
    }
}
