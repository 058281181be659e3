//! Outputs of other accounts' stacks, each stack looked at once for all accounts that take from it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use super::observe::ObserveLimits;
use super::organization::Directory;
use super::state::ObservedAccount;
use crate::cloud::{CloudError, CloudReader, Result};
use crate::desired::{DesiredAccount, DesiredState, OutputSource};
use crate::model::{AccountName, AccountState, Region, StackName, Target};

type Outputs = BTreeMap<OutputSource, std::result::Result<Option<String>, CloudError>>;
type StackKey = (AccountName, Region, StackName);

/// Reads the outputs that the desired accounts take from other accounts.
pub(super) async fn read_outputs<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    directory: &Directory,
    accounts: &BTreeMap<AccountName, ObservedAccount>,
    limits: ObserveLimits,
) -> Outputs {
    let wanted: BTreeSet<OutputSource> =
        desired.accounts.values().flat_map(DesiredAccount::foreign_outputs).collect();
    let stacks: BTreeSet<StackKey> = wanted
        .iter()
        .map(|source| (source.account.clone(), source.region.clone(), source.stack.clone()))
        .collect();
    let outputs: BTreeMap<StackKey, Result<BTreeMap<String, String>>> = stream::iter(stacks)
        .map(|key| async move {
            let outputs = match already_seen(accounts, &key) {
                Some(outputs) => Ok(outputs),
                None => look_up(cloud, desired, directory, &key).await,
            };
            (key, outputs)
        })
        .buffer_unordered(limits.accounts.max(1))
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
    let Some(ObservedAccount::Present(present)) = accounts.get(account) else { return None };
    present.regions.get(region)?.stack(stack).map(|seen| seen.stack.outputs.clone())
}

async fn look_up<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    directory: &Directory,
    (account, region, stack): &StackKey,
) -> Result<BTreeMap<String, String>> {
    let known = desired.emails.get(account).and_then(|email| directory.find_email(email));
    let Some(known) = known.filter(|known| known.state == AccountState::Active) else {
        return Ok(BTreeMap::new());
    };
    let target = Target { account: known.id.clone(), region: region.clone() };
    Ok(cloud.stack(&target, stack).await?.map(|seen| seen.outputs).unwrap_or_default())
}
