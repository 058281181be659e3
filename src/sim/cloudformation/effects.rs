//! What resources do to the world outside of their stack.
//!
//! Each service has its file: what must be there already, and what a resource makes, changes and takes away.

mod access_analyzer;
mod cloudtrail;
mod config;
mod guardduty;
mod iam;
mod kms;
mod s3;
mod security_hub;
mod service_catalog;

use serde_json::Value;

use super::exclusive::{Exclusive, Scope, broken, exclusive, handler};
use super::identity::{made_up, name_of, physical_id};
use super::scope::Site;
use crate::model::Target;
use crate::sim::world::{Claims, DeployedResource, FailingOn, Owners, World, hex};

/// What becomes of a resource: nothing to say, or the reason that the stack's events give.
pub(super) type Effect<T = ()> = Result<T, String>;

/// Makes a resource and answers its physical id, or the reason why not.
pub(super) fn create(
    world: &mut World,
    site: Site<'_>,
    logical_id: &str,
    resource_type: &str,
    properties: &Value,
) -> Effect<String> {
    let target = site.target;
    arranged(world, target, logical_id, resource_type, FailingOn::Deploy)?;
    // A name that differs from all earlier ones of this resource: a replacement exists beside its predecessor.
    let serial = world.fresh(resource_type, 16);
    let unique = hex(&[site.id, logical_id, &serial], 12).to_uppercase();
    let rule = exclusive(resource_type);
    let given = rule.and_then(|rule| text(properties, rule.name)).map(ToOwned::to_owned);
    let name = given
        .or_else(|| derived(resource_type, properties))
        .unwrap_or_else(|| made_up(site, logical_id, resource_type, &unique));
    needs(world, target, resource_type, &name, properties)?;
    if let Some(rule) = rule {
        claim(world, target, rule, resource_type, &name)?;
    }
    made(world, target, resource_type, &name, properties)?;
    Ok(physical_id(resource_type, target, name_of(resource_type, &name)))
}

/// Changes a resource in its place.
pub(super) fn modify(
    world: &mut World,
    site: Site<'_>,
    resource: &DeployedResource,
    properties: &Value,
) -> Effect {
    let DeployedResource { logical_id, resource_type, physical_id, .. } = resource;
    arranged(world, site.target, logical_id, resource_type, FailingOn::Deploy)?;
    let name = name_of(resource_type, physical_id);
    needs(world, site.target, resource_type, name, properties)?;
    changed(world, site.target, resource_type, name, properties)
}

/// Whether new properties need a new resource: its name is another one.
pub(super) fn replaces(resource: &DeployedResource, properties: &Value) -> bool {
    let DeployedResource { resource_type, physical_id, .. } = resource;
    exclusive(resource_type)
        .and_then(|rule| text(properties, rule.name))
        .is_some_and(|name| name_of(resource_type, name) != name_of(resource_type, physical_id))
}

/// Deletes a resource.
pub(super) fn destroy(world: &mut World, site: Site<'_>, resource: &DeployedResource) -> Effect {
    let DeployedResource { logical_id, resource_type, physical_id, .. } = resource;
    let target = site.target;
    arranged(world, target, logical_id, resource_type, FailingOn::Delete)?;
    let name = name_of(resource_type, physical_id);
    removed(world, target, resource_type, name)?;
    if let Some(rule) = exclusive(resource_type)
        && let Some((claims, owners)) = claims(world, target, rule.scope)
    {
        if rule.single() {
            claims.release_all(resource_type);
        } else {
            claims.release(resource_type, name);
        }
        owners.forget(resource_type, name);
    }
    Ok(())
}

/// Takes a resource that is there into a stack: whoever governed it, the stack does now.
pub(super) fn take_over(
    world: &mut World,
    target: &Target,
    resource_type: &str,
    physical_id: &str,
) {
    let scope = exclusive(resource_type).map_or(Scope::Region, |rule| rule.scope);
    if let Some((_, owners)) = claims(world, target, scope) {
        owners.forget(resource_type, name_of(resource_type, physical_id));
    }
}

/// What must be there already.
fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    name: &str,
    properties: &Value,
) -> Effect {
    match service(resource_type) {
        "AccessAnalyzer" => access_analyzer::needs(world, target, properties),
        "CloudTrail" => cloudtrail::needs(world, target, resource_type, properties),
        "Config" => config::needs(world, target, resource_type, properties),
        "GuardDuty" => guardduty::needs(world, target, resource_type, properties),
        "KMS" => kms::needs(world, target, resource_type, name, properties),
        "S3" => s3::needs(world, resource_type, properties),
        "SecurityHub" => security_hub::needs(world, target, resource_type),
        "ServiceCatalog" => service_catalog::needs(world, resource_type, properties),
        _ => Ok(()),
    }
}

