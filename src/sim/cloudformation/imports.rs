//! What a change set may import, and what CloudFormation says if it may not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::check::invalid;
use super::deployment::{fingerprint, retains, with_scope};
use super::identity::name_of;
use super::importable::importable;
use super::scope::{Evaluation, Site};
use crate::cloud::{ExistingResource, ResourceOwner, ResourceToImport};
use crate::sim::existing;
use crate::sim::refusal::Answer;
use crate::sim::world::{ChangeSet, DeployedResource, Stack, World};
use crate::template::Template;

/// What `CreateChangeSet` refuses at once: answers the identifiers by logical id.
pub(super) fn requested(
    stack: Option<&Stack>,
    template: &Template,
    wanted: &BTreeSet<ResourceToImport>,
) -> Answer<BTreeMap<String, String>> {
    if wanted.is_empty() {
        return Err(invalid("ResourcesToImport must be specified for an IMPORT change set"));
    }
    let kinds = |bad: &dyn Fn(&ResourceToImport) -> bool| -> Vec<&str> {
        wanted.iter().filter(|one| bad(one)).map(|one| one.resource_type.as_str()).collect()
    };
    let unsupported = kinds(&|one| importable(&one.resource_type).is_none());
    if !unsupported.is_empty() {
        let types = unsupported.join(", ");
        return Err(invalid(format!("ResourceTypes [{types}] are not supported for Import")));
    }
    let mut identifiers = BTreeMap::new();
    for one in wanted {
        let ResourceToImport { logical_id, resource_type, identifier } = one;
        let resource = template.resources().get(logical_id);
        let Some(resource) = resource.filter(|found| found.resource_type == *resource_type) else {
            return Err(invalid(format!(
                "Resource {logical_id} of type {resource_type} is not in the template"
            )));
        };
        if resource.value.get("DeletionPolicy").is_none() {
            return Err(invalid(format!(
                "Resources [{logical_id}] to import must have DeletionPolicy attribute specified in \
                 the template."
            )));
        }
        let property = importable(resource_type).map_or("", |rule| rule.identifier);
        let Some(value) = identifier.get(property).filter(|_| identifier.len() == 1) else {
            return Err(invalid(format!(
                "Invalid identifier for resource {logical_id} of type {resource_type}: expected \
                 [{property}]"
            )));
        };
        if stack.is_some_and(|stack| of(stack, logical_id).is_some()) {
            return Err(invalid(format!("Resource {logical_id} is in the stack already")));
        }
        identifiers.insert(logical_id.clone(), value.clone());
    }
    Ok(identifiers)
}

fn of<'a>(stack: &'a Stack, logical_id: &str) -> Option<&'a DeployedResource> {
    stack.resources.iter().find(|resource| resource.logical_id == logical_id)
}

/// Looks at an import: it may do nothing but import resources that are there and in no stack. Answers their
/// physical ids, or why the change set fails.
pub(super) fn explicit(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
) -> Evaluation<BTreeMap<String, String>> {
    let read = world.templates.get(&change_set.to.template)?;
    let mut imports = BTreeMap::new();
    for (logical_id, identifier) in &change_set.imports {
        let resource_type = &read.template.resources()[logical_id].resource_type;
        let found = existing::find(world, site.target, resource_type, Some(identifier));
        let found = found.filter(|found| is_it(found, identifier)).ok_or_else(|| {
            format!(
                "Resource of type '{resource_type}' with identifier '{identifier}' was not found."
            )
        })?;
        in_no_stack(&found)?;
        imports.insert(logical_id.clone(), found.identifier);
    }
    // With the imported resources in place the template must be what the stack is.
    let mut whole = stack.clone();
    whole.resources.extend(imports.iter().map(|(logical_id, physical_id)| DeployedResource {
        logical_id: logical_id.clone(),
        resource_type: read.template.resources()[logical_id].resource_type.clone(),
        physical_id: physical_id.clone(),
        properties: 0,
        retained: true,
    }));
    with_scope(world, site, &whole, &change_set.to, |scope| {
        let active = scope.active()?;
        let (mut missing, mut modified) = (Vec::new(), Vec::new());
        for id in &active {
            match of(stack, id) {
                _ if imports.contains_key(*id) => {}
                None => missing.push(*id),
                Some(before) => {
                    let now = scope.properties(&scope.template.resources()[*id])?;
                    if fingerprint(&now) != before.properties {
                        modified.push(*id);
                    }
                }
            }
        }
        let gone = stack.resources.iter().map(|before| before.logical_id.as_str());
        modified.extend(gone.filter(|id| !active.contains(id)));
        if !missing.is_empty() {
            let names = missing.join(", ");
            return Err(format!("Resources [{names}] is missing from ResourceToImport list"));
        }
        if !modified.is_empty() {
            return Err(format!(
                "You have modified resources [{}] in your template that are not being imported. Update, \
                 create or delete operations cannot be executed during import operations.",
                modified.join(", ")
            ));
        }
        if scope.outputs()?.0 != stack.outputs {
            return Err(
                "As part of the import operation, you cannot modify or add [Outputs]".into()
            );
        }
        Ok(())
    })?;
    Ok(imports)
}

/// What `ImportExistingResources` finds: resources whose name the template gives as a plain text.
pub(super) fn automatic(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    change_set: &ChangeSet,
) -> Evaluation<BTreeMap<String, String>> {
    let read = world.templates.get(&change_set.to.template)?;
    let active: BTreeSet<String> = with_scope(world, site, stack, &change_set.to, |scope| {
        Ok(scope.active()?.into_iter().map(ToOwned::to_owned).collect())
    })?;
    let mut imports = BTreeMap::new();
    let mut unprotected = Vec::new();
    for (logical_id, resource) in read.template.resources() {
        let rule = importable(&resource.resource_type).filter(|rule| rule.by_name);
        let Some(rule) = rule.filter(|_| active.contains(logical_id)) else { continue };
        let properties = resource.value.get("Properties");
        let name = properties.and_then(|all| all.get(rule.identifier)).and_then(Value::as_str);
        let Some(name) = name.filter(|_| of(stack, logical_id).is_none()) else { continue };
        let found = existing::find(world, site.target, &resource.resource_type, Some(name));
        let Some(found) = found.filter(|found| is_it(found, name)) else { continue };
        in_no_stack(&found)?;
        if !retains(resource, "DeletionPolicy") {
            unprotected.push(format!("{logical_id} ({{{}={name}}})", rule.identifier));
        }
        imports.insert(logical_id.clone(), found.identifier);
    }
    if unprotected.is_empty() {
        return Ok(imports);
    }
    Err(format!(
        "CloudFormation is attempting to import some resources because they already exist in your \
         account. The resources must have the DeletionPolicy attribute set to 'Retain' or \
         'RetainExceptOnCreate' in the template for successful import. The affected resources are {}",
        unprotected.join(", ")
    ))
}

/// Of a type that there is once, whatever is there is found: it must be the one that was meant.
fn is_it(found: &ExistingResource, identifier: &str) -> bool {
    let name = |id| name_of(&found.resource_type, id);
    name(&found.identifier) == name(identifier)
}

fn in_no_stack(found: &ExistingResource) -> Evaluation<()> {
    let ExistingResource { resource_type, identifier, owner, .. } = found;
    match owner {
        ResourceOwner::Stack(stack) => Err(format!(
            "Resource of type '{resource_type}' with identifier '{identifier}' already belongs to stack \
             {stack}"
        )),
        ResourceOwner::Nobody | ResourceOwner::Organization(_) | ResourceOwner::Service(_) => {
            Ok(())
        }
    }
}
