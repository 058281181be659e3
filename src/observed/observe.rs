//! Reading everything that a plan needs, and nothing else.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use super::account::{place_accounts, read_account, read_region_of};
use super::administration::{Administration, read_administration};
use super::organization::{Directory, read_nodes};
use super::outputs::{for_ebs, for_stacks, read_outputs};
use super::state::{ObservedAccount, ObservedState};
use crate::cloud::{Account, AccountRequest, CloudReader, Organization, RequestState, Result};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountId, AccountState, ParentId, Region, Target};

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
    /// Accounts side by side.
    pub accounts: usize,
    /// Regions side by side in each account.
    pub regions: usize,
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
    let directory = Directory::read(cloud).await?;
    let nodes = read_nodes(cloud, &organization.root, &desired.wanted_units()).await?;

    let mut accounts = BTreeMap::new();
    let mut present = Vec::new();
    let mut absent = Vec::new();
    for account in desired.accounts.values() {
        match directory.find(account) {
            Some(known) => present.push((account, known)),
            None => absent.push(account),
        }
    }
    if !absent.is_empty() {
        let requests = cloud.account_requests().await?;
        for account in &absent {
            let request = pending_request(cloud, &requests, account, &directory).await?;
            accounts.insert(account.name.clone(), ObservedAccount::Absent { request });
        }
    }
    let parents = place_accounts(cloud, &organization.root, &nodes, &present).await?;

    let mut wanted = for_ebs(desired);
    let mut outputs =
        read_outputs(cloud, desired, &directory, &accounts, wanted.clone(), limits).await;

    let (done, total) = (Cell::new(0), present.len());
    progress(0, total);
    let seen: Vec<_> = stream::iter(present)
        .map(|(account, known)| {
            let parent = known.parent.as_ref().or_else(|| parents.get(&known.id)).cloned();
            let (done, root, outputs) = (&done, &organization.root, &outputs);
            async move {
                let parent = parent.unwrap_or_else(|| root.clone());
                let seen =
                    read_account(cloud, desired, outputs, account, known, parent, limits).await;
                done.set(done.get() + 1);
                progress(done.get(), total);
                (account.name.clone(), seen)
            }
        })
        .buffer_unordered(limits.accounts.max(1))
        .collect()
        .await;
    accounts.extend(seen);

    let regions_of_a_new_account = if absent.is_empty() {
        BTreeSet::new()
    } else {
        regions_from_birth(cloud, &organization.management_account).await?
    };
    wanted = for_stacks(desired).difference(&wanted).cloned().collect();
    outputs.extend(read_outputs(cloud, desired, &directory, &accounts, wanted, limits).await);
    let Administration { trusted, delegated, regional } =
        read_administration(cloud, desired, limits).await;
    Ok(ObservedState {
        organization,
        nodes,
        accounts,
        outputs,
        trusted_services: trusted,
        delegated_administrators: delegated,
        service_administrators: regional,
        regions_of_a_new_account,
    })
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
    if let (Some(present), Some(region)) = (before, region) {
        let target = Target { account: id.clone(), region: region.clone() };
        let mut present = present.clone();
        let outputs = &observed.outputs;
        let seen = read_region_of(cloud, desired, outputs, account, &target, limits).await;
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
    read_account(cloud, desired, &observed.outputs, account, &known, parent, limits).await
}

/// The request that an interrupted run may have left: of this name, not failed, and not for an account that has
/// another e-mail address or has left the organization.
async fn pending_request<C: CloudReader>(
    cloud: &C,
    requests: &[AccountRequest],
    account: &DesiredAccount,
    directory: &Directory,
) -> Result<Option<AccountRequest>> {
    for request in requests.iter().filter(|request| request.name == account.name.as_str()) {
        let open = match &request.state {
            RequestState::InProgress => true,
            RequestState::Failed(_) => false,
            // The listing may be behind. Whose account it is, AWS tells by its id.
            RequestState::Succeeded(id) if directory.has(id) => false,
            RequestState::Succeeded(id) => {
                cloud.account(id).await?.is_some_and(|made| made.belongs_to(&account.email))
            }
        };
        if open {
            return Ok(Some(request.clone()));
        }
    }
    Ok(None)
}

/// The regions that a new account will have: those that need no opting in, as far as this partition has them.
async fn regions_from_birth<C: CloudReader>(
    cloud: &C,
    management_account: &AccountId,
) -> Result<BTreeSet<Region>> {
    let known = cloud.regions(management_account).await?;
    let from_birth: BTreeSet<_> = Region::enabled_by_default().collect();
    // Other partitions have no region in that list: there, all of the management account's count.
    let common: BTreeSet<_> = known.intersection(&from_birth).cloned().collect();
    Ok(if common.is_empty() { known } else { common })
}

/// What [`place_accounts`] answers: nodes by account.
pub(super) type Parents = BTreeMap<AccountId, ParentId>;
