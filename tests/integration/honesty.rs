//! A run says what it did not do, and a missing word in a file makes nothing dangerous.

use std::collections::{BTreeMap, BTreeSet};

use avm::cloud::{StackInput, StackState, TemplateLocation};
use avm::document::Source;
use avm::plan::Step;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use avm::template::Template;

use crate::landing_zone::{LandingZone, all, lines, only, with_log_archive};

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

fn refused(operation: &str) -> Fault {
    Fault::new(FaultKind::AccessDenied).on(operation)
}

#[tokio::test(start_paused = true)]
async fn the_management_account_is_known_by_its_id_when_the_file_forgets_to_say_so() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "    management: true\n", "");
    zone.edit("landing-zone.yaml", "    baseline: management\n", "    baseline: standard\n");
    zone.edit("landing-zone.yaml", "    ou: /\n", "    ou: Core\n");
    let plan = zone.plan(&all()).await;
    let account = plan.account(&"management".parse().unwrap()).unwrap();
    assert!(account.protected);
    let moves = |step: &Step| matches!(step, Step::CreateAccount(_) | Step::MoveAccount { .. });
    assert!(!account.steps.iter().any(moves), "{:?}", account.steps);
    assert!(account.all_steps().all(|step| !step.action().is_destructive()));
    assert!(account.notes.iter().any(|note| note.contains("management: true")));
}

#[tokio::test(start_paused = true)]
async fn a_management_account_that_is_not_there_gets_no_steps() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "email: management@example.com", "email: other@example.com");
    let plan = zone.plan(&all()).await;
    let account = plan.account(&"management".parse().unwrap()).unwrap();
    assert_eq!(account.all_steps().count(), 0);
    assert_eq!(account.all_blocked().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_region_of_a_new_account_that_cannot_be_read_is_a_failure() {
    let aws = aws();
    let region = "us-east-1".parse().unwrap();
    aws.fault(refused("cloudformation:DescribeStacks").in_region(&region).for_ever());
    let zone = LandingZone::on(aws).with_detectors();
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    let failed: BTreeSet<_> = report
        .failures()
        .map(|failed| format!("{} {}", failed.at, failed.step.stack().map_or("-", |s| s.as_str())))
        .collect();
    assert!(failed.contains("log-archive us-east-1 avm-kms-keys"), "{failed:?}");
    assert!(failed.contains("log-archive us-east-1 avm-guardduty"), "{failed:?}");
    // What could be read was done.
    assert!(zone.simulation.stack("log-archive", "eu-west-1", "avm-guardduty").is_some());
    assert!(!zone.simulation.has_default_vpc("log-archive", "us-east-1"));
}

#[tokio::test(start_paused = true)]
async fn a_new_account_that_cannot_be_looked_at_is_a_failure() {
    let aws = aws();
    aws.fault(refused("organizations:ListTagsForResource"));
    let zone = LandingZone::on(aws);
    let report = zone.try_update(&with_log_archive("payments-uat")).await.unwrap();
    assert!(!report.succeeded());
    assert_eq!(report.unfinished().map(ToString::to_string).collect::<Vec<_>>(), ["payments-uat"]);
    zone.update(&all()).await;
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_cannot_be_made_keeps_only_its_own_accounts_from_being_made() {
    let aws = aws();
    // Core is the first; Workloads and what is below it come later.
    aws.fault(refused("organizations:CreateOrganizationalUnit"));
    let zone = LandingZone::on(aws);
    zone.edit("landing-zone.yaml", "name: log-archive\n", "name: log-archive\n    # /\n");
    let text = std::fs::read_to_string(zone.path("landing-zone.yaml")).unwrap();
    let text = text.replacen("    ou: Core\n", "    ou: /\n", 1);
    std::fs::write(zone.path("landing-zone.yaml"), text).unwrap();
    let report = zone.try_update(&all()).await.unwrap();
    assert!(zone.simulation.account_id("log-archive").is_some());
    assert!(
        zone.simulation.account_id("security").is_none(),
        "an account without a place was made"
    );
    let failed: Vec<_> = report.failures().map(|failed| failed.at.to_string()).collect();
    // shared-services is in a later wave, which does not start.
    assert_eq!(failed, ["organization", "security"]);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_stack_blocks_what_takes_from_it_and_nothing_else() {
    let text = std::fs::read_to_string("templates/log-buckets.yaml").unwrap();
    let template = Template::parse(&Source::new("log-buckets.yaml", &text)).unwrap();
    let organization = (String::from("OrganizationId"), Simulation::ORGANIZATION.into());
    let stack = StackInput {
        name: "avm-log-buckets".parse().unwrap(),
        template: TemplateLocation::Body(template.body()),
        parameters: BTreeMap::from([organization]),
        capabilities: BTreeSet::new(),
        token: "arranged".to_owned(),
    };
    let aws = aws().with_account("log-archive", "aws+log-archive@example.com", "/").with_stack(
        "log-archive",
        "eu-west-1",
        &stack,
        StackState::UpdateRollbackFailed,
    );
    let zone = LandingZone::on(aws);
    zone.edit(
        "templates/log-buckets.yaml",
        "  TrailBucket:\n    Description",
        "  NewOutput:\n    Value: x\n  TrailBucket:\n    Description",
    );
    zone.edit("baselines/log-archive.yaml", "key: TrailBucket", "key: NewOutput");
    let plan = zone.plan(&only("log-archive")).await;
    let account = plan.account(&"log-archive".parse().unwrap()).unwrap();
    let blocked: BTreeSet<_> = account.all_blocked().map(|b| b.subject.as_str()).collect();
    assert_eq!(blocked, BTreeSet::from(["stack avm-cloudtrail", "stack avm-log-buckets"]));
    assert!(lines(&plan).iter().any(|line| line.contains("+ stack avm-kms-keys")));
}

#[tokio::test(start_paused = true)]
async fn a_request_of_the_same_name_for_another_address_is_not_adopted() {
    let zone = LandingZone::acme();
    zone.update(&only("log-archive")).await;
    let first = zone.simulation.account_id("log-archive").unwrap();
    // The file now means another account, of the same name, and the answer to its request is lost.
    zone.edit("landing-zone.yaml", "aws+log-archive@example.com", "aws+second@example.com");
    zone.simulation.fault(Fault::new(FaultKind::Reset).on("organizations:CreateAccount"));
    let before = zone.simulation.world().accounts[&first].clone();
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    assert_eq!(report.failures().count(), 1);
    assert_eq!(zone.simulation.world().accounts[&first].parent, before.parent);
    let steps = lines(&zone.plan(&only("log-archive")).await);
    assert!(
        steps.iter().any(|s| s.contains("+ account log-archive <aws+second@example.com>")),
        "{steps:?}"
    );
}
