//! From a template and parameters to resources, outputs and exports.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::exclusive::handler;
use super::scope::{Evaluation, Scope, Site};
use super::{effects, reference};
use crate::cloud::ResourceFailure;
use crate::model::Target;
use crate::sim::world::{
    DeployedResource, Deployment, Export, ReadTemplate, Stack, UnderWay, World, hex,
};
use crate::template::{Resource, Template};

/// Why a deployment failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// A resource failed.
    Resource(ResourceFailure),
    /// The stack as a whole did, which only its state's reason tells.
    Stack(String),
}

/// What a stack has become.
struct Deployed {
    resources: Vec<DeployedResource>,
    outputs: BTreeMap<String, String>,
    exports: BTreeMap<String, Export>,
}

/// Makes and changes resources until the stack is what its operation wants it to be, or one of them fails.
pub(super) fn deploy(world: &mut World, site: Site<'_>, stack: &mut Stack) -> Result<(), Fault> {
    // A stack that was arranged to be at it has nothing to do.
    let Some(mut work) = stack.under_way.take() else { return Ok(()) };
    let result = carry_out(world, site, stack, &mut work).map(|deployed| {
        stack.resources = deployed.resources;
        stack.outputs = deployed.outputs;
        stack.deployed = work.to.clone();
        let exports = &mut world.cell_mut(site.target).exports;
        exports.retain(|_, export| export.stack != *site.name);
        exports.extend(deployed.exports);
    });
    stack.under_way = Some(work);
    result
}

fn carry_out(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    work: &mut UnderWay,
) -> Result<Deployed, Fault> {
    let read = world.templates.get(&work.to.template).map_err(Fault::Stack)?;
    let ReadTemplate { template, digest, .. } = &*read;
    let exports = world.cell_mut(site.target).exports.clone();
    let parameters = work.to.parameters.clone();
    let mut scope = Scope {
        template,
        digest: digest.as_deref(),
        site,
        parameters: &parameters,
        exports: &exports,
        made: BTreeMap::new(),
    };
    let active = scope.active().map_err(Fault::Stack)?;
    for id in reference::order(template, &active).map_err(Fault::Stack)? {
        let resource = &template.resources()[id];
        let ensured = companion(world, site.target, template, &active, resource)
            .and_then(|()| ensure(world, &scope, stack, work, id, resource))
            .map_err(|reason| failure(id, &resource.resource_type, reason))
            .map_err(Fault::Resource)?;
        scope.made.insert(id.to_owned(), ensured);
    }
    let gone = |old: &&DeployedResource| !active.contains(old.logical_id.as_str()) && !old.retained;
    work.obsolete.extend(stack.resources.iter().filter(gone).cloned());
    let (outputs, exported) = scope.outputs().map_err(Fault::Stack)?;
    let foreign = |(name, _): &(&String, &String)| {
        exports.get(*name).is_some_and(|export| export.stack != *site.name)
    };
    if let Some((name, _)) = exported.iter().find(foreign) {
        let owner = &exports[name].stack;
        return Err(Fault::Stack(format!(
            "Export with name {name} is already exported by stack {owner}"
        )));
    }
    let export = |(name, value)| (name, Export { stack: site.name.clone(), value });
    Ok(Deployed {
        resources: scope.made.into_values().collect(),
        outputs,
        exports: exported.into_iter().map(export).collect(),
    })
}

/// Keeps a resource, changes it, or makes it: then its predecessor, if there is one, goes in the cleanup.
fn ensure(
    world: &mut World,
    scope: &Scope<'_>,
    stack: &Stack,
    work: &mut UnderWay,
    id: &str,
    resource: &Resource,
) -> Evaluation<DeployedResource> {
    let kind = &resource.resource_type;
    let properties = scope.properties(resource)?;
    let before = stack.resources.iter().find(|before| before.logical_id == id);
    let mut ensured = DeployedResource {
        logical_id: id.to_owned(),
        resource_type: kind.clone(),
        physical_id: before.map(|before| before.physical_id.clone()).unwrap_or_default(),
        properties: fingerprint(&properties),
        retained: retains(resource, "DeletionPolicy"),
    };
    match before {
        None if work.imports.contains_key(id) => {
            ensured.physical_id.clone_from(&work.imports[id]);
            effects::take_over(world, scope.site.target, kind, &ensured.physical_id);
        }
        Some(before) if before.properties == ensured.properties => {}
        Some(before) if !effects::replaces(before, &properties) => {
            effects::modify(world, scope.site, before, &properties)?;
            work.changed.push(id.to_owned());
        }
        predecessor => {
            ensured.physical_id = effects::create(world, scope.site, id, kind, &properties)?;
            work.made.push(ensured.clone());
            let kept = retains(resource, "UpdateReplacePolicy");
            work.obsolete.extend(predecessor.filter(|_| !kept).cloned());
        }
    }
    Ok(ensured)
}

