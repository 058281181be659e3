//! Removing change sets that were made for a question, and the stacks that were there for nothing but them
//! (`execute::shell`).

use std::time::Duration;

use super::ledger::{Ledger, Leftover};
use crate::cloud::{ChangeSetSummary, CloudWriter, Stack, StackState};
use crate::execute::report::StepError;
use crate::execute::shell::{self, patiently};
use crate::model::{AccountName, Target};

/// What the names of all change sets begin with that are made for a question.
pub(super) const PREFIX: &str = "avm-plan-";

/// A preview asks about a stack for seconds, and for a quarter of an hour at the very most. What is older than this is
/// of one that was killed.
const OLD: Duration = Duration::from_hours(1);

/// Removes what was begun, and waits until it is gone. Whether AWS ever took it is of no matter.
pub(super) async fn remove<C: CloudWriter>(
    cloud: &C,
    run: &str,
    begun: &Leftover,
) -> Result<(), StepError> {
    let Leftover { target, stack: name, change_set, made_stack, .. } = begun;
    if !made_stack {
        return delete_change_set(cloud, begun).await;
    }
    match patiently(async || cloud.stack(target, name).await).await? {
        Some(stack) => shell::remove(cloud, run, target, &stack, change_set).await,
        None => Ok(()),
    }
}

/// Removes what previews that were killed have left of a stack. Answers the state in which the stack then is.
pub(super) async fn tidy<C: CloudWriter>(
    cloud: &C,
    run: &str,
    ledger: &Ledger,
    account: &AccountName,
    target: &Target,
    stack: &Stack,
) -> Result<Option<StackState>, StepError> {
    if stack.state.in_progress() {
        return Ok(Some(stack.state));
    }
    let is_old = |one: &ChangeSetSummary| one.name.starts_with(PREFIX) && one.age > OLD;
    let mut old = cloud.change_sets(target, &stack.name).await?;
    old.retain(is_old);
    if old.is_empty() {
        return Ok(Some(stack.state));
    }
    let was_shell = shell::delete(cloud, run, target, stack, is_old).await?;
    let found = old.into_iter().map(|one| Leftover {
        account: account.clone(),
        target: target.clone(),
        stack: stack.name.clone(),
        change_set: one.name,
        made_stack: was_shell,
    });
    let found: Vec<_> = found.collect();
    if !was_shell {
        for one in &found {
            delete_change_set(cloud, one).await?;
        }
    }
    for one in found {
        ledger.tidied(one);
    }
    Ok((!was_shell).then_some(stack.state))
}

async fn delete_change_set<C: CloudWriter>(cloud: &C, begun: &Leftover) -> Result<(), StepError> {
    let Leftover { target, stack, change_set, .. } = begun;
    patiently(async || cloud.delete_change_set(target, stack, change_set).await).await
}
