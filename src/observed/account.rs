//! One account: its tags, its regions, and what is in them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use tokio::{join, try_join};

use super::observe::Parents;
use super::outputs::Outputs;
use super::reading::Reading;
use super::region::{Questions, read_region};
use super::settings::{read_account_settings, read_opt_in};
use super::state::{ObservedAccount, ObservedRegion, PresentAccount};
use crate::cloud::{Account, CloudReader, Result};
use crate::desired::DesiredAccount;
use crate::model::{AccountId, AccountSetting, AccountState, OuPath, ParentId, Target};

/// Reads one account that exists.
pub(super) async fn read_account<C: CloudReader>(
    reading: &Reading<'_, C>,
    account: &DesiredAccount,
    known: &Account,
    parent: ParentId,
) -> ObservedAccount {
    let id = known.id.clone();
    if known.state != AccountState::Active {
        return ObservedAccount::NotActive { id, state: known.state.clone() };
    }
    match read_present(reading, account, known, parent).await {
        Ok(present) => ObservedAccount::Present(Box::new(present)),
        Err(error) => ObservedAccount::Unreachable { id, error },
    }
}

async fn read_present<C: CloudReader>(
    reading: &Reading<'_, C>,
    account: &DesiredAccount,
    known: &Account,
    parent: ParentId,
) -> Result<PresentAccount> {
    let Reading { cloud, desired, .. } = *reading;
    // AWS tells tags account by account, ten times a second: nothing waits for them that need not.
    let tags = async {
        if account.tags.is_empty() {
            return Ok(BTreeMap::new());
        }
        reading.ask(cloud.account_tags(&known.id)).await
    };
    let wanted = account.settings.iter().filter(|_| desired.settings_selected);
    let wanted = wanted.map(AccountSetting::kind).collect();
    let inside = async {
        let enabled = reading.ask(cloud.regions(&known.id)).await?;
        let opt_in = read_opt_in(reading, account, &known.id, &enabled);
        let settings = read_account_settings(reading, &known.id, wanted);
        let regions = join_all(enabled.iter().map(|region| async move {
            let target = Target { account: known.id.clone(), region: region.clone() };
            (region.clone(), read_region_of(reading, account, &target).await)
        }));
        Ok(join!(opt_in, settings, regions))
    };
    let (tags, (opt_in, settings, regions)) = try_join!(tags, inside)?;
    Ok(PresentAccount {
        id: known.id.clone(),
        name: known.name.clone(),
        parent,
        tags,
        settings,
        opt_in,
        regions: regions.into_iter().collect(),
    })
}

/// Reads one region of an account.
pub(super) async fn read_region_of<C: CloudReader>(
    reading: &Reading<'_, C>,
    account: &DesiredAccount,
    target: &Target,
) -> ObservedRegion {
    let none = Outputs::new();
    let outputs = reading.outputs.get().unwrap_or(&none);
    let questions = Questions::of(reading.desired, outputs, account, &target.region);
    read_region(reading, target, &questions).await
}

/// The nodes of the `lost` accounts: those whose listing did not say where they are (`Account.Paths` is younger than
/// most things that speak to Organizations).
///
/// Asks node by node, the declared ones first, until every account is found: that is a few pages for the whole
/// organization, not a call for each account.
pub(super) async fn place_accounts<C: CloudReader>(
    cloud: &C,
    root: &ParentId,
    nodes: &BTreeMap<OuPath, ParentId>,
    mut lost: BTreeSet<AccountId>,
) -> Result<Parents> {
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
