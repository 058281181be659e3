//! Change sets: made, looked at, executed, deleted.

use std::collections::BTreeMap;
use std::time::Duration;

use super::check::{self, invalid};
use super::deployment::differs;
use super::requests::{busy, does_not_exist, find, new_stack};
use super::scope::{Evaluation, Site};
use super::{changes, engine, imports, state};
use crate::cloud::{
    ChangeSetContents, ChangeSetInput, ChangeSetKind, ChangeSetState, ChangeSetSummary, ErrorKind,
    Result, StackState,
};
use crate::model::{StackName, Target};
use crate::sim::call::Call;
use crate::sim::ports::SimulatedCloud;
use crate::sim::refusal::{Answer, Refusal};
use crate::sim::world::{
    ChangeSet, ChangeSetPurpose, ChangeSetStatus, Due, OperationKind, Stack, World,
};

pub(in crate::sim) async fn change_set(
    aws: &SimulatedCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<Option<ChangeSetState>> {
    aws.call_at(target, Call::read("cloudformation:DescribeChangeSet"), |world| {
        let stack = find(world, target, stack).ok();
        let found = stack.and_then(|stack| named(stack, name));
        Ok(found.map(|change_set| match &change_set.status {
            ChangeSetStatus::Pending => ChangeSetState::Pending,
            ChangeSetStatus::Ready => {
                ChangeSetState::Ready { imports: change_set.imports.keys().cloned().collect() }
            }
            ChangeSetStatus::Empty => ChangeSetState::Empty,
            ChangeSetStatus::Failed(reason) => ChangeSetState::Failed {
                reason: reason.clone(),
                findings: change_set.findings.clone(),
            },
        }))
    })
    .await
}

pub(in crate::sim) async fn change_set_contents(
    aws: &SimulatedCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<ChangeSetContents> {
    let call = Call::read("cloudformation:DescribeChangeSet");
    let changes = aws
        .call_at(target, call, |world| {
            let found = find(world, target, stack)?.clone();
            let change_set = named(&found, name).cloned().ok_or_else(|| not_found(name))?;
            let site = Site { target, name: stack, id: &found.id };
            changes::changes(world, site, &found, &change_set).map_err(invalid)
        })
        .await?;
    // Nothing here warns; the question is asked all the same, as it is in AWS.
    let events = Call::read("cloudformation:DescribeEvents");
    let warned = aws.call_at(target, events, |_| Ok(())).await;
    let warnings =
        warned.err().map(|error| format!("what validation found cannot be told: {error}"));
    Ok(ChangeSetContents { changes, warnings: warnings.into_iter().collect() })
}

pub(in crate::sim) async fn change_sets(
    aws: &SimulatedCloud,
    target: &Target,
    stack: &StackName,
) -> Result<Vec<ChangeSetSummary>> {
    aws.call_at(target, Call::read("cloudformation:ListChangeSets"), |world| {
        let all = find(world, target, stack).map_or(&[][..], |stack| &stack.change_sets);
        let age = |created: u64| Duration::from_millis(world.clock.0.saturating_sub(created));
        Ok(all
            .iter()
            .map(|one| ChangeSetSummary { name: one.name.clone(), age: age(one.created.0) })
            .collect())
    })
    .await
}

fn not_found(name: &str) -> Refusal {
    let message = format!("ChangeSet [{name}] does not exist");
    Refusal::new(ErrorKind::NotFound, "ChangeSetNotFound", message)
}

fn named<'a>(stack: &'a Stack, name: &str) -> Option<&'a ChangeSet> {
    stack.change_sets.iter().find(|change_set| change_set.name == name)
}

pub(in crate::sim) async fn create_change_set(
    aws: &SimulatedCloud,
    target: &Target,
    input: &ChangeSetInput,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:CreateChangeSet"), |world| {
        create(world, target, input)
    })
    .await
}

