//! landing-zone.yaml.

use std::ops::Range;

use schemars::JsonSchema;

use super::switch::{GuardDutyMode, KeysEntry, TrailMode};
use super::wave::{ChangeLimitsEntry, WaveEntry};
use crate::desired::shape::{BucketName, Entries, Literal, Located, Version};
use crate::desired::state::AdministeredService;
use crate::model::{
    AccountId, AccountName, BaselineName, Email, EnvironmentName, OrganizationId, OuPath, Region,
    RoleName, ServicePrincipal, WaveName,
};

/// A landing zone: which organization it is, where it reaches, and every account in it.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct LandingZoneFile {
    /// The version of this file's shape.
    #[schemars(required)]
    #[expect(dead_code, reason = "reading it is the check: there is one version so far")]
    pub(in crate::desired) version: Option<Version>,
    /// The organization that this folder is about. avm refuses to work on any other.
    #[schemars(required)]
    pub(in crate::desired) organization: Option<OrganizationEntry>,
    /// Where baselines are deployed.
    #[schemars(required)]
    pub(in crate::desired) regions: Option<RegionsEntry>,
    /// Where templates over 51,200 bytes are stored, since CloudFormation takes no larger ones in a request; and
    /// those whose address a stack takes by `{template: FILE}`.
    pub(in crate::desired) artifacts: Option<ArtifactsEntry>,
    /// Who may write: one run at a time. Without it runs may write at the same time.
    pub(in crate::desired) lease: Option<LeaseEntry>,
    /// Where the keys of the environments are: `per-account` unless said otherwise.
    pub(in crate::desired) keys: Option<KeysEntry>,
    /// What records API calls: `per-account` unless said otherwise.
    pub(in crate::desired) trail: Option<Located<TrailMode>>,
    /// How accounts come under GuardDuty's administrator. Unless said otherwise by `organization`, if
    /// `delegated-administrators` names an account for it, else by `invitation`.
    pub(in crate::desired) guardduty: Option<Located<GuardDutyMode>>,
    /// The accounts that administer services for the organization, each in the place of the management account.
    pub(in crate::desired) delegated_administrators: Option<AdministratorsEntry>,
    /// Services that may work in all accounts, by their principals, beside those that `delegated-administrators`
    /// implies. Others are left as they are.
    #[schemars(default)]
    pub(in crate::desired) trusted_services: Vec<Located<ServicePrincipal>>,
    /// What accounts of one environment share, by the environment's name.
    #[schemars(default)]
    pub(in crate::desired) environments: Entries<EnvironmentName, Option<EnvironmentEntry>>,
    /// Organizational units that must exist although no account is in them. The units of accounts need no mention.
    #[schemars(default)]
    pub(in crate::desired) organizational_units: Vec<Located<OuPath>>,
    /// Organizational units in whose accounts avm refuses to delete anything, those further below included.
    #[schemars(default)]
    pub(in crate::desired) protected_organizational_units: Vec<Located<OuPath>>,
    /// The waves of a rollout, first to last. A wave starts when the one before it is done.
    #[schemars(required, length(min = 1))]
    pub(in crate::desired) waves: Option<Located<Vec<WaveEntry>>>,
    /// How much a plan may change before avm refuses to carry it out; no limit unless said otherwise.
    pub(in crate::desired) limits: Option<ChangeLimitsEntry>,
    /// The accounts.
    #[schemars(default)]
    pub(in crate::desired) accounts: Vec<Located<AccountEntry>>,
}

/// The organization that a folder is about.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct OrganizationEntry {
    /// The organization's id, as `aws organizations describe-organization` shows it.
    #[schemars(required)]
    pub(in crate::desired) id: Option<OrganizationId>,
    /// The id of the management account, in quotes: leading zeros count.
    #[schemars(required)]
    pub(in crate::desired) management_account: Option<AccountId>,
    /// The role that avm assumes in member accounts, and that new accounts are made with;
    /// `OrganizationAccountAccessRole` unless said otherwise.
    pub(in crate::desired) access_role: Option<RoleName>,
    /// The role that `avm plan` assumes in member accounts: one that can only read, such as that of
    /// `runner-member.yaml`. `access-role` unless said otherwise. In an account without the role nothing is planned.
    pub(in crate::desired) plan_role: Option<RoleName>,
}

/// The regions of a landing zone.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct RegionsEntry {
    /// The region for what exists once per account. One of the governed ones.
    #[schemars(required)]
    pub(in crate::desired) home: Option<Located<Region>>,
    /// The regions that baselines are deployed to.
    #[schemars(required, length(min = 1))]
    pub(in crate::desired) governed: Option<Located<Vec<Located<Region>>>>,
}

