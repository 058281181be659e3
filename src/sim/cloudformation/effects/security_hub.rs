//! Security Hub: what belongs to a hub, and what only its administrator may do.

use serde_json::Value;

use super::super::identity::name_of;
use super::{Effect, flag, handler};
use crate::model::{SecurityService, Target};
use crate::sim::world::World;

const HUB: &str = "AWS::SecurityHub::Hub";
const STANDARD: &str = "AWS::SecurityHub::Standard";

pub(super) fn needs(world: &World, target: &Target, resource_type: &str) -> Effect {
    let account = &target.account;
    match resource_type {
        HUB => return Ok(()),
        "AWS::SecurityHub::DelegatedAdmin" if *account == world.management_account => return Ok(()),
        _ => {}
    }
    if world.cell(target).is_none_or(|cell| cell.claims.count(HUB) == 0) {
        let message = format!("Account {account} is not subscribed to AWS Security Hub");
        return Err(handler(&message, "AccessDenied"));
    }
    let administrator = world.administration.regional(SecurityService::SecurityHub, &target.region);
    let for_administrator = matches!(
        resource_type,
        "AWS::SecurityHub::OrganizationConfiguration"
            | "AWS::SecurityHub::ConfigurationPolicy"
            | "AWS::SecurityHub::PolicyAssociation"
    );
    if for_administrator && administrator != Some(account) {
        let message = format!("Account {account} is not an administrator for this organization");
        return Err(handler(&message, "AccessDenied"));
    }
    Ok(())
}

/// A hub comes with two standards unless `EnableDefaultStandards` says no.
pub(super) fn enable_default_standards(world: &mut World, target: &Target, properties: &Value) {
    if flag(properties, "EnableDefaultStandards") == Some(false) {
        return;
    }
    let region = &target.region;
    let partition = region.partition();
    let claims = &mut world.cell_mut(target).claims;
    for standard in [
        format!(
            "arn:{partition}:securityhub:{region}::standards/aws-foundational-security-best-practices/v/1.0.0"
        ),
        format!("arn:{partition}:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"),
    ] {
        claims.take(STANDARD, name_of(STANDARD, &standard));
    }
}

/// With the hub its standards go.
pub(super) fn remove(world: &mut World, target: &Target) {
    world.cell_mut(target).claims.release_all(STANDARD);
}
