//! What a change set would do, and what speaks against it before anything is deployed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::deployment::{retains, with_scope};
use super::exclusive::exclusive;
use super::identity::name_of;
use super::reference;
use super::scope::{Evaluation, Scope, Site};
use crate::cloud::{ChangeAction, ChangedResource, ChangedValue, Recreation};
use crate::sim::existing;
use crate::sim::world::{ChangeSet, DeployedResource, Stack, World};
use crate::template::{CreateOnly, Resource, Template};

/// What CloudFormation writes for a value that only the deployment will tell.
const LATER: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// The changes of a change set, each after those that it depends on, then what leaves the stack.
pub(super) fn changes(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
) -> Evaluation<Vec<ChangedResource>> {
    let before = deployed(world, site, stack)?;
    let mut changes = Vec::new();
    let active = each(world, site, stack, change_set, |id, resource, now| {
        let seen = stack.resources.iter().find(|seen| seen.logical_id == id);
        let change = match (seen, change_set.imports.get(id)) {
            (Some(seen), _) => modified(seen, resource, before.get(id), now),
            (None, Some(physical_id)) => {
                Some(of(ChangeAction::Import, id, resource, Some(physical_id.clone())))
            }
            (None, None) => Some(of(ChangeAction::Add, id, resource, None)),
        };
        let recreation = change.as_ref().map_or(Recreation::Never, |change| change.recreation);
        changes.extend(change);
        recreation
    })?;
    let gone = stack.resources.iter().filter(|seen| !active.contains(&seen.logical_id));
    changes.extend(gone.map(|seen| ChangedResource {
        action: ChangeAction::Remove,
        logical_id: seen.logical_id.clone(),
        resource_type: seen.resource_type.clone(),
        physical_id: Some(seen.physical_id.clone()),
        recreation: Recreation::Never,
        scope: Vec::new(),
        policy_action: Some(if seen.retained { "Retain" } else { "Delete" }.to_owned()),
        details: Vec::new(),
    }));
    Ok(changes)
}

/// The names of new resources that somebody has already, a finding each (`NAME_CONFLICT_VALIDATION`).
pub(super) fn taken_names(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
) -> Evaluation<Vec<String>> {
    let mut wanted = Vec::new();
    each(world, site, stack, change_set, |id, resource, now| {
        let rule = exclusive(&resource.resource_type).filter(|rule| !rule.single());
        let name = rule.and_then(|rule| Some((rule.name, now.get(rule.name)?.as_str()?)));
        let is_new = !stack.resources.iter().any(|seen| seen.logical_id == id)
            && !change_set.imports.contains_key(id);
        if let Some((property, name)) = name.filter(|_| is_new) {
            let kind = resource.resource_type.clone();
            wanted.push((id.to_owned(), kind, property, name.to_owned()));
        }
        Recreation::Never
    })?;
    let taken = |(id, kind, property, name): &(String, String, &str, String)| {
        let found = existing::find(world, site.target, kind, Some(name))
            .is_some_and(|found| name_of(kind, &found.identifier) == name_of(kind, name));
        let bucket = kind == "AWS::S3::Bucket" && world.buckets.contains_key(name);
        (found || bucket).then(|| {
            format!(
                "{id} /Resources/{id}/Properties/{property}: Resource of type '{kind}' with identifier \
                 '{name}' already exists."
            )
        })
    };
    Ok(wanted.iter().filter_map(taken).collect())
}

