//! Whatever is there: after a run, nothing is left to do.

use avm::cloud::StackState;
use avm::plan::Summary;
use avm::sim::{Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all, lines, only, with_log_archive};

/// Runs to the end, and shows that a second run finds nothing.
async fn converges(zone: &LandingZone) {
    zone.update(&all()).await;
    let plan = zone.plan(&all()).await;
    assert!(Summary::of(&plan).is_empty(), "left to do:\n{}", lines(&plan).join("\n"));
}

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

#[tokio::test(start_paused = true)]
async fn an_empty_organization_gets_everything() {
    let zone = LandingZone::acme();
    converges(&zone).await;
    let aws = &zone.simulation;
    assert_eq!(aws.ou_of("payments-uat").unwrap().as_str(), "Workloads/UAT");
    assert_eq!(aws.account("payments-uat").unwrap().tags["owner"], "payments");
    for region in ["eu-west-1", "us-east-1"] {
        let key = aws.key_arn("payments-uat", region, "alias/uat/ec2");
        assert!(key.is_some(), "no key in {region}");
        assert_eq!(aws.ebs_key("payments-uat", region), key);
        for stack in ["avm-kms-keys", "avm-config", "avm-config-rules-cis-foundation"] {
            let seen = aws.stack("payments-uat", region, stack).unwrap();
            assert_eq!(seen.state, StackState::CreateComplete, "{stack} in {region}");
        }
    }
    assert!(aws.stack("payments-uat", "eu-west-1", "avm-cloudtrail").is_some());
    assert!(aws.stack("payments-uat", "us-east-1", "avm-cloudtrail").is_none());
    // Governed or not, every region that the account has is clean.
    for region in ["eu-west-1", "us-east-1", "ap-south-1", "sa-east-1"] {
        assert!(!aws.has_default_vpc("payments-uat", region), "{region}");
    }
    // The management account's own are kept, as its baseline says.
    assert!(aws.has_default_vpc("management", "eu-west-1"));
}

#[tokio::test(start_paused = true)]
async fn accounts_that_stand_elsewhere_are_moved_and_keep_what_they_have() {
    let aws = aws()
        .with_unit("Old")
        .with_account("payments-uat", "aws+payments-uat@example.com", "Old")
        .with_account("log-archive", "aws+log-archive@example.com", "/");
    let before = aws.account_id("payments-uat");
    let zone = LandingZone::on(aws);
    converges(&zone).await;
    assert_eq!(zone.simulation.account_id("payments-uat"), before);
    assert_eq!(zone.simulation.ou_of("payments-uat").unwrap().as_str(), "Workloads/UAT");
    assert_eq!(zone.simulation.ou_of("log-archive").unwrap().as_str(), "Core");
}

#[tokio::test(start_paused = true)]
async fn an_organization_that_does_not_tell_paths_converges_as_well() {
    let settings = SimulationSettings { account_paths: false, ..SimulationSettings::default() };
    let aws = Simulation::new(settings).with_unit("Old/Deeper").with_account(
        "payments-uat",
        "aws+payments-uat@example.com",
        "Old/Deeper",
    );
    let zone = LandingZone::on(aws);
    converges(&zone).await;
    assert_eq!(zone.simulation.ou_of("payments-uat").unwrap().as_str(), "Workloads/UAT");
}

#[tokio::test(start_paused = true)]
async fn a_changed_template_changes_exactly_its_stacks() {
    let zone = LandingZone::acme().with_detectors();
    converges(&zone).await;
    zone.edit("templates/guardduty.yaml", "SIX_HOURS", "ONE_HOUR");
    let steps = lines(&zone.plan(&with_log_archive("payments-uat")).await);
    assert_eq!(
        steps,
        [
            "log-archive eu-west-1 ~ stack avm-guardduty",
            "log-archive us-east-1 ~ stack avm-guardduty",
            "payments-uat eu-west-1 ~ stack avm-guardduty",
            "payments-uat us-east-1 ~ stack avm-guardduty",
        ]
    );
    converges(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn a_comment_in_a_template_changes_nothing() {
    let zone = LandingZone::acme().with_detectors();
    converges(&zone).await;
    zone.edit("templates/guardduty.yaml", "Resources:", "# Nothing but words.\nResources:");
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_changed_environment_value_changes_the_stacks_that_take_it() {
    let zone = LandingZone::acme();
    converges(&zone).await;
    zone.edit("landing-zone.yaml", "222222222222", "333333333333");
    let steps = lines(&zone.plan(&all()).await);
    assert_eq!(
        steps,
        [
            "payments-uat eu-west-1 ~ stack avm-kms-keys",
            "payments-uat us-east-1 ~ stack avm-kms-keys",
            "storefront-uat eu-west-1 ~ stack avm-kms-keys",
            "storefront-uat us-east-1 ~ stack avm-kms-keys",
        ]
    );
    converges(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn one_account_can_be_vended_before_the_others() {
    let zone = LandingZone::acme();
    zone.update(&with_log_archive("payments-uat")).await;
    assert!(zone.simulation.account_id("payments-dev").is_none());
    assert_eq!(lines(&zone.plan(&only("payments-uat")).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_stack_whose_creation_failed_is_made_anew() {
    let aws = aws().with_failing_resource("AWS::GuardDuty::Detector", "not today", 1);
    let zone = LandingZone::on(aws).with_detectors();
    let selection = only("log-archive");
    let report = zone.try_update(&selection).await.unwrap();
    assert_eq!(report.failures().count(), 1);
    let steps = lines(&zone.plan(&selection).await);
    let recreated: Vec<_> = steps.iter().filter(|step| step.contains("-/+")).collect();
    assert_eq!(recreated.len(), 1, "{steps:?}");
    assert!(recreated[0].contains("stack avm-guardduty (ROLLBACK_COMPLETE)"), "{steps:?}");
    zone.update(&selection).await;
    assert_eq!(lines(&zone.plan(&selection).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_is_under_way_is_waited_for() {
    let zone = LandingZone::acme().with_detectors();
    let selection = only("log-archive");
    zone.update(&selection).await;
    zone.edit("templates/guardduty.yaml", "SIX_HOURS", "ONE_HOUR");
    // A run that dies right after it has asked for the update.
    zone.simulation.fault(
        avm::sim::Fault::new(avm::sim::FaultKind::Die)
            .on("cloudformation:DescribeStacks")
            .at_call(4),
    );
    drop(zone.try_update(&selection).await);
    zone.simulation.revive();
    zone.update(&selection).await;
    assert_eq!(lines(&zone.plan(&selection).await), Vec::<String>::new());
}
