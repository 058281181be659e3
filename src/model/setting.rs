//! Settings that an account or a region of it has without a resource: what CloudFormation has no type for.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ServicePrincipal;

/// A setting that holds for an account in all its regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountSetting {
    /// Whether S3 refuses public access, whatever bucket policies and ACLs say.
    S3PublicAccess(S3PublicAccess),
    /// What IAM asks of passwords. There should be none to ask it of.
    PasswordPolicy(PasswordPolicy),
    /// The account's name in its sign-in address: unique among all accounts of AWS.
    AccountAlias(String),
    /// Whom AWS writes to besides the root user's address.
    AlternateContact(AlternateContact),
    /// A service's own role: there or not.
    ServiceLinkedRole(ServicePrincipal),
}

/// Which setting of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountSettingKind {
    /// See [`AccountSetting::S3PublicAccess`].
    S3PublicAccess,
    /// See [`AccountSetting::PasswordPolicy`].
    PasswordPolicy,
    /// See [`AccountSetting::AccountAlias`].
    AccountAlias,
    /// See [`AccountSetting::AlternateContact`].
    AlternateContact(ContactType),
    /// See [`AccountSetting::ServiceLinkedRole`].
    ServiceLinkedRole(ServicePrincipal),
}

/// The four switches of S3's public access block (`PublicAccessBlockConfiguration`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "AWS has these four switches")]
pub struct S3PublicAccess {
    /// Refuses new public ACLs.
    pub block_public_acls: bool,
    /// Ignores public ACLs that are there.
    pub ignore_public_acls: bool,
    /// Refuses new public bucket policies.
    pub block_public_policy: bool,
    /// Lets nobody but AWS services and the account itself use public buckets.
    pub restrict_public_buckets: bool,
}

impl S3PublicAccess {
    /// All four on.
    pub const BLOCKED: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

/// IAM's password policy, all of it: what an update leaves out goes back to AWS's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "AWS has these switches")]
pub struct PasswordPolicy {
    /// Characters: 6 to 128.
    pub minimum_length: u8,
    /// Whether there must be a symbol.
    pub require_symbols: bool,
    /// Whether there must be a digit.
    pub require_numbers: bool,
    /// Whether there must be an upper-case letter.
    pub require_uppercase: bool,
    /// Whether there must be a lower-case letter.
    pub require_lowercase: bool,
    /// Whether users may change their own.
    pub allow_users_to_change: bool,
    /// Days until it expires: 1 to 1095; `None` for never.
    pub max_age_days: Option<u16>,
    /// How many earlier ones cannot be used again: 1 to 24.
    pub reuse_prevention: Option<u8>,
    /// Whether an expired one locks its user out until an administrator helps.
    pub hard_expiry: bool,
}

/// IAM's own values, which hold in an account without a policy.
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: 8,
            require_symbols: false,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: false,
            allow_users_to_change: true,
            max_age_days: None,
            reuse_prevention: None,
            hard_expiry: false,
        }
    }
}

/// Whom AWS writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AlternateContact {
    /// About what.
    pub contact: ContactType,
    /// Their name.
    pub name: String,
    /// Their title.
    pub title: String,
    /// Their address.
    pub email: String,
    /// Their number.
    pub phone: String,
}

/// What an alternate contact is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ContactType {
    /// Bills.
    Billing,
    /// Incidents and maintenance.
    Operations,
    /// Abuse and vulnerabilities.
    Security,
}

/// A setting that holds in one region of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RegionSetting {
    /// How new instances serve their metadata.
    InstanceMetadata(InstanceMetadata),
    /// Whether machine images may be made public.
    ImagePublicAccess(ImagePublicAccess),
    /// Whether EBS snapshots may be public.
    SnapshotPublicAccess(SnapshotPublicAccess),
    /// Whether instances can be reached by their serial console.
    SerialConsole(SerialConsole),
    /// What GuardDuty's administrator does about the organization's accounts. A setting of the administrator's
    /// account, for which there is no resource type.
    GuardDutyOrganization(GuardDutyOrganization),
}

/// Which setting of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionSettingKind {
    /// See [`RegionSetting::InstanceMetadata`].
    InstanceMetadata,
    /// See [`RegionSetting::ImagePublicAccess`].
    ImagePublicAccess,
    /// See [`RegionSetting::SnapshotPublicAccess`].
    SnapshotPublicAccess,
    /// See [`RegionSetting::SerialConsole`].
    SerialConsole,
    /// See [`RegionSetting::GuardDutyOrganization`].
    GuardDutyOrganization,
}