/// What a new resource does besides being there.
fn made(
    world: &mut World,
    target: &Target,
    resource_type: &str,
    name: &str,
    properties: &Value,
) -> Effect {
    match resource_type {
        "AWS::CloudTrail::Trail" => cloudtrail::set_trail(world, target, name, properties),
        "AWS::IAM::ServiceLinkedRole" => iam::make_service_linked_role(world, target, properties)?,
        "AWS::KMS::Alias" => kms::point(world, target, name, properties)?,
        "AWS::KMS::Key" => kms::set_key(world, target, name, properties)?,
        "AWS::S3::Bucket" => s3::make(world, target, name),
        "AWS::SecurityHub::Hub" => {
            security_hub::enable_default_standards(world, target, properties);
        }
        _ => {}
    }
    Ok(())
}

/// What a changed resource does.
fn changed(
    world: &mut World,
    target: &Target,
    resource_type: &str,
    name: &str,
    properties: &Value,
) -> Effect {
    match resource_type {
        "AWS::CloudTrail::Trail" => cloudtrail::set_trail(world, target, name, properties),
        "AWS::KMS::Alias" => kms::point(world, target, name, properties)?,
        "AWS::KMS::Key" => kms::set_key(world, target, name, properties)?,
        _ => {}
    }
    Ok(())
}

/// What goes with a deleted resource.
fn removed(world: &mut World, target: &Target, resource_type: &str, name: &str) -> Effect {
    match resource_type {
        "AWS::CloudTrail::Trail" => cloudtrail::remove(world, target, name),
        "AWS::IAM::ServiceLinkedRole" => iam::remove_service_linked_role(world, target, name),
        "AWS::KMS::Alias" => kms::remove_alias(world, target, name),
        "AWS::KMS::Key" => kms::schedule_deletion(world, target, name),
        "AWS::S3::Bucket" => s3::remove(world, name)?,
        "AWS::SecurityHub::Hub" => security_hub::remove(world, target),
        _ => {}
    }
    Ok(())
}

/// The id of a resource that follows from its properties.
fn derived(resource_type: &str, properties: &Value) -> Option<String> {
    let of = |name: &str| text(properties, name);
    match resource_type {
        "AWS::Config::AggregationAuthorization" => {
            Some(format!("{}|{}", of("AuthorizedAccountId")?, of("AuthorizedAwsRegion")?))
        }
        "AWS::GuardDuty::Master" => of("MasterId").map(ToOwned::to_owned),
        "AWS::GuardDuty::Member" => of("MemberId").map(ToOwned::to_owned),
        "AWS::IAM::ServiceLinkedRole" => {
            Some(crate::sim::iam::service_linked_role_name(of("AWSServiceName")?))
        }
        "AWS::S3::BucketPolicy" => of("Bucket").map(ToOwned::to_owned),
        "AWS::ServiceCatalog::PortfolioPrincipalAssociation" => {
            Some(format!("{}|{}", of("PrincipalARN")?, of("PortfolioId")?))
        }
        "AWS::ServiceCatalog::PortfolioProductAssociation" => {
            Some(format!("{}|{}", of("PortfolioId")?, of("ProductId")?))
        }
        _ => None,
    }
}

/// The service of a type: the middle of its name.
fn service(resource_type: &str) -> &str {
    resource_type.split("::").nth(1).unwrap_or_default()
}

/// A property that is a text.
fn text<'a>(properties: &'a Value, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str)
}

/// A property that is true or false, in either of the ways to write it; `None` if it is not there.
fn flag(properties: &Value, name: &str) -> Option<bool> {
    match properties.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A failure that was arranged for this resource.
fn arranged(
    world: &mut World,
    target: &Target,
    logical_id: &str,
    resource_type: &str,
    on: FailingOn,
) -> Effect {
    let failing = world.failing.iter_mut().find(|failing| {
        failing.on == on
            && failing.times > 0
            && [logical_id, resource_type].contains(&failing.subject.as_str())
            && failing.account.as_ref().is_none_or(|account| *account == target.account)
            && failing.region.as_ref().is_none_or(|region| *region == target.region)
    });
    match failing {
        Some(failing) => {
            failing.times -= 1;
            Err(failing.reason.clone())
        }
        None => Ok(()),
    }
}

/// Takes the resource's name, or one of the places that there are for its type.
fn claim(
    world: &mut World,
    target: &Target,
    rule: Exclusive,
    resource_type: &str,
    name: &str,
) -> Effect {
    let refused = || broken(resource_type, name, target.account.as_str(), target.region.as_str());
    let name = name_of(resource_type, name);
    let Some((claims, _)) = claims(world, target, rule.scope) else {
        // Names of the whole world are S3's: the buckets themselves are the list.
        return if world.buckets.contains_key(name) { Err(refused()) } else { Ok(()) };
    };
    if claims.has(resource_type, name) || claims.count(resource_type) >= rule.limit {
        return Err(refused());
    }
    claims.take(resource_type, name);
    Ok(())
}

fn claims<'a>(
    world: &'a mut World,
    target: &Target,
    scope: Scope,
) -> Option<(&'a mut Claims, &'a mut Owners)> {
    match scope {
        Scope::World => None,
        Scope::Account => {
            let account = world.accounts.get_mut(&target.account)?;
            Some((&mut account.claims, &mut account.owners))
        }
        Scope::Region => {
            let cell = world.cell_mut(target);
            Some((&mut cell.claims, &mut cell.owners))
        }
    }
}

#[cfg(test)]
mod tests;
