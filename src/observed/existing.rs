//! What is there already of stacks that are still to be made.

use std::collections::BTreeMap;

use super::reading::Reading;
use super::shared::Shared;
use super::state::{FoundResource, ObservedStack};
use crate::cloud::{CloudReader, Result, StackState};
use crate::desired::{AccountFact, DesiredStack, DesiredValue};
use crate::model::{StackName, Target};
use crate::template::{Deployment, Template};

/// The type of which an organization may have one for all accounts.
const TRAIL: &str = "AWS::CloudTrail::Trail";

/// What was found in one region.
#[derive(Debug, Default)]
pub(super) struct Existing {
    /// The resources, by the stack that would make them.
    pub(super) resources: BTreeMap<StackName, Result<Vec<FoundResource>>>,
    /// The organization's trails that record there, if a further one is still to be made.
    pub(super) organization_trails: Vec<String>,
}

/// Looks for the resources of those of `wanted` that are not among `stacks`, or only as something that will be
/// made anew. Of a stack that is there nothing is asked: an account at rest costs no call.
pub(super) async fn read_existing<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    wanted: &[(&DesiredStack, &Template)],
    stacks: &BTreeMap<StackName, Shared<ObservedStack>>,
) -> Existing {
    let mut found = Existing::default();
    let mut makes_a_trail = false;
    for (stack, template) in wanted {
        if !stacks.get(&stack.name).is_none_or(|seen| is_to_be_made(seen.stack.state)) {
            continue;
        }
        let parameters = known_parameters(stack, target);
        let deployment = Deployment {
            stack: &stack.name,
            account: Some(&target.account),
            region: &target.region,
            parameters: &parameters,
        };
        makes_a_trail |= template.may_make_any(TRAIL, deployment);
        let resources = look_for(reading, target, template, deployment).await;
        found.resources.insert(stack.name.clone(), resources);
    }
    if makes_a_trail {
        // They are worth a note, and no more: not to be told of them keeps no stack from being made.
        let trails = reading.ask(reading.cloud.organization_trails(target)).await;
        found.organization_trails = trails.unwrap_or_default();
    }
    found
}

/// Whether nothing can be done with a stack in that state but to make it anew.
fn is_to_be_made(state: StackState) -> bool {
    matches!(
        state,
        StackState::DeleteComplete
            | StackState::ReviewInProgress
            | StackState::RollbackComplete
            | StackState::RollbackFailed
            | StackState::CreateFailed
    )
}

async fn look_for<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    template: &Template,
    deployment: Deployment<'_>,
) -> Result<Vec<FoundResource>> {
    let mut found = Vec::new();
    for adoptable in template.adoptable(deployment) {
        let once = adoptable.adoptable_type.once;
        let name = adoptable.name.as_deref().filter(|_| !once);
        let resource_type = adoptable.adoptable_type.resource_type;
        let existing = reading.cloud.existing_resource(target, resource_type, name);
        if let Some(existing) = reading.ask(existing).await? {
            found.push(FoundResource {
                logical_id: adoptable.logical_id,
                wanted_name: adoptable.name,
                existing,
            });
        }
    }
    Ok(found)
}

/// The parameters that need no stack to be known.
fn known_parameters(stack: &DesiredStack, target: &Target) -> BTreeMap<String, Option<String>> {
    let known = |value: &DesiredValue| match value {
        DesiredValue::Literal(text) => Some(text.clone()),
        DesiredValue::Account(AccountFact::Id) => Some(target.account.to_string()),
        DesiredValue::Secret(_) | DesiredValue::TemplateUrl(_) | DesiredValue::Output { .. } => {
            None
        }
    };
    stack.parameters.iter().map(|(name, value)| (name.clone(), known(value))).collect()
}
