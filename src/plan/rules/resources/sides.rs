//! Two deployments of a stack, resource by resource.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::path::Path;
use super::{CONDITION, Side, change, properties};
use crate::plan::action::Action;
use crate::plan::difference::{PropertyChange, Replacement};
use crate::plan::step::ResourceChange;
use crate::template::{Deployed, DeployedResource, Divergence, Resource};

/// Two deployments side by side.
pub(super) struct Sides<'a> {
    pub(super) before: Deployed<'a>,
    pub(super) after: Deployed<'a>,
    /// Every resource of either template as it is written, before and after.
    written: BTreeMap<&'a str, [Option<&'a Resource>; 2]>,
    /// Parameters that stand for another value, although that is not known.
    stored: BTreeSet<&'a str>,
}

impl<'a> Sides<'a> {
    pub(super) fn of(before: Side<'a>, after: Side<'a>) -> Self {
        let [here, there] = [before, after].map(|side| side.template.resources());
        let ids = here.keys().chain(there.keys());
        let written =
            ids.map(|id| (id.as_str(), [here.get(id), there.get(id)])).collect::<BTreeMap<_, _>>();
        let stored = moved_parameters(before, after);
        let [before, after] = [before, after].map(|side| side.template.deployed(side.deployment));
        Self { before, after, written, stored }
    }

    /// What differs. Only resources that are not written alike, or that `divergence` reaches, are looked at.
    pub(super) fn differences(&self, mut divergence: Divergence<'a>) -> Vec<ResourceChange> {
        let mut moved = self.stored.clone();
        divergence.add(moved.iter().copied());
        loop {
            let looked_at = self.written.iter().filter(|(_, written)| match written {
                [Some(before), Some(after)] if before.value == after.value => {
                    divergence.reaches(&before.value)
                }
                _ => true,
            });
            let found: BTreeMap<&str, ResourceChange> = looked_at
                .filter_map(|(id, _)| Some((*id, self.difference(id, &moved, &divergence)?)))
                .collect();
            // Whatever refers to a resource that is made anew changes, too, and so on. Nobody knows the new value, so
            // that nothing further is made anew for certain.
            let replaced = found.iter().filter(|(_, change)| !change.replacement.is_never());
            let mut anew = replaced.map(|(id, _)| *id).filter(|id| !moved.contains(id)).peekable();
            if anew.peek().is_none() {
                drop(anew);
                return found.into_values().collect();
            }
            let anew: Vec<_> = anew.collect();
            moved.extend(&anew);
            divergence.add(anew);
        }
    }

    fn difference(
        &self,
        logical_id: &str,
        moved: &BTreeSet<&str>,
        divergence: &Divergence<'_>,
    ) -> Option<ResourceChange> {
        let (deployed, wanted) =
            (self.before.resource(logical_id), self.after.resource(logical_id));
        let (deployed, wanted) = match (&deployed, &wanted) {
            (Some(deployed), Some(wanted)) => (deployed, wanted),
            (None, Some(wanted)) => {
                return Some(change(logical_id, wanted.resource_type, Action::Create));
            }
            (Some(deployed), None) => {
                let change = change(logical_id, deployed.resource_type, Action::Delete);
                return Some(ResourceChange { retained: is_kept(deployed), ..change });
            }
            (None, None) => return None,
        };
        if deployed.resource_type != wanted.resource_type {
            // CloudFormation refuses to change a resource's type: it is deleted and made anew.
            let replacement = Replacement::Always;
            let change = change(logical_id, wanted.resource_type, Action::Replace);
            return Some(ResourceChange { replacement, ..change });
        }
        let mut properties = properties(deployed, wanted, moved);
        let replaced = properties.iter().map(|property| property.replacement).max();
        let leaving = leaving(deployed, wanted, divergence);
        properties.extend(leaving.clone());
        // Of one place, what disappears comes before what appears.
        properties.sort_by(|one, other| one.path.cmp(&other.path));
        let replacement = properties.iter().map(|property| property.replacement).max()?;
        let action =
            if replacement == Replacement::Always { Action::Replace } else { Action::Update };
        let stays =
            replaced.unwrap_or_default().is_never() || is_kept_when_replaced(deployed, wanted);
        let retained = !replacement.is_never() && stays && (leaving.is_none() || is_kept(deployed));
        let change = change(logical_id, wanted.resource_type, action);
        Some(ResourceChange { replacement, retained, properties, ..change })
    }
}

/// Whether CloudFormation leaves a resource as it is when it is no longer in its stack. The template that the stack
/// has decides.
fn is_kept(deployed: &DeployedResource<'_>) -> bool {
    let policy = deployed.attributes.get("DeletionPolicy").and_then(Value::as_str);
    // The second one deletes only what an operation has made that is rolled back.
    matches!(policy, Some("Retain" | "RetainExceptOnCreate"))
}

/// Whether CloudFormation leaves what is there as it is when it is replaced.
fn is_kept_when_replaced(deployed: &DeployedResource<'_>, wanted: &DeployedResource<'_>) -> bool {
    // AWS does not say which of the two templates decides.
    let policies = [deployed, wanted].map(|side| side.attributes.get("UpdateReplacePolicy"));
    policies.iter().all(|policy| policy.is_some_and(|policy| policy == "Retain"))
}

/// That a resource which is there now may have to leave the stack: nobody can know yet whether its condition holds.
fn leaving(
    deployed: &DeployedResource<'_>,
    wanted: &DeployedResource<'_>,
    divergence: &Divergence<'_>,
) -> Option<PropertyChange> {
    let [before, after] = [deployed, wanted].map(|side| side.attributes.get(CONDITION));
    let after = after?;
    let turns = after.as_str().is_some_and(|condition| divergence.turns(condition));
    (turns || before != Some(after)).then(|| PropertyChange {
        path: Path::attribute(CONDITION).to_string(),
        before: before.cloned(),
        after: Some(after.clone()),
        replacement: Replacement::Maybe,
    })
}

/// Parameters that stand for values in Systems Manager, and by now for other ones.
fn moved_parameters<'a>(before: Side<'a>, after: Side<'a>) -> BTreeSet<&'a str> {
    let name_of = |side: Side<'a>, name: &str| {
        let parameter = side.template.parameters().get(name)?;
        let given = side.deployment.parameters.get(name).cloned();
        given.unwrap_or_else(|| parameter.default.clone())
    };
    let stored = after.template.parameters().iter().filter(|(_, known)| known.is_stored());
    stored
        .map(|(name, _)| name.as_str())
        .filter(|name| name_of(before, name) != name_of(after, name))
        .collect()
}
