//! The organization's tree and its list of accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::Reading;
use crate::cloud::{Account, CloudReader, Result};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountId, AccountName, Email, OuPath, ParentId};

/// Every account of the organization, to be found by e-mail address in any letter case.
#[derive(Debug, Default)]
pub(super) struct Directory {
    by_email: BTreeMap<String, Account>,
    ids: BTreeSet<AccountId>,
}

impl Directory {
    /// Takes in an account, and tells whether it is new: the list may shift between two pages of it.
    pub(super) fn add(&mut self, account: Account) -> bool {
        self.by_email.insert(account.email.to_ascii_lowercase(), account.clone());
        self.ids.insert(account.id)
    }

    pub(super) fn find(&self, account: &DesiredAccount) -> Option<&Account> {
        self.by_email.get(&account.email.key())
    }

    pub(super) fn find_email(&self, email: &Email) -> Option<&Account> {
        self.by_email.get(&email.key())
    }

    /// The accounts whose alarms are gates, as far as there are such accounts: no further call.
    pub(super) fn gate_accounts(&self, desired: &DesiredState) -> BTreeMap<AccountName, AccountId> {
        let gates = desired.conditions.values().filter_map(|conditions| conditions.gate.as_ref());
        let found = gates.filter_map(|gate| {
            let email = desired.emails.get(&gate.account)?;
            Some((gate.account.clone(), self.find_email(email)?.id.clone()))
        });
        found.collect()
    }

    pub(super) fn has(&self, id: &AccountId) -> bool {
        self.ids.contains(id)
    }
}

/// The nodes on the way to the `wanted` units, as far as they exist.
///
/// One call for each existing node that has a wanted unit right below it: an organization may have two
/// thousand units, and only those that the files speak of matter.
pub(super) async fn read_nodes<C: CloudReader>(
    reading: &Reading<'_, C>,
    root: &ParentId,
    wanted: &BTreeSet<OuPath>,
) -> Result<BTreeMap<OuPath, ParentId>> {
    let mut nodes = BTreeMap::from([(OuPath::root(), root.clone())]);
    let mut parents: BTreeMap<usize, BTreeSet<OuPath>> = BTreeMap::new();
    for path in wanted {
        if let Some(parent) = path.parent() {
            parents.entry(parent.names().count()).or_default().insert(parent);
        }
    }
    for parent in parents.into_values().flatten() {
        let Some(id) = nodes.get(&parent) else { continue };
        // AWS compares names without regard to letter case, and allows slashes in them.
        let below: Vec<_> =
            wanted.iter().filter(|path| path.parent().as_ref() == Some(&parent)).collect();
        for unit in reading.ask(reading.cloud.organizational_units(id)).await? {
            let same = |path: &&&OuPath| {
                path.name().is_some_and(|name| name.eq_ignore_ascii_case(&unit.name))
            };
            if let Some(path) = below.iter().find(same) {
                nodes.insert((*path).clone(), unit.id);
            }
        }
    }
    Ok(nodes)
}
