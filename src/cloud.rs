//! The two ports to AWS, in avm's own words.
//!
//! A [`CloudReader`] cannot change anything; a [`CloudWriter`] can. `avm plan` is given a reader and nothing
//! else, so the compiler proves that a dry run does not write. Code that tries is no program:
//!
//! ```compile_fail
//! use avm::cloud::CloudReader;
//! use avm::model::{ParentId};
//! async fn a_plan_that_writes<C: CloudReader>(cloud: &C, root: &ParentId) {
//!     let _ = cloud.create_organizational_unit(root, "Workloads").await;
//! }
//! ```
//!
//! The same function compiles as soon as it asks for a writer, so it is the missing ability that is refused:
//!
//! ```
//! use avm::cloud::CloudWriter;
//! use avm::model::{ParentId};
//! async fn a_run_that_writes<C: CloudWriter>(cloud: &C, root: &ParentId) {
//!     let _ = cloud.create_organizational_unit(root, "Workloads").await;
//! }
//! ```
//!
//! No type of an AWS SDK crosses these ports. An implementation retries what is worth retrying; an error that
//! comes out is final for the step that asked.

mod account;
mod adoption;
mod alarm;
mod change_set;
mod ec2;
mod error;
mod key;
mod lease;
mod opt_in;
mod protection;
mod secret;
mod setting;
mod stack;

use std::collections::{BTreeMap, BTreeSet};

pub use account::{
    Account, AccountPage, AccountRequest, AccountRequestId, NEWBORN, NewAccount, Organization,
    OrganizationalUnit, RequestState,
};
pub use adoption::{ExistingResource, ResourceOwner};
pub use alarm::AlarmState;
pub use change_set::{
    ChangeAction, ChangeSetContents, ChangeSetInput, ChangeSetKind, ChangeSetState,
    ChangeSetSummary, ChangedResource, ChangedValue, Recreation, ResourceToImport,
};
pub use ec2::{EbsEncryption, NetworkInterface, VpcContents, VpcPart, VpcUse};
pub use error::{CloudError, ErrorKind};
pub use key::{Key, KeyReference};
pub use lease::{LeasePlace, LeaseWrite, StoredLease};
pub use opt_in::RegionOptState;
pub use protection::Protection;
pub use secret::{MASK, ParameterInput, Secret, Secrets};
pub use setting::SettingState;
pub use stack::{
    ResourceFailure, Stack, StackInput, StackParameter, StackState, TemplateLocation, UpdateOutcome,
};

use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, Email, KeyArn, OrganizationId, ParentId, Region,
    RegionSetting, RegionSettingKind, RoleName, SecurityService, ServicePrincipal, StackName,
    Target, VpcId,
};

/// What comes back through a port.
pub type Result<T> = std::result::Result<T, CloudError>;

/// What an implementation has to know before its first call.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The organization that the files pin.
    pub organization: OrganizationId,
    /// Its management account, to which the caller's own credentials must belong.
    pub management_account: AccountId,
    /// The e-mail address of the management account, where the files declare the account itself.
    pub management_email: Option<Email>,
    /// The role to assume in member accounts.
    pub access_role: RoleName,
    /// The region for everything that is global.
    pub home: Region,
    /// The run's id, for session names and request tokens: `[a-z0-9]+`.
    pub run: String,
    /// The command, for session names: `plan`, `update`.
    pub command: &'static str,
    /// Where sessions may not destroy anything.
    pub protection: Protection,
}

/// Opens a cloud. The program has one for AWS and one for the simulation, and hands either to `cli::run`.
#[expect(async_fn_in_trait, reason = "one task drives all futures: none has to be Send")]
pub trait CloudProvider {
    /// The cloud that it opens.
    type Cloud: CloudWriter;

    /// Connects; makes sure that credentials are there, and calls nothing that changes anything.
    async fn connect(&self, connection: &Connection) -> Result<Self::Cloud>;
}

/// What avm can ask AWS.
#[expect(async_fn_in_trait, reason = "one task drives all futures: none has to be Send")]
pub trait CloudReader {
    /// The organization that the caller's credentials belong to. Three calls: `DescribeOrganization`,
    /// `ListRoots`, `GetCallerIdentity`.
    async fn organization(&self) -> Result<Organization>;

    /// The units right below `parent`.
    async fn organizational_units(&self, parent: &ParentId) -> Result<Vec<OrganizationalUnit>>;

    /// A page of the organization's accounts, whatever their state: the first one, or the one that an earlier page
    /// names as its `next`. A call each, which AWS answers with up to twenty accounts, one after the other.
    async fn accounts(&self, page: Option<&str>) -> Result<AccountPage>;

    /// One account of the organization; `None` if it is not in it.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>>;

