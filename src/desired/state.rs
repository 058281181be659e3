//! The desired state: what the files say, resolved as far as it can be without asking AWS.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    AccountId, AccountName, AccountSetting, BaselineName, Email, EnvironmentName,
    EnvironmentVariable, FailureTolerance, OrganizationId, OuPath, Region, RegionSetting, RoleName,
    SecurityService, ServicePrincipal, SoakTime, StackName, TemplateFile, WaveName,
};
use crate::template::Template;

/// What the selected accounts shall look like.
#[derive(Clone, Debug)]
pub struct DesiredState {
    /// The organization that the files are about, and no other.
    pub organization: OrganizationPin,
    /// The role that plans assume in member accounts, where it is another one. Not a part of the pin: which role
    /// looked makes no other plan.
    pub plan_role: Option<RoleName>,
    /// The region for what is global.
    pub home: Region,
    /// The regions that baselines are deployed to.
    pub governed: BTreeSet<Region>,
    /// The bucket for templates that are too big to be sent.
    pub artifacts_bucket: Option<String>,
    /// The bucket for the lease of whoever writes; `None` lets runs write at the same time.
    pub lease_bucket: Option<String>,
    /// The waves, in order. Only waves with selected accounts matter to a plan.
    pub waves: Vec<WaveName>,
    /// What has to hold after a wave before the next one begins, for waves of which the files say more than a name.
    pub conditions: BTreeMap<WaveName, DesiredConditions>,
    /// Units that must exist although no account may be in them; those of the accounts are not repeated here.
    pub organizational_units: BTreeSet<OuPath>,
    /// The units whose accounts are protected, those further below included.
    pub protected_units: BTreeSet<OuPath>,
    /// The selected accounts.
    pub accounts: BTreeMap<AccountName, DesiredAccount>,
    /// The services that may work in all accounts of the organization; others are left alone.
    pub trusted_services: BTreeSet<ServicePrincipal>,
    /// The accounts that administer services for the organization.
    pub administrators: BTreeMap<AdministeredService, AccountName>,
    /// Every account's e-mail address, selected or not: outputs are looked up in accounts of earlier waves.
    pub emails: BTreeMap<AccountName, Email>,
    /// The templates that some stack is made from.
    pub templates: BTreeMap<TemplateFile, Arc<Template>>,
    /// The regions of the selection; `None` means all. A region that is not selected gets no step.
    pub selected_regions: Option<BTreeSet<Region>>,
    /// Whether settings (default VPC, EBS) are part of the selection; not so when stacks were selected by name.
    pub settings_selected: bool,
    /// How much a plan may change before nobody may carry it out.
    pub limits: ChangeLimits,
}

/// How much a plan may change before nobody may carry it out; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeLimits {
    /// Changes.
    pub changes: Option<usize>,
    /// Things that are deleted or made anew.
    pub destroys: Option<usize>,
}

/// What has to hold after a wave before the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredConditions {
    /// The accounts that may fail.
    pub failure_tolerance: FailureTolerance,
    /// How long the wave is left alone.
    pub soak: Option<SoakTime>,
    /// The alarm that must be OK.
    pub gate: Option<DesiredGate>,
}

/// A CloudWatch alarm that must be OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredGate {
    /// Its name.
    pub alarm: String,
    /// The account that has it, in the same wave or an earlier one.
    pub account: AccountName,
    /// The region that it is in.
    pub region: Region,
}

/// The organization that a folder is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OrganizationPin {
    /// Its id.
    pub id: OrganizationId,
    /// Its management account.
    pub management_account: AccountId,
    /// The role that avm assumes in member accounts, and that new accounts are made with.
    pub access_role: RoleName,
}

