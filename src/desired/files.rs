//! The shape of the files: what the decoder fills, and what the JSON Schemas are made of.
//!
//! One set of types is the source of both, so an editor and `avm validate` cannot disagree about a key. A field
//! is an `Option` even where its key is required: a file is read to its end in spite of its faults, and what
//! could be read of an entry still takes part in the checks. For the same reason the values of some mappings are
//! `Option`s: a key whose value is at fault is not a key that is missing.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::shape::{BucketName, Entries, Literal, Located, Version};
use crate::model::{
    AccountId, AccountName, BaselineName, Email, EnvironmentName, OrganizationId, OuPath, Region,
    RoleName, StackName, TemplateFile, WaveName,
};

/// A landing zone: which organization it is, where it reaches, and every account in it.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct LandingZoneFile {
    /// The version of this file's shape.
    #[schemars(required)]
    #[expect(dead_code, reason = "reading it is the check: there is one version so far")]
    pub(super) version: Option<Version>,
    /// The organization that this folder is about. avm refuses to work on any other.
    #[schemars(required)]
    pub(super) organization: Option<OrganizationEntry>,
    /// Where baselines are deployed.
    #[schemars(required)]
    pub(super) regions: Option<RegionsEntry>,
    /// Where templates over 51,200 bytes are stored, since CloudFormation takes no larger ones in a request.
    pub(super) artifacts: Option<ArtifactsEntry>,
    /// What accounts of one environment share, by the environment's name.
    #[schemars(default)]
    pub(super) environments: Entries<EnvironmentName, Option<EnvironmentEntry>>,
    /// Organizational units that must exist although no account is in them. The units of accounts need no mention.
    #[schemars(default)]
    pub(super) organizational_units: Vec<Located<OuPath>>,
    /// The waves of a rollout, first to last. A wave starts when the one before it is done.
    #[schemars(required, length(min = 1))]
    pub(super) waves: Option<Located<Vec<Located<WaveName>>>>,
    /// The accounts.
    #[schemars(default)]
    pub(super) accounts: Vec<Located<AccountEntry>>,
}

/// The organization that a folder is about.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct OrganizationEntry {
    /// The organization's id, as `aws organizations describe-organization` shows it.
    #[schemars(required)]
    pub(super) id: Option<OrganizationId>,
    /// The id of the management account, in quotes: leading zeros count.
    #[schemars(required)]
    pub(super) management_account: Option<AccountId>,
    /// The role that avm assumes in member accounts, and that new accounts are made with;
    /// `OrganizationAccountAccessRole` unless said otherwise.
    pub(super) access_role: Option<RoleName>,
}

/// The regions of a landing zone.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RegionsEntry {
    /// The region for what exists once per account. One of the governed ones.
    #[schemars(required)]
    pub(super) home: Option<Located<Region>>,
    /// The regions that baselines are deployed to.
    #[schemars(required, length(min = 1))]
    pub(super) governed: Option<Located<Vec<Located<Region>>>>,
}

/// The store for large templates.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ArtifactsEntry {
    /// An S3 bucket of the management account.
    #[schemars(required)]
    pub(super) bucket: Option<BucketName>,
}

/// What the accounts of one environment share.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct EnvironmentEntry {
    /// Who administers keys: ARNs of IAM principals. Templates take them joined with commas.
    #[schemars(default)]
    pub(super) key_administrators: Vec<Located<String>>,
    /// Accounts outside of the environment that may use what it shares. Templates take them joined with commas.
    #[schemars(default)]
    pub(super) external_accounts: Vec<Located<AccountId>>,
    /// Any other values, for `{env: KEY}` in baselines.
    #[schemars(default)]
    pub(super) values: Entries<String, Option<Literal>>,
}

/// An account.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct AccountEntry {
    /// The account's name, unique in this file; letter case does not count.
    #[schemars(required)]
    pub(super) name: Option<Located<AccountName>>,
    /// The e-mail address of its root user: what avm finds the account by. Unique among all AWS accounts.
    #[schemars(required)]
    pub(super) email: Option<Located<Email>>,
    /// The organizational unit it belongs in, from the root down: `Workloads/UAT`; `/` for the root.
    #[schemars(required)]
    pub(super) ou: Option<Located<OuPath>>,
    /// One of `environments`.
    pub(super) environment: Option<Located<EnvironmentName>>,
    /// A file of baselines/, without its ending.
    #[schemars(required)]
    pub(super) baseline: Option<Located<BaselineName>>,
    /// One of `waves`; the last one unless said otherwise.
    pub(super) wave: Option<Located<WaveName>>,
    /// Tags that the account must have. Other tags of it are left alone.
    #[schemars(default)]
    pub(super) tags: Entries<String, Literal>,
    /// Whether avm refuses to delete anything in the account. Always so for the management account.
    pub(super) protected: Option<Located<bool>>,
    /// Whether this is the organization's management account, which avm never makes, moves or closes. Its `ou` is `/`.
    pub(super) management: Option<Located<bool>>,
    /// Whether every key could be read, so that one that is absent is known to be absent.
    #[schemars(skip)]
    pub(super) is_whole: bool,
}

