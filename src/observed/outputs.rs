//! Outputs of other accounts' stacks, each stack looked at once for all accounts that take from it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use super::organization::Directory;
use super::reading::Reading;
use super::state::ObservedAccount;
use crate::cloud::{CloudReader, Result};
use crate::desired::{DesiredAccount, DesiredState, OutputSource};
use crate::model::{AccountName, AccountState, Region, StackName, Target};

/// Outputs by where they come from. `Ok(None)`: there is no such account, stack or output yet.
pub(super) type Outputs = BTreeMap<OutputSource, Result<Option<String>>>;
type StackKey = (AccountName, Region, StackName);

/// The outputs that desired accounts take from other accounts for their stacks.
pub(super) fn for_stacks(desired: &DesiredState) -> BTreeSet<OutputSource> {
    desired.accounts.values().flat_map(DesiredAccount::foreign_outputs).collect()
}

/// The outputs of other accounts that hold the keys for EBS: these have to be known before a region is looked at.
pub(super) fn for_ebs(desired: &DesiredState) -> BTreeSet<OutputSource> {
    desired.accounts.values().flat_map(|account| desired.foreign_ebs_keys(account)).collect()
}

/// Reads the `wanted` outputs: out of `accounts` as far as they have been looked at.
pub(super) async fn read_outputs<C: CloudReader>(
    reading: &Reading<'_, C>,
    directory: &Directory,
    accounts: &BTreeMap<AccountName, ObservedAccount>,
    wanted: BTreeSet<OutputSource>,
) -> Outputs {
    let stacks: BTreeSet<StackKey> = wanted
        .iter()
        .map(|source| (source.account.clone(), source.region.clone(), source.stack.clone()))
        .collect();
    let outputs: BTreeMap<StackKey, Result<BTreeMap<String, String>>> = stream::iter(stacks)
        .map(|key| async move {
            let outputs = match already_seen(accounts, &key) {
                Some(outputs) => Ok(outputs),
                None => look_up(reading, directory, &key).await,
            };
            (key, outputs)
        })
        .buffer_unordered(reading.accounts())
        .collect()
        .await;
    wanted
        .into_iter()
        .map(|source| {
            let key = (source.account.clone(), source.region.clone(), source.stack.clone());
            let value = match outputs.get(&key) {
                Some(Ok(outputs)) => Ok(outputs.get(&source.key).cloned()),
                Some(Err(error)) => Err(error.clone()),
                None => Ok(None),
            };
            (source, value)
        })
        .collect()
}

fn already_seen(
    accounts: &BTreeMap<AccountName, ObservedAccount>,
    (account, region, stack): &StackKey,
) -> Option<BTreeMap<String, String>> {
    match accounts.get(account)? {
        ObservedAccount::Present(present) => {
            present.regions.get(region)?.stack(stack).map(|seen| seen.stack.outputs.clone())
        }
        // An account that is still being made has no stack.
        ObservedAccount::Absent { .. } => Some(BTreeMap::new()),
        ObservedAccount::NotActive { .. } | ObservedAccount::Unreachable { .. } => None,
    }
}

async fn look_up<C: CloudReader>(
    reading: &Reading<'_, C>,
    directory: &Directory,
    (account, region, stack): &StackKey,
) -> Result<BTreeMap<String, String>> {
    let known = reading.desired.emails.get(account).and_then(|email| directory.find_email(email));
    let Some(known) = known.filter(|known| known.state == AccountState::Active) else {
        return Ok(BTreeMap::new());
    };
    let target = Target { account: known.id.clone(), region: region.clone() };
    let stack = reading.ask(reading.cloud.stack(&target, stack)).await?;
    Ok(stack.map(|seen| seen.outputs).unwrap_or_default())
}
