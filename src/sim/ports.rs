//! The two ports, on the simulation.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::simulation::Simulation;
use super::world::Moment;
use super::{accounts, cloudformation, ebs, ec2, kms, organizations, s3};
use crate::cloud::{
    Account, AccountRequest, AccountRequestId, CloudReader, CloudWriter, EbsEncryption, Key,
    KeyReference, NewAccount, Organization, OrganizationalUnit, ResourceFailure, Result, Stack,
    StackInput, UpdateOutcome, VpcContents, VpcPart,
};
use crate::model::{AccountId, KeyArn, ParentId, Region, RoleName, StackName, Target, VpcId};

/// A connection to a simulated AWS, with credentials of its management account.
#[derive(Debug)]
pub struct SimulatedCloud {
    pub(super) simulation: Simulation,
    pub(super) role: RoleName,
    pub(super) home: Region,
    /// When the sessions in member accounts end.
    pub(super) sessions: RefCell<BTreeMap<AccountId, Moment>>,
}

impl SimulatedCloud {
    pub(super) fn new(simulation: Simulation, role: RoleName, home: Region) -> Self {
        Self { simulation, role, home, sessions: RefCell::default() }
    }
}

impl CloudReader for SimulatedCloud {
    async fn organization(&self) -> Result<Organization> {
        organizations::organization(self).await
    }

    async fn organizational_units(&self, parent: &ParentId) -> Result<Vec<OrganizationalUnit>> {
        organizations::units(self, parent).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        organizations::accounts(self).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>> {
        organizations::account_of(self, id).await
    }

    async fn accounts_in(&self, parent: &ParentId) -> Result<Vec<AccountId>> {
        organizations::accounts_in(self, parent).await
    }

    async fn account_tags(&self, account: &AccountId) -> Result<BTreeMap<String, String>> {
        organizations::tags(self, account).await
    }

    async fn account_requests(&self) -> Result<Vec<AccountRequest>> {
        accounts::requests(self).await
    }

    async fn account_request(&self, id: &AccountRequestId) -> Result<AccountRequest> {
        accounts::request(self, id).await
    }

    async fn probe(&self, account: &AccountId) -> Result<()> {
        accounts::probe(self, account).await
    }

    async fn regions(&self, account: &AccountId) -> Result<BTreeSet<Region>> {
        accounts::regions(self, account).await
    }

    async fn stacks(&self, target: &Target) -> Result<Vec<Stack>> {
        cloudformation::stacks(self, target).await
    }

    async fn stack(&self, target: &Target, name: &StackName) -> Result<Option<Stack>> {
        cloudformation::stack(self, target, name).await
    }

    async fn stack_template(&self, target: &Target, name: &StackName) -> Result<String> {
        cloudformation::template(self, target, name).await
    }

    async fn stack_failures(
        &self,
        target: &Target,
        name: &StackName,
        token: &str,
    ) -> Result<Vec<ResourceFailure>> {
        cloudformation::failures(self, target, name, token).await
    }

    async fn default_vpc(&self, target: &Target) -> Result<Option<VpcId>> {
        ec2::default_vpc(self, target).await
    }

    async fn vpc_contents(&self, target: &Target, vpc: &VpcId) -> Result<VpcContents> {
        ec2::vpc_contents(self, target, vpc).await
    }

    async fn ebs_encryption(&self, target: &Target) -> Result<EbsEncryption> {
        ebs::encryption(self, target).await
    }

    async fn key(&self, target: &Target, key: &KeyReference) -> Result<Option<Key>> {
        kms::key(self, target, key).await
    }
}

impl CloudWriter for SimulatedCloud {
    async fn create_organizational_unit(&self, parent: &ParentId, name: &str) -> Result<ParentId> {
        organizations::create_unit(self, parent, name).await
    }

    async fn create_account(&self, account: &NewAccount) -> Result<AccountRequest> {
        accounts::create(self, account).await
    }

    async fn move_account(
        &self,
        account: &AccountId,
        from: &ParentId,
        to: &ParentId,
    ) -> Result<()> {
        organizations::move_account(self, account, from, to).await
    }

    async fn tag_account(
        &self,
        account: &AccountId,
        tags: &BTreeMap<String, String>,
    ) -> Result<()> {
        organizations::tag(self, account, tags).await
    }

    async fn upload_template(&self, bucket: &str, key: &str, body: &str) -> Result<String> {
        s3::upload(self, bucket, key, body).await
    }

    async fn create_stack(&self, target: &Target, stack: &StackInput) -> Result<()> {
        cloudformation::create(self, target, stack).await
    }

    async fn update_stack(&self, target: &Target, stack: &StackInput) -> Result<UpdateOutcome> {
        cloudformation::update(self, target, stack).await
    }

    async fn delete_stack(&self, target: &Target, name: &StackName, token: &str) -> Result<()> {
        cloudformation::delete(self, target, name, token).await
    }

    async fn protect_stack(&self, target: &Target, name: &StackName, protect: bool) -> Result<()> {
        cloudformation::protect(self, target, name, protect).await
    }

    async fn delete_vpc_part(&self, target: &Target, vpc: &VpcId, part: &VpcPart) -> Result<()> {
        ec2::delete_part(self, target, vpc, part).await
    }

    async fn set_default_ebs_key(&self, target: &Target, key: &KeyArn) -> Result<()> {
        ebs::set_default_key(self, target, key).await
    }

    async fn enable_ebs_encryption(&self, target: &Target) -> Result<()> {
        ebs::enable(self, target).await
    }
}
