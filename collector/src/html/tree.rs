//! The tree html5ever builds: nodes in one list, linked by index, so that building, reading and dropping never recurse.

use std::{borrow::Cow, cell::RefCell, mem};

use html5ever::{
    Attribute, LocalName, Namespace, QualName,
    interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink},
    ns,
    tendril::StrTendril,
};

/// Index of a node in its [`Tree`].
pub type Id = u32;

/// The document node.
pub const DOCUMENT: Id = 0;

/// Stands for every comment; it is never part of the tree.
const COMMENT: Id = 1;

/// "No node" in a link.
const NONE: Id = u32::MAX;

/// A parsed page.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    parent: Id,
    first: Id,
    last: Id,
    previous: Id,
    next: Id,
    /// Elements from here up to the document when it was put in; what the parser moves later keeps its number.
    depth: u32,
}

#[derive(Debug)]
enum Kind {
    /// The document, comments, and the content of templates.
    Root,
    Text(String),
    Element(Box<Element>),
}

#[derive(Debug)]
struct Element {
    name: QualName,
    attributes: Vec<Attribute>,
    template_content: Id,
    xml_with_html: bool,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree {
            nodes: vec![Node::new(Kind::Root), Node::new(Kind::Root)],
        }
    }
}

impl Node {
    fn new(kind: Kind) -> Node {
        Node {
            kind,
            parent: NONE,
            first: NONE,
            last: NONE,
            previous: NONE,
            next: NONE,
            depth: 0,
        }
    }
}

impl Tree {
    /// The first child.
    pub fn first_child(&self, id: Id) -> Option<Id> {
        some(self.nodes[id as usize].first)
    }

    /// The node after this one under the same parent.
    pub fn next_sibling(&self, id: Id) -> Option<Id> {
        some(self.nodes[id as usize].next)
    }

    /// The text, if this is a text node.
    pub fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id as usize].kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The element's name in lower case; none for a text.
    pub fn name(&self, id: Id) -> Option<&str> {
        self.element(id).map(|element| &*element.name.local)
    }

    /// The value of an attribute, if the element has it. Only the attributes that [`super`] needs are kept.
    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let attributes = &self.element(id)?.attributes;
        attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }

    /// The texts directly inside the element: all there is inside a script.
    pub fn text_content(&self, id: Id) -> String {
        let children = std::iter::successors(self.first_child(id), |child| self.next_sibling(*child));
        children.filter_map(|child| self.text(child)).collect()
    }

    /// Every node below the document in document order. Templates are without content.
    pub fn nodes(&self) -> impl Iterator<Item = Id> + '_ {
        let mut at = DOCUMENT;
        std::iter::from_fn(move || {
            at = self.following(at)?;
            Some(at)
        })
    }

    fn following(&self, mut id: Id) -> Option<Id> {
        if let Some(child) = self.first_child(id) {
            return Some(child);
        }
        loop {
            if let Some(next) = self.next_sibling(id) {
                return Some(next);
            }
            id = some(self.nodes[id as usize].parent)?;
        }
    }

    fn element(&self, id: Id) -> Option<&Element> {
        match &self.nodes[id as usize].kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    fn add(&mut self, kind: Kind) -> Id {
        let id = Id::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node::new(kind));
        id
    }

    /// Puts `child` under `parent`, before `next` or last.
    fn link(&mut self, parent: Id, child: Id, next: Id) {
        let previous = match next {
            NONE => mem::replace(&mut self.nodes[parent as usize].last, child),
            next => mem::replace(&mut self.nodes[next as usize].previous, child),
        };
        match previous {
            NONE => self.nodes[parent as usize].first = child,
            previous => self.nodes[previous as usize].next = child,
        }
        let depth = self.nodes[parent as usize].depth + 1;
        let node = &mut self.nodes[child as usize];
        (node.parent, node.previous, node.next, node.depth) = (parent, previous, next, depth);
    }

    fn unlink(&mut self, id: Id) {
        let node = &mut self.nodes[id as usize];
        let parent = mem::replace(&mut node.parent, NONE);
        let previous = mem::replace(&mut node.previous, NONE);
        let next = mem::replace(&mut node.next, NONE);
        if parent == NONE {
            return;
        }
        match previous {
            NONE => self.nodes[parent as usize].first = next,
            previous => self.nodes[previous as usize].next = next,
        }
        match next {
            NONE => self.nodes[parent as usize].last = previous,
            next => self.nodes[next as usize].previous = previous,
        }
    }

    fn insert(&mut self, parent: Id, new: NodeOrText<Id>, next: Id) {
        match new {
            NodeOrText::AppendNode(COMMENT) => {}
            NodeOrText::AppendNode(child) => {
                self.unlink(child);
                self.link(parent, child, next);
            }
            NodeOrText::AppendText(text) => {
                let previous = match next {
                    NONE => self.nodes[parent as usize].last,
                    next => self.nodes[next as usize].previous,
                };
                if let Some(Kind::Text(own)) = self.nodes.get_mut(previous as usize).map(|node| &mut node.kind) {
                    own.push_str(&text);
                } else {
                    let child = self.add(Kind::Text(text.into()));
                    self.link(parent, child, next);
                }
            }
        }
    }
}

