//! The nouns of a landing zone, each with one way in: parsing.
//!
//! Whoever holds one of these values holds a valid one. Nothing here knows of files, AWS calls or plans.

mod account;
mod arn;
mod email;
mod environment_variable;
mod name;
mod organization;
mod ou_path;
mod region;
mod service;
mod setting;
mod text;
mod wave;
mod wildcard;

pub use account::{AccountId, AccountName, AccountState};
pub use arn::KeyArn;
pub use email::Email;
pub use environment_variable::EnvironmentVariable;
pub use name::{BaselineName, EnvironmentName, RoleName, StackName, TemplateFile, VpcId, WaveName};
pub use organization::{OrganizationId, ParentId};
pub use ou_path::OuPath;
pub use region::Region;
use serde::{Deserialize, Serialize};
pub use service::{SecurityService, ServicePrincipal};
pub use setting::{
    AccountSetting, AccountSettingKind, AlternateContact, AutoEnable, ContactType,
    GuardDutyOrganization, HttpTokens, ImagePublicAccess, InstanceMetadata, PasswordPolicy,
    RegionSetting, RegionSettingKind, S3PublicAccess, SerialConsole, SnapshotPublicAccess,
};
pub use text::ParseError;
pub use wave::{FailureTolerance, SoakTime};
pub use wildcard::wildcard_matches;

/// One account in one region: what nearly every AWS call needs to know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// The account whose resources are meant.
    pub account: AccountId,
    /// The region in that account.
    pub region: Region,
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.account, self.region)
    }
}
