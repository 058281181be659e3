//! The settings of a baseline.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::KeyEntry;
use crate::desired::shape::{ContactEmail, Located, PhoneNumber, Ranged, Text};
use crate::model::{
    AutoEnable, HttpTokens, ImagePublicAccess, SerialConsole, ServicePrincipal,
    SnapshotPublicAccess,
};

/// What is set in an account without a stack. A setting that is not given is left as it is in AWS.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct SettingsEntry {
    /// What becomes of the VPC that AWS makes in each region; `keep` unless said otherwise.
    pub(in crate::desired) default_vpc: Option<DefaultVpc>,
    /// Encryption of new EBS volumes, in every governed region.
    pub(in crate::desired) ebs_encryption: Option<EbsEncryptionEntry>,
    /// Whether S3 refuses public access in the whole account, whatever bucket policies and ACLs say; `keep` unless
    /// said otherwise.
    pub(in crate::desired) s3_public_access: Option<PublicAccess>,
    /// What IAM asks of passwords.
    pub(in crate::desired) password_policy: Option<PasswordPolicyEntry>,
    /// The account's name in its sign-in address.
    pub(in crate::desired) account_alias: Option<AliasEntry>,
    /// Whom AWS writes to besides the root user's address.
    pub(in crate::desired) alternate_contacts: Option<ContactsEntry>,
    /// Services whose own role must exist, by their principals: `config.amazonaws.com`.
    #[schemars(default)]
    pub(in crate::desired) service_linked_roles: Vec<Located<ServicePrincipal>>,
    /// How new instances serve their metadata, in every governed region.
    pub(in crate::desired) instance_metadata: Option<InstanceMetadataEntry>,
    /// Whether machine images may be made public, in every governed region.
    pub(in crate::desired) image_public_access: Option<ImagePublicAccess>,
    /// Whether EBS snapshots may be public, in every governed region.
    pub(in crate::desired) snapshot_public_access: Option<SnapshotPublicAccess>,
    /// Whether instances can be reached by their serial console, in every governed region.
    pub(in crate::desired) serial_console: Option<SerialConsole>,
    /// What GuardDuty's administrator does about the organization's accounts, in every governed region. For the
    /// baseline of the account that `delegated-administrators` names; without effect where the landing zone says
    /// `guardduty: invitation`.
    pub(in crate::desired) guardduty_organization: Option<Located<GuardDutyEntry>>,
    /// Whether governed regions that the account has not are opted in to; `keep` unless said otherwise.
    pub(in crate::desired) region_opt_in: Option<RegionOptIn>,
}

/// What becomes of a default VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum DefaultVpc {
    /// Deleted in every enabled region, once it is proven to be unused.
    Delete,
    /// Left alone.
    Keep,
}

/// Encryption of new EBS volumes.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct EbsEncryptionEntry {
    /// The key: `alias/NAME`, a key's ARN, a value of the environment, the environment's key for a purpose, or the
    /// output of a stack that is deployed in every governed region.
    #[schemars(required)]
    pub(in crate::desired) key: Option<Located<KeyEntry>>,
}

/// Whether S3 refuses public access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum PublicAccess {
    /// All of it, by all four switches.
    Block,
    /// Left alone.
    Keep,
}

/// What IAM asks of passwords. What is not given has the value that IAM has without a policy.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct PasswordPolicyEntry {
    /// Characters; 8 unless said otherwise.
    pub(in crate::desired) minimum_length: Option<Ranged<u8, 6, 128>>,
    /// Whether there must be a symbol.
    pub(in crate::desired) require_symbols: Option<bool>,
    /// Whether there must be a digit.
    pub(in crate::desired) require_numbers: Option<bool>,
    /// Whether there must be an upper-case letter.
    pub(in crate::desired) require_uppercase: Option<bool>,
    /// Whether there must be a lower-case letter.
    pub(in crate::desired) require_lowercase: Option<bool>,
    /// Whether users may change their own; so unless said otherwise.
    pub(in crate::desired) allow_users_to_change: Option<bool>,
    /// Days until it expires; never unless given.
    pub(in crate::desired) max_age_days: Option<Ranged<u16, 1, 1095>>,
    /// How many earlier ones cannot be used again; none unless given.
    pub(in crate::desired) reuse_prevention: Option<Ranged<u8, 1, 24>>,
    /// Whether an expired one locks its user out until an administrator helps.
    pub(in crate::desired) hard_expiry: Option<bool>,
}

