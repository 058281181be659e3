//! The files of baselines/.

use super::decoder::{Decode, Decoder};
use super::fields::Fields;
use crate::desired::files::{
    BaselineFile, DefaultVpc, EbsEncryptionEntry, NamedScope, RegionScope, SettingsEntry,
    StackEntry,
};
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

impl Decode for SettingsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            default_vpc: fields.get("default-vpc"),
            ebs_encryption: fields.get("ebs-encryption"),
        })
    }
}

impl Decode for DefaultVpc {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.word(node)
    }
}

impl Decode for EbsEncryptionEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { key: fields.get("key") })
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

impl Decode for NamedScope {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.word(node)
    }
}
