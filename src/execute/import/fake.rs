//! A CloudFormation that has one stack, goes through its states, and remembers what it was asked to do.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use crate::cloud::{
    Account, AccountPage, AccountRequest, AccountRequestId, AlarmState, ChangeSetContents,
    ChangeSetInput, ChangeSetKind, ChangeSetState, ChangeSetSummary, CloudError, CloudReader,
    CloudWriter, EbsEncryption, ErrorKind, ExistingResource, Key, KeyReference, LeasePlace,
    LeaseWrite, NewAccount, Organization, OrganizationalUnit, RegionOptState, ResourceFailure,
    Result, SettingState, Stack, StackInput, StackState, StoredLease, TemplateLocation,
    UpdateOutcome, VpcContents, VpcPart,
};
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, KeyArn, ParentId, Region, RegionSetting,
    RegionSettingKind, SecurityService, ServicePrincipal, StackName, Target, VpcId,
};

/// The fake, and its stack as a scenario arranges it.
#[derive(Debug, Default)]
pub(super) struct FakeCloud {
    pub(super) state: Cell<Option<StackState>>,
    pub(super) protected: Cell<bool>,
    /// Why change sets fail, if they do.
    pub(super) refusal: Option<&'static str>,
    /// What change sets import, by logical id.
    pub(super) finds: &'static [&'static str],
    /// Somebody else's change set of the stack.
    pub(super) others: Option<&'static str>,
    /// Whether what is executed fails and is rolled back.
    pub(super) rolls_back: bool,
    /// Whether what is executed never begins.
    pub(super) forgets: bool,
    /// What was asked of it, beside looks.
    pub(super) asked: RefCell<Vec<String>>,
    pub(super) inputs: RefCell<Vec<ChangeSetInput>>,
    pub(super) next: RefCell<VecDeque<StackState>>,
    pub(super) looks: Cell<usize>,
}

impl FakeCloud {
    fn ask(&self, what: impl Into<String>) {
        self.asked.borrow_mut().push(what.into());
    }

    fn go_through(&self, states: &[StackState]) {
        self.next.borrow_mut().extend(states);
    }
}

/// Methods that no import needs.
macro_rules! never_asked {
    ($($name:ident($($argument:ty),*) -> $answer:ty;)*) => {
        $(async fn $name(&self, $(_: $argument),*) -> Result<$answer> {
            let name = stringify!($name);
            Err(CloudError::new(ErrorKind::Refused, name, "NotFaked", "an import does not ask this"))
        })*
    };
}

impl CloudReader for FakeCloud {
    async fn stack(&self, _: &Target, name: &StackName) -> Result<Option<Stack>> {
        if let Some(state) = self.next.borrow_mut().pop_front() {
            self.state.set(Some(state));
        }
        Ok(self.state.get().map(|state| Stack {
            name: name.clone(),
            id: "arn:stack".to_owned(),
            state,
            state_reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
            protected: self.protected.get(),
        }))
    }

    async fn change_set(
        &self,
        _: &Target,
        _: &StackName,
        name: &str,
    ) -> Result<Option<ChangeSetState>> {
        let known = self.inputs.borrow().last().is_some_and(|input| input.name == name);
        assert!(known, "change set {name} was never made");
        self.looks.set(self.looks.get() + 1);
        Ok(match (self.looks.get() % 3, self.refusal) {
            (1, _) => None,
            (2, _) => Some(ChangeSetState::Pending),
            (_, Some(reason)) => {
                let (reason, findings) = (reason.to_owned(), Vec::new());
                Some(ChangeSetState::Failed { reason, findings })
            }
            (_, None) => {
                let imports = self.finds.iter().map(ToString::to_string).collect();
                Some(ChangeSetState::Ready { imports })
            }
        })
    }

    async fn stack_failures(
        &self,
        _: &Target,
        _: &StackName,
        token: &str,
    ) -> Result<Vec<ResourceFailure>> {
        Ok(vec![ResourceFailure {
            logical_id: "Topic".to_owned(),
            resource_type: "AWS::SNS::Topic".to_owned(),
            reason: format!("of {token}"),
        }])
    }

    async fn change_sets(&self, _: &Target, _: &StackName) -> Result<Vec<ChangeSetSummary>> {
        let inputs = self.inputs.borrow();
        let names = inputs.last().map(|input| input.name.as_str()).into_iter().chain(self.others);
        let summary = |name: &str| ChangeSetSummary { name: name.to_owned(), age: Duration::ZERO };
        Ok(names.map(summary).collect())
    }

    async fn has_resources(&self, _: &Target, _: &StackName) -> Result<bool> {
        Ok(false)
    }

