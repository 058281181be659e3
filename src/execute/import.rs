//! A stack that takes over what is there.
//!
//! CloudFormation knows two ways. What the template calls by a plain name is imported by a change set that makes
//! the rest of the stack as well. What only AWS has named, or a function names, needs a change set that does
//! nothing else, and takes the others along; the whole template then comes as an update.
//! A run that dies in between leaves a stack that the next plan finds and updates.

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::values::Operation;
use super::{change_set, stack, values};
use crate::cloud::{ChangeSetKind, CloudWriter, ResourceToImport, StackInput, StackState};
use crate::model::{Target, TemplateFile};
use crate::plan::{ImportedResource, StackChange};
use crate::template::{Digest, Subset, Takeover, Template};

/// Makes a stack out of resources that are there and resources that are not. `replaces` is the state of a stack
/// that is deleted first.
pub(super) async fn import<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    imports: &[ImportedResource],
    replaces: Option<StackState>,
) -> StepResult {
    let name = &change.stack;
    match run.cloud.stack(target, name).await? {
        // A stack that was never made has nothing in it, and takes another change set.
        None => {}
        Some(seen)
            if matches!(seen.state, StackState::ReviewInProgress | StackState::DeleteComplete) => {}
        // A stack that failed in another way than was shown may have something in it.
        Some(seen) if replaces == Some(seen.state) => {
            stack::delete_failed(run, at, target, &seen).await?;
        }
        Some(seen) => {
            return Err(StepError::Changed(format!("stack {name} is {} now", seen.state)));
        }
    }
    let template = read(&change.template, run.artifacts.body(&change.template)?)?;
    if all_by_name(&template, imports) {
        let whole = stack::input(run, at, target, change, Operation::Create).await?;
        let kind = ChangeSetKind::Create;
        something(change_set::apply(run, at, target, kind, whole, imports).await?)?;
        // A change set cannot turn it on.
        run.cloud.protect_stack(target, name, true).await?;
        return Ok(Done::Changed);
    }
    // All of them: what is left for the update would stand in the way of the next run's, if this one dies here.
    let part = part(run, at, target, change, &template, imports).await?;
    let kind = kind(imports);
    something(change_set::apply(run, at, target, kind, part, imports).await?)?;
    run.cloud.protect_stack(target, name, true).await?;
    stack::update(run, at, target, change).await?;
    Ok(Done::Changed)
}

/// A stack is not made of nothing: whatever the change set was to hold is not to be had any more.
fn something(done: Done) -> Result<(), StepError> {
    match done {
        Done::Changed | Done::LookAgain | Done::Postponed(_) => Ok(()),
        Done::Unchanged => {
            Err(StepError::Changed("there is nothing to make or to import".to_owned()))
        }
    }
}

/// A template, as it is sent.
pub(super) fn read(file: &TemplateFile, body: &str) -> Result<Template, StepError> {
    Template::of_body(body)
        .map_err(|why| StepError::MissingValue { what: format!("template {file}"), why })
}

/// Whether a change set that makes the stack finds everything that there is to import.
pub(super) fn all_by_name(template: &Template, imports: &[ImportedResource]) -> bool {
    imports.iter().all(|import| template.takeover(&import.logical_id) == Takeover::ByName)
}

/// A change set that does nothing but import.
pub(super) fn kind(imports: &[ImportedResource]) -> ChangeSetKind {
    ChangeSetKind::Import(imports.iter().map(to_import).collect())
}

/// The part of the template that such a change set may have.
pub(super) fn subset(template: &Template, imports: &[ImportedResource]) -> Subset {
    template.subset(&imports.iter().map(|import| import.logical_id.as_str()).collect())
}

/// The stack as an import makes it: the imported resources and nothing else.
async fn part<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    change: &StackChange,
    template: &Template,
    imports: &[ImportedResource],
) -> Result<StackInput, StepError> {
    let subset = subset(template, imports);
    let (file, digest) = (&change.template, Digest::of_text(&subset.body));
    let mut parameters = values::parameters(run, at, change, Operation::Import).await?;
    parameters.retain(|name, _| subset.parameters.contains(name));
    Ok(StackInput {
        name: change.stack.clone(),
        template: run.artifacts.location(run.cloud, file, &digest, &subset.body).await?,
        parameters,
        capabilities: change.capabilities.clone(),
        token: stack::token(
            run.id,
            target,
            &change.stack,
            Operation::Import.word(),
            digest.as_str(),
        ),
    })
}

fn to_import(import: &ImportedResource) -> ResourceToImport {
    ResourceToImport {
        logical_id: import.logical_id.clone(),
        resource_type: import.resource_type.clone(),
        identifier: import.identifier.clone(),
    }
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
