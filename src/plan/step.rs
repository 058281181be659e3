//! The kinds of step. Each is data: shown, saved, compared and executed as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::difference::{PropertyChange, Replacement};
use super::value::PlannedValue;
use crate::cloud::{AccountRequestId, NewAccount, StackState, VpcPart};
use crate::model::{
    AccountSetting, Email, OuPath, ParentId, Region, RegionSetting, SecurityService,
    ServicePrincipal, StackName, TemplateFile, VpcId,
};
use crate::template::{Capability, Digest};

/// One thing to do. Where it is done, the step's place in the plan says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", tag = "kind")]
pub enum Step {
    /// Makes an organizational unit.
    CreateOrganizationalUnit {
        /// Its path.
        path: OuPath,
        /// The node above it; `None` if an earlier step makes that.
        parent: Option<ParentId>,
    },
    /// Makes the account, and waits until it can be used.
    CreateAccount(NewAccount),
    /// Waits for an account that AWS is already making, and until it can be used.
    AwaitAccount {
        /// The request that an earlier run made.
        request: AccountRequestId,
        /// The e-mail address that the account must have; the request does not tell it.
        email: Email,
    },
    /// Moves the account.
    MoveAccount {
        /// Where it is; `None` for a node that no declared path leads to.
        from: Option<OuPath>,
        /// The id of the node where it is.
        from_id: ParentId,
        /// Where it belongs.
        to: OuPath,
        /// The id of the node where it belongs; `None` if an earlier step makes that.
        to_id: Option<ParentId>,
    },
    /// Sets tags of the account.
    TagAccount {
        /// The tags to set, with their values.
        set: BTreeMap<String, String>,
        /// The values that are replaced.
        before: BTreeMap<String, String>,
    },
    /// Deletes the default VPC, which nothing uses.
    DeleteDefaultVpc {
        /// The VPC; `None` in an account that is still to be made.
        vpc: Option<VpcId>,
        /// Its parts in the order in which they are deleted, the VPC itself last.
        parts: Vec<VpcPart>,
    },
    /// Makes EBS encrypt new volumes with a key.
    EncryptEbsByDefault {
        /// The key's ARN.
        key: PlannedValue,
        /// The key that is the default now, while encryption is on.
        before: Option<String>,
        /// Whether encryption by default has yet to be turned on.
        enable: bool,
    },
    /// Makes a stack.
    CreateStack(StackChange),
    /// Updates a stack.
    UpdateStack(StackChange),
    /// Deletes a stack whose creation failed, and makes it anew.
    RecreateStack {
        /// The state that it is stuck in.
        state: StackState,
        /// What it shall be.
        change: StackChange,
    },
    /// Waits for an operation that AWS is already working on, then looks again.
    AwaitStack {
        /// The state that the stack is in.
        state: StackState,
        /// What it shall be.
        change: StackChange,
    },
    /// Turns on a stack's termination protection.
    ProtectStack {
        /// The stack.
        stack: StackName,
    },
    /// Makes a stack that takes over resources which are there already.
    ImportStack {
        /// What it shall be.
        change: StackChange,
        /// What it takes over. Everything else that it has is made.
        imports: Vec<ImportedResource>,
        /// The state of a stack that could not be made and is deleted first.
        replaces: Option<StackState>,
    },
    /// Lets a service work in all accounts of the organization.
    TrustService {
        /// The service.
        service: ServicePrincipal,
    },
    /// Makes the account the administrator of a service for the organization.
    RegisterAdministrator {
        /// The service.
        service: ServicePrincipal,
    },
    /// Makes the account the administrator of a service for the organization, in this region.
    SetServiceAdministrator {
        /// The service.
        service: SecurityService,
    },
    /// Starts to opt in to a region. What belongs there comes with the run after.
    EnableRegion {
        /// The region.
        region: Region,
    },
    /// Changes a setting of the account.
    ChangeAccountSetting {
        /// What it shall be.
        setting: AccountSetting,
        /// What it is; `None` where AWS's own default holds, or if nobody could ask yet.
        before: Option<AccountSetting>,
    },
    /// Changes a setting of the region.
    ChangeRegionSetting {
        /// What it shall be.
        setting: RegionSetting,
        /// What it is; `None` where AWS's own default holds, or if nobody could ask yet.
        before: Option<RegionSetting>,
    },
}

