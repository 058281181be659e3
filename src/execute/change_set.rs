//! A change set: made, waited for, executed, and followed to the end of what it does.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::Done;
use super::wait::{Look, Pace, poll, until_seen};
use super::{shell, stack};
use crate::cloud::{
    ChangeSetInput, ChangeSetKind, ChangeSetState, CloudError, CloudWriter, ErrorKind, StackInput,
    StackState,
};
use crate::model::{StackName, Target};
use crate::plan::ImportedResource;

/// Has a change set do what a stack shall be. Of one that holds no change nothing is left behind. `imports` are the
/// resources that were shown to be taken over.
pub(super) async fn apply<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    kind: ChangeSetKind,
    stack: StackInput,
    imports: &[ImportedResource],
) -> Result<Done, StepError> {
    let name = stack.name.clone();
    let word = word(&kind);
    let before = run.cloud.stack(target, &name).await?.map(|stack| stack.state);
    let id = change_set_name(run.id, target, &stack, word);
    let token = format!("{}-execute", stack.token);
    let input = ChangeSetInput {
        name: id.clone(),
        imports_existing: !matches!(kind, ChangeSetKind::Import(_)),
        reverts_drift: false,
        kind,
        stack,
    };
    run.cloud.create_change_set(target, &input).await?;
    run.progress(at, format!("stack {name}: change set {id}"));
    match made(run, target, &name, &id).await? {
        Outcome::Ready(found) => {
            // CloudFormation finds whatever has a plain name, also of types that the planner does not look for.
            let shown = |id: &String| imports.iter().any(|import| import.logical_id == *id);
            let unseen: Vec<_> = found.into_iter().filter(|id| !shown(id)).collect();
            if !unseen.is_empty() {
                left_behind(run, at, &id, discard(run, at, target, &name, &id).await);
                return Err(StepError::Changed(format!(
                    "the change set would take over {} as well, which is there already and which the plan does \
                     not show: give it another name in the template, or remove it",
                    unseen.join(", ")
                )));
            }
        }
        Outcome::Empty => {
            discard(run, at, target, &name, &id).await?;
            return Ok(Done::Unchanged);
        }
        Outcome::Failed(reason) => {
            // Whatever becomes of the rest of it, what has to be told is why it failed.
            left_behind(run, at, &id, discard(run, at, target, &name, &id).await);
            let operation = "cloudformation:CreateChangeSet";
            let error = CloudError::new(ErrorKind::Refused, operation, "FAILED", reason);
            return Err(error.at(&target.account, Some(&target.region)).into());
        }
    }
    run.cloud.execute_change_set(target, &name, &id, &token).await?;
    begun(run, target, &name, before).await?;
    stack::ended_well(run, at, target, &name, &token, |seen| seen.is_none()).await?;
    Ok(Done::Changed)
}

/// AWS may not show a change set at once, also one that it has shown before. After this it is not there.
const LATE_SIGHT: Duration = Duration::from_mins(1);

/// How a change set turned out.
enum Outcome {
    /// It imports these, by logical id.
    Ready(BTreeSet<String>),
    Empty,
    Failed(String),
}

async fn made<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    stack: &StackName,
    id: &str,
) -> Result<Outcome, StepError> {
    let mut seen = Instant::now();
    poll(Pace::CHANGE_SET, "the change set was not made", async || {
        let found = run.cloud.change_set(target, stack, id).await?;
        // When a change set is executed, CloudFormation deletes all others of the stack.
        if found.is_some() {
            seen = Instant::now();
        } else if seen.elapsed() > LATE_SIGHT {
            return Err(StepError::Changed(format!(
                "change set {id} is gone: another run, or somebody else, has executed one of stack {stack}, or \
                 deleted this one; run again"
            )));
        }
        Ok(match found {
            Some(ChangeSetState::Ready { imports }) => Look::There(Outcome::Ready(imports)),
            Some(ChangeSetState::Empty) => Look::There(Outcome::Empty),
            Some(ChangeSetState::Failed { reason, findings }) => {
                let all: Vec<_> = std::iter::once(reason).chain(findings).collect();
                Look::There(Outcome::Failed(all.join("; ")))
            }
            Some(ChangeSetState::Pending) => Look::NotYet("AWS is making it".to_owned()),
            None => Look::NotYet("it is not there".to_owned()),
        })
    })
    .await
}

fn left_behind<C, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    id: &str,
    discarded: Result<(), StepError>,
) {
    if let Err(error) = discarded {
        run.progress(at, format!("change set {id} is left behind: {error}"));
    }
}

/// Deletes a change set, and the stack that is there for nothing but it: not one of which another run has a change set.
async fn discard<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    name: &StackName,
    id: &str,
) -> Result<(), StepError> {
    if let Some(stack) = run.cloud.stack(target, name).await?
        && stack.state == StackState::ReviewInProgress
    {
        run.progress(at, format!("stack {name}: nothing is in it"));
        return shell::remove(run.cloud, run.id, target, &stack, id).await;
    }
    Ok(run.cloud.delete_change_set(target, name, id).await?)
}

/// Waits until the stack is no longer as it was: an execution is answered before it begins, and a stack that was well
/// before would look like one that ended well. No import ends in the state in which it began.
async fn begun<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    name: &StackName,
    before: Option<StackState>,
) -> Result<(), StepError> {
    let before = before.unwrap_or(StackState::ReviewInProgress);
    until_seen("the execution of the change set did not begin", async || {
        let state = run.cloud.stack(target, name).await?.map(|stack| stack.state);
        Ok(if state == Some(before) { Err(before.to_string()) } else { Ok(()) })
    })
    .await
}

fn word(kind: &ChangeSetKind) -> &'static str {
    match kind {
        ChangeSetKind::Create => "create",
        ChangeSetKind::Update => "update",
        ChangeSetKind::Import(_) => "import",
    }
}

/// Unique in its stack, also among those of one run.
fn change_set_name(run: &str, target: &Target, stack: &StackInput, word: &str) -> String {
    let hash = stack::hash(&format!("{target} {} {word} {}", stack.name, stack.token));
    format!("avm-{run}-{hash:012x}")
}
