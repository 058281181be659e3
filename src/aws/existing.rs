//! Resources that are there already, whoever made them.
//!
//! Cloud Control reads them all: what it answers is what an import is made of.

use serde_json::Value;

use super::cloud::AwsCloud;
use super::cloud_control::{Resource, identifiers, resource};
use super::organization_trails::{TRAIL, account_of, organization_trails};
use super::ownership::owner;
use crate::cloud::{ExistingResource, ResourceOwner, Result};
use crate::model::Target;

/// Recorders that other services keep for themselves, beside the one that an account may have.
const LINKED_RECORDERS: &str = "AWSConfigurationRecorderFor";

pub(super) async fn existing_resource(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
    name: Option<&str>,
) -> Result<Option<ExistingResource>> {
    let found = match name {
        Some(name) => resource(cloud, target, resource_type, name).await?,
        None => the_only(cloud, target, resource_type).await?,
    };
    if let Some(found) = found {
        let owner = owner(cloud, target, resource_type, &found).await?;
        let key = found.text("TargetKeyId").map(key_id);
        return Ok(Some(existing(resource_type, &found.identifier, key, owner)));
    }
    match name {
        Some(name) if resource_type == TRAIL => organization_trail(cloud, target, name).await,
        _ => Ok(None),
    }
}

/// The resource of a type that there is once in a region. Its list is as good as the resource: nothing but the
/// identifier is needed of it.
async fn the_only(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
) -> Result<Option<Resource>> {
    let identifiers = identifiers(cloud, target, resource_type).await?;
    let first = identifiers.into_iter().find(|name| !name.starts_with(LINKED_RECORDERS));
    Ok(first.map(|identifier| Resource { identifier, properties: Value::Null }))
}

/// An organization trail, which takes its name in every member, and which no member can read by it.
async fn organization_trail(
    cloud: &AwsCloud,
    target: &Target,
    name: &str,
) -> Result<Option<ExistingResource>> {
    let trails = organization_trails(cloud, target).await?;
    let of_name = trails.iter().find(|arn| arn.ends_with(&format!(":trail/{name}")));
    let Some(id) = of_name.and_then(|arn| account_of(arn)) else { return Ok(None) };
    Ok(Some(existing(TRAIL, name, None, ResourceOwner::Organization(id))))
}

fn existing(
    resource_type: &str,
    identifier: &str,
    target_key: Option<&str>,
    owner: ResourceOwner,
) -> ExistingResource {
    ExistingResource {
        resource_type: resource_type.to_owned(),
        identifier: identifier.to_owned(),
        target_key: target_key.map(str::to_owned),
        owner,
    }
}

/// The id in a key's ARN, or the id itself.
fn key_id(key: &str) -> &str {
    key.rsplit_once('/').map_or(key, |(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, resource, resources, target};
    use super::*;
    use crate::cloud::{CloudReader as _, ErrorKind};

    const RECORDER: &str = "AWS::Config::ConfigurationRecorder";
    const HUB: &str = "AWS::SecurityHub::Hub";

    fn no_stack() -> Reply {
        refusal(400, "ValidationError", "Stack for x does not exist")
    }

    #[tokio::test(start_paused = true)]
    async fn the_recorders_of_other_services_are_not_the_accounts() {
        let linked = "AWSConfigurationRecorderForObservability";
        let fake = Fake::new()
            .answer("ListResources", [resources(&[linked]), resources(&[linked, "default"])])
            .answer("DescribeStackResources", [no_stack()]);
        let cloud = fake.cloud();
        assert_eq!(cloud.existing_resource(&target(), RECORDER, None).await.unwrap(), None);
        let found = cloud.existing_resource(&target(), RECORDER, None).await.unwrap().unwrap();
        assert_eq!((found.identifier.as_str(), found.owner), ("default", ResourceOwner::Nobody));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_there_is_none_and_a_type_that_cannot_be_read_an_error() {
        let not_on = "Account 222222222222 is not subscribed to AWS Security Hub";
        for (reply, outcome) in [
            (resources(&[]), Ok(None)),
            (refusal(404, "ResourceNotFoundException", "not found"), Ok(None)),
            (refusal(400, "GeneralServiceException", not_on), Ok(None)),
            (refusal(400, "GeneralServiceException", "no"), Err(ErrorKind::Refused)),
            (refusal(404, "TypeNotFoundException", "no type"), Err(ErrorKind::Refused)),
            (refusal(405, "UnsupportedActionException", "LIST"), Err(ErrorKind::Refused)),
            (refusal(400, "AccessDeniedException", "no"), Err(ErrorKind::Denied)),
            (refusal(502, "HandlerInternalFailureException", ""), Err(ErrorKind::Unavailable)),
        ] {
            let fake = Fake::new().answer("ListResources", [reply]);
            let found = fake.cloud().existing_resource(&target(), HUB, None).await;
            assert_eq!(found.map_err(|error| error.kind), outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_security_hub_is_off_no_standard_is_on() {
        let not_on = "Account 222222222222 is not subscribed to AWS Security Hub";
        let refusal = refusal(400, "GeneralServiceException", not_on);
        let fake = Fake::new().answer("GetResource", [refusal]);
        let name = "arn:aws:securityhub:eu-west-1:222222222222:subscription/pci-dss/v/4.0.1";
        let cloud = fake.cloud();
        let standard = "AWS::SecurityHub::Standard";
        assert_eq!(cloud.existing_resource(&target(), standard, Some(name)).await, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn an_alias_tells_its_key_whether_by_id_or_by_arn() {
        for key in ["k-1", "arn:aws:kms:eu-west-1:222222222222:key/k-1"] {
            let properties = serde_json::json!({"AliasName": "alias/uat/ec2", "TargetKeyId": key});
            let fake = Fake::new()
                .answer("GetResource", [resource("alias/uat/ec2", &properties)])
                .answer("DescribeStackResources", [no_stack()]);
            let cloud = fake.cloud();
            let name = Some("alias/uat/ec2");
            let found = cloud.existing_resource(&target(), "AWS::KMS::Alias", name).await;
            assert_eq!(found.unwrap().unwrap().target_key.as_deref(), Some("k-1"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_trail_that_the_member_cannot_read_is_looked_for_in_the_organization() {
        let properties = serde_json::json!({
            "Arn": "arn:aws:cloudtrail:eu-west-1:111111111111:trail/org",
            "IsOrganizationTrail": true,
        });
        let gone = refusal(404, "ResourceNotFoundException", "was not found");
        for (name, owner) in
            [("org", Some(ResourceOwner::Organization(account("111111111111")))), ("other", None)]
        {
            let fake = Fake::new()
                .answer("GetResource", [gone.clone(), resource("org", &properties)])
                .answer("ListResources", [resources(&["org"])]);
            let found = fake.cloud().existing_resource(&target(), TRAIL, Some(name)).await.unwrap();
            assert_eq!(found.map(|found| found.owner), owner);
        }
    }
}
