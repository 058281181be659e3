//! The observed state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::shared::Shared;
use crate::cloud::{
    AccountRequest, CloudError, EbsEncryption, ExistingResource, Key, KeyReference, Organization,
    RegionOptState, SettingState, Stack, VpcContents,
};
use crate::desired::OutputSource;
use crate::model::{
    AccountId, AccountName, AccountSetting, AccountSettingKind, AccountState, OuPath, ParentId,
    Region, RegionSetting, RegionSettingKind, SecurityService, ServicePrincipal, StackName,
};
use crate::template::{Digest, Template};

/// What was seen of an organization, as far as the desired state asked.
#[derive(Clone, Debug)]
pub struct ObservedState {
    /// The organization.
    pub organization: Organization,
    /// The nodes of the tree that were looked at, the root among them.
    pub nodes: BTreeMap<OuPath, ParentId>,
    /// The desired accounts.
    pub accounts: BTreeMap<AccountName, ObservedAccount>,
    /// The outputs that desired accounts take from other accounts. `Ok(None)`: there is no such account, stack
    /// or output yet.
    pub outputs: BTreeMap<OutputSource, Result<Option<String>, CloudError>>,
    /// The services that the organization trusts; empty where the files declare none, since then nobody asked.
    pub trusted_services: Result<BTreeSet<ServicePrincipal>, CloudError>,
    /// Who administers the services for which the files name a selected account.
    pub delegated_administrators:
        BTreeMap<ServicePrincipal, Result<BTreeSet<AccountId>, CloudError>>,
    /// The same for those that are administered region by region, in the governed regions that are selected.
    pub service_administrators:
        BTreeMap<(Region, SecurityService), Result<Option<AccountId>, CloudError>>,
    /// The ids of the accounts whose alarms are gates, as far as there are such accounts.
    pub gate_accounts: BTreeMap<AccountName, AccountId>,
    /// The regions that an account has from birth: what is planned for an account that is still to be made.
    pub regions_of_a_new_account: BTreeSet<Region>,
}

/// What was seen of one desired account.
#[derive(Clone, Debug)]
pub enum ObservedAccount {
    /// No account has the e-mail address.
    Absent {
        /// A request to create it that AWS has not finished.
        request: Option<AccountRequest>,
    },
    /// It is there, and gets no steps: suspended, closing, closed.
    NotActive {
        /// Its id.
        id: AccountId,
        /// Its state.
        state: AccountState,
    },
    /// It is there, but does not let avm in.
    Unreachable {
        /// Its id.
        id: AccountId,
        /// Why.
        error: CloudError,
    },
    /// It is there and answers.
    Present(Box<PresentAccount>),
}

/// An account that answers.
#[derive(Clone, Debug)]
pub struct PresentAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name in AWS.
    pub name: String,
    /// The node above it.
    pub parent: ParentId,
    /// Its tags; empty where the desired account declares none, since then nobody asked.
    pub tags: BTreeMap<String, String>,
    /// Its settings, as far as its baseline says something about them.
    pub settings: BTreeMap<AccountSettingKind, Result<SettingState<AccountSetting>, CloudError>>,
    /// How all regions stand; empty where the baseline opts in to none or the account has them all, since then
    /// nobody asked.
    pub opt_in: Result<BTreeMap<Region, RegionOptState>, CloudError>,
    /// Its regions that are enabled, and what was seen there.
    pub regions: BTreeMap<Region, ObservedRegion>,
}

/// What was seen of one region of an account. Each question is answered or not for itself: a refusal to tell of
/// VPCs does not hide the stacks.
#[derive(Clone, Debug)]
pub struct ObservedRegion {
    /// Its stacks. Empty where the baseline has no stack in this region, since then nobody asked.
    pub stacks: Result<BTreeMap<StackName, Shared<ObservedStack>>, CloudError>,
    /// Its default VPC, if it has one and the baseline wants it gone.
    pub default_vpc: Result<Option<VpcContents>, CloudError>,
    /// Its EBS encryption, if the baseline says something about it.
    pub ebs: Result<Option<EbsEncryption>, CloudError>,
    /// The keys that the baseline's EBS setting names, as far as they had to be looked at.
    pub keys: BTreeMap<KeyReference, ObservedKey>,
    /// Its settings, as far as the baseline says something about them.
    pub settings: Shared<ObservedSettings>,
    /// What is there already of the resources of stacks that are still to be made.
    pub existing: BTreeMap<StackName, Result<Vec<FoundResource>, CloudError>>,
    /// The organization trails that record here, where a trail of the account's own is still to be made.
    pub organization_trails: Vec<String>,
}

/// Settings of a region.
pub type ObservedSettings =
    BTreeMap<RegionSettingKind, Result<SettingState<RegionSetting>, CloudError>>;

/// A resource that is there already, and its place in the template of a stack that is still to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundResource {
    /// Its name in the template.
    pub logical_id: String,
    /// The name that the template would give it, where it names it.
    pub wanted_name: Option<String>,
    /// What is there.
    pub existing: ExistingResource,
}

impl ObservedRegion {
    /// A stack; `None` if there is none, or if the stacks could not be read.
    pub fn stack(&self, name: &StackName) -> Option<&ObservedStack> {
        self.stacks.as_ref().ok()?.get(name).map(|stack| &**stack)
    }
}

/// What was seen of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObservedKey {
    /// There is none of that name.
    Absent,
    /// It is there.
    Present(Key),
    /// It could not be read.
    Unreadable(CloudError),
}

/// A stack, and what it was deployed with.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedStack {
    /// The stack: without its ARN, and with those of its outputs that some desired stack or key takes, or that say
    /// that avm has made it.
    pub stack: Stack,
    /// Its template.
    pub template: DeployedTemplate,
}

/// What is known of a stack's template.
#[derive(Clone, Debug, PartialEq)]
pub enum DeployedTemplate {
    /// Its digest, from the stack's own output: nothing more was needed.
    Digest(Digest),
    /// The template itself, read because it differs or carries no digest.
    Whole(Arc<Template>),
    /// It could not be read or understood.
    Unreadable(String),
    /// Nobody asked: the stack is in no baseline.
    NotRead,
}
