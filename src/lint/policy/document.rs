//! A policy, by its statements.

use super::kind::Kind;
use crate::document::{Kind as NodeKind, Node};
use crate::lint::intrinsic::{self, Item, Word};
use crate::lint::subject::ResourceNode;
use crate::template::call;

/// A policy of a template.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    /// The document that it stands in.
    pub(super) root: &'a Node,
    /// What it hangs on.
    pub(super) kind: Kind,
    /// All of it.
    pub(super) node: &'a Node,
    /// Its statements, also those that are there on a condition only.
    pub(super) statements: Vec<Statement<'a>>,
    /// The condition on which the resource is there.
    pub(super) resource_condition: Option<&'a str>,
}

/// A statement of a policy.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    /// All of it.
    pub(super) node: &'a Node,
    /// The conditions of the `Fn::If`s around it.
    pub(super) conditions: Vec<&'a str>,
    root: &'a Node,
}

impl<'a> Policy<'a> {
    /// Reads a policy; `None` if it is opaque, or a text.
    pub(super) fn read(
        root: &'a Node,
        resource: &ResourceNode<'a>,
        kind: Kind,
        node: &'a Node,
    ) -> Option<Self> {
        if !matches!(node.kind, NodeKind::Mapping(_)) || call(node).is_some() {
            return None;
        }
        let items =
            node.get("Statement").map_or_else(Vec::new, |list| intrinsic::items(root, list));
        let statements = items
            .into_iter()
            .filter(|Item { node, .. }| !node.entries().is_empty() && call(node).is_none())
            .map(|Item { node, conditions }| Statement { node, conditions, root })
            .collect();
        let resource_condition = resource.node.get("Condition").and_then(Node::text);
        Some(Self { root, kind, node, statements, resource_condition })
    }
}

impl<'a> Statement<'a> {
    /// An element: `Effect`, `Action`, ...
    pub(super) fn get(&self, element: &str) -> Option<&'a Node> {
        self.node.get(element)
    }

    /// Whether it allows something.
    pub(super) fn allows(&self) -> bool {
        self.get("Effect").and_then(Node::text) == Some("Allow")
    }

    /// The words of an element that is a list or a single value.
    pub(super) fn words(&self, element: &str) -> Vec<Word<'a>> {
        self.get(element).map_or_else(Vec::new, |node| intrinsic::words(self.root, node))
    }

    /// The principals, by the kind of principal; `Principal: "*"` is of the kind `*`.
    pub(super) fn principals(&self, element: &str) -> Vec<(&'a str, Word<'a>)> {
        let Some(node) = self.get(element) else { return Vec::new() };
        if node.entries().is_empty() || call(node).is_some() {
            return self.words(element).into_iter().map(|word| ("*", word)).collect();
        }
        let of_kind = |(key, value): &'a (Node, Node)| {
            let kind = key.text().unwrap_or_default();
            intrinsic::words(self.root, value).into_iter().map(move |word| (kind, word))
        };
        node.entries().iter().flat_map(of_kind).collect()
    }

    /// Whether it is open to everybody who has no business with it: `*`, or `AWS: "*"`.
    pub(super) fn is_for_everybody(&self) -> bool {
        self.principals("Principal")
            .iter()
            .any(|(kind, word)| matches!(*kind, "*" | "AWS") && word.text.literal() == Some("*"))
    }
}
