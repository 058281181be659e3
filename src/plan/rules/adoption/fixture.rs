//! A landing zone with one stack to make, and a region in which something may be there already.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;

use crate::cloud::{CloudError, Organization, Stack, StackState};
use crate::desired::{
    Adopt, ChangeLimits, DesiredAccount, DesiredStack, DesiredState, OrganizationPin,
};
use crate::model::{AccountName, Region};
use crate::observed::{
    DeployedTemplate, FoundResource, ObservedAccount, ObservedRegion, ObservedStack, ObservedState,
    PresentAccount, Shared,
};
use crate::plan::guardrails::check;
use crate::plan::planner::plan;
use crate::plan::tree::Lane;
use crate::template::Template;

/// What the stack is made of.
pub(super) const TEMPLATE: &str = "Parameters: {Name: {Type: String, Default: default}}\nResources:\n  \
    Detector: {Type: 'AWS::GuardDuty::Detector', DeletionPolicy: Retain, Properties: {Enable: true}}\n  \
    Hub: {Type: 'AWS::SecurityHub::Hub', DeletionPolicy: Retain}\n  \
    Recorder: {Type: 'AWS::Config::ConfigurationRecorder', DeletionPolicy: Retain, Properties: {Name: !Ref Name}}\n  \
    Channel: {Type: 'AWS::Config::DeliveryChannel', DeletionPolicy: RetainExceptOnCreate, Properties: {Name: fixed}}\n  \
    Trail: {Type: 'AWS::CloudTrail::Trail', DeletionPolicy: Retain, Properties: {TrailName: avm-trail}}\n  \
    Key: {Type: 'AWS::KMS::Key', DeletionPolicy: Retain}\n  \
    Alias: {Type: 'AWS::KMS::Alias', DeletionPolicy: Retain, Properties: {AliasName: alias/uat/ec2, TargetKeyId: !Ref Key}}\n  \
    Topic: {Type: 'AWS::SNS::Topic'}\nOutputs: {Made: {Value: !Ref Topic}}\n";

pub(super) fn word<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// A landing zone in which one stack is to be made in one region of one account.
pub(super) struct World {
    pub(super) desired: DesiredState,
    pub(super) observed: ObservedState,
}

impl World {
    pub(super) fn with(adopt: Adopt, found: Vec<FoundResource>) -> Self {
        Self::of(TEMPLATE, adopt, Ok(found))
    }

    pub(super) fn of(
        template: &str,
        adopt: Adopt,
        found: Result<Vec<FoundResource>, CloudError>,
    ) -> Self {
        let template = Template::of_body(template).unwrap();
        let stack = DesiredStack {
            name: word("avm-x"),
            template: word("t.yaml"),
            regions: [word("eu-west-1")].into(),
            parameters: BTreeMap::new(),
            adopt,
        };
        let desired = DesiredState {
            organization: OrganizationPin {
                id: word("o-exampleorg1"),
                management_account: word("111111111111"),
                access_role: word("Access"),
            },
            plan_role: None,
            home: word("eu-west-1"),
            governed: [word("eu-west-1")].into(),
            artifacts_bucket: None,
            lease_bucket: None,
            waves: vec![word("core"), word("rest")],
            conditions: BTreeMap::new(),
            protected_units: BTreeSet::new(),
            limits: ChangeLimits::default(),
            organizational_units: BTreeSet::new(),
            accounts: BTreeMap::from([(word("uat"), account("uat", "core", vec![stack]))]),
            trusted_services: BTreeSet::new(),
            administrators: BTreeMap::new(),
            emails: BTreeMap::new(),
            templates: BTreeMap::from([(word("t.yaml"), Arc::new(template))]),
            selected_regions: None,
            settings_selected: true,
        };
        let region =
            ObservedRegion { existing: BTreeMap::from([(word("avm-x"), found)]), ..empty_region() };
        let observed = ObservedState {
            organization: Organization {
                id: word("o-exampleorg1"),
                management_account: word("111111111111"),
                caller: word("111111111111"),
                caller_arn: "arn:aws:iam::111111111111:user/avm".into(),
                root: word("r-abcd"),
            },
            nodes: BTreeMap::from([(word("/"), word("r-abcd"))]),
            accounts: BTreeMap::from([(word("uat"), present("222222222222", region))]),
            outputs: BTreeMap::new(),
            trusted_services: Ok(BTreeSet::new()),
            delegated_administrators: BTreeMap::new(),
            service_administrators: BTreeMap::new(),
            gate_accounts: BTreeMap::new(),
            regions_of_a_new_account: BTreeSet::new(),
        };
        Self { desired, observed }
    }

    pub(super) fn protected(mut self) -> Self {
        self.desired.accounts.get_mut(&word("uat")).unwrap().protected = true;
        self
    }

    /// The stack is there, in that state.
    pub(super) fn stack(mut self, state: StackState) -> Self {
        let stack = Stack {
            name: word("avm-x"),
            id: "arn:stack".to_owned(),
            state,
            state_reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
            protected: true,
        };
        let seen = ObservedStack { stack, template: DeployedTemplate::NotRead };
        self.region().stacks = Ok(BTreeMap::from([(word("avm-x"), seen.into())]));
        self
    }

    pub(super) fn trails(mut self, trails: &[&str]) -> Self {
        self.region().organization_trails = trails.iter().map(|arn| (*arn).to_owned()).collect();
        self
    }

    pub(super) fn region(&mut self) -> &mut ObservedRegion {
        let Some(ObservedAccount::Present(present)) =
            self.observed.accounts.get_mut(&word::<AccountName>("uat"))
        else {
            panic!("the account is there")
        };
        present.regions.get_mut(&word::<Region>("eu-west-1")).unwrap()
    }

    pub(super) fn lane(&self) -> Lane {
        self.lane_of("uat")
    }

    pub(super) fn lane_of(&self, account: &str) -> Lane {
        let plan = plan(&self.desired, &self.observed);
        assert_eq!(check(&plan), []);
        let account = plan.account(&word(account)).unwrap();
        account.regions.get(&word::<Region>("eu-west-1")).cloned().unwrap_or_default()
    }
}

pub(super) fn account(name: &str, wave: &str, stacks: Vec<DesiredStack>) -> DesiredAccount {
    DesiredAccount {
        name: word(name),
        email: word(&format!("aws+{name}@example.com")),
        ou: word("/"),
        environment: None,
        baseline: word("standard"),
        wave: word(wave),
        tags: BTreeMap::new(),
        protected: false,
        management: false,
        delete_default_vpcs: false,
        ebs_key: None,
        settings: Vec::new(),
        region_settings: Vec::new(),
        opt_in: false,
        stacks,
    }
}

pub(super) fn empty_region() -> ObservedRegion {
    ObservedRegion {
        stacks: Ok(BTreeMap::new()),
        default_vpc: Ok(None),
        ebs: Ok(None),
        keys: BTreeMap::new(),
        settings: Shared::default(),
        existing: BTreeMap::new(),
        organization_trails: Vec::new(),
    }
}

pub(super) fn present(id: &str, region: ObservedRegion) -> ObservedAccount {
    ObservedAccount::Present(Box::new(PresentAccount {
        id: word(id),
        name: "uat".to_owned(),
        parent: word("r-abcd"),
        tags: BTreeMap::new(),
        settings: BTreeMap::new(),
        opt_in: Ok(BTreeMap::new()),
        regions: BTreeMap::from([(word("eu-west-1"), region)]),
    }))
}
