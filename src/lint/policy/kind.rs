//! The kinds of policies, and where a template has them.

use crate::document::Node;
use crate::lint::subject::ResourceNode;

/// What a policy hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role, user or group: what it may do.
    Identity,
    /// A role: who may become it.
    Trust,
    /// A KMS key.
    Key,
    /// An S3 bucket.
    Bucket,
    /// An SNS topic.
    Topic,
    /// An SQS queue.
    Queue,
    /// A secret of Secrets Manager.
    Secret,
    /// A repository of images.
    Repository,
}

impl Kind {
    /// Whether its statements name principals: all do but those of identities, which speak of themselves.
    pub(super) fn has_principals(self) -> bool {
        self != Self::Identity
    }

    /// Whether its statements name resources. A trust policy and a repository's have only the one that they hang on.
    pub(super) fn has_resources(self) -> bool {
        !matches!(self, Self::Trust | Self::Repository)
    }

    /// The service whose actions it may name; `None` means all.
    pub(super) fn service(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Trust => Some("sts"),
            Self::Key => Some("kms"),
            Self::Bucket => Some("s3"),
            Self::Topic => Some("sns"),
            Self::Queue => Some("sqs"),
            Self::Secret => Some("secretsmanager"),
            Self::Repository => Some("ecr"),
        }
    }

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identity => "an IAM policy",
            Self::Trust => "a trust policy",
            Self::Key => "a key policy",
            Self::Bucket => "a bucket policy",
            Self::Topic => "a topic policy",
            Self::Queue => "a queue policy",
            Self::Secret => "a secret's policy",
            Self::Repository => "a repository policy",
        }
    }
}

/// The properties that are policies, by type of resource.
const PROPERTIES: &[(&str, &str, Kind)] = &[
    ("AWS::ECR::Repository", "RepositoryPolicyText", Kind::Repository),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Policy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", Kind::Trust),
    ("AWS::IAM::RolePolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::UserPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::KMS::Key", "KeyPolicy", Kind::Key),
    ("AWS::KMS::ReplicaKey", "KeyPolicy", Kind::Key),
    ("AWS::S3::BucketPolicy", "PolicyDocument", Kind::Bucket),
    ("AWS::SNS::TopicInlinePolicy", "PolicyDocument", Kind::Topic),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", Kind::Topic),
    ("AWS::SQS::QueueInlinePolicy", "PolicyDocument", Kind::Queue),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", Kind::Queue),
    ("AWS::SSO::PermissionSet", "InlinePolicy", Kind::Identity),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Kind::Secret),
];

/// The policies of a resource.
pub(super) fn policies<'a>(resource: &ResourceNode<'a>) -> Vec<(Kind, &'a Node)> {
    let own = PROPERTIES
        .iter()
        .filter(|(resource_type, ..)| *resource_type == resource.resource_type)
        .filter_map(|(_, property, kind)| Some((*kind, resource.property(property)?)));
    own.chain(inline(resource).into_iter().map(|node| (Kind::Identity, node))).collect()
}

/// The policies that a role, user or group brings with it.
pub(super) fn inline<'a>(resource: &ResourceNode<'a>) -> Vec<&'a Node> {
    if !matches!(resource.resource_type, "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group") {
        return Vec::new();
    }
    let entries = resource.property("Policies").map_or(&[][..], Node::items);
    entries.iter().filter_map(|entry| entry.get("PolicyDocument")).collect()
}
