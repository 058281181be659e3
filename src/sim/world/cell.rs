//! One account in one region.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Claims, Network, Owners, RegionSettings, Stack};
use crate::cloud::AlarmState;
use crate::model::{AccountId, KeyArn, StackName};

/// One account in one region, as far as it differs from how it was born.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Cell {
    /// Its VPCs; `None` while nobody has touched them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// How EBS encrypts new volumes.
    #[serde(skip_serializing_if = "Ebs::is_default")]
    pub ebs: Ebs,
    /// The customer managed keys, by key id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, StoredKey>,
    /// The aliases (`alias/...`), and the ids of their keys.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// The stacks, boxed: the smallest map has room for eleven.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stacks: BTreeMap<StackName, Box<Stack>>,
    /// What stacks export, by export name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exports: BTreeMap<String, Export>,
    /// The names that are taken here, and the things of which there may be only so many.
    #[serde(skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Who governs what no stack has made.
    #[serde(skip_serializing_if = "Owners::is_empty")]
    pub owners: Owners,
    /// The settings that somebody has set.
    #[serde(skip_serializing_if = "RegionSettings::is_empty")]
    pub settings: RegionSettings,
    /// The alarms, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alarms: BTreeMap<String, AlarmState>,
}

/// How EBS encrypts new volumes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ebs {
    /// Whether it does by default.
    pub enabled: bool,
    /// The key; `None` for AWS's own.
    pub key: Option<KeyArn>,
}

impl Ebs {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A KMS key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StoredKey {
    /// AWS's `KeyState`.
    pub state: String,
    /// AWS's `KeySpec`.
    pub spec: String,
    /// Which other accounts its policy lets in; `None` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Box<KeySharing>>,
}

/// Which other accounts a key's policy lets in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct KeySharing {
    /// Who may describe it.
    pub seen: Audience,
    /// Whose volumes EC2 may encrypt with it.
    pub used: Audience,
}

/// Accounts, as a key's policy names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Audience {
    /// These.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<AccountId>,
    /// Whether all accounts of the organization belong to it.
    pub organization: bool,
    /// The accounts whose paths in the organization fit one of these patterns.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub paths: BTreeSet<String>,
}

/// What a stack exports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Export {
    /// The stack.
    pub stack: StackName,
    /// The value.
    pub value: String,
}