/// Config wants its recorder and its delivery channel in one stack, or one of them there before.
fn companion(
    world: &mut World,
    target: &Target,
    template: &Template,
    active: &BTreeSet<&str>,
    resource: &Resource,
) -> Evaluation<()> {
    let (other, error) = match resource.resource_type.as_str() {
        "AWS::Config::ConfigurationRecorder" => (
            "AWS::Config::DeliveryChannel",
            "Delivery channel is not available to start configuration recorder.",
        ),
        "AWS::Config::DeliveryChannel" => (
            "AWS::Config::ConfigurationRecorder",
            "Configuration recorder is not available to put delivery channel.",
        ),
        _ => return Ok(()),
    };
    let beside = active.iter().any(|id| template.resources()[*id].resource_type == other);
    if beside || world.cell_mut(target).claims.count(other) > 0 {
        return Ok(());
    }
    Err(handler(error, "NotStabilized"))
}

/// Whether the deployment would change anything about the stack.
pub(super) fn differs(world: &mut World, site: Site<'_>, stack: &Stack, to: &Deployment) -> bool {
    if stack.deployed.parameters != to.parameters {
        return true;
    }
    stack.deployed.template != to.template
        && with_scope(world, site, stack, to, |scope| same(scope, stack)) != Ok(true)
}

fn same(scope: &Scope<'_>, stack: &Stack) -> Evaluation<bool> {
    let active = scope.active()?;
    if active.len() != stack.resources.len() {
        return Ok(false);
    }
    for before in &stack.resources {
        let now = scope.template.resources().get(&before.logical_id);
        let Some(now) = now.filter(|_| active.contains(before.logical_id.as_str())) else {
            return Ok(false);
        };
        if fingerprint(&scope.properties(now)?) != before.properties {
            return Ok(false);
        }
    }
    Ok(scope.outputs()?.0 == stack.outputs)
}

/// The properties with which the stack's resource was last deployed.
pub(super) fn properties_before(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    logical_id: &str,
) -> Evaluation<Value> {
    with_scope(world, site, stack, &stack.deployed, |scope| {
        let resource = scope.template.resources().get(logical_id);
        scope.properties(resource.ok_or("the resource is not in the template")?)
    })
}

/// Evaluates something while the stack's resources are as they are now.
pub(super) fn with_scope<T>(
    world: &mut World,
    site: Site<'_>,
    stack: &Stack,
    deployment: &Deployment,
    evaluate: impl FnOnce(&Scope<'_>) -> Evaluation<T>,
) -> Evaluation<T> {
    let read = world.templates.get(&deployment.template)?;
    let made = stack.resources.iter().map(|r| (r.logical_id.clone(), r.clone())).collect();
    evaluate(&Scope {
        template: &read.template,
        digest: read.digest.as_deref(),
        site,
        parameters: &deployment.parameters,
        exports: &world.cell_mut(site.target).exports,
        made,
    })
}

pub(super) fn failure(logical_id: &str, resource_type: &str, reason: String) -> ResourceFailure {
    ResourceFailure {
        logical_id: logical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        reason,
    }
}

pub(super) fn retains(resource: &Resource, policy: &str) -> bool {
    let policy = resource.value.get(policy).and_then(Value::as_str).unwrap_or_default();
    policy.starts_with("Retain")
}

pub(super) fn fingerprint(properties: &Value) -> u64 {
    u64::from_str_radix(&hex(&[&properties.to_string()], 16), 16).unwrap_or_default()
}
