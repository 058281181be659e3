//! Removing change sets that were made for a question, and the stacks that were there for nothing but them.
//!
//! A stack goes only if nothing says that it is more than that: it is `REVIEW_IN_PROGRESS`, unprotected, without
//! resources, and nobody else has a change set of it. It goes together with its change set, in one call, so that a
//! death in between cannot leave a stack of which nobody can tell any more whose it is.

use std::time::Duration;

use super::ledger::{Ledger, Leftover};
use crate::cloud::{ChangeSetSummary, CloudError, CloudWriter, ErrorKind, Stack, StackState};
use crate::execute::report::StepError;
use crate::execute::stack::token;
use crate::execute::wait::{Look, Pace, poll};
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
    let ours = |one: &ChangeSetSummary| one.name == *change_set;
    let stack = patiently(async || cloud.stack(target, name).await).await?;
    let Some(stack) = stack else { return Ok(()) };
    if delete_shell(cloud, run, target, &stack, ours).await? {
        return Ok(());
    }
    // Somebody else has a change set of it as well. Whoever is the last takes the stack along.
    delete_change_set(cloud, begun).await?;
    delete_shell(cloud, run, target, &stack, ours).await.map(drop)
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
    let was_shell = delete_shell(cloud, run, target, stack, is_old).await?;
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

/// Whether the stack is there for nothing but change sets of ours. Looks anew, as late as can be.
async fn is_shell<C: CloudWriter>(
    cloud: &C,
    target: &Target,
    stack: &Stack,
    ours: impl Fn(&ChangeSetSummary) -> bool,
) -> Result<bool, CloudError> {
    let name = &stack.name;
    let change_sets = cloud.change_sets(target, name).await?;
    if !change_sets.iter().all(ours) || cloud.has_resources(target, name).await? {
        return Ok(false);
    }
    let now = cloud.stack(target, name).await?;
    // By its ARN: another stack of the same name is another one.
    Ok(now.is_some_and(|now| {
        now.id == stack.id && now.state == StackState::ReviewInProgress && !now.protected
    }))
}

/// Whether the stack is gone, or AWS is deleting it.
async fn is_going<C: CloudWriter>(
    cloud: &C,
    target: &Target,
    stack: &Stack,
) -> Result<bool, CloudError> {
    let now = cloud.stack(target, &stack.name).await?;
    let stays = |now: Stack| {
        now.id == stack.id
            && !matches!(now.state, StackState::DeleteInProgress | StackState::DeleteComplete)
    };
    Ok(!now.is_some_and(stays))
}

async fn delete_change_set<C: CloudWriter>(cloud: &C, begun: &Leftover) -> Result<(), StepError> {
    let Leftover { target, stack, change_set, .. } = begun;
    patiently(async || cloud.delete_change_set(target, stack, change_set).await).await
}

/// Deletes the stack if it is there for nothing but change sets of ours, and waits until it is gone. Answers whether it
/// was that.
async fn delete_shell<C: CloudWriter>(
    cloud: &C,
    run: &str,
    target: &Target,
    stack: &Stack,
    ours: impl Fn(&ChangeSetSummary) -> bool,
) -> Result<bool, StepError> {
    let name = &stack.name;
    let token = token(run, target, name, "unplan", &stack.id);
    let mut tried = false;
    // Looks before each try: what was a shell may be somebody's stack by the time that AWS takes the call.
    let goes = patiently(async || {
        if !is_shell(cloud, target, stack, &ours).await? {
            // Of a try that AWS has taken the answer may be lost.
            return Ok(tried && is_going(cloud, target, stack).await?);
        }
        tried = true;
        cloud.delete_stack(target, name, &token).await?;
        Ok(true)
    })
    .await?;
    if !goes {
        return Ok(false);
    }
    poll(Pace::REMOVAL, "the stack was not deleted", async || {
        let seen = patiently(async || cloud.stack(target, name).await).await?;
        Ok(match seen {
            Some(seen) if seen.id == stack.id && seen.state != StackState::DeleteComplete => {
                Look::NotYet(seen.state.to_string())
            }
            _ => Look::There(true),
        })
    })
    .await
}

/// Asks again where the answer may be another one soon: what was begun must go, also when AWS has no time right now.
async fn patiently<T>(
    mut call: impl AsyncFnMut() -> Result<T, CloudError>,
) -> Result<T, StepError> {
    let mut last = None;
    let answer = poll(Pace::REMOVAL, "it was not removed", async || match call().await {
        Ok(answer) => Ok(Look::There(answer)),
        Err(error) if passes(&error) => {
            last = Some(error.clone());
            Ok(Look::NotYet(error.to_string()))
        }
        Err(error) => Err(error.into()),
    })
    .await;
    // The last answer tells more than that the time is over.
    match (answer, last) {
        (Err(StepError::Deadline { .. }), Some(error)) => Err(error.into()),
        (answer, _) => answer,
    }
}

fn passes(error: &CloudError) -> bool {
    match error.kind {
        ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Conflict => true,
        // A change set that is being made cannot be deleted before it is.
        ErrorKind::Refused => error.code == "InvalidChangeSetStatus",
        ErrorKind::Denied | ErrorKind::NotReady | ErrorKind::NotFound | ErrorKind::Credentials => {
            false
        }
    }
}
