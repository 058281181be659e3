//! Values that are one of a few words.

use super::decoder::{Decode, Decoder};
use crate::desired::files::{
    AccountField, DefaultVpc, ForEach, GuardDutyMode, KeyPurpose, KeysMode, NamedScope,
    OrganizationField, PublicAccess, RegionOptIn, TrailMode,
};
use crate::desired::state::Adopt;
use crate::document::Node;
use crate::model::{
    AutoEnable, HttpTokens, ImagePublicAccess, SerialConsole, SnapshotPublicAccess,
};

macro_rules! words {
    ($($name:ident)*) => {$(
        impl Decode for $name {
            fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
                decoder.word(node)
            }
        }
    )*};
}

words! {
    AccountField Adopt AutoEnable DefaultVpc ForEach GuardDutyMode HttpTokens ImagePublicAccess KeyPurpose KeysMode
    NamedScope OrganizationField PublicAccess RegionOptIn SerialConsole SnapshotPublicAccess TrailMode
}