/// What one account shall look like.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the files on its own")]
#[derive(Clone, Debug, PartialEq)]
pub struct DesiredAccount {
    /// Its name in the files, and in AWS if avm makes it.
    pub name: AccountName,
    /// Its root user's e-mail address: what it is found by.
    pub email: Email,
    /// Its place in the tree.
    pub ou: OuPath,
    /// Its environment.
    pub environment: Option<EnvironmentName>,
    /// Its baseline.
    pub baseline: BaselineName,
    /// Its wave.
    pub wave: WaveName,
    /// The tags that it must have; others are left alone.
    pub tags: BTreeMap<String, String>,
    /// Whether the executor refuses destructive steps in it.
    pub protected: bool,
    /// Whether it is the organization's management account, which avm never makes, moves or closes. Such an
    /// account is always protected.
    pub management: bool,
    /// Whether default VPCs are deleted in all its enabled regions.
    pub delete_default_vpcs: bool,
    /// The key for EBS encryption by default, in every governed region; `None` leaves EBS alone.
    pub ebs_key: Option<DesiredKey>,
    /// What is set for the account as a whole.
    pub settings: Vec<AccountSetting>,
    /// What is set in every governed region.
    pub region_settings: Vec<RegionSetting>,
    /// Whether governed regions that the account has not are opted in to.
    pub opt_in: bool,
    /// Its stacks, in the order in which they are deployed in each region.
    pub stacks: Vec<DesiredStack>,
}

/// A service that an account can administer for the organization.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AdministeredService {
    /// IAM Access Analyzer.
    AccessAnalyzer,
    /// AWS CloudTrail.
    Cloudtrail,
    /// AWS Config: aggregation, and rules for the organization.
    Config,
    /// Amazon GuardDuty.
    Guardduty,
    /// AWS Security Hub CSPM.
    SecurityHub,
}

/// The key with which EBS shall encrypt by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredKey {
    /// An alias or ARN, which costs one more call per region to look up.
    Reference(String),
    /// The key's ARN, out of a stack in the same region: the account's own, or one of an earlier wave.
    Output {
        /// The account that has the stack.
        account: AccountName,
        /// The stack.
        stack: StackName,
        /// The output's key.
        key: String,
    },
}

/// A stack of an account's baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredStack {
    /// Its name.
    pub name: StackName,
    /// Its template.
    pub template: TemplateFile,
    /// The regions it is deployed to.
    pub regions: BTreeSet<Region>,
    /// Its parameters.
    pub parameters: BTreeMap<String, DesiredValue>,
    /// What becomes of resources that are there already when the stack is made.
    pub adopt: Adopt,
}

/// What becomes of resources that are there already, and in no stack, when a stack is to be made that has them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Adopt {
    /// They are imported into the stack.
    #[default]
    Import,
    /// They are left as they are, reported, and the stack is not made.
    Leave,
    /// The stack is blocked until somebody decides.
    Fail,
}

/// A parameter's value, as far as it is known without asking AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredValue {
    /// Known: a literal, or an environment's value.
    Literal(String),
    /// A fact about the account that only AWS knows.
    Account(AccountFact),
    /// The address of a template in the artifacts bucket, for what launches it later.
    TemplateUrl(TemplateFile),
    /// A secret of the environment of whoever runs avm.
    Secret(SecretSource),
    /// An output of a stack, of this account or of one in an earlier wave.
    Output {
        /// The account that has the stack.
        account: AccountName,
        /// The stack.
        stack: StackName,
        /// The output's key.
        key: String,
        /// The region in which the stack is looked at.
        region: OutputRegion,
    },
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretSource {
    /// The variable that has it.
    pub variable: EnvironmentVariable,
    /// Where the files say so: `baselines/standard.yaml:12:30`.
    pub place: String,
}

/// A fact about an account that only AWS knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFact {
    /// Its id.
    Id,
}

/// The region in which an output is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputRegion {
    /// The region of the stack that takes the value.
    Same,
    /// One fixed region.
    Fixed(Region),
}

/// Where exactly an output comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OutputSource {
    /// The account.
    pub account: AccountName,
    /// The region.
    pub region: Region,
    /// The stack.
    pub stack: StackName,
    /// The output's key.
    pub key: String,
}

impl DesiredState {
    /// The organizational units that must exist: the declared ones and those of the selected accounts, with all
    /// units above them.
    pub fn wanted_units(&self) -> BTreeSet<OuPath> {
        let of_accounts = self.accounts.values().map(|account| &account.ou);
        of_accounts.chain(&self.organizational_units).flat_map(OuPath::ancestry).collect()
    }

