//! Reading everything that a plan needs, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::try_join;
use tracing::Instrument as _;

use super::account::{place_accounts, read_account, read_region_of};
use super::administration::{Administration, read_administration};
use super::listing::{Counter, list, regions_from_birth};
use super::newborn::await_newborns;
use super::organization::read_nodes;
use super::outputs::{for_stacks, read_outputs};
use super::reading::Reading;
use super::state::{ObservedAccount, ObservedState};
use crate::cloud::{Account, CloudReader, Organization, Result};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountId, AccountName, AccountState, ParentId, Region, Target};

/// How closely deployed templates are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// A stack's own digest is believed.
    #[default]
    Digest,
    /// Every template is read (`--deep`).
    Template,
}

/// How much is read side by side, and how closely.
#[derive(Clone, Copy, Debug)]
pub struct ObserveLimits {
    /// Calls side by side, over all accounts and regions.
    pub calls: usize,
    /// How closely templates are looked at.
    pub depth: Depth,
}

/// Reads AWS as far as the desired state asks. `organization` is the answer to the question that pins it.
///
/// `progress(done, total)` counts accounts.
///
/// # Errors
///
/// Only what makes a plan impossible is an error: the tree or the list of accounts could not be read. What
/// fails in one account or region is recorded there.
pub async fn observe<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    organization: Organization,
    limits: ObserveLimits,
    progress: &dyn Fn(usize, usize),
) -> Result<ObservedState> {
    let reading = Reading::new(cloud, desired, desired.accounts.values(), limits);
    let (found, arrivals) = mpsc::unbounded_channel();
    let counter = Counter::new(progress);
    // Twenty accounts a page, and one page after the other: the first accounts are read long before the last are
    // listed.
    let tree = async {
        let wanted = desired.wanted_units();
        let nodes = read_nodes(&reading, &organization.root, &wanted);
        let listed = list(&reading, &counter, found);
        let (nodes, listed) = try_join!(nodes, listed)?;
        let lost = listed.lost.clone();
        let parents = place_accounts(cloud, &organization.root, &nodes, lost).await?;
        Ok((nodes, listed, parents))
    };
    let inside =
        async { Ok(read_arrivals(&reading, &organization.root, &counter, arrivals).await) };
    let administration = async { Ok(read_administration(&reading).await) };
    let ((nodes, listed, parents), mut accounts, administration) =
        try_join!(tree, inside, administration)?;
    for seen in accounts.values_mut() {
        if let ObservedAccount::Present(present) = seen
            && let Some(parent) = parents.get(&present.id)
        {
            present.parent = parent.clone();
        }
    }
    accounts.extend(listed.absent);
    let in_the_root = |known: &Account| {
        known.parent.as_ref().or_else(|| parents.get(&known.id)) == Some(&organization.root)
    };
    let directory = &listed.directory;
    let unplaced = desired.accounts.values();
    let unplaced = unplaced.filter(|account| directory.find(account).is_some_and(in_the_root));
    let unplaced = unplaced.map(|account| account.name.clone()).collect();
    await_newborns(cloud, &unplaced, &mut accounts).await;

    let mut outputs = reading.outputs.get().cloned().unwrap_or_default();
    let wanted = for_stacks(desired).into_iter().filter(|it| !outputs.contains_key(it)).collect();
    outputs.extend(read_outputs(&reading, &listed.directory, &accounts, wanted).await);
    let is_new = |seen: &ObservedAccount| matches!(seen, ObservedAccount::Absent { .. });
    for (source, value) in &mut outputs {
        if accounts.get(&source.account).is_some_and(is_new) {
            *value = Ok(None);
        }
    }
    let regions_of_a_new_account = if accounts.values().any(is_new) {
        regions_from_birth(cloud, &organization.management_account).await?
    } else {
        BTreeSet::new()
    };
    let Administration { trusted, delegated, regional } = administration;
    Ok(ObservedState {
        organization,
        nodes,
        accounts,
        outputs,
        trusted_services: trusted,
        delegated_administrators: delegated,
        service_administrators: regional,
        gate_accounts: listed.directory.gate_accounts(desired),
        regions_of_a_new_account,
    })
}

/// An account that the files want and AWS has.
type Arrival<'a> = (&'a DesiredAccount, Account);

/// Reads accounts as they arrive.
async fn read_arrivals<C: CloudReader>(
    reading: &Reading<'_, C>,
    root: &ParentId,
    counter: &Counter<'_>,
    mut arrivals: UnboundedReceiver<Arrival<'_>>,
) -> BTreeMap<AccountName, ObservedAccount> {
    stream::poll_fn(|context| arrivals.poll_recv(context))
        .map(|(account, known)| async move {
            let parent = known.parent.clone().unwrap_or_else(|| root.clone());
            let span = tracing::info_span!("account", account = %account.name, id = %known.id);
            let seen = read_account(reading, account, &known, parent).instrument(span).await;
            counter.one_more();
            (account.name.clone(), seen)
        })
        .buffer_unordered(reading.accounts())
        .collect()
        .await
}

/// Reads one account again, whose id is known by now: because it has just been made, or, in one `region`, because
/// an operation there had to be waited for.
///
/// Does not list accounts again, since that takes a page of calls for every twenty of them.
pub async fn observe_account<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    observed: &ObservedState,
    account: &DesiredAccount,
    id: &AccountId,
    region: Option<&Region>,
    limits: ObserveLimits,
) -> ObservedAccount {
    let before = match observed.accounts.get(&account.name) {
        Some(ObservedAccount::Present(present)) => Some(present),
        _ => None,
    };
    let mut reading = Reading::new(cloud, desired, [account], limits);
    reading.outputs = observed.outputs.clone().into();
    if let (Some(present), Some(region)) = (before, region) {
        let target = Target { account: id.clone(), region: region.clone() };
        let mut present = present.clone();
        let seen = read_region_of(&reading, account, &target).await;
        present.regions.insert(region.clone(), seen);
        return ObservedAccount::Present(present);
    }
    let name = before.map_or_else(|| account.name.to_string(), |present| present.name.clone());
    // A new account stands in the root until somebody moves it.
    let root = &observed.organization.root;
    let parent = before.map_or_else(|| root.clone(), |present| present.parent.clone());
    let known = Account {
        id: id.clone(),
        name,
        email: account.email.to_string(),
        state: AccountState::Active,
        parent: Some(parent.clone()),
    };
    read_account(&reading, account, &known, parent).await
}

/// What [`place_accounts`] answers: nodes by account.
pub(super) type Parents = BTreeMap<AccountId, ParentId>;