    never_asked! {
        organization() -> Organization;
        alarm_state(&Target, &str) -> Option<AlarmState>;
        organizational_units(&ParentId) -> Vec<OrganizationalUnit>;
        accounts(Option<&str>) -> AccountPage;
        account(&AccountId) -> Option<Account>;
        accounts_in(&ParentId) -> Vec<AccountId>;
        account_tags(&AccountId) -> BTreeMap<String, String>;
        account_requests() -> Vec<AccountRequest>;
        account_request(&AccountRequestId) -> AccountRequest;
        probe(&AccountId) -> ();
        regions(&AccountId) -> BTreeSet<Region>;
        stacks(&Target) -> Vec<Stack>;
        stack_template(&Target, &StackName) -> String;
        default_vpc(&Target) -> Option<VpcId>;
        vpc_contents(&Target, &VpcId) -> VpcContents;
        ebs_encryption(&Target) -> EbsEncryption;
        key(&Target, &KeyReference) -> Option<Key>;
        account_setting(&AccountId, &AccountSettingKind) -> SettingState<AccountSetting>;
        region_setting(&Target, RegionSettingKind) -> SettingState<RegionSetting>;
        region_states(&AccountId) -> BTreeMap<Region, RegionOptState>;
        trusted_services() -> BTreeSet<ServicePrincipal>;
        delegated_administrators(&ServicePrincipal) -> BTreeSet<AccountId>;
        service_administrator(&Region, SecurityService) -> Option<AccountId>;
        existing_resource(&Target, &str, Option<&str>) -> Option<ExistingResource>;
        organization_trails(&Target) -> Vec<String>;
        change_set_contents(&Target, &StackName, &str) -> ChangeSetContents;
    }
}

impl CloudWriter for FakeCloud {
    async fn create_change_set(&self, _: &Target, change_set: &ChangeSetInput) -> Result<()> {
        self.ask(match &change_set.kind {
            ChangeSetKind::Create => "a change set that creates".to_owned(),
            ChangeSetKind::Update => "a change set that updates".to_owned(),
            ChangeSetKind::Import(resources) => {
                let names: Vec<_> = resources.iter().map(|one| one.logical_id.as_str()).collect();
                format!("a change set that imports {}", names.join(", "))
            }
        });
        self.inputs.borrow_mut().push(change_set.clone());
        if self.state.get().is_none() {
            self.state.set(Some(StackState::ReviewInProgress));
        }
        Ok(())
    }

    async fn execute_change_set(
        &self,
        _: &Target,
        _: &StackName,
        name: &str,
        _: &str,
    ) -> Result<()> {
        use StackState as S;
        let inputs = self.inputs.borrow();
        let last = inputs.last().filter(|input| input.name == name);
        let [under_way, done, failed] = match last.map(|input| &input.kind) {
            Some(ChangeSetKind::Create) => {
                [S::CreateInProgress, S::CreateComplete, S::RollbackComplete]
            }
            Some(ChangeSetKind::Update) => {
                [S::UpdateInProgress, S::UpdateComplete, S::UpdateRollbackComplete]
            }
            Some(ChangeSetKind::Import(_)) => {
                [S::ImportInProgress, S::ImportComplete, S::ImportRollbackComplete]
            }
            None => panic!("change set {name} was never made"),
        };
        self.ask("its execution");
        if self.forgets {
            return Ok(());
        }
        // AWS answers before the stack shows anything.
        let before = self.state.get().unwrap();
        self.go_through(&[before, under_way, if self.rolls_back { failed } else { done }]);
        Ok(())
    }

    async fn delete_change_set(&self, _: &Target, _: &StackName, _: &str) -> Result<()> {
        self.ask("the deletion of the change set");
        Ok(())
    }

    async fn update_stack(&self, _: &Target, stack: &StackInput) -> Result<UpdateOutcome> {
        let TemplateLocation::Body(body) = &stack.template else { panic!("{stack:?}") };
        self.ask(format!("an update, with outputs: {}", body.contains("Outputs")));
        self.go_through(&[StackState::UpdateInProgress, StackState::UpdateComplete]);
        Ok(UpdateOutcome::Started)
    }

    async fn delete_stack(&self, _: &Target, _: &StackName, _: &str) -> Result<()> {
        self.ask("the deletion of the stack");
        self.state.set(None);
        Ok(())
    }

    async fn protect_stack(&self, _: &Target, _: &StackName, protect: bool) -> Result<()> {
        self.ask(format!("protection: {protect}"));
        self.protected.set(protect);
        Ok(())
    }

    async fn upload_template(&self, bucket: &str, key: &str, _: &str) -> Result<String> {
        Ok(format!("https://{bucket}/{key}"))
    }

    never_asked! {
        create_organizational_unit(&ParentId, &str) -> ParentId;
        create_account(&NewAccount) -> AccountRequest;
        move_account(&AccountId, &ParentId, &ParentId) -> ();
        tag_account(&AccountId, &BTreeMap<String, String>) -> ();
        create_stack(&Target, &StackInput) -> ();
        delete_vpc_part(&Target, &VpcId, &VpcPart) -> ();
        set_default_ebs_key(&Target, &KeyArn) -> ();
        enable_ebs_encryption(&Target) -> ();
        set_account_setting(&AccountId, &AccountSetting) -> ();
        set_region_setting(&Target, &RegionSetting) -> ();
        enable_region(&AccountId, &Region) -> ();
        trust_service(&ServicePrincipal) -> ();
        register_delegated_administrator(&AccountId, &ServicePrincipal) -> ();
        set_service_administrator(&Region, SecurityService, &AccountId) -> ();
        lease(&LeasePlace) -> Option<StoredLease>;
        write_lease(&LeasePlace, &str, Option<&str>) -> LeaseWrite;
        delete_lease(&LeasePlace, &str) -> bool;
    }
}
