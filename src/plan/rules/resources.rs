//! Which resources of a stack differ from what is deployed, and in what.

mod comparison;
mod lists;
mod path;
mod policy;
mod replaced;
mod sameness;
mod sides;
mod statements;

use std::collections::BTreeSet;

use serde_json::Value;

use self::comparison::Comparison;
use self::path::Path;
use self::sides::Sides;
use crate::plan::action::Action;
use crate::plan::difference::{PropertyChange, Replacement};
use crate::plan::step::ResourceChange;
use crate::template::{CreateOnly, DeployedResource, Deployment, Divergence, Template};

/// The attribute that says on what it depends whether there is a resource.
const CONDITION: &str = "Condition";

/// A template, and what it was deployed with or shall be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'a> {
    pub(super) template: &'a Template,
    pub(super) deployment: Deployment<'a>,
}

/// The resources of a stack that is still to be made. One whose condition is known to fail is not among them.
pub(super) fn made(side: Side<'_>) -> Vec<ResourceChange> {
    let made = side.template.made(side.deployment);
    made.map(|(id, resource)| change(id, &resource.resource_type, Action::Create)).collect()
}

/// The resources of a stack that appear, change or disappear, by their logical ids.
pub(super) fn differences(before: Side<'_>, after: Side<'_>) -> Vec<ResourceChange> {
    let sides = Sides::of(before, after);
    let divergence = Divergence::between(&sides.before, &sides.after);
    sides.differences(divergence)
}

/// Where two values of one place of a resource differ. The place is one of CloudFormation's: `/Properties/KeyPolicy`,
/// `/DeletionPolicy`. That it may make the resource anew, CloudFormation itself says.
pub fn differences_of(place: &str, before: &Value, after: &Value) -> Vec<PropertyChange> {
    let names = place.trim_start_matches('/').replace('/', ".");
    let moved = BTreeSet::new();
    let mut comparison = Comparison { create_only: None, moved: &moved, found: Vec::new() };
    match names.strip_prefix("Properties.") {
        Some(property) => comparison.both(&Path::PROPERTIES.key(property), before, after),
        None => comparison.both(&Path::attribute(&names), before, after),
    }
    comparison.in_order()
}

/// Everything that differs in a resource that stays, by its place.
fn properties(
    deployed: &DeployedResource<'_>,
    wanted: &DeployedResource<'_>,
    moved: &BTreeSet<&str>,
) -> Vec<PropertyChange> {
    let create_only = CreateOnly::of(wanted.resource_type);
    let mut comparison = Comparison { create_only, moved, found: Vec::new() };
    comparison.both(&Path::PROPERTIES, &deployed.properties, &wanted.properties);
    let attributes = deployed.attributes.keys().chain(wanted.attributes.keys());
    for name in attributes.collect::<BTreeSet<_>>() {
        // What may leave is told apart from what only changes.
        if name == CONDITION && wanted.attributes.contains_key(CONDITION) {
            continue;
        }
        let [before, after] =
            [deployed, wanted].map(|of| of.attributes.get(name).map(|value| listed(name, value)));
        comparison.compare(&Path::attribute(name), before.as_ref(), after.as_ref());
    }
    comparison.found
}

/// The value of an attribute. What a resource depends on has no order, and may be one name without a list.
fn listed(name: &str, value: &Value) -> Value {
    if name != "DependsOn" {
        return value.clone();
    }
    let mut names = policy::elements_of(value);
    names.sort_by_key(|name| sameness::identity(name));
    names.into_iter().cloned().collect()
}

fn change(logical_id: &str, resource_type: &str, action: Action) -> ResourceChange {
    ResourceChange {
        logical_id: logical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        action,
        replacement: Replacement::Never,
        retained: false,
        properties: Vec::new(),
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod shortcut_tests;
#[cfg(test)]
mod tests;
