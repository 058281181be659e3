//! Trails that record the same events twice.
//!
//! The first copy of management events is free in each region; every further one is billed (CloudTrail pricing). An
//! organization trail beside a trail of the account's own is such a further copy.

use serde_json::Value;

use super::context::Context;
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::AccountName;
use crate::plan::tree::AccountPlan;
use crate::template::Resource;

const TRAIL: &str = "AWS::CloudTrail::Trail";

/// An organization trail of the landing zone: the account that has it, and its stack.
pub(in crate::plan) type OrganizationTrail<'a> = (&'a AccountName, String);

/// The landing zone's organization trail. Looks at every account, so it is asked for once in a plan.
pub(in crate::plan) fn organization_trail(desired: &DesiredState) -> Option<OrganizationTrail<'_>> {
    desired.accounts.values().find_map(|account| {
        let stacks = stacks_with(desired, account, is_of_organization);
        Some((&account.name, stacks.first().cloned()?))
    })
}

/// Notes a trail of the account's own beside the organization trail of the same landing zone.
pub(in crate::plan) fn billed_twice(
    context: &Context<'_>,
    organization: Option<&OrganizationTrail<'_>>,
    planned: &mut AccountPlan,
) {
    let Some((account, stack)) = organization else { return };
    let own = stacks_with(context.desired, context.account, |trail| !is_of_organization(trail));
    if let Some(own) = own.first() {
        planned.notes.push(format!(
            "stack {own} and the organization trail of {account} (stack {stack}) record the same \
             management events: the second copy is billed"
        ));
    }
}

/// The stacks of an account with a trail of that kind.
fn stacks_with(
    desired: &DesiredState,
    account: &DesiredAccount,
    kind: fn(&Resource) -> bool,
) -> Vec<String> {
    let has_one = |file| {
        desired.templates.get(file).is_some_and(|template| {
            let mut resources = template.resources().values();
            resources.any(|resource| resource.resource_type == TRAIL && kind(resource))
        })
    };
    let stacks = account.stacks.iter().filter(|stack| has_one(&stack.template));
    stacks.map(|stack| stack.name.to_string()).collect()
}

/// CloudFormation reads the texts of booleans as booleans.
fn is_of_organization(trail: &Resource) -> bool {
    match trail.value.pointer("/Properties/IsOrganizationTrail") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}