fn create(world: &mut World, target: &Target, input: &ChangeSetInput) -> Answer<()> {
    // Nothing here drifts, so that there is nothing to revert.
    let ChangeSetInput { name, kind, imports_existing, reverts_drift: _, stack: wanted } = input;
    let stack_name = &wanted.name;
    check_name(name)?;
    let there = find(world, target, stack_name).ok().cloned();
    if let Some(existing) = there.as_ref().and_then(|stack| named(stack, name)) {
        return if existing.token == wanted.token {
            Ok(())
        } else {
            let message = format!("ChangeSet {name} already exists");
            Err(Refusal::new(ErrorKind::Conflict, "AlreadyExistsException", message))
        };
    }
    let (deployment, read) = check::deployment(world, target, wanted)?;
    let purpose = purpose(stack_name, name, kind, there.as_ref())?;
    if let Some(stack) = &there {
        check::same_types(stack, &read.template)?;
    }
    let imports = match kind {
        ChangeSetKind::Import(resources) => {
            imports::requested(there.as_ref(), &read.template, resources)?
        }
        ChangeSetKind::Create | ChangeSetKind::Update => BTreeMap::new(),
    };
    let mut stack = match there {
        Some(stack) => stack,
        // Nobody can ask for termination protection here.
        None => Stack {
            state: StackState::ReviewInProgress,
            protected: false,
            ..new_stack(world, target, stack_name, deployment.template.clone())?
        },
    };
    let id = world.fresh("change-set", 32);
    stack.change_sets.push(ChangeSet {
        id: id.clone(),
        name: name.clone(),
        token: wanted.token.clone(),
        purpose,
        created: world.clock,
        to: deployment,
        imports_existing: *imports_existing,
        imports,
        status: ChangeSetStatus::Pending,
        findings: Vec::new(),
    });
    world.cell_mut(target).stacks.insert(stack_name.clone(), Box::new(stack));
    let at = world.clock.after(world.settings.change_set);
    world.agenda.add(at, Due::ChangeSet { target: target.clone(), stack: stack_name.clone(), id });
    Ok(())
}

fn check_name(name: &str) -> Answer<()> {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if begins && name.len() <= 128 && name.chars().all(fits) {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    )))
}

/// What the change set is for, if the stack is as it has to be for that.
fn purpose(
    stack_name: &StackName,
    name: &str,
    kind: &ChangeSetKind,
    stack: Option<&Stack>,
) -> Answer<ChangeSetPurpose> {
    let begun = stack.filter(|stack| stack.state != StackState::ReviewInProgress);
    match (kind, begun) {
        (ChangeSetKind::Create, None) => Ok(ChangeSetPurpose::Create),
        (ChangeSetKind::Create, Some(_)) => Err(invalid(format!(
            "Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}]."
        ))),
        (ChangeSetKind::Update, None) => Err(does_not_exist(stack_name)),
        (_, Some(stack)) if !state::updatable(stack.state) => Err(busy(stack, "updated")),
        (ChangeSetKind::Update, Some(_)) => Ok(ChangeSetPurpose::Update),
        (ChangeSetKind::Import(_), _) => Ok(ChangeSetPurpose::Import),
    }
}

/// CloudFormation has looked at a change set.
pub(in crate::sim) fn change_set_is_due(
    world: &mut World,
    target: &Target,
    name: &StackName,
    id: &str,
) {
    let Some(stack) = find(world, target, name).ok().cloned() else { return };
    let Some(change_set) = stack.change_sets.iter().find(|set| set.id == id) else { return };
    let site = Site { target, name, id: &stack.id };
    let looked = look(world, site, &stack, change_set);
    if let Some(stack) = world.cell_mut(target).stacks.get_mut(name)
        && let Some(change_set) = stack.change_sets.iter_mut().find(|set| set.id == id)
    {
        change_set.imports.clear();
        match looked {
            Ok(Outlook::Changes(imports)) => {
                change_set.status = ChangeSetStatus::Ready;
                change_set.imports = imports;
            }
            // "The submitted information didn't contain changes."
            Ok(Outlook::Nothing) => change_set.status = ChangeSetStatus::Empty,
            Ok(Outlook::Invalid(findings)) => {
                let reason = "Validation failure detected. See DescribeEvents.".to_owned();
                change_set.status = ChangeSetStatus::Failed(reason);
                change_set.findings = findings;
            }
            Err(reason) => change_set.status = ChangeSetStatus::Failed(reason),
        }
    }
}

