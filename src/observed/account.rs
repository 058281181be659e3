//! One account: its tags, its regions, and what is in them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};
use tokio::join;

use super::observe::{ObserveLimits, Parents};
use super::outputs::Outputs;
use super::region::{Questions, read_region};
use super::settings::{read_account_settings, read_opt_in};
use super::state::{ObservedAccount, ObservedRegion, PresentAccount};
use crate::cloud::{Account, CloudReader, Result};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountSetting, AccountState, OuPath, ParentId, Target};

/// Reads one account that exists. `outputs` are those of other accounts that decide what has to be asked.
pub(super) async fn read_account<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    outputs: &Outputs,
    account: &DesiredAccount,
    known: &Account,
    parent: ParentId,
    limits: ObserveLimits,
) -> ObservedAccount {
    let id = known.id.clone();
    if known.state != AccountState::Active {
        return ObservedAccount::NotActive { id, state: known.state.clone() };
    }
    match read_present(cloud, desired, outputs, account, known, parent, limits).await {
        Ok(present) => ObservedAccount::Present(Box::new(present)),
        Err(error) => ObservedAccount::Unreachable { id, error },
    }
}

async fn read_present<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    outputs: &Outputs,
    account: &DesiredAccount,
    known: &Account,
    parent: ParentId,
    limits: ObserveLimits,
) -> Result<PresentAccount> {
    let tags = if account.tags.is_empty() {
        BTreeMap::new()
    } else {
        cloud.account_tags(&known.id).await?
    };
    let enabled = cloud.regions(&known.id).await?;
    let opt_in = read_opt_in(cloud, desired, account, &known.id, &enabled);
    let wanted = account.settings.iter().filter(|_| desired.settings_selected);
    let wanted = wanted.map(AccountSetting::kind).collect();
    let settings = read_account_settings(cloud, &known.id, wanted);
    let regions = stream::iter(&enabled)
        .map(|region| async move {
            let target = Target { account: known.id.clone(), region: region.clone() };
            (
                region.clone(),
                read_region_of(cloud, desired, outputs, account, &target, limits).await,
            )
        })
        .buffer_unordered(limits.regions.max(1))
        .collect();
    let (opt_in, settings, regions) = join!(opt_in, settings, regions);
    Ok(PresentAccount {
        id: known.id.clone(),
        name: known.name.clone(),
        parent,
        tags,
        settings,
        opt_in,
        regions,
    })
}

/// Reads one region of an account.
pub(super) async fn read_region_of<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    outputs: &Outputs,
    account: &DesiredAccount,
    target: &Target,
    limits: ObserveLimits,
) -> ObservedRegion {
    let questions = Questions::of(desired, outputs, account, &target.region);
    read_region(cloud, target, &questions, limits.depth).await
}

/// The nodes of the accounts whose listing did not say where they are (`Account.Paths` is younger than most
/// things that speak to Organizations).
///
/// Asks node by node, the declared ones first, until every account is found: that is a few pages for the whole
/// organization, not a call for each account.
pub(super) async fn place_accounts<C: CloudReader>(
    cloud: &C,
    root: &ParentId,
    nodes: &BTreeMap<OuPath, ParentId>,
    accounts: &[(&DesiredAccount, &Account)],
) -> Result<Parents> {
    let mut lost: BTreeSet<_> = accounts
        .iter()
        .filter(|(_, known)| known.parent.is_none())
        .map(|(_, known)| known.id.clone())
        .collect();
    let mut parents = Parents::new();
    let mut asked = BTreeSet::new();
    let mut queue: Vec<ParentId> = nodes.values().cloned().collect();
    while !lost.is_empty() {
        let mut next = Vec::new();
        for node in queue.drain(..).filter(|node| asked.insert(node.clone())) {
            for id in cloud.accounts_in(&node).await? {
                if lost.remove(&id) {
                    parents.insert(id, node.clone());
                }
            }
            next.push(node);
            if lost.is_empty() {
                return Ok(parents);
            }
        }
        // Not in a declared unit: look below those that were asked, starting from the root.
        for node in next {
            queue.extend(cloud.organizational_units(&node).await?.into_iter().map(|unit| unit.id));
        }
        if queue.is_empty() {
            // The tree changed while it was read; whoever is still lost is taken to stand in the root.
            parents.extend(lost.iter().map(|id| (id.clone(), root.clone())));
            return Ok(parents);
        }
    }
    Ok(parents)
}
