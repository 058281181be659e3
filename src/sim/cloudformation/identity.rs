//! How AWS calls resources: the names that people give them, and the ids that `Ref` answers.

use super::scope::Site;
use crate::model::Target;
use crate::sim::world::{hex, uuid};

/// The physical id of a resource with that name: most often the name itself, of some types an ARN.
pub(in crate::sim) fn physical_id(resource_type: &str, target: &Target, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    match resource_type {
        "AWS::AccessAnalyzer::Analyzer"
        | "AWS::IAM::ManagedPolicy"
        | "AWS::IAM::OIDCProvider"
        | "AWS::SNS::Topic"
        | "AWS::SecurityHub::Standard" => arn(resource_type, target, name),
        _ => name.to_owned(),
    }
}

/// The name in a physical id, under which the resource is unique.
pub(in crate::sim) fn name_of<'a>(resource_type: &str, physical_id: &'a str) -> &'a str {
    match resource_type {
        "AWS::AccessAnalyzer::Analyzer" | "AWS::IAM::ManagedPolicy" => {
            physical_id.rsplit('/').next().unwrap_or(physical_id)
        }
        "AWS::Events::Rule" if physical_id.starts_with("arn:") => {
            physical_id.rsplit('/').next().unwrap_or(physical_id)
        }
        // `...::standards/NAME/v/1.0.0` of the standard itself, `...:subscription/NAME/v/1.0.0` where it is on.
        "AWS::SecurityHub::Standard" => {
            let kinds = [":standards/", ":ruleset/", ":subscription/"];
            let name = kinds.iter().find_map(|kind| physical_id.split_once(kind));
            name.map_or(physical_id, |(_, name)| name)
        }
        "AWS::SNS::Topic" => physical_id.rsplit(':').next().unwrap_or(physical_id),
        "AWS::IAM::OIDCProvider" => {
            let url = physical_id.rsplit("oidc-provider/").next().unwrap_or(physical_id);
            url.trim_start_matches("https://")
        }
        _ => physical_id,
    }
}

/// The ARN of a resource with that name or id.
pub(super) fn arn(resource_type: &str, target: &Target, id: &str) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    let Target { account, region } = target;
    let (service, regional, resource) = match resource_type {
        "AWS::AccessAnalyzer::Analyzer" => ("access-analyzer", true, format!("analyzer/{id}")),
        "AWS::CloudTrail::Trail" => ("cloudtrail", true, format!("trail/{id}")),
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => {
            ("cloudwatch", true, format!("alarm:{id}"))
        }
        "AWS::CloudWatch::Dashboard" => ("cloudwatch", false, format!("dashboard/{id}")),
        "AWS::Config::ConfigRule" => {
            ("config", true, format!("config-rule/config-rule-{}", hex(&[id], 6)))
        }
        "AWS::Config::ConfigurationAggregator" => {
            ("config", true, format!("config-aggregator/config-aggregator-{}", hex(&[id], 8)))
        }
        "AWS::DynamoDB::Table" => ("dynamodb", true, format!("table/{id}")),
        "AWS::Events::EventBus" => ("events", true, format!("event-bus/{id}")),
        "AWS::Events::Rule" => ("events", true, format!("rule/{id}")),
        "AWS::GuardDuty::Detector" => ("guardduty", true, format!("detector/{id}")),
        "AWS::IAM::Group" => ("iam", false, format!("group/{id}")),
        "AWS::IAM::InstanceProfile" => ("iam", false, format!("instance-profile/{id}")),
        "AWS::IAM::ManagedPolicy" => ("iam", false, format!("policy/{id}")),
        "AWS::IAM::OIDCProvider" => ("iam", false, format!("oidc-provider/{id}")),
        "AWS::IAM::Role" => ("iam", false, format!("role/{id}")),
        "AWS::IAM::User" => ("iam", false, format!("user/{id}")),
        "AWS::SecurityHub::Standard" => ("securityhub", true, format!("subscription/{id}")),
        "AWS::Lambda::Function" => ("lambda", true, format!("function:{id}")),
        "AWS::Logs::LogGroup" => ("logs", true, format!("log-group:{id}:*")),
        "AWS::S3::Bucket" => return format!("arn:{}:s3:::{id}", region.partition()),
        "AWS::ServiceCatalog::CloudFormationProduct" => ("catalog", true, format!("product/{id}")),
        "AWS::ServiceCatalog::Portfolio" => ("catalog", true, format!("portfolio/{id}")),
        other => {
            let service = other.split("::").nth(1).unwrap_or_default().to_lowercase();
            return format!("arn:{}:{service}:{region}:{account}:{id}", region.partition());
        }
    };
    let region_name = if regional { region.as_str() } else { "" };
    format!("arn:{}:{service}:{region_name}:{account}:{resource}", region.partition())
}