/// How new instances serve their metadata (`ModifyInstanceMetadataDefaults`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct InstanceMetadata {
    /// Whether a session token is needed (`IMDSv2`); `None` for no preference.
    pub http_tokens: Option<HttpTokens>,
    /// How many hops an answer may travel: 1 to 64; `None` for no preference.
    pub hop_limit: Option<u8>,
}

/// Whether instance metadata is given without a session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HttpTokens {
    /// `IMDSv2` only.
    Required,
    /// `IMDSv1` too.
    Optional,
}

/// Whether machine images may be made public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImagePublicAccess {
    /// None can be made public any more.
    BlockNewSharing,
    /// They may.
    Unblocked,
}

/// Whether EBS snapshots may be public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotPublicAccess {
    /// None is public, not even those that were made so.
    BlockAllSharing,
    /// None can be made public any more.
    BlockNewSharing,
    /// They may.
    Unblocked,
}

/// Whether instances can be reached by their serial console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SerialConsole {
    /// They cannot.
    Disabled,
    /// Who has the permission can.
    Enabled,
}

/// What GuardDuty's administrator does about the organization's accounts (`UpdateOrganizationConfiguration`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GuardDutyOrganization {
    /// Which accounts become members by themselves.
    pub auto_enable: AutoEnable,
    /// Which features they get, by AWS's name (`S3_DATA_EVENTS`); those that are not named are left as they are.
    pub features: BTreeMap<String, AutoEnable>,
}

/// Which accounts get something by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AutoEnable {
    /// Every account, those that are there already as well.
    All,
    /// Accounts that join from now on.
    New,
    /// None.
    None,
}

impl AccountSetting {
    /// Which setting this is a value of.
    pub fn kind(&self) -> AccountSettingKind {
        match self {
            Self::S3PublicAccess(_) => AccountSettingKind::S3PublicAccess,
            Self::PasswordPolicy(_) => AccountSettingKind::PasswordPolicy,
            Self::AccountAlias(_) => AccountSettingKind::AccountAlias,
            Self::AlternateContact(contact) => {
                AccountSettingKind::AlternateContact(contact.contact)
            }
            Self::ServiceLinkedRole(service) => {
                AccountSettingKind::ServiceLinkedRole(service.clone())
            }
        }
    }
}

impl RegionSetting {
    /// Which setting this is a value of.
    pub fn kind(&self) -> RegionSettingKind {
        match self {
            Self::InstanceMetadata(_) => RegionSettingKind::InstanceMetadata,
            Self::ImagePublicAccess(_) => RegionSettingKind::ImagePublicAccess,
            Self::SnapshotPublicAccess(_) => RegionSettingKind::SnapshotPublicAccess,
            Self::SerialConsole(_) => RegionSettingKind::SerialConsole,
            Self::GuardDutyOrganization(_) => RegionSettingKind::GuardDutyOrganization,
        }
    }

    /// Whether a region with the setting `now` is as this one wants it. A setting may want only a part.
    pub fn is_met_by(&self, now: &Self) -> bool {
        match (self, now) {
            (Self::GuardDutyOrganization(wanted), Self::GuardDutyOrganization(now)) => {
                let mut features = wanted.features.iter();
                wanted.auto_enable == now.auto_enable
                    && features.all(|(name, wanted)| now.features.get(name) == Some(wanted))
            }
            (Self::InstanceMetadata(wanted), Self::InstanceMetadata(now)) => {
                wanted.http_tokens.is_none_or(|tokens| now.http_tokens == Some(tokens))
                    && wanted.hop_limit.is_none_or(|hops| now.hop_limit == Some(hops))
            }
            (wanted, now) => wanted == now,
        }
    }
}

impl fmt::Display for AccountSettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S3PublicAccess => f.write_str("S3 account public access block"),
            Self::PasswordPolicy => f.write_str("IAM password policy"),
            Self::AccountAlias => f.write_str("account alias"),
            Self::AlternateContact(contact) => write!(f, "alternate contact for {contact}"),
            Self::ServiceLinkedRole(service) => write!(f, "service-linked role of {service}"),
        }
    }
}

impl fmt::Display for RegionSettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InstanceMetadata => "instance metadata defaults",
            Self::ImagePublicAccess => "block public access for AMIs",
            Self::SnapshotPublicAccess => "block public access for EBS snapshots",
            Self::SerialConsole => "EC2 serial console",
            Self::GuardDutyOrganization => "GuardDuty's organization configuration",
        })
    }
}

impl fmt::Display for ContactType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Billing => "billing",
            Self::Operations => "operations",
            Self::Security => "security",
        })
    }
}
