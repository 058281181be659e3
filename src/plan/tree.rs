//! The plan itself: a tree of organization, waves, accounts and regions, with steps in order at its leaves.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conditions::WaveConditions;
use super::reason::Reason;
use super::step::Step;
use crate::cloud::CloudError;
use crate::desired::OrganizationPin;
use crate::model::{AccountId, AccountName, AccountState, OuPath, Region, WaveName};

/// The version of the plan's JSON form. It grows with every change that a reader could stumble over.
pub const FORMAT_VERSION: &str = "1.3";

/// What has to be done so that AWS is as the files say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Plan {
    /// See [`FORMAT_VERSION`].
    pub format_version: String,
    /// The organization that the plan is for, and no other.
    pub organization: OrganizationPin,
    /// Steps for the organization as a whole: they come first, one after the other.
    pub organization_steps: Vec<Step>,
    /// What the organization cannot get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization_blocked: Vec<Blocked>,
    /// The waves, one after the other.
    pub waves: Vec<WavePlan>,
}

/// The accounts that are done side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WavePlan {
    /// The wave.
    pub name: WaveName,
    /// What has to hold before the next wave begins.
    #[serde(default, skip_serializing_if = "WaveConditions::is_default")]
    pub conditions: WaveConditions,
    /// Its accounts, each with something or nothing to do.
    pub accounts: BTreeMap<AccountName, AccountPlan>,
}

/// What has to be done in one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AccountPlan {
    /// Its id; `None` while it is still to be made.
    pub id: Option<AccountId>,
    /// Its place, as the files want it.
    pub ou: OuPath,
    /// Whether the executor refuses destructive steps here.
    pub protected: bool,
    /// Whether it can get steps at all.
    pub status: AccountStatus,
    /// Steps for the account as a whole: they come first, one after the other.
    pub steps: Vec<Step>,
    /// What the account cannot get, apart from its regions.
    pub blocked: Vec<Blocked>,
    /// What has to be done in each region; the regions are done side by side.
    pub regions: BTreeMap<Region, Lane>,
    /// What a reader should know and nothing can be done about.
    pub notes: Vec<String>,
}

/// Whether an account can get steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountStatus {
    /// It has to be made.
    New,
    /// It is there and answers.
    Active,
    /// It is there and gets no steps.
    NotActive(AccountState),
    /// It is there and does not let avm in.
    Unreachable(CloudError),
}

/// What has to be done in one region of an account, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Lane {
    /// The steps. A failing one ends the lane.
    pub steps: Vec<Step>,
    /// What cannot be done.
    pub blocked: Vec<Blocked>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Something that should be done and cannot be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Blocked {
    /// What it is about: `default VPC vpc-1`, `stack avm-config`.
    pub subject: String,
    /// Why.
    pub reason: Reason,
}

impl Plan {
    /// Every account of the plan, wave by wave.
    pub fn accounts(&self) -> impl Iterator<Item = (&AccountName, &AccountPlan)> {
        self.waves.iter().flat_map(|wave| &wave.accounts)
    }

    /// The plan of one account.
    pub fn account(&self, name: &AccountName) -> Option<&AccountPlan> {
        self.waves.iter().find_map(|wave| wave.accounts.get(name))
    }
}

impl WavePlan {
    /// The accounts that have something to do.
    pub fn working(&self) -> impl Iterator<Item = (&AccountName, &AccountPlan)> {
        self.accounts.iter().filter(|(_, account)| account.all_steps().next().is_some())
    }
}

impl AccountPlan {
    /// Every step of the account: its global ones, then region by region.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain(self.regions.values().flat_map(|lane| &lane.steps))
    }

    /// Everything that the account cannot get.
    pub fn all_blocked(&self) -> impl Iterator<Item = &Blocked> {
        self.blocked.iter().chain(self.regions.values().flat_map(|lane| &lane.blocked))
    }
}