/// What CloudFormation has seen in a change set.
enum Outlook {
    /// It does something, and imports these.
    Changes(BTreeMap<String, String>),
    /// It does nothing.
    Nothing,
    /// It would fail, for these.
    Invalid(Vec<String>),
}

fn look(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
) -> Evaluation<Outlook> {
    let imports = match change_set.purpose {
        ChangeSetPurpose::Import => {
            return imports::explicit(world, site, stack, change_set).map(Outlook::Changes);
        }
        _ if change_set.imports_existing => imports::automatic(world, site, stack, change_set)?,
        ChangeSetPurpose::Create | ChangeSetPurpose::Update => BTreeMap::new(),
    };
    let found = ChangeSet { imports, ..change_set.clone() };
    let taken = changes::taken_names(world, site, stack, &found)?;
    if !taken.is_empty() {
        return Ok(Outlook::Invalid(taken));
    }
    if found.purpose == ChangeSetPurpose::Update && !differs(world, site, stack, &found.to) {
        return Ok(Outlook::Nothing);
    }
    Ok(Outlook::Changes(found.imports))
}

pub(in crate::sim) async fn execute_change_set(
    aws: &SimulatedCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
    token: &str,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:ExecuteChangeSet"), |world| {
        execute(world, target, stack, name, token)
    })
    .await
}

fn execute(
    world: &mut World,
    target: &Target,
    stack_name: &StackName,
    name: &str,
    token: &str,
) -> Answer<()> {
    let mut stack = find(world, target, stack_name)?.clone();
    if stack.operations.iter().any(|operation| operation.token == token) {
        return Ok(());
    }
    let change_set = named(&stack, name).cloned().ok_or_else(|| not_found(name))?;
    if change_set.status != ChangeSetStatus::Ready {
        let status = match change_set.status {
            ChangeSetStatus::Pending => "CREATE_IN_PROGRESS",
            ChangeSetStatus::Ready => "CREATE_COMPLETE",
            ChangeSetStatus::Empty | ChangeSetStatus::Failed(_) => "FAILED",
        };
        return Err(Refusal::new(
            ErrorKind::Refused,
            "InvalidChangeSetStatus",
            format!("ChangeSet [{name}] cannot be executed in its current status of [{status}]"),
        ));
    }
    if stack.state != StackState::ReviewInProgress && !state::updatable(stack.state) {
        return Err(busy(&stack, "updated"));
    }
    // With the one all others go.
    stack.change_sets.clear();
    let kind = match change_set.purpose {
        ChangeSetPurpose::Create => OperationKind::Create,
        ChangeSetPurpose::Update => OperationKind::Update,
        ChangeSetPurpose::Import => OperationKind::Import,
    };
    let id = stack.id.clone();
    let site = Site { target, name: stack_name, id: &id };
    engine::begin(world, site, stack, kind, token, change_set.to, change_set.imports);
    Ok(())
}

pub(in crate::sim) async fn delete_change_set(
    aws: &SimulatedCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:DeleteChangeSet"), |world| {
        let Some(stack) = world.cell_mut(target).stacks.get_mut(stack) else { return Ok(()) };
        let status = named(stack, name).map(|change_set| &change_set.status);
        if status == Some(&ChangeSetStatus::Pending) {
            return Err(Refusal::new(
                ErrorKind::Refused,
                "InvalidChangeSetStatus",
                format!("ChangeSet [{name}] cannot be deleted in its current status of [CREATE_IN_PROGRESS]"),
            ));
        }
        stack.change_sets.retain(|change_set| change_set.name != name);
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests;
