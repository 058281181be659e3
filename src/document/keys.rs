//! The keys of one mapping, while it is read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::node::Kind;
use super::{Diagnostic, Node, Source};

/// The keys that a mapping has so far.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<String, Range<usize>>);

impl Keys {
    /// Takes a further key; says what is wrong with it.
    pub(super) fn add(&mut self, source: &Source, key: &Node) -> Option<Diagnostic> {
        let Kind::Scalar { text, plain } = &key.kind else {
            let message = format!("a key must be a single value, this one is {}", key.describe());
            let fault = Diagnostic::new(source, &key.span, "key", message);
            return Some(fault.help("quote a text that starts with `{` or `[`"));
        };
        if let Some(tag) = &key.tag {
            let message = format!("a key cannot have a tag, this one has `!{tag}`");
            return Some(Diagnostic::new(source, &key.span, "key", message));
        }
        if *plain && text.is_empty() {
            return Some(Diagnostic::new(source, &key.span, "key", "a value without a key"));
        }
        if *plain && text == "<<" {
            let fault =
                Diagnostic::new(source, &key.span, "merge-key", "merge keys are not supported");
            return Some(
                fault.help("CloudFormation and avm files have none: write the entries out"),
            );
        }
        if let Some(first) = self.0.get(text) {
            let message = format!("the key `{text}` appears twice in this mapping");
            let help = format!("the first one is on line {}", source.place(first).line);
            return Some(Diagnostic::new(source, &key.span, "duplicate-key", message).help(help));
        }
        self.0.insert(text.clone(), key.span.clone());
        None
    }
}
