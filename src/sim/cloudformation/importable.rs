//! Which resources can be imported, and what identifies them (the registry's `primaryIdentifier`).

/// How resources of a type are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Importable {
    /// The property that identifies one.
    pub(super) identifier: &'static str,
    /// Whether the property is one that a template gives, so that `ImportExistingResources` finds the resource. An
    /// identifier that is read-only has to be said in an import of its own.
    pub(super) by_name: bool,
}

/// How resources of the type are imported; `None` if they cannot be.
pub(super) fn importable(resource_type: &str) -> Option<Importable> {
    let by_name = |identifier| Some(Importable { identifier, by_name: true });
    let by_id = |identifier| Some(Importable { identifier, by_name: false });
    match resource_type {
        "AWS::CloudTrail::Trail" => by_name("TrailName"),
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => by_name("AlarmName"),
        "AWS::CloudWatch::Dashboard" => by_name("DashboardName"),
        "AWS::Config::ConfigRule" => by_name("ConfigRuleName"),
        "AWS::Config::ConfigurationAggregator" => by_name("ConfigurationAggregatorName"),
        "AWS::Config::ConfigurationRecorder"
        | "AWS::Config::DeliveryChannel"
        | "AWS::SSM::Parameter" => by_name("Name"),
        "AWS::DynamoDB::Table" => by_name("TableName"),
        "AWS::IAM::InstanceProfile" => by_name("InstanceProfileName"),
        "AWS::IAM::Role" => by_name("RoleName"),
        "AWS::KMS::Alias" => by_name("AliasName"),
        "AWS::Lambda::Function" => by_name("FunctionName"),
        "AWS::Logs::LogGroup" => by_name("LogGroupName"),
        "AWS::S3::Bucket" => by_name("BucketName"),
        "AWS::AccessAnalyzer::Analyzer" | "AWS::Events::Rule" | "AWS::IAM::OIDCProvider" => {
            by_id("Arn")
        }
        "AWS::GuardDuty::Detector" => by_id("Id"),
        "AWS::IAM::ManagedPolicy" => by_id("PolicyArn"),
        "AWS::KMS::Key" => by_id("KeyId"),
        "AWS::SNS::Topic" => by_id("TopicArn"),
        "AWS::SecurityHub::FindingAggregator" => by_id("FindingAggregatorArn"),
        "AWS::SecurityHub::Hub" => by_id("ARN"),
        "AWS::SecurityHub::Standard" => by_id("StandardsSubscriptionArn"),
        _ => None,
    }
}
