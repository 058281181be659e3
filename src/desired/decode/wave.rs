//! Waves, and how much may be changed.

use super::decoder::{Decode, Decoder};
use super::fields::Fields;
use crate::desired::files::{ChangeLimitsEntry, ConditionalWaveEntry, GateEntry, WaveEntry};
use crate::desired::shape::Located;
use crate::document::{Kind, Node};

impl Decode for WaveEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { .. } => Located::decode(node, decoder).map(Self::Name),
            Kind::Mapping(_) => Decode::decode(node, decoder).map(Self::Conditions),
            Kind::Sequence(_) => decoder.expected(node, "the name of a wave, or a mapping"),
        }
    }
}

impl Decode for ConditionalWaveEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            name: fields.get("name"),
            failure_tolerance: fields.get("failure-tolerance"),
            soak: fields.get("soak"),
            gate: fields.get("gate"),
        })
    }
}

impl Decode for GateEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            alarm: fields.get("alarm"),
            account: fields.get("account"),
            region: fields.get("region"),
        })
    }
}

impl Decode for ChangeLimitsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            max_changes: fields.get("max-changes"),
            max_destroys: fields.get("max-destroys"),
        })
    }
}
