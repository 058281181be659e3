//! Values of parameters and keys: written out, or taken from somewhere.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::desired::shape::{Literal, Located};
use crate::model::{AccountName, EnvironmentVariable, Region, StackName, TemplateFile};

/// A parameter's value: literally, or where to take it from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum ValueEntry {
    /// The value. Numbers and booleans keep the spelling of the file.
    Literal(Literal),
    /// Where to take it from.
    From(ValueSource),
}

/// Where a parameter's value comes from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(in crate::desired) enum ValueSource {
    /// The account's environment: `name`, `key-administrators`, `external-accounts`, or a key of its `values`.
    Env(Located<String>),
    /// The account itself.
    Account(Located<AccountField>),
    /// The organization.
    Organization(Located<OrganizationField>),
    /// The environment's key for a purpose, by its ARN in the same region: with `keys: per-account` that of the
    /// account's stack `avm-kms-keys`, which comes earlier in the baseline; with `keys: {central: ...}` that of
    /// the central account's stack `avm-kms-keys-ENVIRONMENT`.
    Key(Located<KeyPurpose>),
    /// An output of a stack.
    Output(Located<OutputEntry>),
    /// A secret, for a `NoEcho` parameter: where to take it from when it is sent. No file holds it.
    Secret(SecretEntry),
    /// The address of a file of templates/ in the bucket of `artifacts`, for what launches it later.
    Template(Located<TemplateFile>),
}

/// Where a secret is taken from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct SecretEntry {
    /// The name of the variable that has it, in the environment of whoever runs avm. It is read when the secret is sent
    /// to CloudFormation, and kept nowhere.
    #[schemars(required)]
    pub(in crate::desired) environment_variable: Option<Located<EnvironmentVariable>>,
}

/// What a key of an environment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum KeyPurpose {
    /// EBS volumes, snapshots and images: the output `Ec2KeyArn`.
    Ec2,
    /// Objects: the output `S3KeyArn`.
    S3,
    /// Databases: the output `RdsKeyArn`.
    Rds,
    /// Everything else: the output `OthersKeyArn`.
    Others,
}

/// What a parameter can take of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum AccountField {
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
pub(in crate::desired) enum OrganizationField {
    /// Its id.
    Id,
    /// The id of its management account.
    ManagementAccount,
}

/// An output of a stack.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct OutputEntry {
    /// The account that has the stack, one of an earlier wave; the account itself unless said otherwise.
    pub(in crate::desired) account: Option<Located<AccountName>>,
    /// The stack. One of the same account comes earlier in the baseline.
    #[schemars(required)]
    pub(in crate::desired) stack: Option<Located<StackName>>,
    /// The output's key.
    #[schemars(required)]
    pub(in crate::desired) key: Option<Located<String>>,
    /// The region to look in: unless said otherwise the same one, or else the only one or the home region.
    pub(in crate::desired) region: Option<Located<RegionChoice>>,
}

/// A region by its name or by its part in the landing zone.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum RegionChoice {
    /// The home region.
    Named(HomeRegion),
    /// This region.
    Region(Region),
}

/// The word for the home region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum HomeRegion {
    /// The home region.
    Home,
}

/// A key: literally, or where to take it from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum KeyEntry {
    /// `alias/NAME` or a key's ARN.
    Literal(String),
    /// Where to take it from.
    From(KeySource),
}

/// Where a key comes from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(in crate::desired) enum KeySource {
    /// A value of the account's environment.
    Env(Located<String>),
    /// The environment's key for a purpose.
    Key(Located<KeyPurpose>),
    /// An output of a stack in the same region.
    Output(Located<KeyOutputEntry>),
}

/// An output of a stack in the same region.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct KeyOutputEntry {
    /// The account that has the stack, one of an earlier wave; the account itself unless said otherwise.
    pub(in crate::desired) account: Option<Located<AccountName>>,
    /// The stack: one that is deployed in every governed region.
    #[schemars(required)]
    pub(in crate::desired) stack: Option<Located<StackName>>,
    /// The output's key.
    #[schemars(required)]
    pub(in crate::desired) key: Option<Located<String>>,
}

impl KeyPurpose {
    /// The output that holds the key's ARN.
    pub(in crate::desired) fn output(self) -> &'static str {
        match self {
            Self::Ec2 => "Ec2KeyArn",
            Self::S3 => "S3KeyArn",
            Self::Rds => "RdsKeyArn",
            Self::Others => "OthersKeyArn",
        }
    }
}
