//! A stack: one operation, followed to its end.

use sha2::{Digest as _, Sha256};

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::values;
use super::wait::{Look, Pace, poll};
use crate::cloud::{CloudWriter, ErrorKind, Stack, StackInput, StackState, UpdateOutcome};
use crate::model::{StackName, Target};
use crate::plan::StackChange;

/// Makes a stack.
pub(super) async fn create<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
) -> StepResult {
    let input = input(run, at, target, change, "create").await?;
    match run.cloud.create_stack(target, &input).await {
        Err(error) if error.kind == ErrorKind::Conflict => {
            return Err(StepError::Changed(format!(
                "a stack {} has appeared since the plan was made",
                change.stack
            )));
        }
        answer => answer?,
    }
    ended_well(run, at, target, &input.name, &input.token).await?;
    Ok(Done::Changed)
}

/// Updates a stack.
pub(super) async fn update<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
) -> StepResult {
    let input = input(run, at, target, change, "update").await?;
    match run.cloud.update_stack(target, &input).await? {
        UpdateOutcome::NoChange => Ok(Done::Unchanged),
        UpdateOutcome::Started => {
            ended_well(run, at, target, &input.name, &input.token).await?;
            Ok(Done::Changed)
        }
    }
}

/// Deletes a stack that can only be deleted, and makes it anew.
pub(super) async fn recreate<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
) -> StepResult {
    if let Some(stack) = run.cloud.stack(target, &change.stack).await? {
        delete_failed(run, at, target, &stack).await?;
    }
    create(run, at, target, change).await
}

/// Deletes a stack that can only be deleted, and waits until it is gone.
pub(super) async fn delete_failed<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    stack: &Stack,
) -> Result<(), StepError> {
    let name = &stack.name;
    // Never a stack that has come right since: only one that still can be nothing but deleted.
    if !matches!(
        stack.state,
        StackState::RollbackComplete
            | StackState::RollbackFailed
            | StackState::CreateFailed
            | StackState::ReviewInProgress
    ) {
        return Err(StepError::Changed(format!("stack {name} is {} now", stack.state)));
    }
    if stack.protected {
        run.cloud.protect_stack(target, name, false).await?;
    }
    let token = token(run.id, target, name, "delete", "");
    run.cloud.delete_stack(target, name, &token).await?;
    match settled(run, at, target, name).await? {
        Some(left) if left.state != StackState::DeleteComplete => {
            Err(failure(run, target, left, &token).await)
        }
        _ => Ok(()),
    }
}

/// Waits until AWS has finished what it is doing to a stack.
pub(super) async fn settle<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    name: &StackName,
) -> StepResult {
    settled(run, at, target, name).await?;
    Ok(Done::LookAgain)
}

/// Waits for the end of an operation, and takes anything but success as a failure with its reasons.
pub(super) async fn ended_well<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    name: &StackName,
    token: &str,
) -> Result<(), StepError> {
    let Some(stack) = settled(run, at, target, name).await? else {
        return Err(StepError::Changed(format!("stack {name} was deleted meanwhile")));
    };
    if matches!(
        stack.state,
        StackState::CreateComplete | StackState::UpdateComplete | StackState::ImportComplete
    ) {
        return Ok(());
    }
    Err(failure(run, target, stack, token).await)
}

async fn failure<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    stack: Stack,
    token: &str,
) -> StepError {
    // Without the events there still is the state; a failure to read them must not hide it.
    let failures = run.cloud.stack_failures(target, &stack.name, token).await.unwrap_or_default();
    let Stack { name, state, state_reason, .. } = stack;
    StepError::Stack { stack: name, state, state_reason, failures }
}

async fn settled<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    name: &StackName,
) -> Result<Option<Stack>, StepError> {
    poll(Pace::STACK, "the stack did not come to rest", async || {
        match run.cloud.stack(target, name).await? {
            Some(stack) if stack.state.in_progress() => {
                run.progress(at, format!("stack {name}: {}", stack.state));
                Ok(Look::NotYet(stack.state.to_string()))
            }
            seen => Ok(Look::There(seen)),
        }
    })
    .await
}

/// What a stack shall be made of: its values looked up, its template stored if it is too big to be sent.
pub(super) async fn input<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    operation: &str,
) -> Result<StackInput, StepError> {
    let parameters = values::parameters(run, at, change).await?;
    let (file, digest) = (&change.template, &change.digest);
    let body = run.artifacts.body(file)?;
    Ok(StackInput {
        name: change.stack.clone(),
        template: run.artifacts.location(run.cloud, file, digest, body).await?,
        parameters,
        capabilities: change.capabilities.clone(),
        token: token(run.id, target, &change.stack, operation, change.digest.as_str()),
    })
}

/// The token that makes a request safe to repeat within this run, and that marks its events.
pub(super) fn token(
    run: &str,
    target: &Target,
    stack: &StackName,
    operation: &str,
    digest: &str,
) -> String {
    format!("avm-{run}-{operation}-{:012x}", hash(&format!("{target} {stack} {digest}")))
}

/// Twelve hexadecimal digits that tell one request of a run from the others.
pub(super) fn hash(text: &str) -> u64 {
    let hash = Sha256::digest(text);
    hash.iter().take(6).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte))
}