/// A resource that is there already, and becomes part of a stack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ImportedResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its primary identifier, by property: `{"Id": "d-1"}`.
    pub identifier: BTreeMap<String, String>,
}

/// What a stack shall be, and how that differs from what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StackChange {
    /// The stack's name.
    pub stack: StackName,
    /// The template's file.
    pub template: TemplateFile,
    /// The template's digest.
    pub digest: Digest,
    /// Every parameter that is given.
    pub parameters: BTreeMap<String, PlannedValue>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// The resources that differ. Empty for a template that could not be compared.
    pub resources: Vec<ResourceChange>,
    /// The parameters that differ.
    pub parameter_changes: Vec<ParameterChange>,
}

/// A resource of a template that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ResourceChange {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Whether it appears, changes, is made anew or disappears. [`Action::Replace`] if
    /// [`ResourceChange::replacement`] is certain.
    pub action: Action,
    /// Whether CloudFormation makes it anew and deletes what is there. An update may also delete it, if nobody can
    /// know yet whether its condition holds: then this is `maybe`, and the property `:Condition` says so.
    #[serde(default, skip_serializing_if = "Replacement::is_never")]
    pub replacement: Replacement,
    /// Whether what is there leaves the stack and stays in the account: its `DeletionPolicy` or, where it is made
    /// anew, its `UpdateReplacePolicy` is `Retain`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retained: bool,
    /// What differs in a resource that stays. Empty for one that appears or disappears.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyChange>,
}

impl ResourceChange {
    /// Whether what is there is deleted: the resource disappears or is made anew, and is not retained.
    pub fn is_lost(&self) -> bool {
        self.action.is_destructive() && !self.retained
    }

    /// Whether what is there is deleted, or may be.
    pub fn may_be_lost(&self) -> bool {
        self.is_lost() || !(self.replacement.is_never() || self.retained)
    }
}

/// A parameter that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ParameterChange {
    /// Its name.
    pub name: String,
    /// Its value now.
    pub before: Option<String>,
    /// Its value then; `None` if the template lost the parameter.
    pub after: Option<PlannedValue>,
}

impl Step {
    /// What the step does.
    pub fn action(&self) -> Action {
        match self {
            Self::CreateOrganizationalUnit { .. }
            | Self::CreateAccount(_)
            | Self::CreateStack(_)
            | Self::RegisterAdministrator { .. }
            | Self::SetServiceAdministrator { .. } => Action::Create,
            Self::MoveAccount { .. }
            | Self::TagAccount { .. }
            | Self::EncryptEbsByDefault { .. }
            | Self::UpdateStack(_)
            | Self::ProtectStack { .. }
            | Self::TrustService { .. }
            | Self::EnableRegion { .. }
            | Self::ChangeAccountSetting { .. }
            | Self::ChangeRegionSetting { .. } => Action::Update,
            Self::RecreateStack { .. } | Self::ImportStack { replaces: Some(_), .. } => {
                Action::Replace
            }
            Self::DeleteDefaultVpc { .. } => Action::Delete,
            Self::ImportStack { replaces: None, .. } => Action::Import,
            Self::AwaitAccount { .. } | Self::AwaitStack { .. } => Action::Wait,
        }
    }

    /// What the step knows of its stack.
    pub fn stack_change(&self) -> Option<&StackChange> {
        match self {
            Self::CreateStack(change)
            | Self::UpdateStack(change)
            | Self::RecreateStack { change, .. }
            | Self::AwaitStack { change, .. }
            | Self::ImportStack { change, .. } => Some(change),
            Self::ProtectStack { .. }
            | Self::CreateOrganizationalUnit { .. }
            | Self::CreateAccount(_)
            | Self::AwaitAccount { .. }
            | Self::MoveAccount { .. }
            | Self::TagAccount { .. }
            | Self::DeleteDefaultVpc { .. }
            | Self::EncryptEbsByDefault { .. }
            | Self::TrustService { .. }
            | Self::RegisterAdministrator { .. }
            | Self::SetServiceAdministrator { .. }
            | Self::EnableRegion { .. }
            | Self::ChangeAccountSetting { .. }
            | Self::ChangeRegionSetting { .. } => None,
        }
    }