    /// The accounts right below `parent`: asked only where [`Account::parent`] came back empty.
    async fn accounts_in(&self, parent: &ParentId) -> Result<Vec<AccountId>>;

    /// The tags of an account.
    async fn account_tags(&self, account: &AccountId) -> Result<BTreeMap<String, String>>;

    /// The requests to create an account that AWS still remembers.
    async fn account_requests(&self) -> Result<Vec<AccountRequest>>;

    /// One request to create an account.
    async fn account_request(&self, id: &AccountRequestId) -> Result<AccountRequest>;

    /// Whether the account answers: its role can be assumed, and EC2, CloudFormation and KMS serve it in the
    /// home region. An error of kind [`ErrorKind::NotReady`] or [`ErrorKind::Denied`] may pass with time.
    async fn probe(&self, account: &AccountId) -> Result<()>;

    /// The regions that are enabled in the account.
    async fn regions(&self, account: &AccountId) -> Result<BTreeSet<Region>>;

    /// Every stack of the target that is not deleted.
    async fn stacks(&self, target: &Target) -> Result<Vec<Stack>>;

    /// One stack; `None` if there is none of that name.
    async fn stack(&self, target: &Target, name: &StackName) -> Result<Option<Stack>>;

    /// The template that the stack was last deployed with, as it was sent.
    async fn stack_template(&self, target: &Target, name: &StackName) -> Result<String>;

    /// The resources that failed in the operation that was started with `token`, first failure first.
    async fn stack_failures(
        &self,
        target: &Target,
        name: &StackName,
        token: &str,
    ) -> Result<Vec<ResourceFailure>>;

    /// The default VPC. AWS allows one per region; a VPC that is not marked `isDefault` is never returned.
    async fn default_vpc(&self, target: &Target) -> Result<Option<VpcId>>;

    /// Everything that is in a VPC or attached to it, managed and hidden network interfaces included.
    async fn vpc_contents(&self, target: &Target, vpc: &VpcId) -> Result<VpcContents>;

    /// How EBS encrypts new volumes.
    async fn ebs_encryption(&self, target: &Target) -> Result<EbsEncryption>;

    /// A key by ARN or alias; `None` if there is none.
    async fn key(&self, target: &Target, key: &KeyReference) -> Result<Option<Key>>;

    /// A setting of an account.
    async fn account_setting(
        &self,
        account: &AccountId,
        kind: &AccountSettingKind,
    ) -> Result<SettingState<AccountSetting>>;

    /// A setting of a region.
    async fn region_setting(
        &self,
        target: &Target,
        kind: RegionSettingKind,
    ) -> Result<SettingState<RegionSetting>>;

    /// Every region of the partition, and whether the account has it. One call for all, where
    /// [`CloudReader::regions`] knows only those that are enabled.
    async fn region_states(&self, account: &AccountId) -> Result<BTreeMap<Region, RegionOptState>>;

    /// The services that may work in all accounts of the organization (`ListAWSServiceAccessForOrganization`).
    async fn trusted_services(&self) -> Result<BTreeSet<ServicePrincipal>>;

    /// The accounts that administer a service for the organization (`ListDelegatedAdministrators`).
    async fn delegated_administrators(
        &self,
        service: &ServicePrincipal,
    ) -> Result<BTreeSet<AccountId>>;

    /// The account that administers a service in a region, as the management account is told there.
    async fn service_administrator(
        &self,
        region: &Region,
        service: SecurityService,
    ) -> Result<Option<AccountId>>;

    /// A resource of a type, whoever made it. Of a type that exists once per region (a detector, a hub, a
    /// recorder, a delivery channel) `name` is `None`; of the others it is the primary identifier.
    async fn existing_resource(
        &self,
        target: &Target,
        resource_type: &str,
        name: Option<&str>,
    ) -> Result<Option<ExistingResource>>;

    /// The organization trails that record in the account: made elsewhere, and seen here as shadows. Their ARNs.
    async fn organization_trails(&self, target: &Target) -> Result<Vec<String>>;

    /// A change set of a stack; `None` if there is none of that name.
    async fn change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<Option<ChangeSetState>>;