fn some(id: Id) -> Option<Id> {
    (id != NONE).then_some(id)
}

/// What html5ever talks to: a [`Tree`] in the making, and how far it has come.
#[derive(Debug, Default)]
pub struct Sink {
    building: RefCell<Building>,
}

#[derive(Debug, Default)]
struct Building {
    tree: Tree,
    depth: u32,
    elements: usize,
}

impl Sink {
    /// Depth of the place of the last insertion; after an end tag it may be deeper than where the parser stands, until
    /// the next insertion.
    pub fn depth(&self) -> u32 {
        self.building.borrow().depth
    }

    /// Elements made so far, those the parser repeated on its own included.
    pub fn elements(&self) -> usize {
        self.building.borrow().elements
    }
}

/// An element's name as html5ever wants to see it.
#[derive(Debug)]
pub struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        self.building.into_inner().tree
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name {
        let building = self.building.borrow();
        Name(match building.tree.element(*target) {
            Some(element) => element.name.clone(),
            None => QualName::new(None, ns!(), LocalName::from("")),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let mut building = self.building.borrow_mut();
        building.elements += 1;
        let template_content = if flags.template {
            building.tree.add(Kind::Root)
        } else {
            NONE
        };
        let xml_with_html = flags.mathml_annotation_xml_integration_point;
        let element = Element {
            name,
            attributes,
            template_content,
            xml_with_html,
        };
        building.tree.add(Kind::Element(Box::new(element)))
    }

    fn create_comment(&self, _text: StrTendril) -> Id {
        COMMENT
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Id {
        COMMENT
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        let mut building = self.building.borrow_mut();
        let own = matches!(child, NodeOrText::AppendNode(id) if id != COMMENT);
        building.depth = building.tree.nodes[*parent as usize].depth + u32::from(own);
        building.tree.insert(*parent, child, NONE);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.building.borrow().tree.nodes[*element as usize].parent != NONE;
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        self.building
            .borrow()
            .tree
            .element(*target)
            .map_or(COMMENT, |element| element.template_content)
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, new: NodeOrText<Id>) {
        let tree = &mut self.building.borrow_mut().tree;
        let parent = tree.nodes[*sibling as usize].parent;
        if parent != NONE {
            tree.insert(parent, new, *sibling);
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, new: Vec<Attribute>) {
        let tree = &mut self.building.borrow_mut().tree;
        if let Kind::Element(element) = &mut tree.nodes[*target as usize].kind {
            for attribute in new {
                if !element.attributes.iter().any(|own| own.name == attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.building.borrow_mut().tree.unlink(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let tree = &mut self.building.borrow_mut().tree;
        while let Some(child) = tree.first_child(*node) {
            tree.unlink(child);
            tree.link(*new_parent, child, NONE);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Id) -> bool {
        self.building
            .borrow()
            .tree
            .element(*target)
            .is_some_and(|element| element.xml_with_html)
    }

    fn allow_declarative_shadow_roots(&self, _parent: &Id) -> bool {
        false
    }
}
