//! Lists, and mappings whose keys the user chooses.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::decoder::{Decode, Decoder, is_nothing};
use crate::desired::shape::{Entries, Located};
use crate::document::{Kind, Node};

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Sequence(items) = &node.kind else {
            return decoder
                .expected(node, if is_nothing(node) { "a list, if only []" } else { "a list" });
        };
        Some(items.iter().filter_map(|item| T::decode(item, decoder)).collect())
    }
}

/// For values whose keys count even if the value is at fault.
impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        Some(T::decode(node, decoder))
    }
}

impl<K: Decode, V: Decode> Decode for Entries<K, V> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Mapping(entries) = &node.kind else {
            return decoder.expected(
                node,
                if is_nothing(node) { "a mapping, if only {}" } else { "a mapping" },
            );
        };
        let pairs = entries.iter().filter_map(|(key, value)| {
            // Both are decoded whatever becomes of the other, for their faults.
            let key = Located::decode(key, decoder);
            let value = V::decode(value, decoder);
            Some((key?, value?))
        });
        Some(Self(pairs.collect()))
    }
}

impl Decoder<'_> {
    /// A list that must have an item, and no item twice.
    pub(super) fn distinct<T: Ord + Display>(
        &mut self,
        list: &Located<Vec<Located<T>>>,
        what: &str,
    ) {
        self.not_empty(list, what);
        self.unique(&list.value, what);
    }

    /// A list that must have an item.
    pub(super) fn not_empty<T>(&mut self, list: &Located<Vec<T>>, what: &str) {
        if list.value.is_empty() {
            self.push(self.fault(
                &list.span,
                "empty-list",
                format!("expected at least one {what}"),
            ));
        }
    }

    /// A list that has no item twice.
    pub(super) fn unique<T: Ord + Display>(&mut self, list: &[Located<T>], what: &str) {
        let mut seen = BTreeSet::new();
        for item in list.iter().filter(|item| !seen.insert(&item.value)) {
            let message = format!("the {what} {} is listed twice", item.value);
            self.push(self.fault(&item.span, "duplicate-item", message));
        }
    }
}
