//! From the page's tree to the core's: one [`Node`] that holds every block the core may look at.

use purchase_core::markup::{Child, DEPTH_MAX, NODES_MAX, Node};

use super::tree::{Id, Tree};

/// Class tokens of the vendor's containers begin like this.
const CONTAINER_PREFIX: &str = "cn_";

impl Tree {
    /// A root whose children are the page's `cn_…` elements, in document order, each with what it contains except other
    /// `cn_…` elements: the same trees the loader captures.
    ///
    /// Elements deeper than [`DEPTH_MAX`] below their block, and those beyond [`NODES_MAX`] on the page, are not kept;
    /// their text goes to the last kept element around them. The flag says whether the second limit was met.
    pub fn blocks(&self) -> (Node, bool) {
        let mut root = Node::default();
        let mut nodes_left = NODES_MAX;
        for id in self.nodes().filter(|id| self.is_container(*id)) {
            root.children.push(Child::Element(self.block(id, &mut nodes_left)));
        }
        (root, nodes_left == 0)
    }

    fn is_container(&self, id: Id) -> bool {
        let class = self.attribute(id, "class").unwrap_or_default();
        class
            .split_ascii_whitespace()
            .any(|token| token.starts_with(CONTAINER_PREFIX))
            && !self.is_silent(id)
    }

    /// Elements whose text is no text of the page.
    fn is_silent(&self, id: Id) -> bool {
        matches!(self.name(id), Some("script" | "style" | "template"))
    }

    fn open(&self, id: Id) -> Node {
        Node {
            class: self.attribute(id, "class").unwrap_or_default().to_owned(),
            children: Vec::new(),
        }
    }

    fn block(&self, block: Id, nodes_left: &mut usize) -> Node {
        *nodes_left = nodes_left.saturating_sub(1);
        // The nodes being filled, from the block inwards, and for each open element of the page whether it has one.
        let mut filling = vec![self.open(block)];
        let mut open = vec![(self.first_child(block), true)];
        while let Some((next, kept)) = open.last_mut() {
            let Some(id) = *next else {
                if *kept && filling.len() > 1 {
                    close(&mut filling);
                }
                open.pop();
                continue;
            };
            *next = self.next_sibling(id);
            if let Some(text) = self.text(id) {
                push_text(&mut filling, text);
            } else if !self.is_silent(id) && !self.is_container(id) {
                let keep = filling.len() <= DEPTH_MAX && *nodes_left > 0;
                if keep {
                    *nodes_left -= 1;
                    filling.push(self.open(id));
                }
                open.push((self.first_child(id), keep));
            }
        }
        filling.pop().unwrap_or_default()
    }
}

fn close(filling: &mut Vec<Node>) {
    if let (Some(node), Some(parent)) = (filling.pop(), filling.last_mut()) {
        parent.children.push(Child::Element(node));
    }
}

fn push_text(filling: &mut [Node], text: &str) {
    let Some(node) = filling.last_mut() else { return };
    match node.children.last_mut() {
        Some(Child::Text(own)) => own.push_str(text),
        _ => node.children.push(Child::Text(text.to_owned())),
    }
}
