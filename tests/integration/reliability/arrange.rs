//! A scenario brought to where its run begins, and what that run comes to if nothing disturbs it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use avm::desired::{DesiredState, Selection, load};
use avm::execute::{Report, Templates};
use avm::plan::Plan;
use avm::sim::world::World;
use avm::sim::{Call, Simulation, SimulationSettings};
use tempfile::TempDir;
use tokio::time::advance;

use super::end_state::{end_state, orphans};
use super::oracle::subjects;
use super::run::{Ran, look, run};
use crate::landing_zone::lines;

/// A world, a folder, and a run that brings the one to what the other says.
pub(super) struct Scenario {
    /// One word, which is a row of the table and a filter of `cargo test`.
    pub(super) name: &'static str,
    /// What happens, for the table.
    pub(super) what: &'static str,
    /// What there is before avm has ever been there.
    pub(super) aws: fn(Simulation) -> Simulation,
    /// What avm has done there before, if anything.
    pub(super) before: Option<Folder>,
    /// What is wanted now.
    pub(super) folder: Folder,
}

/// What a user has written.
#[derive(Clone, Copy)]
pub(super) struct Folder {
    /// The governed regions, the home region first; all that is done is done in these.
    pub(super) regions: &'static [&'static str],
    /// `landing-zone.yaml` after the organization and the regions.
    pub(super) landing_zone: &'static str,
    /// Files of `baselines/` and their texts.
    pub(super) baselines: &'static [(&'static str, &'static str)],
    /// Files of `templates/` and their texts.
    pub(super) templates: &'static [(&'static str, &'static str)],
}

/// What is wanted, read once for all runs.
pub(super) struct Wanted {
    pub(super) desired: DesiredState,
    pub(super) templates: Templates,
}

/// A scenario, ready to be run any number of times.
pub(super) struct Arranged {
    pub(super) scenario: &'static Scenario,
    /// The world in which every run begins.
    pub(super) world: World,
    pub(super) wanted: Wanted,
    pub(super) undisturbed: Undisturbed,
}

/// What a run comes to if nothing disturbs it.
pub(super) struct Undisturbed {
    /// Its calls, in their order.
    pub(super) calls: Vec<Call>,
    /// The lines of its plan.
    pub(super) plan: Vec<String>,
    /// What it did, by subject.
    pub(super) done: BTreeSet<String>,
    /// What AWS has when it has come to rest.
    pub(super) end_state: Vec<String>,
    /// The accounts that there are then.
    pub(super) accounts: Vec<String>,
}

impl Scenario {
    /// Brings the world to where the run begins, and runs once without any disturbance.
    pub(super) async fn arrange(&'static self) -> Arranged {
        let aws = (self.aws)(Simulation::new(quick()));
        if let Some(before) = &self.before {
            succeeds(&aws, &before.read(), "00000000").await;
            rest(&aws).await;
        }
        let (world, wanted) = (aws.world().clone(), self.folder.read());
        let aws = Simulation::of(world.clone());
        let (plan, report) = succeeds(&aws, &wanted, "00000001").await;
        let calls = aws.calls();
        rest(&aws).await;
        let left = look(&aws, &wanted, "00000002").await.unwrap();
        assert_eq!(lines(&left.1), [""; 0], "{}: a second run finds something to do", self.name);
        let accounts: Vec<_> =
            aws.world().accounts.values().map(|account| account.name.clone()).collect();
        assert_eq!(orphans(&aws.world(), &accounts), [""; 0], "{}", self.name);
        let end_state = end_state(&aws.world());
        let (plan, done) = (lines(&plan), subjects(&report));
        let undisturbed = Undisturbed { calls, plan, done, end_state, accounts };
        Arranged { scenario: self, world, wanted, undisturbed }
    }
}

/// AWS, and everything in it takes as little time as it can while avm still has to wait for it.
fn quick() -> SimulationSettings {
    SimulationSettings {
        account_creation: Duration::from_secs(4),
        role_readiness: Duration::from_secs(3),
        service_readiness: Duration::from_secs(2),
        stack: Duration::from_secs(3),
        cleanup: Duration::from_secs(1),
        change_set: Duration::from_secs(2),
        ..SimulationSettings::default()
    }
}

/// Lets AWS finish everything that it is at.
pub(super) async fn rest(aws: &Simulation) {
    advance(Duration::from_hours(2)).await;
    drop(aws.world());
}

async fn succeeds(aws: &Simulation, wanted: &Wanted, id: &str) -> (Box<Plan>, Report) {
    let Ran::Ended { plan, report } = run(aws, wanted, id).await else {
        panic!("nothing could be planned");
    };
    let failed: Vec<_> = report.failures().map(|failed| failed.error.to_string()).collect();
    assert!(report.succeeded(), "{failed:?}");
    (plan, report)
}

impl Folder {
    fn read(&self) -> Wanted {
        let folder = TempDir::new().unwrap();
        let head = format!(
            "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\n\
             regions: {{home: {}, governed: [{}]}}\n",
            Simulation::ORGANIZATION,
            Simulation::MANAGEMENT_ACCOUNT,
            self.regions[0],
            self.regions.join(", "),
        );
        write(folder.path(), "landing-zone.yaml", &(head + self.landing_zone));
        for (name, text) in self.baselines {
            write(folder.path(), &format!("baselines/{name}.yaml"), text);
        }
        for (name, text) in self.templates {
            write(folder.path(), &format!("templates/{name}.yaml"), text);
        }
        let read = load(folder.path()).unwrap_or_else(|faults| {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", faults.join("\n"))
        });
        // Default VPCs are everywhere; two regions tell as much as seventeen.
        let regions = self.regions.iter().map(ToString::to_string).collect();
        let desired = read.state.select(&Selection { regions, ..Selection::default() }).unwrap();
        let bodies = desired.templates.iter();
        let bodies = bodies.map(|(file, template)| (file.clone(), template.body())).collect();
        Wanted { desired, templates: Templates { bodies, ..Templates::default() } }
    }
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