    /// The outputs of other accounts that hold an account's key for EBS, one for each region that is governed and
    /// selected.
    pub fn foreign_ebs_keys(&self, account: &DesiredAccount) -> BTreeSet<OutputSource> {
        let regions = self.governed.iter().filter(|region| self.selects(region));
        regions
            .filter_map(|region| account.ebs_key_source(region))
            .filter(|source| self.settings_selected && source.account != account.name)
            .collect()
    }

    /// Whether the selection includes this region.
    pub fn selects(&self, region: &Region) -> bool {
        self.selected_regions.as_ref().is_none_or(|regions| regions.contains(region))
    }
}

impl DesiredAccount {
    /// Every output that the account's stacks take from other accounts, each once. See
    /// [`DesiredState::foreign_ebs_keys`] for those that EBS takes.
    pub fn foreign_outputs(&self) -> BTreeSet<OutputSource> {
        let mut sources = BTreeSet::new();
        for stack in &self.stacks {
            for region in &stack.regions {
                let values = stack.parameters.values();
                sources.extend(values.filter_map(|value| value.source(region)));
            }
        }
        sources.retain(|source| source.account != self.name);
        sources
    }

    /// The output that holds the key for EBS in `region`, if it is one.
    pub fn ebs_key_source(&self, region: &Region) -> Option<OutputSource> {
        let Some(DesiredKey::Output { account, stack, key }) = &self.ebs_key else { return None };
        Some(OutputSource {
            account: account.clone(),
            region: region.clone(),
            stack: stack.clone(),
            key: key.clone(),
        })
    }
}

impl AdministeredService {
    /// The services that must be trusted by the organization for it.
    pub fn trusted(self) -> &'static [&'static str] {
        match self {
            Self::AccessAnalyzer => &["access-analyzer.amazonaws.com"],
            Self::Cloudtrail => &["cloudtrail.amazonaws.com"],
            Self::Config => &["config.amazonaws.com", "config-multiaccountsetup.amazonaws.com"],
            Self::Guardduty => {
                &["guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com"]
            }
            Self::SecurityHub => &["securityhub.amazonaws.com"],
        }
    }

    /// The same, as principals.
    pub(super) fn trusted_principals(self) -> impl Iterator<Item = ServicePrincipal> {
        self.trusted().iter().filter_map(|service| service.parse().ok())
    }

    /// The principals for which the account is registered with Organizations. None for services that register it
    /// by themselves when they are told of their administrator, and those are [`AdministeredService::regional`].
    pub fn registered(self) -> &'static [&'static str] {
        match self {
            Self::AccessAnalyzer | Self::Cloudtrail | Self::Config => self.trusted(),
            Self::Guardduty | Self::SecurityHub => &[],
        }
    }

    /// [`AdministeredService::registered`], parsed.
    pub fn principals(self) -> impl Iterator<Item = ServicePrincipal> {
        self.registered().iter().filter_map(|service| service.parse().ok())
    }

    /// How many accounts Organizations takes as administrators beside each other.
    ///
    /// AWS Config and CloudTrail take three (`config:PutOrganizationConfigRule`; CloudTrail's
    /// `DelegatedAdminAccountLimitExceededException`). Of IAM Access Analyzer AWS's pages know one, which is added,
    /// changed or removed.
    pub fn most_administrators(self) -> usize {
        match self {
            Self::Cloudtrail | Self::Config => 3,
            Self::AccessAnalyzer | Self::Guardduty | Self::SecurityHub => 1,
        }
    }

    /// The service, where its administrator is appointed region by region.
    pub fn regional(self) -> Option<SecurityService> {
        match self {
            Self::Guardduty => Some(SecurityService::GuardDuty),
            Self::SecurityHub => Some(SecurityService::SecurityHub),
            Self::AccessAnalyzer | Self::Cloudtrail | Self::Config => None,
        }
    }
}

impl DesiredValue {
    /// Where the value comes from, if it is an output, for a stack in `region`.
    pub fn source(&self, region: &Region) -> Option<OutputSource> {
        let Self::Output { account, stack, key, region: at } = self else { return None };
        let region = match at {
            OutputRegion::Same => region.clone(),
            OutputRegion::Fixed(region) => region.clone(),
        };
        Some(OutputSource {
            account: account.clone(),
            region,
            stack: stack.clone(),
            key: key.clone(),
        })
    }
}
