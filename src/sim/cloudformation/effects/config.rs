//! Config: recorder, channel, rules, aggregators.

use serde_json::Value;

use super::{Effect, handler, text};
use crate::model::Target;
use crate::sim::iam;
use crate::sim::world::World;

const SERVICE: &str = "config.amazonaws.com";
const RECORDER: &str = "AWS::Config::ConfigurationRecorder";

pub(super) fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    properties: &Value,
) -> Effect {
    match resource_type {
        RECORDER => recorder_role(world, text(properties, "RoleARN").unwrap_or_default()),
        "AWS::Config::DeliveryChannel" => {
            let bucket = text(properties, "S3BucketName").unwrap_or_default();
            if world.buckets.contains_key(bucket) {
                return Ok(());
            }
            let message = format!(
                "Cannot find a S3 bucket with an empty bucket name or unknown name: {bucket}"
            );
            Err(handler(&message, "NotFound"))
        }
        "AWS::Config::ConfigRule" | "AWS::Config::ConformancePack" => {
            if world.cell(target).is_some_and(|cell| cell.claims.count(RECORDER) > 0) {
                return Ok(());
            }
            // `NoAvailableConfigurationRecorderException`.
            Err(handler("Configuration recorder is not available to put config rule.", "NotFound"))
        }
        "AWS::Config::ConfigurationAggregator"
            if properties.get("OrganizationAggregationSource").is_some() =>
        {
            organization(world, target)
        }
        "AWS::Config::OrganizationConfigRule" | "AWS::Config::OrganizationConformancePack" => {
            organization(world, target)
        }
        _ => Ok(()),
    }
}

/// The recorder's role must be there: a service-linked one has to be made before, in every account.
fn recorder_role(world: &World, role: &str) -> Effect {
    if !role.starts_with("arn:") || iam::principal_exists(world, role) {
        return Ok(());
    }
    let message = format!("The role {role} does not exist, or AWS Config cannot assume it.");
    Err(handler(&message, "InvalidRequest"))
}

/// `OrganizationAccessDeniedException` for all but the management account and delegated administrators.
fn organization(world: &World, target: &Target) -> Effect {
    let administration = &world.administration;
    let may = administration.delegates(SERVICE, &target.account)
        || (target.account == world.management_account && administration.trusts(SERVICE));
    if may {
        return Ok(());
    }
    Err(handler(
        "This action can only be performed if the account is the organization's management account or \
         a delegated administrator, and AWS Config has service access.",
        "AccessDenied",
    ))
}
