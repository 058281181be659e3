//! Stacks that are there for nothing but a change set: `REVIEW_IN_PROGRESS`, and nothing in them.
//!
//! A stack goes only if nothing says that it is more than that: it is `REVIEW_IN_PROGRESS`, unprotected, without
//! resources, and nobody else has a change set of it. It goes together with its change set, in one call, so that a
//! death in between cannot leave a stack of which nobody can tell any more whose it is.

use super::report::StepError;
use super::stack::token;
use super::wait::{Look, Pace, poll};
use crate::cloud::{ChangeSetSummary, CloudError, CloudWriter, ErrorKind, Stack, StackState};
use crate::model::Target;

/// Removes a change set, and the stack with it if that is there for nothing else.
pub(super) async fn remove<C: CloudWriter>(
    cloud: &C,
    run: &str,
    target: &Target,
    stack: &Stack,
    change_set: &str,
) -> Result<(), StepError> {
    let ours = |one: &ChangeSetSummary| one.name == change_set;
    if delete(cloud, run, target, stack, ours).await? {
        return Ok(());
    }
    // Somebody else has a change set of it as well. Whoever is the last takes the stack along.
    patiently(async || cloud.delete_change_set(target, &stack.name, change_set).await).await?;
    delete(cloud, run, target, stack, ours).await.map(drop)
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

/// Deletes the stack if it is there for nothing but change sets of ours, and waits until it is gone. Answers whether it
/// was that.
pub(super) async fn delete<C: CloudWriter>(
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
pub(super) async fn patiently<T>(
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