/// Goes through the resources in the order in which they would be made, with their properties as far as they can be
/// known. `look` answers whether the resource is made anew: what refers to it is then known later.
fn each(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
    mut look: impl FnMut(&str, &Resource, &Value) -> Recreation,
) -> Evaluation<BTreeSet<String>> {
    let read = world.templates.get(&change_set.to.template)?;
    let template: &Template = &read.template;
    let mut scope = Scope {
        template,
        digest: read.digest.as_deref(),
        site,
        parameters: &change_set.to.parameters,
        exports: &world.cell_mut(site.target).exports,
        made: BTreeMap::new(),
    };
    let active = scope.active()?;
    for id in reference::order(template, &active)? {
        let resource = &template.resources()[id];
        let recreation = look(id, resource, &scope.properties(resource)?);
        let seen = stack.resources.iter().find(|seen| seen.logical_id == id);
        let physical_id = match (seen, change_set.imports.get(id)) {
            (Some(seen), _) if recreation != Recreation::Always => &seen.physical_id,
            (None, Some(physical_id)) => physical_id,
            _ => LATER,
        };
        let made = DeployedResource {
            logical_id: id.to_owned(),
            resource_type: resource.resource_type.clone(),
            physical_id: physical_id.to_owned(),
            properties: 0,
            retained: retains(resource, "DeletionPolicy"),
        };
        scope.made.insert(id.to_owned(), made);
    }
    Ok(active.into_iter().map(ToOwned::to_owned).collect())
}

/// The properties with which each resource of the stack was deployed.
fn deployed(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
) -> Evaluation<BTreeMap<String, Value>> {
    with_scope(world, site, stack, &stack.deployed, |scope| {
        let ids = stack.resources.iter().map(|seen| &seen.logical_id);
        let known = ids.filter_map(|id| Some((id, scope.template.resources().get(id)?)));
        known.map(|(id, resource)| Ok((id.clone(), scope.properties(resource)?))).collect()
    })
}

fn of(
    action: ChangeAction,
    id: &str,
    resource: &Resource,
    physical_id: Option<String>,
) -> ChangedResource {
    ChangedResource {
        action,
        logical_id: id.to_owned(),
        resource_type: resource.resource_type.clone(),
        physical_id,
        recreation: Recreation::Never,
        scope: Vec::new(),
        policy_action: None,
        details: Vec::new(),
    }
}

/// How a resource that stays in the stack changes, property by property; `None` if it does not.
fn modified(
    seen: &DeployedResource,
    resource: &Resource,
    before: Option<&Value>,
    now: &Value,
) -> Option<ChangedResource> {
    let keys = |value: Option<&Value>| -> BTreeSet<String> {
        value.and_then(Value::as_object).into_iter().flat_map(|all| all.keys().cloned()).collect()
    };
    let mut details = Vec::new();
    for key in keys(before).union(&keys(Some(now))) {
        let (was, is) = (before.and_then(|before| before.get(key)), now.get(key));
        if was != is {
            details.push(ChangedValue {
                path: format!("/Properties/{key}"),
                before: was.map(text),
                after: is.map(text),
                recreation: recreation(&resource.resource_type, key, is),
            });
        }
    }
    let recreation = details.iter().map(|detail| detail.recreation).max()?;
    let kept = retains(resource, "UpdateReplacePolicy");
    let policy = if kept { "ReplaceAndRetain" } else { "ReplaceAndDelete" };
    Some(ChangedResource {
        recreation,
        scope: vec!["Properties".to_owned()],
        policy_action: (recreation == Recreation::Always).then(|| policy.to_owned()),
        details,
        ..of(ChangeAction::Modify, &seen.logical_id, resource, Some(seen.physical_id.clone()))
    })
}

/// What a changed property does to its resource. A value that is known later may turn out to be the same.
fn recreation(resource_type: &str, property: &str, now: Option<&Value>) -> Recreation {
    let known = now.is_none_or(|now| !now.to_string().contains(LATER));
    let Some(create_only) = CreateOnly::of(resource_type) else { return Recreation::Never };
    let has = |paths: &[Vec<&str>]| paths.iter().any(|path| path.as_slice() == [property]);
    if has(&create_only.always) && known {
        Recreation::Always
    } else if has(&create_only.always) || has(&create_only.maybe) {
        Recreation::Conditionally
    } else {
        Recreation::Never
    }
}

/// As CloudFormation writes values: a text as it is, everything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
