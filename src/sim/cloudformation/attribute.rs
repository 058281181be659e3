//! What `Ref` and `Fn::GetAtt` answer.

use crate::model::Target;
use crate::sim::kms;
use crate::sim::world::{DeployedResource, hex};

/// An attribute of a resource. Types that the simulation does not know answer something that looks like it.
pub(super) fn attribute(target: &Target, resource: &DeployedResource, name: &str) -> String {
    let Target { account, region } = target;
    let id = &resource.physical_id;
    let partition = region.partition();
    match (resource.resource_type.as_str(), name) {
        ("AWS::KMS::Key", "Arn") => kms::key_arn(target, id).to_string(),
        ("AWS::KMS::Key", "KeyId") | ("AWS::GuardDuty::Detector", "Id") => id.clone(),
        ("AWS::S3::Bucket", "Arn") => format!("arn:{partition}:s3:::{id}"),
        ("AWS::S3::Bucket", "DomainName") => format!("{id}.s3.{}", region.dns_suffix()),
        ("AWS::S3::Bucket", "RegionalDomainName") => {
            format!("{id}.s3.{region}.{}", region.dns_suffix())
        }
        ("AWS::IAM::Role", "Arn") => format!("arn:{partition}:iam::{account}:role/{id}"),
        ("AWS::IAM::Role", "RoleId") => {
            format!("AROA{}", hex(&["role", account.as_str(), id], 17).to_uppercase())
        }
        ("AWS::CloudTrail::Trail", "Arn") => {
            format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{id}")
        }
        ("AWS::Logs::LogGroup", "Arn") => {
            format!("arn:{partition}:logs:{region}:{account}:log-group:{id}:*")
        }
        (resource_type, name) if name.ends_with("Arn") => {
            let service = resource_type.split("::").nth(1).unwrap_or_default().to_lowercase();
            format!("arn:{partition}:{service}:{region}:{account}:{id}")
        }
        (_, name) => format!("{}.{name}", resource.logical_id),
    }
}

/// What `Ref` answers.
pub(super) fn reference(resource: &DeployedResource) -> &str {
    &resource.physical_id
}
