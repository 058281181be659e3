//! A company of any size on the simulated AWS: the baselines and templates that avm ships, in 17 regions.

use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use avm::cloud::{CloudProvider as _, CloudReader, Connection};
use avm::desired::{DesiredState, Selection, load, write_starter};
use avm::execute::{Limits, Replan, Report, StepError, Templates, execute};
use avm::model::{AccountId, AccountName, Region};
use avm::observed::{Depth, ObserveLimits, ObservedState, observe, observe_account};
use avm::plan::{AccountPlan, Plan, approve, check, plan, plan_account};
use avm::sim::{Simulation, SimulationSettings};
use tempfile::TempDir;
use tokio::time::Instant;

/// What a call takes.
pub(crate) const CALL: Duration = Duration::from_millis(250);
/// What a stack takes, made or changed.
pub(crate) const STACK: Duration = Duration::from_mins(1);
/// From the request for an account until everything answers there.
pub(crate) const BIRTH: Duration = Duration::from_secs(120 + 30 + 20);

const ENVIRONMENTS: [&str; 3] = ["dev", "uat", "prod"];

/// A company whose accounts are as its files say.
pub(crate) struct Company {
    folder: TempDir,
    pub(crate) simulation: Simulation,
    accounts: usize,
}

impl Company {
    /// So many workload accounts with the baseline `standard`, and the account that has the logs. The first account of
    /// each environment is deployed by avm; the others are copies of it.
    pub(crate) async fn of(accounts: usize) -> Self {
        let simulation = Simulation::new(SimulationSettings {
            latency: CALL,
            stack: STACK,
            cleanup: Duration::ZERO,
            account_quota: 50_000,
            keep_calls: false,
            throttles: true,
            ..SimulationSettings::default()
        });
        let folder = TempDir::new().expect("a folder");
        write_starter(folder.path()).expect("the starter's files");
        let first = accounts.min(ENVIRONMENTS.len());
        let company = Self { folder, simulation, accounts: first };
        company.declare(first);
        let desired = company.desired();
        let observed = company.observe(&desired).await;
        let report = company.carry_out(&desired, &observed, &planned(&desired, &observed)).await;
        assert!(report.succeeded(), "the first accounts could not be deployed");
        for environment in 0..first {
            let others = (first..accounts).filter(|number| number % first == environment);
            let others = others.map(|number| (name(number), email(number)));
            let like = name(environment);
            drop(company.simulation.clone().with_accounts_like(&like, others));
        }
        company.declare(accounts);
        company.simulation.forget_calls();
        Self { accounts, ..company }
    }

    /// Declares that there are so many accounts.
    fn declare(&self, accounts: usize) {
        let regions: Vec<_> =
            Region::enabled_by_default().map(|region| region.to_string()).collect();
        let mut text = format!(
            "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\nregions: {{home: eu-west-1, \
             governed: [{}]}}\nenvironments: {{dev: {{}}, uat: {{}}, prod: {{}}}}\nwaves: [core, workloads]\naccounts:\n  \
             - {{name: log-archive, email: aws+logs@example.com, ou: Core, environment: prod, baseline: log-archive, \
             wave: core}}\n",
            Simulation::ORGANIZATION,
            Simulation::MANAGEMENT_ACCOUNT,
            regions.join(", ")
        );
        for number in 0..accounts {
            let environment = environment_of(number);
            writeln!(
                text,
                "  - {{name: {}, email: {}, ou: Workloads, environment: {environment}, baseline: standard}}",
                name(number),
                email(number)
            )
            .expect("memory");
        }
        fs::write(self.folder.path().join("landing-zone.yaml"), text).expect("a file");
    }

    /// Declares one more account, and answers its name.
    pub(crate) fn declare_another(&mut self) -> String {
        self.accounts += 1;
        self.declare(self.accounts);
        name(self.accounts - 1)
    }

    /// Changes a template that every account has in every region.
    pub(crate) fn change_a_template(&self) {
        let path = self.folder.path().join("templates/kms-keys.yaml");
        let text = fs::read_to_string(&path).expect("the template");
        let changed = text.replace("EnableKeyRotation: true", "EnableKeyRotation: false");
        assert_ne!(text, changed);
        fs::write(path, changed).expect("a file");
    }

