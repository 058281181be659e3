//! Names that are taken, and who has taken them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cloud::ResourceOwner;

/// Resource types with the names that are taken.
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

    /// The first name of the type that is taken: the only one of a type that there is once.
    pub fn first(&self, resource_type: &str) -> Option<&str> {
        self.0.get(resource_type)?.first().map(String::as_str)
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

    /// Gives all names of a type back.
    pub(in crate::sim) fn release_all(&mut self, resource_type: &str) {
        self.0.remove(resource_type);
    }
}

/// Who governs what no stack has made, where it is not the account's own people: by type and name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owners(BTreeMap<String, BTreeMap<String, ResourceOwner>>);

impl Owners {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who governs it.
    pub fn get(&self, resource_type: &str, name: &str) -> Option<&ResourceOwner> {
        self.0.get(resource_type)?.get(name)
    }

    /// Gives something an owner.
    pub(in crate::sim) fn set(&mut self, resource_type: &str, name: &str, owner: ResourceOwner) {
        let names = self.0.entry(resource_type.to_owned()).or_default();
        names.insert(name.to_owned(), owner);
    }

    /// Nobody else governs it any more.
    pub(in crate::sim) fn forget(&mut self, resource_type: &str, name: &str) {
        if let Some(owned) = self.0.get_mut(resource_type) {
            owned.remove(name);
            if owned.is_empty() {
                self.0.remove(resource_type);
            }
        }
    }
}
