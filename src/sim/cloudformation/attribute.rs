//! What `Ref` and `Fn::GetAtt` answer.

use super::identity::{arn, name_of};
use crate::model::Target;
use crate::sim::kms;
use crate::sim::world::{DeployedResource, hex};

/// An attribute of a resource. Types that the simulation does not know answer something that looks like it.
pub(super) fn attribute(target: &Target, resource: &DeployedResource, name: &str) -> String {
    let DeployedResource { logical_id, resource_type, physical_id: id, .. } = resource;
    let Target { account, region } = target;
    let own_arn = || arn(resource_type, target, id);
    match (resource_type.as_str(), name) {
        ("AWS::KMS::Key", "Arn") => kms::key_arn(target, id).to_string(),
        ("AWS::S3::Bucket", "DomainName") => format!("{id}.s3.{}", region.dns_suffix()),
        ("AWS::S3::Bucket", "RegionalDomainName") => {
            format!("{id}.s3.{region}.{}", region.dns_suffix())
        }
        ("AWS::IAM::Role", "RoleId") => {
            format!("AROA{}", hex(&["role", account.as_str(), id], 17).to_uppercase())
        }
        ("AWS::Config::ConfigRule", "ConfigRuleId") => own_arn().replace(
            &format!("arn:{}:config:{region}:{account}:config-rule/", region.partition()),
            "",
        ),
        ("AWS::DynamoDB::Table", "StreamArn") => {
            format!("{}/stream/2026-01-01T00:00:00.000", own_arn())
        }
        ("AWS::KMS::Key", "KeyId") | ("AWS::IAM::ServiceLinkedRole", "RoleName") => id.clone(),
        // An id is what comes last in an ARN.
        (_, "Id") => id.rsplit('/').next().unwrap_or(id).to_owned(),
        ("AWS::SNS::Topic", "TopicName")
        | ("AWS::ServiceCatalog::Portfolio", "PortfolioName")
        | ("AWS::DynamoDB::Table", "TableName") => name_of(resource_type, id).to_owned(),
        ("AWS::ServiceCatalog::CloudFormationProduct", "ProvisioningArtifactIds") => {
            format!("pa-{}", hex(&[id], 13))
        }
        (_, name) if name.ends_with("Arn") || name.ends_with("ARN") => own_arn(),
        (_, name) => format!("{logical_id}.{name}"),
    }
}

/// What `Ref` answers.
pub(super) fn reference(resource: &DeployedResource) -> &str {
    &resource.physical_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_have_the_form_of_their_service() {
        let target = Target {
            account: "111111111111".parse().unwrap(),
            region: "eu-west-1".parse().unwrap(),
        };
        let of = |resource_type: &str, id: &str, name: &str| {
            let resource = DeployedResource {
                logical_id: "One".into(),
                resource_type: resource_type.into(),
                physical_id: id.into(),
                properties: 0,
                retained: false,
            };
            attribute(&target, &resource, name)
        };
        let hub = "arn:aws:securityhub:eu-west-1:111111111111:hub/default";
        for (resource_type, id, name, expected) in [
            (
                "AWS::Lambda::Function",
                "notify",
                "Arn",
                "arn:aws:lambda:eu-west-1:111111111111:function:notify",
            ),
            (
                "AWS::DynamoDB::Table",
                "links",
                "Arn",
                "arn:aws:dynamodb:eu-west-1:111111111111:table/links",
            ),
            (
                "AWS::CloudWatch::Alarm",
                "high",
                "Arn",
                "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:high",
            ),
            ("AWS::IAM::Role", "config", "Arn", "arn:aws:iam::111111111111:role/config"),
            ("AWS::S3::Bucket", "logs", "Arn", "arn:aws:s3:::logs"),
            (
                "AWS::Logs::LogGroup",
                "trail",
                "Arn",
                "arn:aws:logs:eu-west-1:111111111111:log-group:trail:*",
            ),
            ("AWS::SecurityHub::Hub", hub, "ARN", hub),
            ("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:111111111111:news", "TopicName", "news"),
            (
                "AWS::Config::ConfigRule",
                "mfa",
                "ConfigRuleId",
                &format!("config-rule-{}", hex(&["mfa"], 6)),
            ),
        ] {
            assert_eq!(of(resource_type, id, name), expected);
        }
    }
}
