//! The files of baselines/.

use super::decoder::{Decode, Decoder};
use super::fields::Fields;
use crate::desired::files::{BaselineFile, NamedScope, RegionScope, StackEntry, WhenEntry};
use crate::desired::shape::Located;
use crate::document::{Kind, Node};

impl Decode for BaselineFile {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            version: fields.get("version"),
            settings: fields.get("settings"),
            stacks: fields.get_or_default("stacks"),
        })
    }
}

impl Decode for StackEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            name: fields.get("name"),
            template: fields.get("template"),
            regions: fields.get("regions"),
            parameters: fields.get_or_default("parameters"),
            when: fields.get("when"),
            for_each: fields.get("for-each"),
            adopt: fields.get("adopt"),
        })
    }
}

impl Decode for WhenEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            keys: fields.get("keys"),
            trail: fields.get("trail"),
            guardduty: fields.get("guardduty"),
        })
    }
}

impl Decode for RegionScope {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { .. } => NamedScope::decode(node, decoder).map(Self::Named),
            Kind::Sequence(_) => {
                let regions = Located::decode(node, decoder)?;
                decoder.distinct(&regions, "region");
                Some(Self::Listed(regions.value))
            }
            Kind::Mapping(_) => decoder.expected(node, "home, governed or a list of regions"),
        }
    }
}
