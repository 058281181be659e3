//! The shape of the files: what the decoder fills, and what the JSON Schemas are made of.
//!
//! One set of types is the source of both, so an editor and `avm validate` cannot disagree about a key. A field
//! is an `Option` even where its key is required: a file is read to its end in spite of its faults, and what
//! could be read of an entry still takes part in the checks. For the same reason the values of some mappings are
//! `Option`s: a key whose value is at fault is not a key that is missing.

mod baseline;
mod landing_zone;
mod settings;
mod switch;
mod value;
mod wave;

pub(super) use baseline::{BaselineFile, ForEach, NamedScope, RegionScope, StackEntry, WhenEntry};
pub(super) use landing_zone::{
    AccountEntry, AdministratorsEntry, ArtifactsEntry, EnvironmentEntry, LandingZoneFile,
    LeaseEntry, OrganizationEntry, RegionsEntry,
};
pub(super) use settings::{
    AliasEntry, ContactEntry, ContactsEntry, DefaultVpc, EbsEncryptionEntry, GuardDutyEntry,
    GuardDutyFeatures, InstanceMetadataEntry, PasswordPolicyEntry, PublicAccess, RegionOptIn,
    SettingsEntry,
};
pub(super) use switch::{
    CentralKeys, GuardDutyMode, KeysEntry, KeysMode, PerAccountKeys, TrailMode,
};
pub(super) use value::{
    AccountField, HomeRegion, KeyEntry, KeyOutputEntry, KeyPurpose, KeySource, OrganizationField,
    OutputEntry, RegionChoice, SecretEntry, ValueEntry, ValueSource,
};
pub(super) use wave::{ChangeLimitsEntry, ConditionalWaveEntry, GateEntry, WaveEntry};
