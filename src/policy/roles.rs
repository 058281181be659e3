//! The roles that templates make, by the names that they will have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::desired::{AccountFact, DesiredAccount, DesiredStack, DesiredState, DesiredValue};
use crate::model::Region;
use crate::template::{Deployment, Resource, Template};

pub(super) const ROLE: &str = "AWS::IAM::Role";

/// Characters of a stack's name that the name of a role without a name of its own begins with, at least:
/// CloudFormation cuts long ones, for a role's may have 64.
const KEPT: usize = 20;

/// Path and name of every role that the accounts' stacks make, as far as they are known; the rest is `*`.
pub(super) fn roles<'a>(
    desired: &DesiredState,
    accounts: impl Iterator<Item = &'a DesiredAccount>,
) -> BTreeSet<String> {
    let stacks = accounts.flat_map(|account| &account.stacks);
    let deployments = stacks.flat_map(|stack| stack.regions.iter().map(move |at| (stack, at)));
    let of = |(stack, region): (&DesiredStack, &Region)| {
        let template = desired.templates.get(&stack.template)?;
        Some(of_stack(template, stack, region))
    };
    deployments.filter_map(of).flatten().collect()
}

fn of_stack(template: &Template, stack: &DesiredStack, region: &Region) -> BTreeSet<String> {
    let parameters = known_parameters(stack);
    let deployment =
        Deployment { stack: &stack.name, account: None, region, parameters: &parameters };
    let adoptable = template.adoptable(deployment).into_iter();
    let names: BTreeMap<_, _> = adoptable.map(|one| (one.logical_id, one.name)).collect();
    let made = template.made(deployment).filter(|(_, resource)| resource.resource_type == ROLE);
    let role = |(logical_id, resource): (&str, &Resource)| {
        let name = names.get(logical_id).cloned().flatten();
        let path = match property(resource, "Path") {
            None => "",
            Some(path) => path.as_str()?.trim_start_matches('/'),
        };
        let name = match (name, property(resource, "RoleName")) {
            (Some(name), _) => name,
            (None, Some(_)) => "*".to_owned(),
            (None, None) => {
                let begin: String = stack.name.as_str().chars().take(KEPT).collect();
                format!("{begin}*")
            }
        };
        Some(format!("{path}{name}"))
    };
    made.map(|made| role(made).unwrap_or_else(|| "*".to_owned())).collect()
}

fn property<'a>(resource: &'a Resource, name: &str) -> Option<&'a Value> {
    resource.value.get("Properties")?.get(name)
}

/// The account's id is not known: a policy is one for all of them.
fn known_parameters(stack: &DesiredStack) -> BTreeMap<String, Option<String>> {
    let known = |value: &DesiredValue| match value {
        DesiredValue::Literal(text) => Some(text.clone()),
        DesiredValue::Account(AccountFact::Id)
        | DesiredValue::Secret(_)
        | DesiredValue::TemplateUrl(_)
        | DesiredValue::Output { .. } => None,
    };
    stack.parameters.iter().map(|(name, value)| (name.clone(), known(value))).collect()
}
