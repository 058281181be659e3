//! The words in which the table of calls is written.

use serde::Serialize;

use crate::model::SecurityService;

/// What somebody wants avm to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// `avm plan`: look.
    Plan,
    /// `avm plan --change-sets`: look, and have CloudFormation work out what it would do. A change set is something
    /// that is made, and removed again.
    Preview,
    /// `avm create` and `avm update`: look, and change.
    Apply,
}

/// Whose policy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The role of the management account that avm starts with: the caller's own credentials.
    Management,
    /// The role that it assumes in each member account.
    Member,
}

/// Where a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the management account only, whatever account it is about.
    Organization,
    /// In each account that the folder describes, the management account among them if it is described.
    Account,
    /// In member accounts.
    Member,
}

/// The regions that a call is made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The service has one endpoint for all regions.
    Global,
    /// The home region.
    Home,
    /// The governed regions: a policy may hold writes to them by `aws:RequestedRegion`.
    Governed,
    /// Every region that the account has.
    Enabled,
}

/// Which runs make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All: every run begins by looking.
    Looking,
    /// Runs with change sets: previews, and updates that import.
    ChangeSets,
    /// Previews, and they alone.
    Previewing,
    /// Runs that change something.
    Changing,
}

impl By {
    /// Whether runs for `purpose` make the call.
    pub fn serves(self, purpose: Purpose) -> bool {
        match self {
            Self::Looking => true,
            Self::ChangeSets => purpose != Purpose::Plan,
            Self::Previewing => purpose == Purpose::Preview,
            Self::Changing => purpose == Purpose::Apply,
        }
    }
}

/// What in a folder makes avm call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Any folder.
    Always,
    /// An account with `tags`.
    Tags,
    /// An account with stacks, or whose outputs others take.
    Stacks,
    /// A template whose resources may be there before it.
    Adoption,
    /// A template with a resource of this type, which may be there before it.
    AdoptionOf(&'static str),
    /// `default-vpc: delete`.
    DefaultVpc,
    /// `ebs-encryption`.
    Ebs,
    /// `s3-public-access`.
    S3PublicAccess,
    /// `password-policy`.
    PasswordPolicy,
    /// `account-alias`.
    AccountAlias,
    /// `alternate-contacts`.
    AlternateContacts,
    /// `service-linked-roles`.
    ServiceLinkedRoles,
    /// `instance-metadata`.
    InstanceMetadata,
    /// `image-public-access`.
    ImagePublicAccess,
    /// `snapshot-public-access`.
    SnapshotPublicAccess,
    /// `serial-console`.
    SerialConsole,
    /// `guardduty-organization`.
    GuardDutyOrganization,
    /// `opt-in-regions`.
    OptIn,
    /// `trusted-services`, or an administrator whose service must be trusted.
    TrustedServices,
    /// `delegated-administrators` that are registered with Organizations.
    Administrators,
    /// `delegated-administrators` that are appointed region by region.
    RegionalAdministrator(SecurityService),
    /// `artifacts`.
    Artifacts,
    /// `lease`.
    Lease,
    /// A wave with a `gate`.
    Gates,
}

/// What a statement is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Nothing: the action knows no resource, or avm does not know it beforehand.
    Everything,
    /// The stacks of the folder, by their names.
    Stacks,
    /// What the service calls itself, of this organization.
    Organization,
    /// The services of the folder (`organizations:ServicePrincipal`).
    ServicePrincipals,
    /// The services of `service-linked-roles` (`iam:AWSServiceName`).
    LinkedServices,
    /// The roles that members are entered with, in accounts of this organization (`aws:ResourceOrgID`).
    AccessRoles,
    /// The objects of the artifacts bucket.
    Artifacts,
    /// The object that is the organization's lease.
    Lease,
    /// The governed regions (`aws:RequestedRegion`).
    GovernedRegions,
}

/// Calls that are made for one reason.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The reason in a word: the `Sid` of its statement.
    pub sid: &'static str,
    /// The reason in a sentence.
    pub why: &'static str,
    /// What in a folder makes avm call.
    pub when: When,
    /// Which runs.
    pub by: By,
    /// Where.
    pub place: Place,
    /// In which regions.
    pub reach: Reach,
    /// What the permission is narrowed to.
    pub scope: Scope,
    /// The calls.
    pub calls: &'static [Call],
}

/// An operation, and the permissions that AWS wants for it.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The operation.
    pub origin: Origin,
    /// The IAM actions; see [`Call::actions`].
    named: &'static [&'static str],
    /// Whether something of the customer's is lost by it: denied to sessions in protected accounts.
    pub destroys: bool,
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// avm: `SERVICE:Operation`, the service as the SDK's crate has it (`s3control`).
    Avm(&'static str),
    /// An AWS service, with avm's credentials: why, and who says so.
    Service(&'static str),
}

impl Call {
    /// The same call, where it destroys something of the customer's.
    pub(super) const fn destroying(self) -> Self {
        Self { destroys: true, ..self }
    }

    /// The permissions: as a rule one, of the operation's own name.
    pub fn actions(self) -> Vec<&'static str> {
        match self.origin {
            Origin::Avm(operation) if self.named.is_empty() => vec![operation],
            Origin::Avm(_) | Origin::Service(_) => {
                self.named.iter().copied().filter(|action| *action != NOTHING).collect()
            }
        }
    }
}

/// Stands for no permission at all.
const NOTHING: &str = "";

/// A call whose permission has its name.
pub(super) const fn call(operation: &'static str) -> Call {
    Call { origin: Origin::Avm(operation), named: &[], destroys: false }
}

/// A call whose permissions have other names.
pub(super) const fn named(operation: &'static str, actions: &'static [&'static str]) -> Call {
    Call { origin: Origin::Avm(operation), named: actions, destroys: false }
}

/// A call that everybody may make.
pub(super) const fn free(operation: &'static str) -> Call {
    Call { origin: Origin::Avm(operation), named: &[NOTHING], destroys: false }
}

/// What another service does with avm's credentials.
pub(super) const fn forwarded(why: &'static str, actions: &'static [&'static str]) -> Call {
    Call { origin: Origin::Service(why), named: actions, destroys: false }
}
