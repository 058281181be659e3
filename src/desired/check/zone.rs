//! landing-zone.yaml, with its names looked up once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::environments::FIXED_VALUES;
use crate::desired::files::{AccountEntry, EnvironmentEntry, LandingZoneFile};
use crate::desired::shape::Located;
use crate::document::{Diagnostic, Source};
use crate::model::{AccountName, BaselineName, EnvironmentName, Region, WaveName};

/// The landing zone, indexed.
#[derive(Debug)]
pub(super) struct Zone<'a> {
    pub(super) source: &'a Source,
    pub(super) file: &'a LandingZoneFile,
    pub(super) home: Option<&'a Region>,
    pub(super) governed: BTreeSet<Region>,
    pub(super) waves: Vec<&'a WaveName>,
    /// The environments; `None` for one whose faults leave nothing to look up.
    pub(super) environments: BTreeMap<&'a EnvironmentName, Option<Environment<'a>>>,
    /// The accounts that have a name; of several with one name the first.
    pub(super) accounts: BTreeMap<&'a AccountName, &'a AccountEntry>,
    /// The named accounts by baseline and by wave, counted from zero.
    pub(super) users: BTreeMap<&'a BaselineName, BTreeMap<usize, Vec<&'a AccountName>>>,
}

/// An environment, its own values by key.
#[derive(Debug)]
pub(super) struct Environment<'a> {
    pub(super) entry: &'a EnvironmentEntry,
    /// `None` for a value that is at fault.
    pub(super) values: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Environment<'a> {
    fn new(entry: &'a EnvironmentEntry) -> Self {
        let values =
            entry.values.0.iter().map(|(key, value)| {
                (key.value.as_str(), value.as_ref().map(|value| value.0.as_str()))
            });
        Self { entry, values: values.collect() }
    }
}

impl<'a> Zone<'a> {
    pub(super) fn new(source: &'a Source, file: &'a LandingZoneFile) -> Self {
        let regions = file.regions.as_ref();
        let governed = regions.and_then(|regions| regions.governed.as_ref());
        let mut zone = Self {
            source,
            file,
            home: regions.and_then(|regions| Some(&regions.home.as_ref()?.value)),
            governed: values(governed).cloned().collect(),
            waves: values(file.waves.as_ref()).collect(),
            environments: BTreeMap::new(),
            accounts: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for (name, entry) in &file.environments.0 {
            zone.environments.insert(&name.value, entry.as_ref().map(Environment::new));
        }
        for entry in &file.accounts {
            let Some(name) = &entry.value.name else { continue };
            zone.accounts.entry(&name.value).or_insert(&entry.value);
            let wave = zone.wave(&entry.value);
            if let (Some(baseline), Some(wave)) = (&entry.value.baseline, wave) {
                let waves = zone.users.entry(&baseline.value).or_default();
                waves.entry(wave).or_default().push(&name.value);
            }
        }
        zone
    }

    /// The number of an account's wave, counted from zero. Accounts without one are in the last.
    pub(super) fn wave(&self, account: &AccountEntry) -> Option<usize> {
        match &account.wave {
            Some(wave) => self.waves.iter().position(|name| **name == wave.value),
            None if account.is_whole => self.waves.len().checked_sub(1),
            None => None,
        }
    }

    /// The names of all values that `{env: ...}` finds in some environment.
    pub(super) fn values(&self) -> BTreeSet<&'a str> {
        let own = self.environments.values().flatten().flat_map(|found| found.values.keys());
        own.copied().chain(FIXED_VALUES).collect()
    }

    /// A fault of landing-zone.yaml.
    pub(super) fn fault(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(self.source, span, code, message)
    }
}

fn values<T>(list: Option<&Located<Vec<Located<T>>>>) -> impl Iterator<Item = &T> {
    list.into_iter().flat_map(|list| &list.value).map(|item| &item.value)
}
