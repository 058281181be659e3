//! A baseline stack: every state that it can be in has an answer.

use std::collections::BTreeMap;

use super::adoption::{self, Adoption};
use super::context::Context;
use super::{stack_change, values};
use crate::cloud::StackState;
use crate::desired::DesiredStack;
use crate::model::Region;
use crate::observed::{DeployedTemplate, ObservedStack};
use crate::plan::reason::Reason;
use crate::plan::step::{StackChange, Step};
use crate::plan::tree::{Blocked, Lane};
use crate::template::Template;

/// What a stack's state allows (aws-behaviour §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// There is nothing yet.
    Create,
    /// It can be updated.
    Compare,
    /// It can be updated, and its last update did not come through.
    CompareAfterRollback,
    /// It can only be deleted and made anew.
    Recreate,
    /// AWS is at work on it.
    Await,
    /// A person has to decide.
    Stuck(&'static str),
}

fn answer(state: StackState) -> Answer {
    use StackState as S;
    match state {
        S::DeleteComplete => Answer::Create,
        S::CreateComplete | S::UpdateComplete | S::ImportComplete | S::ImportRollbackComplete => {
            Answer::Compare
        }
        S::UpdateRollbackComplete | S::UpdateFailed => Answer::CompareAfterRollback,
        // Nothing but a deletion is possible, or a change set that nobody executed left an empty stack.
        S::RollbackComplete | S::RollbackFailed | S::CreateFailed | S::ReviewInProgress => {
            Answer::Recreate
        }
        S::CreateInProgress
        | S::RollbackInProgress
        | S::DeleteInProgress
        | S::UpdateInProgress
        | S::UpdateCompleteCleanupInProgress
        | S::UpdateRollbackInProgress
        | S::UpdateRollbackCompleteCleanupInProgress
        | S::ImportInProgress
        | S::ImportRollbackInProgress => Answer::Await,
        S::UpdateRollbackFailed => Answer::Stuck("continue-update-rollback"),
        S::DeleteFailed => Answer::Stuck("delete-stack"),
        S::ImportRollbackFailed => Answer::Stuck("describe-stack-events"),
    }
}

/// Plans one stack of the baseline in one region.
pub(super) fn deployment(
    context: &Context<'_>,
    region: &Region,
    stack: &DesiredStack,
    lane: &mut Lane,
) {
    let Some(template) = context.desired.templates.get(&stack.template) else { return };
    let seen = context.stack(region, &stack.name);
    let answer = seen.map_or(Answer::Create, |seen| answer(seen.stack.state));
    let adoption = match answer {
        Answer::Create | Answer::Recreate => adoption::adoption(context, region, stack, template),
        Answer::Compare | Answer::CompareAfterRollback | Answer::Await | Answer::Stuck(_) => {
            Adoption::Make
        }
    };
    if let Adoption::Leave(notes) = adoption {
        // Nothing is made, so nothing that it would need can be missing.
        return lane.notes.extend(notes);
    }
    let mut parameters = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, value) in &stack.parameters {
        match values::planned(context, value, region, lane) {
            Ok(value) => drop(parameters.insert(name.clone(), value)),
            Err(reason) => missing.push(reason),
        }
    }
    let mut block =
        |reason| lane.blocked.push(Blocked { subject: format!("stack {}", stack.name), reason });
    if !missing.is_empty() {
        missing.dedup();
        missing.into_iter().for_each(block);
        return;
    }
    // A stack whose creation failed has nothing that would stay.
    let kept = seen.filter(|_| !matches!(answer, Answer::Create | Answer::Recreate));
    let change = stack_change::stack_change(context, region, stack, template, parameters, kept);
    match answer {
        Answer::Create | Answer::Recreate => {
            let second_trail = adoption::second_trail(context, region, template, &change);
            match making(context, seen, change, adoption) {
                Ok(step) => {
                    lane.notes.extend(second_trail);
                    lane.steps.push(step);
                }
                Err(reasons) => reasons.into_iter().for_each(block),
            }
        }
        Answer::Await => {
            let state = seen.map_or(StackState::CreateInProgress, |seen| seen.stack.state);
            lane.steps.push(Step::AwaitStack { state, change });
        }
        Answer::Stuck(command) => block(stuck(seen, stack, region, command)),
        answer @ (Answer::Compare | Answer::CompareAfterRollback) => {
            let Some(seen) = seen else { return };
            if answer == Answer::CompareAfterRollback {
                let reason = seen.stack.state_reason.as_deref().unwrap_or("AWS gives no reason");
                lane.notes.push(format!(
                    "the last update of stack {} did not come through ({}): {reason}",
                    stack.name, seen.stack.state
                ));
            }
            if let DeployedTemplate::Unreadable(why) = &seen.template {
                lane.notes.push(format!("stack {}'s template: {why}", stack.name));
            }
            // An update that was left standing is not over, even where its template has arrived.
            let unfinished = seen.stack.state == StackState::UpdateFailed;
            if unfinished || differs(seen, template, &change) {
                let step = Step::UpdateStack(change);
                lane.notes.extend(loss(context, &step));
                lane.steps.push(step);
            }
            if !seen.stack.protected {
                lane.steps.push(Step::ProtectStack { stack: stack.name.clone() });
            }
        }
    }
}

