//! Who governs a resource that is there.

use aws_sdk_cloudformation::types::ResourceStatus;

use super::cloud::AwsCloud;
use super::cloud_control::Resource;
use super::error::{Explain as _, read};
use super::guardduty;
use super::organization_trails::{TRAIL, account_of};
use crate::cloud::{ErrorKind, ResourceOwner, Result};
use crate::model::{AccountId, SecurityService, StackName, Target};

const STACK: &str = "cloudformation:DescribeStackResources";
const HUB_ADMINISTRATOR: &str = "securityhub:GetAdministratorAccount";

/// How many of a stack's resources `DescribeStackResources` tells.
const LISTED_AT_MOST: usize = 100;

const CONTROL_TOWER: &str = "AWS Control Tower";
/// How the names of Control Tower's resources begin, and of the stacks that it makes some of them with.
const CONTROL_TOWERS: [&str; 2] = ["aws-controltower-", "StackSet-AWSControlTower"];

/// A stack comes before the organization: what a baseline has made is its own, also in a member.
pub(super) async fn owner(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
    found: &Resource,
) -> Result<ResourceOwner> {
    let is_control_towers = |name: &str| CONTROL_TOWERS.iter().any(|start| name.starts_with(start));
    if is_control_towers(&found.identifier) {
        return Ok(ResourceOwner::Service(CONTROL_TOWER.into()));
    }
    match stack_of(cloud, target, resource_type, &found.identifier).await? {
        Some(stack) if is_control_towers(stack.as_str()) => {
            return Ok(ResourceOwner::Service(CONTROL_TOWER.into()));
        }
        Some(stack) => return Ok(ResourceOwner::Stack(stack)),
        None => {}
    }
    let organization = if resource_type == SecurityService::GuardDuty.resource_type() {
        guardduty::administrator(cloud, target, &found.identifier).await?
    } else if resource_type == SecurityService::SecurityHub.resource_type() {
        hub_administrator(cloud, target).await?
    } else if resource_type == TRAIL {
        found.text("Arn").and_then(account_of).filter(|id| *id != target.account)
    } else {
        None
    };
    Ok(organization.map_or(ResourceOwner::Nobody, ResourceOwner::Organization))
}