/// The account's name in its sign-in address.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct AliasEntry {
    /// What stands before the account's name, which is written in lower case. The whole has 3 to 63 lower-case
    /// letters, digits and single hyphens, and is unique among all AWS accounts.
    #[schemars(required)]
    pub(in crate::desired) prefix: Option<Located<String>>,
}

/// Whom AWS writes to besides the root user's address.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct ContactsEntry {
    /// About bills.
    pub(in crate::desired) billing: Option<ContactEntry>,
    /// About incidents and maintenance.
    pub(in crate::desired) operations: Option<ContactEntry>,
    /// About abuse and vulnerabilities.
    pub(in crate::desired) security: Option<ContactEntry>,
}

/// An alternate contact.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct ContactEntry {
    /// Their name.
    #[schemars(required)]
    pub(in crate::desired) name: Option<Text<64>>,
    /// Their title.
    #[schemars(required)]
    pub(in crate::desired) title: Option<Text<50>>,
    /// Their address.
    #[schemars(required)]
    pub(in crate::desired) email: Option<ContactEmail>,
    /// Their number.
    #[schemars(required)]
    pub(in crate::desired) phone: Option<PhoneNumber>,
}

/// How new instances serve their metadata, unless their launch says otherwise.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("minProperties" = 1))]
pub(in crate::desired) struct InstanceMetadataEntry {
    /// Whether a session token is needed (`IMDSv2`).
    pub(in crate::desired) http_tokens: Option<HttpTokens>,
    /// How many hops an answer may travel: 2 for containers.
    pub(in crate::desired) hop_limit: Option<Ranged<u8, 1, 64>>,
}

/// What GuardDuty's administrator does about the organization's accounts.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct GuardDutyEntry {
    /// Which accounts become members by themselves.
    #[schemars(required)]
    pub(in crate::desired) auto_enable: Option<AutoEnable>,
    /// Which features they get, by AWS's names. Those that are not named are left as they are.
    pub(in crate::desired) features: Option<GuardDutyFeatures>,
}

/// GuardDuty's features, all of which cost extra.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub(in crate::desired) struct GuardDutyFeatures {
    /// Use of generative AI services.
    pub(in crate::desired) ai_protection: Option<Located<AutoEnable>>,
    /// Scans of EBS volumes after a finding.
    pub(in crate::desired) ebs_malware_protection: Option<Located<AutoEnable>>,
    /// Audit logs of EKS clusters.
    pub(in crate::desired) eks_audit_logs: Option<Located<AutoEnable>>,
    /// What runs in EKS clusters. `RUNTIME_MONITORING` includes it, and AWS takes one of the two.
    pub(in crate::desired) eks_runtime_monitoring: Option<Located<AutoEnable>>,
    /// Network activity of Lambda functions.
    pub(in crate::desired) lambda_network_logs: Option<Located<AutoEnable>>,
    /// Logins to RDS databases.
    pub(in crate::desired) rds_login_events: Option<Located<AutoEnable>>,
    /// What runs in EKS clusters, ECS tasks and EC2 instances.
    pub(in crate::desired) runtime_monitoring: Option<Located<AutoEnable>>,
    /// Data events of S3.
    pub(in crate::desired) s3_data_events: Option<Located<AutoEnable>>,
}

/// Whether regions are opted in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum RegionOptIn {
    /// Every governed region that the account has not.
    Enable,
    /// Left as they are.
    Keep,
}

impl GuardDutyFeatures {
    /// The features that are named, by AWS's name.
    pub(in crate::desired) fn named(
        &self,
    ) -> impl Iterator<Item = (&'static str, &Located<AutoEnable>)> {
        let all = [
            ("AI_PROTECTION", &self.ai_protection),
            ("EBS_MALWARE_PROTECTION", &self.ebs_malware_protection),
            ("EKS_AUDIT_LOGS", &self.eks_audit_logs),
            ("EKS_RUNTIME_MONITORING", &self.eks_runtime_monitoring),
            ("LAMBDA_NETWORK_LOGS", &self.lambda_network_logs),
            ("RDS_LOGIN_EVENTS", &self.rds_login_events),
            ("RUNTIME_MONITORING", &self.runtime_monitoring),
            ("S3_DATA_EVENTS", &self.s3_data_events),
        ];
        all.into_iter().filter_map(|(name, enabled)| Some((name, enabled.as_ref()?)))
    }
}
