//! A landing zone to test with: a copy of examples/acme and a simulated organization of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use avm::cloud::{CloudProvider as _, CloudReader as _, Connection, Protection};
use avm::desired::{DesiredState, Selection, load};
use avm::execute::{Limits, Replan, Report, StepError, Templates, execute};
use avm::model::{AccountId, AccountName, Region};
use avm::observed::{Depth, ObserveLimits, ObservedState, observe, observe_account};
use avm::plan::{AccountPlan, Plan, Step, approve, check, plan, plan_account};
use avm::sim::{Simulation, SimulationSettings};
use tempfile::TempDir;

pub(crate) const LIMITS: ObserveLimits = ObserveLimits { calls: 64, depth: Depth::Digest };

pub(crate) struct LandingZone {
    folder: TempDir,
    pub(crate) simulation: Simulation,
}

impl LandingZone {
    /// The example, on an organization that has nothing but its management account.
    pub(crate) fn acme() -> Self {
        Self::on(Simulation::new(SimulationSettings::default()))
    }

    /// The example, on an organization that was arranged before.
    pub(crate) fn on(simulation: Simulation) -> Self {
        let folder = TempDir::new().unwrap();
        let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme");
        copy(&acme, folder.path());
        let zone = Self { folder, simulation };
        zone.edit("landing-zone.yaml", "o-exampleorg1", Simulation::ORGANIZATION);
        // The management account of every simulation.
        zone.edit("landing-zone.yaml", "email: aws@example.com", "email: management@example.com");
        zone
    }

    /// The same, where no account administers GuardDuty: every account has a detector of its own, in a stack.
    pub(crate) fn with_detectors(self) -> Self {
        self.edit("landing-zone.yaml", "  guardduty: security\n", "");
        self
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Replaces `from`, which must be there, everywhere in a file.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} does not contain {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    pub(crate) fn desired(&self, selection: &Selection) -> DesiredState {
        let folder = load(self.folder.path()).unwrap_or_else(|faults| {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", faults.join("\n"))
        });
        folder.state.select(selection).unwrap()
    }

    /// How a command connects to the simulation.
    pub(crate) fn connection(&self) -> Connection {
        connection(&self.desired(&all()), "plan")
    }

    pub(crate) async fn observe(
        &self,
        desired: &DesiredState,
    ) -> Result<ObservedState, avm::cloud::CloudError> {
        let cloud = self.simulation.connect(&connection(desired, "plan")).await?;
        let organization = cloud.organization().await?;
        observe(&cloud, desired, organization, LIMITS, &|_, _| {}).await
    }

    pub(crate) async fn plan(&self, selection: &Selection) -> Plan {
        let desired = self.desired(selection);
        let plan = plan(&desired, &self.observe(&desired).await.unwrap());
        assert_eq!(check(&plan), []);
        plan
    }

    /// Plans and does what the plan says, as `avm update --yes` does. An error is one that ends the run before
    /// its first step.
    pub(crate) async fn try_update(
        &self,
        selection: &Selection,
    ) -> Result<Report, avm::cloud::CloudError> {
        self.try_to_reach(&self.desired(selection)).await
    }

    /// The same for a desired state that no file of the example says.
    pub(crate) async fn try_to_reach(
        &self,
        desired: &DesiredState,
    ) -> Result<Report, avm::cloud::CloudError> {
        let observed = self.observe(desired).await?;
        let plan = plan(desired, &observed);
        assert_eq!(check(&plan), []);
        let cloud = self.simulation.connect(&connection(desired, "update")).await?;
        let templates = Templates {
            bodies: desired
                .templates
                .iter()
                .map(|(file, template)| (file.clone(), template.body()))
                .collect(),
            bucket: desired.artifacts_bucket.clone(),
            ..Templates::default()
        };
        let again = PlanAgain { cloud: &cloud, desired, observed: &observed, plan: &plan };
        let limits = Limits::default();
        let stop = AtomicBool::new(false);
        Ok(execute(&cloud, &plan, &templates, limits, "1a2b3c4d", &again, &stop, &|_| {}).await)
    }

    pub(crate) async fn update(&self, selection: &Selection) -> Report {
        let report = self.try_update(selection).await.unwrap();
        let failures: Vec<_> = report
            .failures()
            .map(|failed| format!("{}: {}: {}", failed.at, failed.step, failed.error))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        report
    }
}

/// Plans an account again, as the command line does.
pub(crate) struct PlanAgain<'a, C> {
    pub(crate) cloud: &'a C,
    pub(crate) desired: &'a DesiredState,
    pub(crate) observed: &'a ObservedState,
    pub(crate) plan: &'a Plan,
}

impl<C: avm::cloud::CloudReader> Replan for PlanAgain<'_, C> {
    async fn replan(
        &self,
        name: &AccountName,
        id: &AccountId,
        region: Option<&Region>,
    ) -> Result<AccountPlan, StepError> {
        let Self { cloud, desired, observed, .. } = self;
        let account = &desired.accounts[name];
        let seen = observe_account(*cloud, desired, observed, account, id, region, LIMITS).await;
        let fresh = plan_account(desired, observed, account, Some(&seen));
        Ok(approve(fresh, self.plan.account(name).unwrap()).plan)
    }
}

pub(crate) fn connection(desired: &DesiredState, command: &'static str) -> Connection {
    Connection {
        organization: desired.organization.id.clone(),
        management_account: desired.organization.management_account.clone(),
        management_email: None,
        access_role: desired.organization.access_role.clone(),
        home: desired.home.clone(),
        run: "1a2b3c4d".to_owned(),
        command,
        protection: Protection::default(),
    }
}

/// One account.
pub(crate) fn only(account: &str) -> Selection {
    Selection { accounts: vec![account.to_owned()], ..Selection::default() }
}

/// An account and the one whose buckets it needs.
pub(crate) fn with_log_archive(account: &str) -> Selection {
    Selection {
        accounts: vec![account.to_owned(), "log-archive".to_owned()],
        ..Selection::default()
    }
}

/// Everything.
pub(crate) fn all() -> Selection {
    Selection::default()
}

/// Every step of a plan with its place, a line each: `payments-uat eu-west-1 + stack avm-kms-keys`.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let line = |place: String, step: &Step| format!("{place} {} {step}", step.action().symbol());
    let mut lines: Vec<_> =
        plan.organization_steps.iter().map(|step| line("organization".to_owned(), step)).collect();
    for (name, account) in plan.accounts() {
        lines.extend(account.steps.iter().map(|step| line(name.to_string(), step)));
        for (region, lane) in &account.regions {
            lines.extend(lane.steps.iter().map(|step| line(format!("{name} {region}"), step)));
        }
    }
    lines
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