    /// What a change set would do that is ready: all its changes with their values, and what validation found.
    async fn change_set_contents(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<ChangeSetContents>;

    /// The change sets of a stack, whoever made them and whatever became of them; none if there is no such stack.
    async fn change_sets(
        &self,
        target: &Target,
        stack: &StackName,
    ) -> Result<Vec<ChangeSetSummary>>;

    /// The state of an alarm, metric or composite; `None` if there is none of that name.
    async fn alarm_state(&self, target: &Target, name: &str) -> Result<Option<AlarmState>>;

    /// Whether a stack has anything in it (`ListStackResources`); one that is not there has not.
    async fn has_resources(&self, target: &Target, stack: &StackName) -> Result<bool>;
}

/// What avm can have AWS do. Every method but [`CloudWriter::create_account`] is safe to repeat after a lost answer.
#[expect(async_fn_in_trait, reason = "one task drives all futures: none has to be Send")]
pub trait CloudWriter: CloudReader {
    /// Makes a unit below `parent`; answers the existing one's id if the name is taken there.
    async fn create_organizational_unit(&self, parent: &ParentId, name: &str) -> Result<ParentId>;

    /// Asks for an account. There is no client token: whoever calls this has looked for the e-mail address and
    /// for a pending request first.
    async fn create_account(&self, account: &NewAccount) -> Result<AccountRequest>;

    /// Moves an account; an account that is already there is a success.
    async fn move_account(&self, account: &AccountId, from: &ParentId, to: &ParentId)
    -> Result<()>;

    /// Sets tags of an account; leaves its other tags.
    async fn tag_account(&self, account: &AccountId, tags: &BTreeMap<String, String>)
    -> Result<()>;

    /// Stores a template that is too big to be sent, and answers the address that CloudFormation can read.
    async fn upload_template(&self, bucket: &str, key: &str, body: &str) -> Result<String>;

    /// Starts the creation of a stack, with termination protection.
    async fn create_stack(&self, target: &Target, stack: &StackInput) -> Result<()>;

    /// Starts the update of a stack, or finds that there is nothing to update.
    async fn update_stack(&self, target: &Target, stack: &StackInput) -> Result<UpdateOutcome>;

    /// Starts the deletion of a stack; a stack that is gone is a success.
    async fn delete_stack(&self, target: &Target, name: &StackName, token: &str) -> Result<()>;

    /// Turns a stack's termination protection on or off.
    async fn protect_stack(&self, target: &Target, name: &StackName, protect: bool) -> Result<()>;

    /// Deletes one part of a VPC, or at last the VPC itself; a part that is gone is a success.
    async fn delete_vpc_part(&self, target: &Target, vpc: &VpcId, part: &VpcPart) -> Result<()>;

    /// Makes `key` the key with which EBS encrypts by default.
    async fn set_default_ebs_key(&self, target: &Target, key: &KeyArn) -> Result<()>;

    /// Turns on the encryption of new EBS volumes.
    async fn enable_ebs_encryption(&self, target: &Target) -> Result<()>;

    /// Changes a setting of an account.
    async fn set_account_setting(
        &self,
        account: &AccountId,
        setting: &AccountSetting,
    ) -> Result<()>;

    /// Changes a setting of a region.
    async fn set_region_setting(&self, target: &Target, setting: &RegionSetting) -> Result<()>;

    /// Starts to opt in to a region, which takes minutes to hours; a region that is enabled or on its way is a
    /// success. AWS works on six at a time for an account and on twenty for an organization.
    async fn enable_region(&self, account: &AccountId, region: &Region) -> Result<()>;

    /// Lets a service work in all accounts of the organization.
    async fn trust_service(&self, service: &ServicePrincipal) -> Result<()>;

    /// Makes an account the administrator of a service for the organization; one that is already is a success.
    async fn register_delegated_administrator(
        &self,
        account: &AccountId,
        service: &ServicePrincipal,
    ) -> Result<()>;

    /// Makes an account the administrator of a service in a region; one that is already is a success.
    async fn set_service_administrator(
        &self,
        region: &Region,
        service: SecurityService,
        account: &AccountId,
    ) -> Result<()>;

    /// Starts to make a change set; one of that name that was made with the same token is a success.
    async fn create_change_set(&self, target: &Target, change_set: &ChangeSetInput) -> Result<()>;

    /// Starts to execute a change set that is ready.
    async fn execute_change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
        token: &str,
    ) -> Result<()>;

    /// Deletes a change set; one that is gone is a success. A stack that was never made stays behind in
    /// `REVIEW_IN_PROGRESS`.
    async fn delete_change_set(&self, target: &Target, stack: &StackName, name: &str)
    -> Result<()>;

    /// What is at the place of a lease; `None` if nothing is.
    async fn lease(&self, place: &LeasePlace) -> Result<Option<StoredLease>>;

    /// Writes a lease, if what is there now is of the version `before`; if that is `None`, if nothing is there.
    async fn write_lease(
        &self,
        place: &LeasePlace,
        text: &str,
        before: Option<&str>,
    ) -> Result<LeaseWrite>;

    /// Deletes a lease, if it is of this version. Answers whether it was.
    async fn delete_lease(&self, place: &LeasePlace, version: &str) -> Result<bool>;
}
