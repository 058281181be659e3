//! What tests of rules begin with: one account called `security`, wanted and seen, with nothing to do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;

use crate::cloud::{
    CloudError, ErrorKind, Organization, RegionOptState, SettingState, Stack, StackState,
};
use crate::desired::{
    Adopt, ChangeLimits, DesiredAccount, DesiredStack, DesiredState, DesiredValue, OrganizationPin,
    OutputRegion,
};
#[cfg(test)]
use crate::document::Source;
use crate::model::{AccountSetting, Region, RegionSetting};
use crate::observed::{
    DeployedTemplate, ObservedAccount, ObservedRegion, ObservedStack, ObservedState,
    PresentAccount, Shared,
};
use crate::plan::{AccountPlan, Blocked, Lane, Plan, Reason, Step, approve, check, plan};
use crate::template::Template;

/// The account's id.
pub(super) const ID: &str = "222222222222";
/// Another account of the organization.
pub(super) const OTHER: &str = "333333333333";
/// The home region, which is governed; the account has `us-east-1` as well, which is not.
pub(super) const HOME: &str = "eu-west-1";

/// Desired and observed.
pub(super) struct World {
    pub(super) desired: DesiredState,
    pub(super) observed: ObservedState,
}

impl World {
    /// An account without settings and stacks, as the files say.
    pub(super) fn at_rest() -> Self {
        Self { desired: desired(), observed: observed() }
    }

    pub(super) fn wanted(&mut self) -> &mut DesiredAccount {
        self.desired.accounts.get_mut(&word("security")).unwrap()
    }

    pub(super) fn seen(&mut self) -> &mut PresentAccount {
        let seen = self.observed.accounts.get_mut(&word("security")).unwrap();
        let ObservedAccount::Present(present) = seen else { panic!("{seen:?}") };
        present
    }

    /// What was seen in the home region.
    pub(super) fn home(&mut self) -> &mut ObservedRegion {
        self.seen().regions.get_mut(&home()).unwrap()
    }

    /// The account is still to be made.
    pub(super) fn without_account(&mut self) {
        let absent = ObservedAccount::Absent { request: None };
        self.observed.accounts.insert(word("security"), absent);
    }

    /// The baseline has a stack in the home region, of one resource.
    pub(super) fn with_stack(&mut self, name: &str, resource_type: &str) {
        let file = format!("{name}.yaml");
        let text = format!("Resources:\n  It: {{Type: '{resource_type}'}}\n");
        let template = Template::parse(&Source::new(&file, &text)).unwrap();
        self.desired.templates.insert(word(&file), Arc::new(template));
        self.wanted().stacks.push(DesiredStack {
            name: word(name),
            template: word(&file),
            regions: [home()].into(),
            parameters: BTreeMap::new(),
            adopt: Adopt::default(),
        });
    }

    /// Another account of the first wave, which is still to be made, has a stack in the home region.
    pub(super) fn add_earlier(&mut self, account: &str, stack: &str) {
        self.with_stack(stack, "AWS::KMS::Key");
        let made = self.wanted().stacks.pop().unwrap();
        let other = DesiredAccount {
            name: word(account),
            email: word(&format!("{account}@example.com")),
            wave: word("core"),
            stacks: vec![made],
            ebs_key: None,
            ..self.wanted().clone()
        };
        self.desired.accounts.insert(word(account), other);
        let absent = ObservedAccount::Absent { request: None };
        self.observed.accounts.insert(word(account), absent);
    }

    /// The stack was deployed, and is as the baseline says.
    pub(super) fn deploy(&mut self, name: &str) {
        let digest = self.desired.templates[&word(&format!("{name}.yaml"))].digest().clone();
        let stack = Stack {
            name: word(name),
            id: format!("arn:aws:cloudformation:{HOME}:{ID}:stack/{name}/1"),
            state: StackState::CreateComplete,
            state_reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
            protected: true,
        };
        let seen = ObservedStack { stack, template: DeployedTemplate::Digest(digest) };
        self.home().stacks.as_mut().unwrap().insert(word(name), seen.into());
    }

    /// The last stack of the baseline cannot be deployed: it takes a value that nobody has.
    pub(super) fn break_last_stack(&mut self) {
        let output = DesiredValue::Output {
            account: word("nobody"),
            stack: word("nothing"),
            key: "Nil".to_owned(),
            region: OutputRegion::Same,
        };
        let stack = self.wanted().stacks.last_mut().unwrap();
        stack.parameters.insert("Missing".to_owned(), output);
    }

    /// The whole plan, which breaks no rule.
    pub(super) fn whole(&self) -> Plan {
        let plan = plan(&self.desired, &self.observed);
        assert_eq!(check(&plan), []);
        plan
    }

    /// The account's plan.
    pub(super) fn plan(&self) -> AccountPlan {
        let account = self.whole().account(&word("security")).unwrap().clone();
        // Consent to a plan is consent to all of it.
        assert!(approve(account.clone(), &account).unapproved.is_empty());
        account
    }

    /// The lane of the home region.
    pub(super) fn lane(&self) -> Lane {
        self.plan().regions.remove(&home()).unwrap_or_default()
    }
}