/// The store for large templates.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct ArtifactsEntry {
    /// An S3 bucket of the management account.
    #[schemars(required)]
    pub(in crate::desired) bucket: Option<BucketName>,
}

/// The store for the lease that a run takes before it writes.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct LeaseEntry {
    /// An S3 bucket of the management account, in the home region. It may be that of `artifacts`.
    #[schemars(required)]
    pub(in crate::desired) bucket: Option<BucketName>,
}

/// The accounts that administer services for the organization: each one of `accounts`, and not the management account.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct AdministratorsEntry {
    /// The account whose IAM Access Analyzer looks at the whole organization.
    pub(in crate::desired) access_analyzer: Option<Located<AccountName>>,
    /// The account that administers the organization's trails.
    pub(in crate::desired) cloudtrail: Option<Located<AccountName>>,
    /// The account that gathers what AWS Config records, and has rules for the organization.
    pub(in crate::desired) config: Option<Located<AccountName>>,
    /// The account that has GuardDuty's findings of all accounts.
    pub(in crate::desired) guardduty: Option<Located<AccountName>>,
    /// The account that has Security Hub's findings of all accounts.
    pub(in crate::desired) security_hub: Option<Located<AccountName>>,
    /// Whether every key could be read, so that one that is absent is known to be absent.
    #[schemars(skip)]
    pub(in crate::desired) is_whole: bool,
}

/// What the accounts of one environment share.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct EnvironmentEntry {
    /// Who administers keys: ARNs of IAM principals. Templates take them joined with commas.
    #[schemars(default)]
    pub(in crate::desired) key_administrators: Vec<Located<String>>,
    /// Accounts outside of the environment that may use what it shares. Templates take them joined with commas.
    #[schemars(default)]
    pub(in crate::desired) external_accounts: Vec<Located<AccountId>>,
    /// Any other values, for `{env: KEY}` in baselines.
    #[schemars(default)]
    pub(in crate::desired) values: Entries<String, Option<Literal>>,
}

/// An account.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct AccountEntry {
    /// The account's name, unique in this file; letter case does not count.
    #[schemars(required)]
    pub(in crate::desired) name: Option<Located<AccountName>>,
    /// The e-mail address of its root user: what avm finds the account by. Unique among all AWS accounts.
    #[schemars(required)]
    pub(in crate::desired) email: Option<Located<Email>>,
    /// The organizational unit it belongs in, from the root down: `Workloads/UAT`; `/` for the root.
    #[schemars(required)]
    pub(in crate::desired) ou: Option<Located<OuPath>>,
    /// One of `environments`.
    pub(in crate::desired) environment: Option<Located<EnvironmentName>>,
    /// A file of baselines/, without its ending.
    #[schemars(required)]
    pub(in crate::desired) baseline: Option<Located<BaselineName>>,
    /// One of `waves`; the last one unless said otherwise.
    pub(in crate::desired) wave: Option<Located<WaveName>>,
    /// Tags that the account must have. Other tags of it are left alone.
    #[schemars(default)]
    pub(in crate::desired) tags: Entries<String, Literal>,
    /// Whether avm refuses to delete anything in the account. Always so for the management account.
    pub(in crate::desired) protected: Option<Located<bool>>,
    /// Whether this is the organization's management account, which avm never makes, moves or closes. Its `ou` is `/`.
    pub(in crate::desired) management: Option<Located<bool>>,
    /// Whether every key could be read, so that one that is absent is known to be absent.
    #[schemars(skip)]
    pub(in crate::desired) is_whole: bool,
}

impl AdministratorsEntry {
    /// The services for which an account is named, in order.
    pub(in crate::desired) fn named(
        &self,
    ) -> impl Iterator<Item = (AdministeredService, &Located<AccountName>)> {
        let all = [
            (AdministeredService::AccessAnalyzer, &self.access_analyzer),
            (AdministeredService::Cloudtrail, &self.cloudtrail),
            (AdministeredService::Config, &self.config),
            (AdministeredService::Guardduty, &self.guardduty),
            (AdministeredService::SecurityHub, &self.security_hub),
        ];
        all.into_iter().filter_map(|(service, account)| Some((service, account.as_ref()?)))
    }
}

impl AccountEntry {
    /// Where to point for a fault of the account as a whole: its name, or else the entry.
    pub(in crate::desired) fn place<'a>(&'a self, entry: &'a Range<usize>) -> &'a Range<usize> {
        self.name.as_ref().map_or(entry, |name| &name.span)
    }
}