/// A baseline: what every account of a kind gets.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct BaselineFile {
    /// The version of this file's shape.
    #[schemars(required)]
    #[expect(dead_code, reason = "reading it is the check: there is one version so far")]
    pub(super) version: Option<Version>,
    /// What is set in each governed region without a stack.
    pub(super) settings: Option<SettingsEntry>,
    /// The stacks, in the order in which they are deployed in each region.
    #[schemars(default)]
    pub(super) stacks: Vec<Located<StackEntry>>,
}

/// What is set in each governed region of an account.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct SettingsEntry {
    /// What becomes of the VPC that AWS makes in each region; `keep` unless said otherwise.
    pub(super) default_vpc: Option<DefaultVpc>,
    /// Encryption of new EBS volumes; left as it is unless given.
    pub(super) ebs_encryption: Option<EbsEncryptionEntry>,
}

/// What becomes of a default VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DefaultVpc {
    /// Deleted in every enabled region, once it is proven to be unused.
    Delete,
    /// Left alone.
    Keep,
}

/// Encryption of new EBS volumes.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct EbsEncryptionEntry {
    /// The key: `alias/NAME`, a key's ARN, a value of the environment, or the output of an own stack.
    #[schemars(required)]
    pub(super) key: Option<Located<KeyEntry>>,
}

/// A key: literally, or where to take it from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum KeyEntry {
    /// `alias/NAME` or a key's ARN.
    Literal(String),
    /// Where to take it from.
    From(KeySource),
}

/// Where a key comes from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(super) enum KeySource {
    /// A value of the account's environment.
    Env(Located<String>),
    /// An output of a stack of the same account, in the same region.
    Output(Located<KeyOutputEntry>),
}

/// An output of a stack of the same account, in the same region.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KeyOutputEntry {
    /// The stack: one that this baseline deploys in every governed region.
    #[schemars(required)]
    pub(super) stack: Option<Located<StackName>>,
    /// The output's key.
    #[schemars(required)]
    pub(super) key: Option<Located<String>>,
}

/// A stack.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct StackEntry {
    /// The stack's name, unique in the baseline.
    #[schemars(required)]
    pub(super) name: Option<Located<StackName>>,
    /// A file of templates/.
    #[schemars(required)]
    pub(super) template: Option<Located<TemplateFile>>,
    /// Where it is deployed: `home`, `governed`, or a list of governed regions.
    #[schemars(required)]
    pub(super) regions: Option<RegionScope>,
    /// The values of the template's parameters.
    #[schemars(default)]
    pub(super) parameters: Entries<String, Option<Located<ValueEntry>>>,
}

/// Where a stack is deployed.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum RegionScope {
    /// As the landing zone says.
    Named(NamedScope),
    /// Some of the governed regions.
    Listed(Vec<Located<Region>>),
}

/// A scope that the landing zone defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum NamedScope {
    /// The home region.
    Home,
    /// Every governed region.
    Governed,
}

/// A parameter's value: literally, or where to take it from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum ValueEntry {
    /// The value. Numbers and booleans keep the spelling of the file.
    Literal(Literal),
    /// Where to take it from.
    From(ValueSource),
}

/// Where a parameter's value comes from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(super) enum ValueSource {
    /// The account's environment: `name`, `key-administrators`, `external-accounts`, or a key of its `values`.
    Env(Located<String>),
    /// The account itself.
    Account(Located<AccountField>),
    /// The organization.
    Organization(Located<OrganizationField>),
    /// An output of a stack.
    Output(Located<OutputEntry>),
}

/// What a parameter can take of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AccountField {
    /// Its id.
    Id,
    /// Its name.
    Name,
    /// Its root user's e-mail address.
    Email,
    /// The path of its organizational unit.
    Ou,
    /// Its environment's name.
    Environment,
}

/// What a parameter can take of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OrganizationField {
    /// Its id.
    Id,
    /// The id of its management account.
    ManagementAccount,
}

/// An output of a stack.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct OutputEntry {
    /// The account that has the stack, one of an earlier wave; the account itself unless said otherwise.
    pub(super) account: Option<Located<AccountName>>,
    /// The stack. One of the same account comes earlier in the baseline.
    #[schemars(required)]
    pub(super) stack: Option<Located<StackName>>,
    /// The output's key.
    #[schemars(required)]
    pub(super) key: Option<Located<String>>,
    /// The region to look in: unless said otherwise the same one, or else the only one or the home region.
    pub(super) region: Option<Located<RegionChoice>>,
}

/// A region by its name or by its part in the landing zone.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum RegionChoice {
    /// The home region.
    Named(HomeRegion),
    /// This region.
    Region(Region),
}

/// The word for the home region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HomeRegion {
    /// The home region.
    Home,
}

impl AccountEntry {
    /// Where to point for a fault of the account as a whole: its name, or else the entry.
    pub(super) fn place<'a>(&'a self, entry: &'a Range<usize>) -> &'a Range<usize> {
        self.name.as_ref().map_or(entry, |name| &name.span)
    }
}

impl StackEntry {
    /// Where to point for a fault of the stack as a whole: its name, or else the entry.
    pub(super) fn place<'a>(&'a self, entry: &'a Range<usize>) -> &'a Range<usize> {
        self.name.as_ref().map_or(entry, |name| &name.span)
    }
}
