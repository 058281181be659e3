//! Two runs at the same time, with no lease that keeps them apart: they do no harm.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use avm::cloud::{CloudProvider as _, CloudReader as _, Connection, StackState};
use avm::desired::Selection;
use avm::execute::{Limits, Report, StepError, Templates, execute};
use avm::observed::observe;
use avm::plan::plan;
use avm::sim::{Simulation, SimulationSettings};

use crate::landing_zone::{
    LIMITS, LandingZone, PlanAgain, connection, lines, only, with_log_archive,
};

/// By how much the second run is behind, in milliseconds: from before the first has looked to when it is done.
const BEHIND: [u64; 24] = [
    0, 1, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 21_000, 34_000, 55_000, 70_000, 89_000,
    120_000, 144_000, 180_000, 200_000, 233_000, 300_000, 377_000, 450_000, 610_000, 987_000,
];

/// A run with an id of its own: the tokens of its requests are not the other one's.
async fn run(zone: &LandingZone, selection: &Selection, id: &str) -> Report {
    let desired = zone.desired(selection);
    let connect = async |command| {
        let connection = Connection { run: id.to_owned(), ..connection(&desired, command) };
        zone.simulation.connect(&connection).await.unwrap()
    };
    let reader = connect("plan").await;
    let organization = reader.organization().await.unwrap();
    let observed = observe(&reader, &desired, organization, LIMITS, &|_, _| {}).await.unwrap();
    let plan = plan(&desired, &observed);
    let cloud = connect("update").await;
    let bodies = desired.templates.iter();
    let bodies = bodies.map(|(file, template)| (file.clone(), template.body())).collect();
    let templates = Templates { bodies, ..Templates::default() };
    let again = PlanAgain { cloud: &cloud, desired: &desired, observed: &observed, plan: &plan };
    let (limits, stop) = (Limits::default(), AtomicBool::new(false));
    execute(&cloud, &plan, &templates, limits, id, &again, &stop, &|_| {}).await
}

#[expect(clippy::disallowed_methods, reason = "virtual time passes before the second run")]
async fn later(time: u64, zone: &LandingZone, selection: &Selection, id: &str) -> Report {
    tokio::time::sleep(Duration::from_millis(time)).await;
    run(zone, selection, id).await
}

/// What a person has at the end: every stack with its state and outputs, by account and region.
fn stacks(aws: &Simulation) -> BTreeMap<String, StackState> {
    let world = aws.world();
    let mut stacks = BTreeMap::new();
    for account in world.accounts.values() {
        for (region, cell) in &account.cells {
            for (name, stack) in &cell.stacks {
                stacks.insert(format!("{} {region} {name}", account.name), stack.state);
                assert!(stack.change_sets.is_empty(), "{} {name}", account.name);
            }
        }
    }
    stacks
}

/// How many accounts have each e-mail address.
fn emails(aws: &Simulation) -> BTreeMap<String, usize> {
    let mut emails = BTreeMap::new();
    for account in aws.world().accounts.values() {
        *emails.entry(account.email.as_str().to_lowercase()).or_default() += 1;
    }
    emails
}

/// Every step that failed says what it is about, and none that two runs cannot come to.
fn assert_told(report: &Report, behind: u64) {
    for failed in report.failures() {
        let told = matches!(
            &failed.error,
            StepError::Changed(_)
                | StepError::Cloud(_)
                | StepError::Stack { .. }
                | StepError::Blocked(_)
                | StepError::MissingValue { .. }
        );
        assert!(told, "{behind} ms: {}: {}: {}", failed.at, failed.step, failed.error);
    }
}

async fn converge(arrange: impl AsyncFn() -> LandingZone, selection: &Selection) {
    let alone = arrange().await;
    assert!(run(&alone, selection, "0000000a").await.succeeded());
    let (expected, accounts) = (stacks(&alone.simulation), emails(&alone.simulation));
    for behind in BEHIND {
        let zone = arrange().await;
        let (one, two) = tokio::join!(
            run(&zone, selection, "0000000a"),
            later(behind, &zone, selection, "0000000b"),
        );
        assert_told(&one, behind);
        assert_told(&two, behind);
        assert_eq!(emails(&zone.simulation), accounts, "{behind} ms");
        // Whatever one of them has left to the other, the next one does.
        let next = run(&zone, selection, "0000000c").await;
        let failed: Vec<_> = next.failures().map(|one| one.error.to_string()).collect();
        assert!(next.succeeded(), "{behind} ms: {failed:?}");
        assert_eq!(stacks(&zone.simulation), expected, "{behind} ms");
        assert_eq!(lines(&zone.plan(selection).await), [""; 0], "{behind} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_make_the_same_account_make_one() {
    converge(async || LandingZone::acme(), &only("log-archive")).await;
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_change_the_same_template_change_it_once() {
    let arrange = async || {
        let zone = LandingZone::acme();
        zone.update(&with_log_archive("payments-uat")).await;
        zone.edit("templates/kms-keys.yaml", "  The keys of one", "  Changed. The keys of one");
        zone
    };
    converge(arrange, &with_log_archive("payments-uat")).await;
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_adopt_the_same_resources_adopt_them_once() {
    let arrange = async || {
        let aws = Simulation::new(SimulationSettings::default());
        let aws = aws.with_account("log-archive", "aws+log-archive@example.com", "/");
        LandingZone::on(
            aws.with_unmanaged("log-archive", "eu-west-1", "AWS::GuardDuty::Detector", "detector")
                .with_unmanaged("log-archive", "us-east-1", "AWS::GuardDuty::Detector", "detector"),
        )
        .with_detectors()
    };
    converge(arrange, &only("log-archive")).await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_second_hears_whose_account_it_is() {
    let zone = LandingZone::acme();
    let selection = only("log-archive");
    let (one, two) =
        tokio::join!(run(&zone, &selection, "0000000a"), later(0, &zone, &selection, "0000000b"),);
    let failures: Vec<_> =
        one.failures().chain(two.failures()).map(|failed| failed.error.to_string()).collect();
    let id = zone.simulation.account_id("log-archive").unwrap();
    let told = format!("EMAIL_ALREADY_EXISTS: account {id} has the e-mail address ");
    assert!(failures.iter().any(|error| error.contains(&told)), "{failures:?}");
}
