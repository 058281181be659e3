//! Resource types of which there can be only so many, or whose names must be unique.

/// Where a name is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Scope {
    /// In all of AWS.
    World,
    /// In an account, whatever the region.
    Account,
    /// In a region of an account.
    Region,
}

/// A rule about a resource type.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Exclusive {
    /// Where it holds.
    pub(in crate::sim) scope: Scope,
    /// The property that holds the name; a name is made up where it is missing.
    pub(in crate::sim) name: &'static str,
    /// How many there can be. Of one alone the name does not matter.
    pub(in crate::sim) limit: usize,
}

impl Exclusive {
    /// Whether there can be only one, whatever its name.
    pub(in crate::sim) fn single(self) -> bool {
        self.limit == 1
    }
}

/// The rule about a resource type, if there is one.
pub(in crate::sim) fn exclusive(resource_type: &str) -> Option<Exclusive> {
    let rule = |scope, name, limit| Some(Exclusive { scope, name, limit });
    match resource_type {
        "AWS::AccessAnalyzer::Analyzer" => rule(Scope::Region, "AnalyzerName", usize::MAX),
        "AWS::CloudFront::MonitoringSubscription" => {
            rule(Scope::Account, "DistributionId", usize::MAX)
        }
        "AWS::CloudTrail::Trail" => rule(Scope::Region, "TrailName", 5),
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => {
            rule(Scope::Region, "AlarmName", usize::MAX)
        }
        "AWS::CloudWatch::Dashboard" => rule(Scope::Account, "DashboardName", usize::MAX),
        "AWS::Config::ConfigRule" => rule(Scope::Region, "ConfigRuleName", 1_000),
        "AWS::Config::ConfigurationAggregator" => {
            rule(Scope::Region, "ConfigurationAggregatorName", 50)
        }
        "AWS::Config::ConfigurationRecorder" | "AWS::Config::DeliveryChannel" => {
            rule(Scope::Region, "Name", 1)
        }
        "AWS::DynamoDB::Table" => rule(Scope::Region, "TableName", usize::MAX),
        "AWS::Events::Rule" | "AWS::SSM::Parameter" => rule(Scope::Region, "Name", usize::MAX),
        "AWS::GuardDuty::Detector"
        | "AWS::SecurityHub::FindingAggregator"
        | "AWS::SecurityHub::Hub"
        | "AWS::SecurityHub::OrganizationConfiguration" => rule(Scope::Region, "", 1),
        "AWS::IAM::Group" => rule(Scope::Account, "GroupName", usize::MAX),
        "AWS::IAM::InstanceProfile" => rule(Scope::Account, "InstanceProfileName", usize::MAX),
        "AWS::IAM::ManagedPolicy" => rule(Scope::Account, "ManagedPolicyName", usize::MAX),
        "AWS::IAM::OIDCProvider" => rule(Scope::Account, "Url", usize::MAX),
        "AWS::IAM::Role" => rule(Scope::Account, "RoleName", usize::MAX),
        "AWS::IAM::User" => rule(Scope::Account, "UserName", usize::MAX),
        "AWS::KMS::Alias" => rule(Scope::Region, "AliasName", usize::MAX),
        "AWS::Lambda::Function" => rule(Scope::Region, "FunctionName", usize::MAX),
        "AWS::Logs::LogGroup" => rule(Scope::Region, "LogGroupName", usize::MAX),
        "AWS::S3::Bucket" => rule(Scope::World, "BucketName", usize::MAX),
        "AWS::SNS::Topic" => rule(Scope::Region, "TopicName", usize::MAX),
        "AWS::SecurityHub::Standard" => rule(Scope::Region, "StandardsArn", usize::MAX),
        _ => None,
    }
}

/// What CloudFormation's events say when the rule is broken.
pub(super) fn broken(resource_type: &str, name: &str, account: &str, region: &str) -> String {
    let (message, code) = match resource_type {
        "AWS::CloudTrail::Trail" => (
            format!("Trail {name} already exists, or {account} has 5 trails in {region}"),
            "AlreadyExists",
        ),
        "AWS::Config::ConfigurationRecorder" => (
            format!(
                "Failed to put configuration recorder '{name}' because the maximum number of \
                 configuration recorders: 1 is reached."
            ),
            "ServiceLimitExceeded",
        ),
        "AWS::Config::DeliveryChannel" => (
            format!(
                "Failed to put delivery channel '{name}' because the maximum number of delivery \
                 channels: 1 is reached."
            ),
            "ServiceLimitExceeded",
        ),
        // CloudFormation does not pass on that there is a detector already.
        "AWS::GuardDuty::Detector" => {
            ("Invalid request provided: AWS::GuardDuty::Detector".into(), "InvalidRequest")
        }
        "AWS::KMS::Alias" => (
            format!("An alias with the name arn:aws:kms:{region}:{account}:{name} already exists"),
            "AlreadyExists",
        ),
        "AWS::SecurityHub::Hub" => {
            ("Account is already subscribed to Security Hub".into(), "AlreadyExists")
        }
        _ => (
            format!("Resource of type '{resource_type}' with identifier '{name}' already exists."),
            "AlreadyExists",
        ),
    };
    handler(&message, code)
}

/// A resource handler's failure, as the events have it.
pub(super) fn handler(message: &str, code: &str) -> String {
    format!("Resource handler returned message: \"{message}\" (HandlerErrorCode: {code})")
}
