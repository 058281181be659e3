//! The two ports, one line per method: each area's own file does the work.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::shared::IntoShared as _;

use super::http::Timed;
use super::organization_trails::{self, Known};
use super::session::Session;
use super::{
    account_settings, accounts, administration, alarms, artifacts, change_set_contents,
    change_set_requests, change_sets, ebs, existing, keys, lease, opt_in, organizations, readiness,
    region_settings, stack_changes, stacks, vpc, vpc_contents,
};
use crate::cloud::{
    Account, AccountPage, AccountRequest, AccountRequestId, AlarmState, ChangeSetContents,
    ChangeSetInput, ChangeSetState, ChangeSetSummary, CloudReader, CloudWriter, Connection,
    EbsEncryption, ExistingResource, Key, KeyReference, LeasePlace, LeaseWrite, NewAccount,
    Organization, OrganizationalUnit, RegionOptState, ResourceFailure, Result, SettingState, Stack,
    StackInput, StoredLease, UpdateOutcome, VpcContents, VpcPart,
};
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, KeyArn, ParentId, Region, RegionSetting,
    RegionSettingKind, SecurityService, ServicePrincipal, StackName, Target, VpcId,
};
use crate::pace::Pacer;

/// AWS, as the caller's credentials reach it.
pub struct AwsCloud {
    pub(super) base: SdkConfig,
    pub(super) connection: Connection,
    pub(super) sessions: Mutex<BTreeMap<AccountId, Session>>,
    pub(super) organization_trails: Known,
    pub(super) pacer: Pacer,
}

impl AwsCloud {
    /// `base` carries the caller's credentials, the HTTP client and the home region; `pacer` is the run's.
    pub(super) fn new(base: &SdkConfig, connection: Connection, pacer: Pacer) -> Self {
        let mut timed = base.to_builder();
        timed.set_http_client(base.http_client().map(|client| Timed(client).into_shared()));
        Self {
            base: timed.build(),
            connection,
            sessions: Mutex::default(),
            organization_trails: Known::default(),
            pacer,
        }
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

    async fn accounts(&self, page: Option<&str>) -> Result<AccountPage> {
        accounts::accounts(self, page).await
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

    async fn account_setting(
        &self,
        account: &AccountId,
        kind: &AccountSettingKind,
    ) -> Result<SettingState<AccountSetting>> {
        account_settings::account_setting(self, account, kind).await
    }

    async fn region_setting(
        &self,
        target: &Target,
        kind: RegionSettingKind,
    ) -> Result<SettingState<RegionSetting>> {
        region_settings::region_setting(self, target, kind).await
    }

    async fn region_states(&self, account: &AccountId) -> Result<BTreeMap<Region, RegionOptState>> {
        opt_in::region_states(self, account).await
    }

    async fn trusted_services(&self) -> Result<BTreeSet<ServicePrincipal>> {
        administration::trusted_services(self).await
    }

    async fn delegated_administrators(
        &self,
        service: &ServicePrincipal,
    ) -> Result<BTreeSet<AccountId>> {
        administration::delegated_administrators(self, service).await
    }

    async fn service_administrator(
        &self,
        region: &Region,
        service: SecurityService,
    ) -> Result<Option<AccountId>> {
        administration::service_administrator(self, region, service).await
    }

    async fn existing_resource(
        &self,
        target: &Target,
        resource_type: &str,
        name: Option<&str>,
    ) -> Result<Option<ExistingResource>> {
        existing::existing_resource(self, target, resource_type, name).await
    }

    async fn organization_trails(&self, target: &Target) -> Result<Vec<String>> {
        organization_trails::organization_trails(self, target).await
    }

    async fn change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<Option<ChangeSetState>> {
        change_sets::change_set(self, target, stack, name).await
    }

    async fn change_set_contents(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<ChangeSetContents> {
        change_set_contents::contents(self, target, stack, name).await
    }

    async fn change_sets(
        &self,
        target: &Target,
        stack: &StackName,
    ) -> Result<Vec<ChangeSetSummary>> {
        change_sets::change_sets(self, target, stack).await
    }

    async fn alarm_state(&self, target: &Target, name: &str) -> Result<Option<AlarmState>> {
        alarms::alarm_state(self, target, name).await
    }

    async fn has_resources(&self, target: &Target, stack: &StackName) -> Result<bool> {
        stacks::has_resources(self, target, stack).await
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

    async fn set_account_setting(
        &self,
        account: &AccountId,
        setting: &AccountSetting,
    ) -> Result<()> {
        account_settings::set_account_setting(self, account, setting).await
    }

    async fn set_region_setting(&self, target: &Target, setting: &RegionSetting) -> Result<()> {
        region_settings::set_region_setting(self, target, setting).await
    }

    async fn enable_region(&self, account: &AccountId, region: &Region) -> Result<()> {
        opt_in::enable_region(self, account, region).await
    }

    async fn trust_service(&self, service: &ServicePrincipal) -> Result<()> {
        administration::trust_service(self, service).await
    }

    async fn register_delegated_administrator(
        &self,
        account: &AccountId,
        service: &ServicePrincipal,
    ) -> Result<()> {
        administration::register_delegated_administrator(self, account, service).await
    }

    async fn set_service_administrator(
        &self,
        region: &Region,
        service: SecurityService,
        account: &AccountId,
    ) -> Result<()> {
        administration::set_service_administrator(self, region, service, account).await
    }

    async fn create_change_set(&self, target: &Target, change_set: &ChangeSetInput) -> Result<()> {
        change_set_requests::create_change_set(self, target, change_set).await
    }

    async fn execute_change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
        token: &str,
    ) -> Result<()> {
        change_set_requests::execute_change_set(self, target, stack, name, token).await
    }

    async fn delete_change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<()> {
        change_set_requests::delete_change_set(self, target, stack, name).await
    }

    async fn lease(&self, place: &LeasePlace) -> Result<Option<StoredLease>> {
        lease::lease(self, place).await
    }

    async fn write_lease(
        &self,
        place: &LeasePlace,
        text: &str,
        before: Option<&str>,
    ) -> Result<LeaseWrite> {
        lease::write(self, place, text, before).await
    }

    async fn delete_lease(&self, place: &LeasePlace, version: &str) -> Result<bool> {
        lease::delete(self, place, version).await
    }
}
