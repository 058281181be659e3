//! Services that work for the whole organization, and who administers them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, GuardDutyOrganization, ParentId, Region,
    RegionSetting, RegionSettingKind, SecurityService, ServicePrincipal,
};

/// Services that work for the whole organization, and who administers them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Administration {
    /// The services with trusted access.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub trusted: BTreeSet<ServicePrincipal>,
    /// The delegated administrators, as Organizations knows them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub delegated: BTreeMap<ServicePrincipal, BTreeSet<AccountId>>,
    /// The administrators of services that have one in every region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub regional: BTreeMap<SecurityService, BTreeMap<Region, AccountId>>,
    /// What GuardDuty's administrators do about the organization's accounts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub guardduty: BTreeMap<Region, GuardDutyOrganization>,
    /// The organization trails by ARN, and whether they record in all regions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub trails: BTreeMap<String, bool>,
    /// The policies by the node to which they are attached.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<ParentId, Vec<OrganizationPolicy>>,
}

/// A policy of the organization that decides a setting of all accounts below its node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganizationPolicy {
    /// An S3 policy.
    Account(AccountSetting),
    /// A declarative policy for EC2.
    Region(RegionSetting),
}

impl Administration {
    /// Whether there is nothing of the kind.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the account is a delegated administrator of the service.
    pub fn delegates(&self, service: &str, account: &AccountId) -> bool {
        self.delegated
            .iter()
            .any(|(name, accounts)| name.as_str() == service && accounts.contains(account))
    }

    /// Whether the service has trusted access.
    pub fn trusts(&self, service: &str) -> bool {
        self.trusted.iter().any(|name| name.as_str() == service)
    }

    /// The service's administrator in the region.
    pub fn regional(&self, service: SecurityService, region: &Region) -> Option<&AccountId> {
        self.regional.get(&service)?.get(region)
    }
}

impl OrganizationPolicy {
    /// The value that it gives to the setting, if it is about it.
    pub(in crate::sim) fn account_setting(
        &self,
        kind: &AccountSettingKind,
    ) -> Option<&AccountSetting> {
        match self {
            Self::Account(setting) if setting.kind() == *kind => Some(setting),
            Self::Account(_) | Self::Region(_) => None,
        }
    }

    /// The value that it gives to the setting, if it is about it.
    pub(in crate::sim) fn region_setting(&self, kind: RegionSettingKind) -> Option<&RegionSetting> {
        match self {
            Self::Region(setting) if setting.kind() == kind => Some(setting),
            Self::Account(_) | Self::Region(_) => None,
        }
    }
}
