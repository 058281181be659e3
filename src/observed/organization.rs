//! The organization's tree and its list of accounts.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::{Account, CloudReader, Result};
use crate::desired::DesiredAccount;
use crate::model::{AccountId, Email, OuPath, ParentId};

/// Every account of the organization, to be found by e-mail address in any letter case.
#[derive(Debug)]
pub(super) struct Directory {
    by_email: BTreeMap<String, Account>,
    ids: BTreeSet<AccountId>,
}

impl Directory {
    pub(super) async fn read<C: CloudReader>(cloud: &C) -> Result<Self> {
        let accounts = cloud.accounts().await?;
        let ids = accounts.iter().map(|account| account.id.clone()).collect();
        let by_email = accounts
            .into_iter()
            .map(|account| (account.email.to_ascii_lowercase(), account))
            .collect();
        Ok(Self { by_email, ids })
    }

    pub(super) fn find(&self, account: &DesiredAccount) -> Option<&Account> {
        self.by_email.get(&account.email.key())
    }

    pub(super) fn find_email(&self, email: &Email) -> Option<&Account> {
        self.by_email.get(&email.key())
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
    cloud: &C,
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
        for unit in cloud.organizational_units(id).await? {
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
