//! One file on its way from text to value.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use schemars::JsonSchema;

use super::keys::Keys;
use crate::desired::shape::Located;
use crate::document::{Diagnostic, Node, Source, parse};

/// Reads a file into `T`, as far as its faults allow, and all its faults.
pub(in crate::desired) fn decode<T: Decode>(source: &Source) -> (Option<T>, Vec<Diagnostic>) {
    let root = match parse(source) {
        Ok(root) => root,
        Err(faults) => return (None, faults),
    };
    let mut decoder = Decoder { source, faults: Vec::new(), keys: BTreeMap::new() };
    decoder.refuse_tags(&root);
    let value = T::decode(&root, &mut decoder);
    (value, decoder.faults)
}

/// What can be read from a node. A fault goes to the decoder; `None` says that nothing could be made of the node.
pub(in crate::desired) trait Decode: Sized {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self>;
}

/// The faults found so far, and what is needed to describe them.
pub(in crate::desired) struct Decoder<'a> {
    source: &'a Source,
    faults: Vec<Diagnostic>,
    keys: BTreeMap<TypeId, Rc<Keys>>,
}

impl Decoder<'_> {
    /// A fault at `span`, to be completed and then [`Self::push`]ed.
    pub(super) fn fault(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(self.source, span, code, message)
    }

    pub(super) fn push(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    pub(super) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Says that something else was expected at `node`; `None`, for the caller to return.
    pub(super) fn expected<T>(&mut self, node: &Node, what: &str) -> Option<T> {
        let found = match node.text() {
            _ if is_nothing(node) => "nothing".to_owned(),
            Some(text) => format!("{text:?}"),
            None => node.describe().to_owned(),
        };
        self.push(self.fault(&node.span, "wrong-kind", format!("expected {what}, found {found}")));
        None
    }

    /// The keys of a type's mapping, made from its schema once per file.
    pub(super) fn keys<T: JsonSchema + 'static>(&mut self) -> Rc<Keys> {
        Rc::clone(self.keys.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(Keys::of::<T>())))
    }

    /// Tags belong to CloudFormation's templates: in avm's own files they would be silently without effect.
    fn refuse_tags(&mut self, node: &Node) {
        if let Some(tag) = &node.tag {
            let fault = self.fault(&node.span, "tag", format!("!{tag} has no meaning here"));
            self.push(fault.help("tags like !Ref belong into templates; for a value write {env: ...}, {account: ...} or {output: ...}"));
        }
        for (key, value) in node.entries() {
            self.refuse_tags(key);
            self.refuse_tags(value);
        }
        for item in node.items() {
            self.refuse_tags(item);
        }
    }
}

/// Whether the node is what YAML calls null, in any of its spellings.
pub(super) fn is_nothing(node: &Node) -> bool {
    use crate::document::Kind;
    matches!(
        &node.kind,
        Kind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    )
}

impl<T: Decode> Decode for Located<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let value = T::decode(node, decoder)?;
        Some(Self { value, span: node.span.clone() })
    }
}