/// The stack that a resource belongs to. CloudFormation asks for what it calls the physical id: of types from the
/// registry, and all that avm looks for are, that is the primary identifier.
async fn stack_of(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
    identifier: &str,
) -> Result<Option<StackName>> {
    let call = cloud.cloudformation(target).describe_stack_resources();
    let answer = call.physical_resource_id(identifier).send().await.explain(STACK, target);
    let answer = match answer {
        Ok(answer) => answer,
        // A ValidationError: "Stack for d-1 does not exist".
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The stack's resources are told, the hundred first ones. One that the stack once had, and that was retained, is
    // nobody's now.
    let listed = answer.stack_resources();
    let itself = listed.iter().find(|resource| {
        resource.physical_resource_id() == Some(identifier)
            && resource.resource_type() == Some(resource_type)
    });
    let of_stack = match itself {
        Some(resource) => {
            let status = resource.resource_status().map_or("", ResourceStatus::as_str);
            let left = ["DELETE_COMPLETE", "DELETE_SKIPPED"].contains(&status);
            (!left).then_some(resource)
        }
        None if listed.len() >= LISTED_AT_MOST => listed.first(),
        // Something else has the same name.
        None => None,
    };
    of_stack.map(|resource| read(resource.stack_name(), STACK, target)).transpose()
}

async fn hub_administrator(cloud: &AwsCloud, target: &Target) -> Result<Option<AccountId>> {
    let answer = cloud.securityhub(target).get_administrator_account().send().await;
    let answer = match answer.explain(HUB_ADMINISTRATOR, target) {
        Ok(answer) => answer,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // AWS's list of words has "Enabled", its example "ASSOCIATED"; the others are of relations that are not, or no more.
    let lasts = ["Enabled", "Associated"];
    let administrator = answer.administrator().filter(|administrator| {
        let status = administrator.member_status().unwrap_or_default();
        lasts.iter().any(|word| status.eq_ignore_ascii_case(word))
    });
    let id = administrator.and_then(|administrator| administrator.account_id());
    id.map(|id| read(Some(id), HUB_ADMINISTRATOR, target)).transpose()
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, resource, resources, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    const RECORDER: &str = "AWS::Config::ConfigurationRecorder";
    const DETECTOR: &str = "AWS::GuardDuty::Detector";
    const HUB: &str = "AWS::SecurityHub::Hub";

    fn no_stack() -> Reply {
        refusal(400, "ValidationError", "Stack for x does not exist")
    }

    fn stack(name: &str, resource_type: &str, id: &str, status: &str) -> Reply {
        Reply::xml(&format!(
            "<DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources>\
             <member><StackName>{name}</StackName><LogicalResourceId>Other</LogicalResourceId>\
             <PhysicalResourceId>other</PhysicalResourceId><ResourceType>AWS::IAM::Role</ResourceType>\
             <ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>\
             <member><StackName>{name}</StackName><LogicalResourceId>It</LogicalResourceId>\
             <PhysicalResourceId>{id}</PhysicalResourceId><ResourceType>{resource_type}</ResourceType>\
             <ResourceStatus>{status}</ResourceStatus></member>\
             </StackResources></DescribeStackResourcesResult></DescribeStackResourcesResponse>"
        ))
    }

    async fn owner_of(fake: &Fake, resource_type: &str) -> ResourceOwner {
        let found = fake.cloud().existing_resource(&target(), resource_type, None).await;
        found.unwrap().unwrap().owner
    }

    #[tokio::test(start_paused = true)]
    async fn a_resource_of_a_stack_is_the_stacks_unless_it_was_retained() {
        for (status, owner) in [
            ("UPDATE_COMPLETE", ResourceOwner::Stack("guardduty".parse().unwrap())),
            ("DELETE_SKIPPED", ResourceOwner::Nobody),
        ] {
            let fake = Fake::new()
                .answer("ListResources", [resources(&["d-1"])])
                .answer("DescribeStackResources", [stack("guardduty", DETECTOR, "d-1", status)])
                .answer("GET /detector/d-1/administrator", [Reply::json("{}")]);
            assert_eq!(owner_of(&fake, DETECTOR).await, owner, "{status}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_with_more_resources_than_are_told_is_still_the_owner() {
        let other = "<member><StackName>big</StackName><PhysicalResourceId>other</PhysicalResourceId>\
                     <ResourceType>AWS::IAM::Role</ResourceType></member>";
        for (count, owner) in
            [(100, ResourceOwner::Stack("big".parse().unwrap())), (99, ResourceOwner::Nobody)]
        {
            let answer = Reply::xml(&format!(
                "<DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources>{}\
                 </StackResources></DescribeStackResourcesResult></DescribeStackResourcesResponse>",
                other.repeat(count)
            ));
            let fake = Fake::new()
                .answer("ListResources", [resources(&["default"])])
                .answer("DescribeStackResources", [answer]);
            assert_eq!(owner_of(&fake, RECORDER).await, owner, "{count}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_detector_of_a_member_is_the_administrators() {
        for (status, owner) in [
            ("Enabled", ResourceOwner::Organization(account("333333333333"))),
            ("Resigned", ResourceOwner::Nobody),
        ] {
            let body = format!(
                r#"{{"administrator":{{"accountId":"333333333333","relationshipStatus":"{status}"}}}}"#
            );
            let fake = Fake::new()
                .answer("ListResources", [resources(&["d-1"])])
                .answer("DescribeStackResources", [no_stack()])
                .answer("GET /detector/d-1/administrator", [Reply::json(&body)]);
            assert_eq!(owner_of(&fake, DETECTOR).await, owner, "{status}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_hub_of_a_member_is_the_administrators() {
        let member = |status: &str| {
            Reply::json(&format!(
                r#"{{"Administrator":{{"AccountId":"333333333333","MemberStatus":"{status}"}}}}"#
            ))
        };
        let organization = ResourceOwner::Organization(account("333333333333"));
        for (reply, owner) in [
            (member("Enabled"), organization.clone()),
            (member("ASSOCIATED"), organization),
            (member("Removed"), ResourceOwner::Nobody),
            (Reply::json("{}"), ResourceOwner::Nobody),
            (refusal(404, "ResourceNotFoundException", "no"), ResourceOwner::Nobody),
        ] {
            let fake = Fake::new()
                .answer(
                    "ListResources",
                    [resources(&["arn:aws:securityhub:eu-west-1:2:hub/default"])],
                )
                .answer("DescribeStackResources", [no_stack()])
                .answer("GET /administrator", [reply]);
            assert_eq!(owner_of(&fake, HUB).await, owner);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_control_tower_made_is_control_towers() {
        let owner = ResourceOwner::Service(CONTROL_TOWER.into());
        let by_name = Fake::new()
            .answer("ListResources", [resources(&["aws-controltower-BaselineConfigRecorder"])]);
        assert_eq!(owner_of(&by_name, RECORDER).await, owner);
        let name = "StackSet-AWSControlTowerBP-BASELINE-CONFIG-1";
        let by_stack = Fake::new().answer("ListResources", [resources(&["default"])]).answer(
            "DescribeStackResources",
            [stack(name, RECORDER, "default", "CREATE_COMPLETE")],
        );
        assert_eq!(owner_of(&by_stack, RECORDER).await, owner);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trail_of_another_account_is_the_organizations() {
        for (id, owner) in [
            ("222222222222", ResourceOwner::Nobody),
            ("111111111111", ResourceOwner::Organization(account("111111111111"))),
        ] {
            let arn = format!("arn:aws:cloudtrail:eu-west-1:{id}:trail/main");
            let fake = Fake::new()
                .answer("GetResource", [resource("main", &serde_json::json!({"Arn": arn}))])
                .answer("DescribeStackResources", [no_stack()]);
            let found = fake.cloud().existing_resource(&target(), TRAIL, Some("main")).await;
            assert_eq!(found.unwrap().unwrap().owner, owner);
        }
    }
}
