//! A stack: one operation, followed to its end.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::values::{self, Operation};
use super::wait::{Look, Pace, poll};
use crate::cloud::{
    CloudWriter, ErrorKind, MASK, ParameterInput, Stack, StackInput, StackState, UpdateOutcome,
};
use crate::model::{StackName, Target};
use crate::plan::StackChange;
use crate::template::DIGEST_OUTPUT;

/// After that time a stack is taken to be what it is seen as.
const SEEN_WITHIN: Duration = Duration::from_secs(30);

/// Makes a stack.
pub(super) async fn create<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
) -> StepResult {
    make(run, at, target, change, None).await
}

/// Makes a stack in the place of `replaced`, which is deleted by now and may still be seen somewhere.
async fn make<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    replaced: Option<&Stack>,
) -> StepResult {
    let input = input(run, at, target, change, Operation::Create).await?;
    match run.cloud.create_stack(target, &input).await {
        Err(error) if error.kind == ErrorKind::Conflict => {
            return Err(StepError::Changed(format!(
                "a stack {} has appeared since the plan was made",
                change.stack
            )));
        }
        answer => answer?,
    }
    let is_old = |seen: Option<&Stack>| {
        seen.is_none_or(|seen| replaced.is_some_and(|replaced| replaced.id == seen.id))
    };
    ended_well(run, at, target, &input.name, &input.token, is_old).await?;
    Ok(Done::Changed)
}

/// Updates a stack.
pub(super) async fn update<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
) -> StepResult {
    let input = input(run, at, target, change, Operation::Update).await?;
    match run.cloud.update_stack(target, &input).await? {
        UpdateOutcome::NoChange => Ok(Done::Unchanged),
        UpdateOutcome::Started => {
            let is_old =
                |seen: Option<&Stack>| seen.is_some_and(|seen| !shows(seen, &input, change));
            ended_well(run, at, target, &input.name, &input.token, is_old).await?;
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
    let replaced = run.cloud.stack(target, &change.stack).await?;
    if let Some(stack) = &replaced {
        delete_failed(run, at, target, stack).await?;
    }
    make(run, at, target, change, replaced.as_ref()).await
}

/// Whether a stack that was updated well is as it was told to be. One that is not is seen as it was before.
fn shows(stack: &Stack, input: &StackInput, change: &StackChange) -> bool {
    if !went_well(stack.state) {
        return true;
    }
    let digest = stack.outputs.get(DIGEST_OUTPUT).map(String::as_str);
    digest == Some(change.digest.as_str())
        && stack.parameters.iter().all(|(name, shown)| {
            shown.value == MASK
                || input
                    .parameters
                    .get(name)
                    .and_then(ParameterInput::open)
                    .is_none_or(|sent| sent == shown.value)
        })
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
    let is_old = |seen: Option<&Stack>| seen.is_some_and(|seen| seen.state == stack.state);
    match settled(run, at, target, name, is_old).await? {
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
    settled(run, at, target, name, |_| false).await?;
    Ok(Done::LookAgain)
}

/// Waits for the end of an operation, and takes anything but success as a failure with its reasons. `is_old` knows what
/// the stack looks like to those parts of AWS that have not heard of the operation.
pub(super) async fn ended_well<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    name: &StackName,
    token: &str,
    is_old: impl Fn(Option<&Stack>) -> bool,
) -> Result<(), StepError> {
    let Some(stack) = settled(run, at, target, name, is_old).await? else {
        return Err(StepError::Changed(format!("stack {name} was deleted meanwhile")));
    };
    if went_well(stack.state) {
        return Ok(());
    }
    Err(failure(run, target, stack, token).await)
}

fn went_well(state: StackState) -> bool {
    matches!(
        state,
        StackState::CreateComplete | StackState::UpdateComplete | StackState::ImportComplete
    )
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
    is_old: impl Fn(Option<&Stack>) -> bool,
) -> Result<Option<Stack>, StepError> {
    let begun = Instant::now();
    poll(Pace::STACK, "the stack did not come to rest", async || {
        let seen = run.cloud.stack(target, name).await?;
        if let Some(stack) = seen.as_ref().filter(|stack| stack.state.in_progress()) {
            run.progress(at, format!("stack {name}: {}", stack.state));
            return Ok(Look::NotYet(stack.state.to_string()));
        }
        if is_old(seen.as_ref()) && begun.elapsed() < SEEN_WITHIN {
            return Ok(Look::NotYet("the operation is not seen yet".to_owned()));
        }
        Ok(Look::There(seen))
    })
    .await
}

/// What a stack shall be made of: its values looked up, its template stored if it is too big to be sent.
pub(super) async fn input<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    operation: Operation,
) -> Result<StackInput, StepError> {
    let parameters = values::parameters(run, at, change, operation).await?;
    let (file, digest) = (&change.template, &change.digest);
    let body = run.artifacts.body(file)?;
    Ok(StackInput {
        name: change.stack.clone(),
        template: run.artifacts.location(run.cloud, file, digest, body).await?,
        parameters,
        capabilities: change.capabilities.clone(),
        token: token(run.id, target, &change.stack, operation.word(), change.digest.as_str()),
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