/// The name or id of a resource that nobody has given a name, as CloudFormation or the service makes it up.
pub(super) fn made_up(
    site: Site<'_>,
    logical_id: &str,
    resource_type: &str,
    unique: &str,
) -> String {
    let Site { target, name, .. } = site;
    let Target { account, region } = target;
    let prefixed = |prefix: &str, digits| format!("{prefix}-{}", hex(&[unique], digits));
    let of_service = |service: &str, resource: &str| {
        format!("arn:{}:{service}:{region}:{account}:{resource}", region.partition())
    };
    match resource_type {
        "AWS::Config::ConfigurationRecorder" | "AWS::Config::DeliveryChannel" => "default".into(),
        "AWS::GuardDuty::Detector" => uuid(&[unique]).replace('-', ""),
        "AWS::KMS::Key" => uuid(&["key", site.id, logical_id, unique]),
        "AWS::S3::Bucket" => format!("{name}-{logical_id}-{unique}").to_lowercase(),
        "AWS::SNS::Subscription" => of_service("sns", &format!("{name}:{}", uuid(&[unique]))),
        "AWS::SecurityHub::Hub" => of_service("securityhub", "hub/default"),
        "AWS::SecurityHub::FindingAggregator" => {
            of_service("securityhub", &format!("finding-aggregator/{}", uuid(&[unique])))
        }
        "AWS::SecurityHub::ConfigurationPolicy" => {
            of_service("securityhub", &format!("configuration-policy/{}", uuid(&[unique])))
        }
        "AWS::SecurityHub::OrganizationConfiguration" => {
            format!("{account}/{region}/securityhub-organization-configuration")
        }
        "AWS::CloudFront::MonitoringSubscription"
        | "AWS::CloudWatch::AnomalyDetector"
        | "AWS::SecurityHub::PolicyAssociation" => uuid(&[unique]),
        "AWS::ServiceCatalog::CloudFormationProduct" => prefixed("prod", 13),
        "AWS::ServiceCatalog::LaunchRoleConstraint" => prefixed("cons", 13),
        "AWS::ServiceCatalog::Portfolio" => prefixed("port", 13),
        "AWS::ServiceCatalog::TagOption" => prefixed("tag", 13),
        _ => format!("{name}-{logical_id}-{unique}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_out_of_its_physical_id() {
        let target = Target {
            account: "111111111111".parse().unwrap(),
            region: "eu-west-1".parse().unwrap(),
        };
        for (kind, name, id) in [
            ("AWS::SNS::Topic", "alarms", "arn:aws:sns:eu-west-1:111111111111:alarms"),
            ("AWS::IAM::ManagedPolicy", "deploy", "arn:aws:iam::111111111111:policy/deploy"),
            (
                "AWS::AccessAnalyzer::Analyzer",
                "organization",
                "arn:aws:access-analyzer:eu-west-1:111111111111:analyzer/organization",
            ),
            (
                "AWS::IAM::OIDCProvider",
                "token.actions.githubusercontent.com",
                "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
            ),
            ("AWS::KMS::Alias", "alias/uat/ec2", "alias/uat/ec2"),
        ] {
            assert_eq!(physical_id(kind, &target, name), id);
            assert_eq!(name_of(kind, id), name);
            assert_eq!(physical_id(kind, &target, id), id);
        }
    }
}
