//! One account in one region.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Network, Stack};
use crate::model::{KeyArn, StackName};

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

/// Resource types with the names that are taken. A type that can exist once only takes the empty name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Claims(BTreeMap<String, BTreeSet<String>>);

impl Claims {
    /// Whether nothing is taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the name is taken.
    pub fn has(&self, resource_type: &str, name: &str) -> bool {
        self.0.get(resource_type).is_some_and(|names| names.contains(name))
    }

    /// How many names of the type are taken.
    pub fn count(&self, resource_type: &str) -> usize {
        self.0.get(resource_type).map_or(0, BTreeSet::len)
    }

    /// Takes a name.
    pub(in crate::sim) fn take(&mut self, resource_type: &str, name: &str) {
        self.0.entry(resource_type.to_owned()).or_default().insert(name.to_owned());
    }

    /// Gives a name back.
    pub(in crate::sim) fn release(&mut self, resource_type: &str, name: &str) {
        if let Some(names) = self.0.get_mut(resource_type) {
            names.remove(name);
            if names.is_empty() {
                self.0.remove(resource_type);
            }
        }
    }
}
