//! Settings of accounts and regions, as far as anybody has set them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{
    AlternateContact, ContactType, ImagePublicAccess, InstanceMetadata, PasswordPolicy,
    S3PublicAccess, SerialConsole, ServicePrincipal, SnapshotPublicAccess,
};

/// The settings of an account that somebody has set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct AccountSettings {
    /// S3's public access block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_public_access: Option<S3PublicAccess>,
    /// IAM's password policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_policy: Option<PasswordPolicy>,
    /// The account's alias.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The alternate contacts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<ContactType, AlternateContact>,
    /// The services that have a role of their own, besides those that every account is born with.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub service_linked_roles: BTreeSet<ServicePrincipal>,
}

impl AccountSettings {
    /// Whether nobody has set anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The settings of a region that somebody has set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct RegionSettings {
    /// The defaults for instance metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_metadata: Option<InstanceMetadata>,
    /// Whether machine images may be made public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_public_access: Option<ImagePublicAccess>,
    /// Whether snapshots may be public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot_public_access: Option<SnapshotPublicAccess>,
    /// Whether instances can be reached by their serial console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_console: Option<SerialConsole>,
}

impl RegionSettings {
    /// Whether nobody has set anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
