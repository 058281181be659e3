//! Values of parameters and settings: written out, or taken from somewhere.

use super::decoder::{Decode, Decoder};
use super::fields::{Fields, only_field};
use crate::desired::files::{
    HomeRegion, KeyEntry, KeyOutputEntry, KeySource, OutputEntry, RegionChoice, SecretEntry,
    ValueEntry, ValueSource,
};
use crate::document::{Kind, Node};

impl Decode for ValueEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { .. } => Decode::decode(node, decoder).map(Self::Literal),
            Kind::Mapping(_) => ValueSource::decode(node, decoder).map(Self::From),
            Kind::Sequence(_) => decoder.expected(
                node,
                "a single value (items of a list parameter are joined with commas)",
            ),
        }
    }
}

impl Decode for ValueSource {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match only_field::<Self>(node, decoder)? {
            ("env", value) => Decode::decode(value, decoder).map(Self::Env),
            ("account", value) => Decode::decode(value, decoder).map(Self::Account),
            ("organization", value) => Decode::decode(value, decoder).map(Self::Organization),
            ("key", value) => Decode::decode(value, decoder).map(Self::Key),
            ("secret", value) => Decode::decode(value, decoder).map(Self::Secret),
            ("template", value) => Decode::decode(value, decoder).map(Self::Template),
            (_, value) => Decode::decode(value, decoder).map(Self::Output),
        }
    }
}

impl Decode for RegionChoice {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        if node.text() == Some("home") {
            return Some(Self::Named(HomeRegion::Home));
        }
        Decode::decode(node, decoder).map(Self::Region)
    }
}

impl Decode for OutputEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            account: fields.get("account"),
            stack: fields.get("stack"),
            key: fields.get("key"),
            region: fields.get("region"),
        })
    }
}

impl Decode for SecretEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { environment_variable: fields.get("environment-variable") })
    }
}

impl Decode for KeyEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { .. } => Decode::decode(node, decoder).map(Self::Literal),
            Kind::Mapping(_) => KeySource::decode(node, decoder).map(Self::From),
            Kind::Sequence(_) => decoder.expected(node, "a key"),
        }
    }
}

impl Decode for KeySource {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match only_field::<Self>(node, decoder)? {
            ("env", value) => Decode::decode(value, decoder).map(Self::Env),
            ("key", value) => Decode::decode(value, decoder).map(Self::Key),
            (_, value) => Decode::decode(value, decoder).map(Self::Output),
        }
    }
}

impl Decode for KeyOutputEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            account: fields.get("account"),
            stack: fields.get("stack"),
            key: fields.get("key"),
        })
    }
}
