//! A mapping with fixed keys.

use std::rc::Rc;

use schemars::JsonSchema;

use super::decoder::{Decode, Decoder};
use super::keys::Keys;
use crate::desired::nearest::suggest;
use crate::document::{Kind, Node};

/// The fields of a mapping whose keys have been checked.
pub(super) struct Fields<'d, 's, 'n> {
    decoder: &'d mut Decoder<'s>,
    keys: Rc<Keys>,
    node: &'n Node,
}

impl<'d, 's, 'n> Fields<'d, 's, 'n> {
    /// The fields of `T` in `node`. Keys that `T` does not have, and required ones that are missing, are faults.
    pub(super) fn of<T: JsonSchema + 'static>(
        node: &'n Node,
        decoder: &'d mut Decoder<'s>,
    ) -> Option<Self> {
        if !matches!(node.kind, Kind::Mapping(_)) {
            return decoder.expected(node, "a mapping");
        }
        let keys = decoder.keys::<T>();
        for (key, _) in node.entries() {
            let name = key.text().unwrap_or_default();
            if !keys.known.contains(name) {
                let fault = decoder.fault(
                    &key.span,
                    "unknown-key",
                    format!("there is no key {name:?} here"),
                );
                decoder.push(suggest(fault, name, keys.known.iter().map(String::as_str)));
            }
        }
        for key in keys.required.iter().filter(|key| node.get(key).is_none()) {
            let fault =
                decoder.fault(&node.span, "missing-key", format!("the key {key:?} is missing"));
            decoder.push(fault);
        }
        Some(Self { decoder, keys, node })
    }

    /// The value of `key`; `None` if it is not there, or if nothing could be made of it.
    pub(super) fn get<T: Decode>(&mut self, key: &str) -> Option<T> {
        debug_assert!(self.keys.known.contains(key), "the schema has no key {key}");
        T::decode(self.node.get(key)?, self.decoder)
    }

    /// The value of `key`, or the type's default.
    pub(super) fn get_or_default<T: Decode + Default>(&mut self, key: &str) -> T {
        self.get(key).unwrap_or_default()
    }
}

/// The one key of a mapping that names its kind, as in `{env: name}`, and its value.
pub(super) fn only_field<'n, T: JsonSchema + 'static>(
    node: &'n Node,
    decoder: &mut Decoder<'_>,
) -> Option<(&'n str, &'n Node)> {
    let keys = decoder.keys::<T>();
    Fields::of::<T>(node, decoder)?;
    let mut known = node.entries().iter().filter_map(|(key, value)| {
        key.text().filter(|key| keys.known.contains(*key)).map(|key| (key, value))
    });
    let first = known.next();
    if first.is_none() && !node.entries().is_empty() {
        // Every key there is has been reported as unknown.
        return None;
    }
    if first.is_none() || known.next().is_some() {
        let names: Vec<_> = keys.known.iter().map(String::as_str).collect();
        decoder.push(decoder.fault(
            &node.span,
            "wrong-kind",
            format!("expected exactly one of the keys {}", names.join(", ")),
        ));
        return None;
    }
    first
}
