//! The two ports, on the simulation.

use std::collections::{BTreeMap, BTreeSet};

use super::session::Sessions;
use super::simulation::Simulation;
use super::{
    account_settings, accounts, administration, cloudformation, cloudwatch, ebs, ec2, existing,
    kms, leases, opt_in, organizations, region_settings, s3,
};
use crate::cloud::{
    Account, AccountPage, AccountRequest, AccountRequestId, AlarmState, ChangeSetContents,
    ChangeSetInput, ChangeSetState, ChangeSetSummary, CloudReader, CloudWriter, EbsEncryption,
    ExistingResource, Key, KeyReference, LeasePlace, LeaseWrite, NewAccount, Organization,
    OrganizationalUnit, Protection, RegionOptState, ResourceFailure, Result, SettingState, Stack,
    StackInput, StoredLease, UpdateOutcome, VpcContents, VpcPart,
};
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, KeyArn, ParentId, Region, RegionSetting,
    RegionSettingKind, RoleName, SecurityService, ServicePrincipal, StackName, Target, VpcId,
};
use crate::pace::Pacer;

/// The seed of the pauses between attempts: every run has the same ones.
const JITTER: u64 = 1;

/// A connection to a simulated AWS, with credentials of its management account.
#[derive(Debug)]
pub struct SimulatedCloud {
    pub(super) simulation: Simulation,
    pub(super) role: RoleName,
    pub(super) home: Region,
    pub(super) management: AccountId,
    pub(super) pacer: Pacer,
    pub(super) sessions: Sessions,
    /// What the policies of those sessions deny.
    pub(super) protection: Protection,
}

impl SimulatedCloud {
    pub(super) fn new(simulation: Simulation, role: RoleName, home: Region) -> Self {
        let management = simulation.state.borrow().world.management_account.clone();
        let (pacer, sessions) = (Pacer::new(JITTER), Sessions::default());
        let protection = Protection::default();
        Self { simulation, role, home, management, pacer, sessions, protection }
    }

    /// The same connection without its sessions.
    pub(super) fn with_own_credentials(&self) -> Self {
        let Self { simulation, role, home, management, pacer, sessions: _, protection } = self;
        Self {
            simulation: simulation.clone(),
            role: role.clone(),
            home: home.clone(),
            management: management.clone(),
            pacer: pacer.clone(),
            sessions: Sessions::default(),
            protection: protection.clone(),
        }
    }
}

impl CloudReader for SimulatedCloud {
    async fn organization(&self) -> Result<Organization> {
        organizations::organization(self).await
    }

    async fn organizational_units(&self, parent: &ParentId) -> Result<Vec<OrganizationalUnit>> {
        organizations::units(self, parent).await
    }

    async fn accounts(&self, page: Option<&str>) -> Result<AccountPage> {
        organizations::accounts(self, page).await
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
        existing::organization_trails(self, target).await
    }

    async fn change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<Option<ChangeSetState>> {
        cloudformation::change_set(self, target, stack, name).await
    }

    async fn change_set_contents(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<ChangeSetContents> {
        cloudformation::change_set_contents(self, target, stack, name).await
    }

    async fn change_sets(
        &self,
        target: &Target,
        stack: &StackName,
    ) -> Result<Vec<ChangeSetSummary>> {
        cloudformation::change_sets(self, target, stack).await
    }

    async fn alarm_state(&self, target: &Target, name: &str) -> Result<Option<AlarmState>> {
        cloudwatch::alarm_state(self, target, name).await
    }

    async fn has_resources(&self, target: &Target, stack: &StackName) -> Result<bool> {
        cloudformation::has_resources(self, target, stack).await
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
        cloudformation::create_change_set(self, target, change_set).await
    }

    async fn execute_change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
        token: &str,
    ) -> Result<()> {
        cloudformation::execute_change_set(self, target, stack, name, token).await
    }

    async fn delete_change_set(
        &self,
        target: &Target,
        stack: &StackName,
        name: &str,
    ) -> Result<()> {
        cloudformation::delete_change_set(self, target, stack, name).await
    }

    async fn lease(&self, place: &LeasePlace) -> Result<Option<StoredLease>> {
        leases::lease(self, place).await
    }

    async fn write_lease(
        &self,
        place: &LeasePlace,
        text: &str,
        before: Option<&str>,
    ) -> Result<LeaseWrite> {
        leases::write(self, place, text, before).await
    }

    async fn delete_lease(&self, place: &LeasePlace, version: &str) -> Result<bool> {
        leases::delete(self, place, version).await
    }
}