/// The step that makes a stack, anew or for the first time.
fn making(
    context: &Context<'_>,
    seen: Option<&ObservedStack>,
    mut change: StackChange,
    adoption: Adoption,
) -> Result<Step, Vec<Reason>> {
    let failed =
        seen.map(|seen| seen.stack.state).filter(|state| *state != StackState::DeleteComplete);
    match adoption {
        Adoption::Make => match failed {
            None => Ok(Step::CreateStack(change)),
            Some(_) if context.protected() => Err(vec![Reason::Protected]),
            Some(state) => Ok(Step::RecreateStack { state, change }),
        },
        Adoption::Import(imports) => {
            // A stack that was never made has nothing in it, and takes a change set as it is.
            let replaces = failed.filter(|state| *state != StackState::ReviewInProgress);
            if replaces.is_some() && context.protected() {
                return Err(vec![Reason::Protected]);
            }
            let is_made = |logical_id: &str| imports.iter().all(|one| one.logical_id != logical_id);
            change.resources.retain(|resource| is_made(&resource.logical_id));
            Ok(Step::ImportStack { change, imports, replaces })
        }
        Adoption::Leave(_) => Err(Vec::new()),
        Adoption::Block(reasons) => Err(reasons),
    }
}

/// Whether a stack that is to be made is not, because of what is there already.
pub(super) fn is_kept_back(context: &Context<'_>, region: &Region, stack: &DesiredStack) -> bool {
    let seen = context.stack(region, &stack.name);
    let Some(template) = context.desired.templates.get(&stack.template) else { return false };
    matches!(
        seen.map_or(Answer::Create, |seen| answer(seen.stack.state)),
        Answer::Create | Answer::Recreate
    ) && matches!(
        adoption::adoption(context, region, stack, template),
        Adoption::Leave(_) | Adoption::Block(_)
    )
}

/// Whether the plan makes the stack, so that its outputs are not known before.
pub(super) fn will_be_made(context: &Context<'_>, region: &Region, stack: &DesiredStack) -> bool {
    context.stack(region, &stack.name).is_none_or(|seen| {
        matches!(answer(seen.stack.state), Answer::Create | Answer::Recreate | Answer::Await)
    })
}

/// Whether the plan makes any stack in this region.
pub(super) fn makes_anything(context: &Context<'_>, region: &Region) -> bool {
    let stacks = &mut context.account.stacks.iter();
    stacks.any(|stack| stack.regions.contains(region) && will_be_made(context, region, stack))
}

/// What a reader should know of an update in a protected account. It is not refused: a baseline must be able to change.
fn loss(context: &Context<'_>, step: &Step) -> Option<String> {
    let stack = step.stack().filter(|_| context.protected())?;
    let lost = match step.lost_resources().count() {
        0 => return None,
        1 => "a resource".to_owned(),
        several => format!("{several} resources"),
    };
    Some(format!("stack {stack} loses {lost} in a protected account"))
}

fn differs(seen: &ObservedStack, template: &Template, change: &StackChange) -> bool {
    let same_template = match &seen.template {
        DeployedTemplate::Digest(digest) => digest == template.digest(),
        DeployedTemplate::Whole(deployed) => deployed.digest() == template.digest(),
        DeployedTemplate::Unreadable(_) | DeployedTemplate::NotRead => false,
    };
    !same_template || !change.parameter_changes.is_empty()
}

fn stuck(
    seen: Option<&ObservedStack>,
    stack: &DesiredStack,
    region: &Region,
    command: &str,
) -> Reason {
    Reason::StackStuck {
        state: seen.map_or(StackState::DeleteFailed, |seen| seen.stack.state),
        help: format!("aws cloudformation {command} --stack-name {} --region {region}", stack.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_progress_is_always_waited_for_and_no_other_is() {
        for (state, word) in StackState::ALL {
            assert_eq!(answer(state) == Answer::Await, state.in_progress(), "{word}");
        }
    }

    #[test]
    fn only_a_stack_that_never_was_is_deleted_and_made_anew() {
        let deleted =
            StackState::ALL.iter().filter(|(state, _)| answer(*state) == Answer::Recreate);
        let deleted: Vec<_> = deleted.map(|(_, word)| *word).collect();
        assert_eq!(
            deleted,
            ["CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"]
        );
    }
}
