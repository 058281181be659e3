//! The switches of a landing zone: one word each that decides how all its baselines go about something.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::desired::shape::Located;
use crate::model::AccountName;

/// Where the keys of the environments are.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum KeysEntry {
    /// Each account has its own.
    PerAccount(PerAccountKeys),
    /// One account has those of all environments.
    Central(CentralKeys),
}

/// The word for keys of each account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum PerAccountKeys {
    /// Each account has its own.
    PerAccount,
}

/// Keys that one account has for all.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct CentralKeys {
    /// The account that has the keys of all environments: in each region a stack `avm-kms-keys-ENVIRONMENT` for
    /// every environment. It is in an earlier wave than the accounts that use them.
    #[schemars(required)]
    pub(in crate::desired) central: Option<Located<AccountName>>,
}

/// Where the keys of the environments are, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum KeysMode {
    /// Each account has its own.
    PerAccount,
    /// One account has those of all environments.
    Central,
}

/// What records the calls that are made in the accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum TrailMode {
    /// A trail in each account.
    #[default]
    PerAccount,
    /// One trail for the organization. CloudTrail must be a trusted service.
    Organization,
}

/// How accounts come under GuardDuty's administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum GuardDutyMode {
    /// By themselves, as members of the organization.
    Organization,
    /// Each by an invitation that it accepts: for organizations that still work this way.
    Invitation,
}