impl World {
    /// Does to the world what a plan says, as far as these rules plan it.
    pub(super) fn carry_out(&mut self, plan: &Plan) {
        for step in &plan.organization_steps {
            if let Step::TrustService { service } = step {
                self.observed.trusted_services.as_mut().unwrap().insert(service.clone());
            }
        }
        let account = plan.account(&word("security")).unwrap();
        for step in &account.steps {
            self.carry_out_step(&home(), step);
        }
        for (region, lane) in &account.regions {
            for step in &lane.steps {
                self.carry_out_step(region, step);
            }
        }
    }

    fn carry_out_step(&mut self, region: &Region, step: &Step) {
        if let Step::RegisterAdministrator { service } = step {
            let known = Ok([word(ID)].into());
            self.observed.delegated_administrators.insert(service.clone(), known);
        } else if let Step::SetServiceAdministrator { service } = step {
            let key = (region.clone(), *service);
            self.observed.service_administrators.insert(key, Ok(Some(word(ID))));
        } else if let Step::EnableRegion { region } = step {
            let states = self.seen().opt_in.as_mut().unwrap();
            states.insert(region.clone(), RegionOptState::Enabling);
        } else if let Step::ChangeAccountSetting { setting, .. } = step {
            see(self.seen(), setting.clone());
        } else if let Step::ChangeRegionSetting { setting, .. } = step {
            see_in(self.seen().regions.get_mut(region).unwrap(), setting.clone());
        } else if let Step::CreateStack(change) = step {
            self.deploy(change.stack.as_str());
        } else {
            panic!("nobody knows how to do {step}");
        }
    }
}

/// The subjects of what is blocked, with their reasons.
pub(super) fn blocked(blocked: &[Blocked]) -> Vec<(&str, &Reason)> {
    blocked.iter().map(|blocked| (blocked.subject.as_str(), &blocked.reason)).collect()
}

/// The subjects of steps, in order.
pub(super) fn subjects(steps: &[Step]) -> Vec<String> {
    steps.iter().map(ToString::to_string).collect()
}

/// Notes the account's setting as it is.
pub(super) fn see(account: &mut PresentAccount, now: AccountSetting) {
    let kind = now.kind();
    let state = SettingState { value: Some(now), managed_by_organization: false };
    account.settings.insert(kind, Ok(state));
}

/// Notes the region's setting as it is.
pub(super) fn see_in(region: &mut ObservedRegion, now: RegionSetting) {
    let kind = now.kind();
    let state = SettingState { value: Some(now), managed_by_organization: false };
    region.settings.insert(kind, Ok(state));
}

/// A refusal to tell.
pub(super) fn denied() -> CloudError {
    CloudError::new(ErrorKind::Denied, "service:Get", "AccessDenied", "no")
}

/// Anything that is parsed.
#[track_caller]
pub(super) fn word<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// The home region.
pub(super) fn home() -> Region {
    word(HOME)
}

fn desired() -> DesiredState {
    let account = DesiredAccount {
        name: word("security"),
        email: word("security@example.com"),
        ou: word("/"),
        environment: None,
        baseline: word("security"),
        wave: word("core"),
        tags: BTreeMap::new(),
        protected: false,
        management: false,
        delete_default_vpcs: false,
        ebs_key: None,
        settings: Vec::new(),
        region_settings: Vec::new(),
        opt_in: false,
        stacks: Vec::new(),
    };
    DesiredState {
        organization: OrganizationPin {
            id: word("o-exampleorg1"),
            management_account: word("111111111111"),
            access_role: word("OrganizationAccountAccessRole"),
        },
        plan_role: None,
        home: home(),
        governed: [home()].into(),
        artifacts_bucket: None,
        lease_bucket: None,
        waves: vec![word("core"), word("rest")],
        conditions: BTreeMap::new(),
        protected_units: BTreeSet::new(),
        limits: ChangeLimits::default(),
        organizational_units: BTreeSet::new(),
        accounts: [(word("security"), account)].into(),
        trusted_services: BTreeSet::new(),
        administrators: BTreeMap::new(),
        emails: BTreeMap::new(),
        templates: BTreeMap::new(),
        selected_regions: None,
        settings_selected: true,
    }
}

fn observed() -> ObservedState {
    let region = ObservedRegion {
        stacks: Ok(BTreeMap::new()),
        default_vpc: Ok(None),
        ebs: Ok(None),
        keys: BTreeMap::new(),
        settings: Shared::default(),
        existing: BTreeMap::new(),
        organization_trails: Vec::new(),
    };
    let account = PresentAccount {
        id: word(ID),
        name: "security".to_owned(),
        parent: word("r-root"),
        tags: BTreeMap::new(),
        settings: BTreeMap::new(),
        opt_in: Ok(BTreeMap::new()),
        regions: [HOME, "us-east-1"].map(|name| (word(name), region.clone())).into(),
    };
    ObservedState {
        organization: Organization {
            id: word("o-exampleorg1"),
            management_account: word("111111111111"),
            caller: word("111111111111"),
            caller_arn: "arn:aws:iam::111111111111:user/avm".into(),
            root: word("r-root"),
        },
        nodes: [(word("/"), word("r-root"))].into(),
        accounts: [(word("security"), ObservedAccount::Present(Box::new(account)))].into(),
        outputs: BTreeMap::new(),
        trusted_services: Ok(BTreeSet::new()),
        delegated_administrators: BTreeMap::new(),
        service_administrators: BTreeMap::new(),
        gate_accounts: BTreeMap::new(),
        regions_of_a_new_account: [home(), word("us-east-1")].into(),
    }
}
