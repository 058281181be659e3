//! CloudTrail: trails, and those that record for the whole organization.

use serde_json::Value;

use super::{Effect, flag, handler, text};
use crate::model::Target;
use crate::sim::existing::trail_arn;
use crate::sim::iam;
use crate::sim::world::World;

const SERVICE: &str = "cloudtrail.amazonaws.com";

pub(super) fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    properties: &Value,
) -> Effect {
    if resource_type != "AWS::CloudTrail::Trail" {
        return Ok(());
    }
    let bucket = text(properties, "S3BucketName").unwrap_or_default();
    if !world.buckets.contains_key(bucket) {
        let message = format!("Incorrect S3 bucket policy is detected for bucket: {bucket}");
        return Err(handler(&message, "InvalidRequest"));
    }
    if let Some(role) = text(properties, "CloudWatchLogsRoleArn")
        && !iam::principal_exists(world, role)
    {
        return Err(handler(
            "Access denied. Check the trust relationships for your role.",
            "InvalidRequest",
        ));
    }
    if flag(properties, "IsOrganizationTrail") == Some(true) {
        for_organization(world, target)?;
    }
    Ok(())
}

/// Who may make an organization trail: the management account or a delegated administrator, after trusted access.
fn for_organization(world: &World, target: &Target) -> Effect {
    let administration = &world.administration;
    let may = target.account == world.management_account
        || administration.delegates(SERVICE, &target.account);
    if !may {
        return Err(handler(
            "The account that is making the request is not the organization's management account or a \
             delegated administrator.",
            "AccessDenied",
        ));
    }
    if !administration.trusts(SERVICE) {
        return Err(handler(
            "The request could not be processed because your organization hasn't enabled CloudTrail \
             service access. Enable service access for CloudTrail, and then try again.",
            "InvalidRequest",
        ));
    }
    Ok(())
}

/// Remembers or forgets that the trail is the organization's.
pub(super) fn set_trail(world: &mut World, target: &Target, name: &str, properties: &Value) {
    let arn = trail_arn(&target.account, &target.region, name);
    let trails = &mut world.administration.trails;
    if flag(properties, "IsOrganizationTrail") == Some(true) {
        trails.insert(arn, flag(properties, "IsMultiRegionTrail") == Some(true));
    } else {
        trails.remove(&arn);
    }
}

pub(super) fn remove(world: &mut World, target: &Target, name: &str) {
    world.administration.trails.remove(&trail_arn(&target.account, &target.region, name));
}
