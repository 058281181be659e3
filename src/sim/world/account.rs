//! An account, and a request to create one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{AccountSettings, Cell, Claims, Moment, Owners, Shared};
use crate::cloud::{NewAccount, RequestState};
use crate::model::{AccountState, Email, ParentId, Region, RoleName};

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its root user's e-mail address.
    pub email: Email,
    /// Its state.
    pub state: AccountState,
    /// The node above it.
    pub parent: ParentId,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// The role that the management account may assume.
    pub role: RoleName,
    /// Who is let in by now.
    #[serde(default, skip_serializing_if = "Readiness::is_complete")]
    pub readiness: Readiness,
    /// The regions that it has opted in to, besides those enabled by default.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub opted_in: BTreeSet<Region>,
    /// The regions that AWS is enabling.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub opting_in: BTreeSet<Region>,
    /// The settings that somebody has set.
    #[serde(default, skip_serializing_if = "AccountSettings::is_empty")]
    pub settings: AccountSettings,
    /// The names that are taken in the account as a whole: IAM's.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Who governs what no stack has made, of the account as a whole.
    #[serde(default, skip_serializing_if = "Owners::is_empty")]
    pub owners: Owners,
    /// Its regions, as far as anything in them differs from how they were born.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cells: BTreeMap<Region, Shared<Cell>>,
}

/// Who is let in to an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// Nobody: IAM has yet to see the access role.
    Nobody,
    /// The role can be assumed, and services answer `OptInRequired`.
    Role,
    /// Everybody, and services serve.
    #[default]
    Complete,
}

impl Readiness {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
    fn is_complete(&self) -> bool {
        *self == Self::Complete
    }
}

impl Account {
    /// An active account that is ready and has nothing in it.
    pub(in crate::sim) fn new(name: &str, email: Email, role: RoleName, parent: ParentId) -> Self {
        Self {
            name: name.to_owned(),
            email,
            state: AccountState::Active,
            parent,
            tags: BTreeMap::new(),
            role,
            readiness: Readiness::Complete,
            opted_in: BTreeSet::new(),
            opting_in: BTreeSet::new(),
            settings: AccountSettings::default(),
            claims: Claims::default(),
            owners: Owners::default(),
            cells: BTreeMap::new(),
        }
    }

    /// The regions that are enabled.
    pub fn regions(&self) -> BTreeSet<Region> {
        Region::enabled_by_default().chain(self.opted_in.iter().cloned()).collect()
    }
}

/// A request to create an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Request {
    /// What was asked for.
    pub account: NewAccount,
    /// How it stands.
    pub state: RequestState,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
}