    pub(crate) fn desired(&self) -> DesiredState {
        load(self.folder.path()).unwrap_or_else(|_| panic!("the files have faults")).state
    }

    /// What the files say of one account.
    pub(crate) fn desired_of(&self, account: &str) -> DesiredState {
        let selection = Selection { accounts: vec![account.to_owned()], ..Selection::default() };
        self.desired().select(&selection).expect("there is such an account")
    }

    /// Looks at AWS as `avm plan` does.
    pub(crate) async fn observe(&self, desired: &DesiredState) -> ObservedState {
        let cloud = self.simulation.connect(&connection(desired, "plan")).await.expect("a session");
        let organization = cloud.organization().await.expect("the organization");
        observe(&cloud, desired, organization, limits(), &|_, _| {}).await.expect("a look at AWS")
    }

    /// Does what a plan says, as `avm update --yes` does.
    pub(crate) async fn carry_out(
        &self,
        desired: &DesiredState,
        observed: &ObservedState,
        plan: &Plan,
    ) -> Report {
        let cloud =
            self.simulation.connect(&connection(desired, "update")).await.expect("a session");
        let bodies = desired.templates.iter().map(|(file, one)| (file.clone(), one.body()));
        let templates =
            Templates { bodies: bodies.collect(), bucket: None, ..Templates::default() };
        let again = Again { cloud: &cloud, desired, observed, plan };
        let stop = AtomicBool::new(false);
        let limits = Limits::default();
        execute(&cloud, plan, &templates, limits, "1a2b3c4d", &again, &stop, &|_| {}).await
    }

    /// How many calls AWS has throttled, by operation, since [`calls`](Self::calls) was last asked.
    pub(crate) fn throttles(&self) -> usize {
        self.simulation.throttles().values().sum()
    }

    /// The calls so far, by operation, since this was last asked.
    pub(crate) fn calls(&self) -> Vec<(&'static str, usize)> {
        let counts = self.simulation.call_counts().into_iter().collect();
        self.simulation.forget_calls();
        counts
    }
}

/// The plan, which must break no rule.
pub(crate) fn planned(desired: &DesiredState, observed: &ObservedState) -> Plan {
    let plan = plan(desired, observed);
    assert_eq!(check(&plan), []);
    plan
}

/// The virtual time that something takes, in seconds.
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (T, f64) {
    let started = Instant::now();
    let done = work.await;
    (done, started.elapsed().as_secs_f64())
}

fn limits() -> ObserveLimits {
    ObserveLimits { calls: Limits::default().reads, depth: Depth::Digest }
}

fn name(number: usize) -> String {
    format!("team-{number:05}-{}", environment_of(number))
}

fn email(number: usize) -> String {
    format!("aws+team-{number:05}@example.com")
}

fn environment_of(number: usize) -> &'static str {
    ENVIRONMENTS[number % ENVIRONMENTS.len()]
}

fn connection(desired: &DesiredState, command: &'static str) -> Connection {
    Connection {
        organization: desired.organization.id.clone(),
        management_account: desired.organization.management_account.clone(),
        management_email: None,
        access_role: desired.organization.access_role.clone(),
        home: desired.home.clone(),
        run: "1a2b3c4d".to_owned(),
        command,
        protection: avm::cloud::Protection::default(),
    }
}

/// Plans an account again, as the command line does.
struct Again<'a, C> {
    cloud: &'a C,
    desired: &'a DesiredState,
    observed: &'a ObservedState,
    plan: &'a Plan,
}

impl<C: CloudReader> Replan for Again<'_, C> {
    async fn replan(
        &self,
        name: &AccountName,
        id: &AccountId,
        region: Option<&Region>,
    ) -> Result<AccountPlan, StepError> {
        let Self { cloud, desired, observed, .. } = self;
        let account = &desired.accounts[name];
        let seen = observe_account(*cloud, desired, observed, account, id, region, limits()).await;
        let fresh = plan_account(desired, observed, account, Some(&seen));
        Ok(approve(fresh, self.plan.account(name).expect("the account is planned")).plan)
    }
}
