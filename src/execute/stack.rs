//! A stack: one operation, followed to its end.

use sha2::{Digest as _, Sha256};

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::values;
use super::wait::{Look, Pace, poll};
use crate::cloud::{
    CloudWriter, ErrorKind, Stack, StackInput, StackState, TemplateLocation, UpdateOutcome,
};
use crate::model::{StackName, Target};
use crate::plan::StackChange;
use crate::template::MAX_BODY_BYTES;

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
    ended_well(run, at, target, &input).await?;
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
            ended_well(run, at, target, &input).await?;
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
    let name = &change.stack;
    if let Some(stack) = run.cloud.stack(target, name).await? {
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
        let left = settled(run, at, target, name).await?;
        if let Some(left) = left.filter(|left| left.state != StackState::DeleteComplete) {
            return Err(failure(run, target, left, &token).await);
        }
    }
    create(run, at, target, change).await
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
async fn ended_well<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    input: &StackInput,
) -> Result<(), StepError> {
    let Some(stack) = settled(run, at, target, &input.name).await? else {
        return Err(StepError::Changed(format!("stack {} was deleted meanwhile", input.name)));
    };
    if matches!(stack.state, StackState::CreateComplete | StackState::UpdateComplete) {
        return Ok(());
    }
    Err(failure(run, target, stack, &input.token).await)
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

async fn input<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    operation: &str,
) -> Result<StackInput, StepError> {
    let parameters = values::parameters(run, at, change).await?;
    let body =
        run.templates.bodies.get(&change.template).ok_or_else(|| StepError::MissingValue {
            what: format!("template {}", change.template),
            why: "the run was not given it".to_owned(),
        })?;
    let template = if body.len() <= MAX_BODY_BYTES {
        TemplateLocation::Body(body.clone())
    } else {
        let bucket = run.templates.bucket.as_deref().ok_or_else(|| StepError::MissingValue {
            what: format!("a bucket for template {}", change.template),
            why: format!(
                "it has {} bytes, and AWS takes {MAX_BODY_BYTES} in a request",
                body.len()
            ),
        })?;
        // Under its digest, so that it is stored once for all accounts.
        let key = format!("templates/{}/{}", change.digest.as_str(), change.template);
        let address = match run.upload(&key) {
            Some(address) => address,
            None => run.cloud.upload_template(bucket, &key, body).await?,
        };
        run.uploaded(key, address.clone());
        TemplateLocation::Url(address)
    };
    Ok(StackInput {
        name: change.stack.clone(),
        template,
        parameters,
        capabilities: change.capabilities.clone(),
        token: token(run.id, target, &change.stack, operation, change.digest.as_str()),
    })
}

/// The token that makes a request safe to repeat within this run, and that marks its events.
fn token(run: &str, target: &Target, stack: &StackName, operation: &str, digest: &str) -> String {
    let hash = Sha256::digest(format!("{target} {stack} {digest}"));
    let hash = hash.iter().take(6).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    format!("avm-{run}-{operation}-{hash:012x}")
}
