//! The two ports, one line per method: each area's own file does the work.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;

use aws_config::SdkConfig;

use super::session::Session;
use super::{
    accounts, artifacts, ebs, keys, organizations, readiness, stack_changes, stacks, vpc,
    vpc_contents,
};
use crate::cloud::{
    Account, AccountRequest, AccountRequestId, CloudReader, CloudWriter, Connection, EbsEncryption,
    Key, KeyReference, NewAccount, Organization, OrganizationalUnit, ResourceFailure, Result,
    Stack, StackInput, UpdateOutcome, VpcContents, VpcPart,
};
use crate::model::{AccountId, KeyArn, ParentId, Region, StackName, Target, VpcId};

/// AWS, as the caller's credentials reach it.
pub struct AwsCloud {
    pub(super) base: SdkConfig,
    pub(super) connection: Connection,
    pub(super) sessions: Mutex<BTreeMap<AccountId, Session>>,
}

impl AwsCloud {
    /// `base` carries the caller's credentials, the HTTP client and the home region.
    pub(super) fn new(base: SdkConfig, connection: Connection) -> Self {
        Self { base, connection, sessions: Mutex::default() }
    }
}

impl fmt::Debug for AwsCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsCloud").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl CloudReader for AwsCloud {
    async fn organization(&self) -> Result<Organization> {
        organizations::organization(self).await
    }

    async fn organizational_units(&self, parent: &ParentId) -> Result<Vec<OrganizationalUnit>> {
        organizations::organizational_units(self, parent).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        accounts::accounts(self).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>> {
        accounts::account_of(self, id).await
    }

    async fn accounts_in(&self, parent: &ParentId) -> Result<Vec<AccountId>> {
        accounts::accounts_in(self, parent).await
    }

    async fn account_tags(&self, account: &AccountId) -> Result<BTreeMap<String, String>> {
        accounts::account_tags(self, account).await
    }

    async fn account_requests(&self) -> Result<Vec<AccountRequest>> {
        accounts::account_requests(self).await
    }

    async fn account_request(&self, id: &AccountRequestId) -> Result<AccountRequest> {
        accounts::account_request(self, id).await
    }

    async fn probe(&self, account: &AccountId) -> Result<()> {
        readiness::probe(self, account).await
    }

    async fn regions(&self, account: &AccountId) -> Result<BTreeSet<Region>> {
        readiness::regions(self, account).await
    }

    async fn stacks(&self, target: &Target) -> Result<Vec<Stack>> {
        stacks::stacks(self, target).await
    }

    async fn stack(&self, target: &Target, name: &StackName) -> Result<Option<Stack>> {
        stacks::stack(self, target, name).await
    }

    async fn stack_template(&self, target: &Target, name: &StackName) -> Result<String> {
        stacks::stack_template(self, target, name).await
    }

    async fn stack_failures(
        &self,
        target: &Target,
        name: &StackName,
        token: &str,
    ) -> Result<Vec<ResourceFailure>> {
        stacks::stack_failures(self, target, name, token).await
    }

    async fn default_vpc(&self, target: &Target) -> Result<Option<VpcId>> {
        vpc::default_vpc(self, target).await
    }

    async fn vpc_contents(&self, target: &Target, vpc: &VpcId) -> Result<VpcContents> {
        vpc_contents::vpc_contents(self, target, vpc).await
    }

    async fn ebs_encryption(&self, target: &Target) -> Result<EbsEncryption> {
        ebs::ebs_encryption(self, target).await
    }

    async fn key(&self, target: &Target, key: &KeyReference) -> Result<Option<Key>> {
        keys::key(self, target, key).await
    }
}

impl CloudWriter for AwsCloud {
    async fn create_organizational_unit(&self, parent: &ParentId, name: &str) -> Result<ParentId> {
        organizations::create_organizational_unit(self, parent, name).await
    }

    async fn create_account(&self, account: &NewAccount) -> Result<AccountRequest> {
        accounts::create_account(self, account).await
    }

    async fn move_account(
        &self,
        account: &AccountId,
        from: &ParentId,
        to: &ParentId,
    ) -> Result<()> {
        accounts::move_account(self, account, from, to).await
    }

    async fn tag_account(
        &self,
        account: &AccountId,
        tags: &BTreeMap<String, String>,
    ) -> Result<()> {
        accounts::tag_account(self, account, tags).await
    }

    async fn upload_template(&self, bucket: &str, key: &str, body: &str) -> Result<String> {
        artifacts::upload_template(self, bucket, key, body).await
    }

    async fn create_stack(&self, target: &Target, stack: &StackInput) -> Result<()> {
        stack_changes::create_stack(self, target, stack).await
    }

    async fn update_stack(&self, target: &Target, stack: &StackInput) -> Result<UpdateOutcome> {
        stack_changes::update_stack(self, target, stack).await
    }

    async fn delete_stack(&self, target: &Target, name: &StackName, token: &str) -> Result<()> {
        stack_changes::delete_stack(self, target, name, token).await
    }

    async fn protect_stack(&self, target: &Target, name: &StackName, protect: bool) -> Result<()> {
        stack_changes::protect_stack(self, target, name, protect).await
    }

    async fn delete_vpc_part(&self, target: &Target, vpc: &VpcId, part: &VpcPart) -> Result<()> {
        vpc::delete_vpc_part(self, target, vpc, part).await
    }

    async fn set_default_ebs_key(&self, target: &Target, key: &KeyArn) -> Result<()> {
        ebs::set_default_ebs_key(self, target, key).await
    }

    async fn enable_ebs_encryption(&self, target: &Target) -> Result<()> {
        ebs::enable_ebs_encryption(self, target).await
    }
}
