//! landing-zone.yaml, with its names looked up once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::environments::FIXED_VALUES;
use crate::desired::files::{
    AccountEntry, AdministratorsEntry, EnvironmentEntry, GuardDutyMode, KeysEntry, KeysMode,
    LandingZoneFile, TrailMode, WhenEntry,
};
use crate::desired::shape::Located;
use crate::desired::state::AdministeredService;
use crate::document::{Diagnostic, Source};
use crate::model::{AccountName, BaselineName, EnvironmentName, OuPath, Region, WaveName};

/// The landing zone, indexed.
#[derive(Debug)]
pub(super) struct Zone<'a> {
    pub(super) source: &'a Source,
    pub(super) file: &'a LandingZoneFile,
    pub(super) home: Option<&'a Region>,
    pub(super) governed: BTreeSet<Region>,
    pub(super) waves: Vec<&'a WaveName>,
    pub(super) keys: Keys<'a>,
    pub(super) trail: TrailMode,
    pub(super) guardduty: GuardDutyMode,
    /// The accounts that administer services, known or not.
    pub(super) administrators: BTreeMap<AdministeredService, &'a Located<AccountName>>,
    /// The environments; `None` for one whose faults leave nothing to look up.
    pub(super) environments: BTreeMap<&'a EnvironmentName, Option<Environment<'a>>>,
    /// The accounts that have a name; of several with one name the first.
    pub(super) accounts: BTreeMap<&'a AccountName, &'a AccountEntry>,
    /// The named accounts by baseline and by wave, counted from zero.
    pub(super) users: BTreeMap<&'a BaselineName, BTreeMap<usize, Vec<&'a AccountName>>>,
}

/// Where the keys of the environments are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys<'a> {
    PerAccount,
    /// In this account; `None` if the file does not say in which.
    Central(Option<&'a Located<AccountName>>),
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
        let administrators: BTreeMap<_, _> =
            file.delegated_administrators.iter().flat_map(AdministratorsEntry::named).collect();
        let by_default = if administrators.contains_key(&AdministeredService::Guardduty) {
            GuardDutyMode::Organization
        } else {
            GuardDutyMode::Invitation
        };
        let mut zone = Self {
            source,
            file,
            home: regions.and_then(|regions| Some(&regions.home.as_ref()?.value)),
            governed: values(governed).cloned().collect(),
            waves: wave_names(file).collect(),
            keys: match &file.keys {
                None | Some(KeysEntry::PerAccount(_)) => Keys::PerAccount,
                Some(KeysEntry::Central(entry)) => Keys::Central(entry.central.as_ref()),
            },
            trail: file.trail.as_ref().map(|trail| trail.value).unwrap_or_default(),
            guardduty: file.guardduty.as_ref().map_or(by_default, |mode| mode.value),
            administrators,
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

    /// Whether the landing zone says what the condition asks for.
    pub(super) fn meets(&self, when: WhenEntry) -> bool {
        let keys = match self.keys {
            Keys::PerAccount => KeysMode::PerAccount,
            Keys::Central(_) => KeysMode::Central,
        };
        when.keys.is_none_or(|wanted| wanted == keys)
            && when.trail.is_none_or(|wanted| wanted == self.trail)
            && when.guardduty.is_none_or(|wanted| wanted == self.guardduty)
    }

    /// The unit that protects an account: its own, or the nearest above it. AWS compares names without regard to
    /// letter case.
    pub(super) fn protecting_unit(&self, account: &AccountEntry) -> Option<&'a OuPath> {
        let ou = &account.ou.as_ref()?.value;
        let units = self.file.protected_organizational_units.iter().map(|unit| &unit.value);
        units.filter(|unit| ou.is_within(unit)).max_by_key(|unit| unit.names().count())
    }

    /// The baseline of an account.
    pub(super) fn baseline(&self, account: &AccountName) -> Option<&'a BaselineName> {
        self.accounts.get(account)?.baseline.as_ref().map(|baseline| &baseline.value)
    }

    /// The declared environments that accounts of a baseline are in.
    pub(super) fn environments_of(&self, baseline: &BaselineName) -> BTreeSet<&'a EnvironmentName> {
        let users = self.users.get(baseline).into_iter().flat_map(BTreeMap::values).flatten();
        let named = users.filter_map(|user| self.accounts.get(user)?.environment.as_ref());
        let declared = named.map(|name| &name.value);
        declared.filter(|name| self.environments.contains_key(name)).collect()
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

fn wave_names(file: &LandingZoneFile) -> impl Iterator<Item = &WaveName> {
    let entries = file.waves.iter().flat_map(|waves| &waves.value);
    entries.filter_map(|wave| Some(&wave.name()?.value))
}

fn values<T>(list: Option<&Located<Vec<Located<T>>>>) -> impl Iterator<Item = &T> {
    list.into_iter().flat_map(|list| &list.value).map(|item| &item.value)
}