    /// The resources of a stack that stays which are deleted, or made anew. What CloudFormation retains is not among
    /// them.
    pub fn lost_resources(&self) -> impl Iterator<Item = &ResourceChange> {
        let resources = self.stack_change().map(|change| &change.resources).into_iter().flatten();
        resources.filter(|resource| resource.is_lost())
    }

    /// Whether something that exists is lost: the subject itself, or a resource of it.
    pub fn is_destructive(&self) -> bool {
        self.action().is_destructive() || self.lost_resources().next().is_some()
    }

    /// The stack that the step is about.
    pub fn stack(&self) -> Option<&StackName> {
        if let Self::ProtectStack { stack } = self {
            return Some(stack);
        }
        self.stack_change().map(|change| &change.stack)
    }
}

impl Step {
    /// The values that the step works with, known or not.
    pub fn values(&self) -> Vec<&PlannedValue> {
        match self {
            Self::CreateStack(change)
            | Self::UpdateStack(change)
            | Self::RecreateStack { change, .. }
            | Self::AwaitStack { change, .. }
            | Self::ImportStack { change, .. } => change.parameters.values().collect(),
            Self::EncryptEbsByDefault { key, .. } => vec![key],
            Self::CreateOrganizationalUnit { .. }
            | Self::CreateAccount(_)
            | Self::AwaitAccount { .. }
            | Self::MoveAccount { .. }
            | Self::TagAccount { .. }
            | Self::DeleteDefaultVpc { .. }
            | Self::ProtectStack { .. }
            | Self::TrustService { .. }
            | Self::RegisterAdministrator { .. }
            | Self::SetServiceAdministrator { .. }
            | Self::EnableRegion { .. }
            | Self::ChangeAccountSetting { .. }
            | Self::ChangeRegionSetting { .. } => Vec::new(),
        }
    }
}

/// The step's subject in a few words, without its action: `stack avm-cloudtrail`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateOrganizationalUnit { path, .. } => write!(f, "organizational unit {path}"),
            Self::CreateAccount(account) => {
                write!(f, "account {} <{}>", account.name, account.email)
            }
            Self::AwaitAccount { request, .. } => {
                write!(f, "account that AWS is making ({})", request.0)
            }
            Self::MoveAccount { from: Some(from), to, .. } => write!(f, "place {from} -> {to}"),
            Self::MoveAccount { from: None, to, .. } => write!(f, "place -> {to}"),
            Self::TagAccount { set, .. } => {
                let tags: Vec<_> =
                    set.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(f, "tags {}", tags.join(", "))
            }
            Self::DeleteDefaultVpc { vpc: Some(vpc), .. } => write!(f, "default VPC {vpc}"),
            Self::DeleteDefaultVpc { vpc: None, .. } => {
                write!(f, "default VPC (known after the account is created)")
            }
            Self::EncryptEbsByDefault { key, .. } => {
                write!(f, "EBS encryption by default with {key}")
            }
            Self::CreateStack(change)
            | Self::UpdateStack(change)
            | Self::ImportStack { change, replaces: None, .. } => {
                write!(f, "stack {}", change.stack)
            }
            Self::RecreateStack { state, change }
            | Self::AwaitStack { state, change }
            | Self::ImportStack { change, replaces: Some(state), .. } => {
                write!(f, "stack {} ({state})", change.stack)
            }
            Self::ProtectStack { stack } => write!(f, "termination protection of stack {stack}"),
            Self::TrustService { service } => write!(f, "trusted access for {service}"),
            Self::RegisterAdministrator { service } => {
                write!(f, "delegated administrator for {service}")
            }
            Self::SetServiceAdministrator { service } => {
                write!(f, "delegated administrator for {service}")
            }
            Self::EnableRegion { region } => write!(f, "opt-in to region {region}"),
            Self::ChangeAccountSetting { setting, .. } => write!(f, "{}", setting.kind()),
            Self::ChangeRegionSetting { setting, .. } => write!(f, "{}", setting.kind()),
        }
    }
}
