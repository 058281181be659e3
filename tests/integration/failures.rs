//! What fails stays where it fails, and is told exactly.

use avm::cloud::ErrorKind;
use avm::execute::StepError;
use avm::model::AccountState;
use avm::plan::AccountStatus;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all, lines, only, with_log_archive};

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

#[tokio::test(start_paused = true)]
async fn a_failing_stack_is_told_with_its_resource_and_reason_and_stops_no_other_region() {
    let zone = LandingZone::acme().with_detectors();
    zone.update(&with_log_archive("payments-uat")).await;
    zone.edit("templates/guardduty.yaml", "SIX_HOURS", "ONE_HOUR");
    let id = zone.simulation.account_id("payments-uat").unwrap();
    zone.simulation.fault(
        Fault::new(FaultKind::AccessDenied)
            .on("cloudformation:UpdateStack")
            .in_account(&id)
            .in_region(&"eu-west-1".parse().unwrap()),
    );
    let report = zone.try_update(&only("payments-uat")).await.unwrap();
    let failed: Vec<_> = report.failures().collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].at.to_string(), "payments-uat eu-west-1");
    let StepError::Cloud(error) = &failed[0].error else { panic!("{}", failed[0].error) };
    assert_eq!((error.kind, error.account.as_ref()), (ErrorKind::Denied, Some(&id)));
    // An account that was there before is told with its id as well.
    assert_eq!(report.accounts[&"payments-uat".parse().unwrap()].id.as_ref(), Some(&id));
    // The other region was done.
    assert_eq!(
        lines(&zone.plan(&only("payments-uat")).await),
        ["payments-uat eu-west-1 ~ stack avm-guardduty"]
    );
    assert_eq!(report.unfinished().map(ToString::to_string).collect::<Vec<_>>(), ["payments-uat"]);
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_fails_is_named_with_its_reason() {
    let aws =
        aws().with_failing_resource("AWS::GuardDuty::Detector", "a detector already exists", 1);
    let zone = LandingZone::on(aws).with_detectors();
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    let error = report.failures().next().unwrap().error.to_string();
    for word in [
        "avm-guardduty",
        "ROLLBACK_COMPLETE",
        "AWS::GuardDuty::Detector",
        "a detector already exists",
    ] {
        assert!(error.contains(word), "{word} is missing in: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wave_that_fails_keeps_the_later_ones_from_starting() {
    let zone = LandingZone::on(aws().with_failing_resource("AWS::GuardDuty::Detector", "no", 1))
        .with_detectors();
    let report = zone.try_update(&all()).await.unwrap();
    assert!(
        report
            .failures()
            .all(|failed| failed.at.account.as_ref().unwrap().as_str() == "log-archive")
    );
    assert!(zone.simulation.account_id("payments-uat").is_none());
    assert!(report.unfinished().any(|name| name.as_str() == "payments-uat"));
    zone.update(&all()).await;
}

#[tokio::test(start_paused = true)]
async fn a_default_vpc_in_use_is_blocked_with_the_evidence_and_nothing_of_it_is_touched() {
    let aws = aws()
        .with_account("log-archive", "aws+log-archive@example.com", "/")
        .with_default_vpc_in_use("log-archive", "us-east-1")
        .with_default_vpc_holding("log-archive", "eu-west-1", "security group", "sg-0123");
    let zone = LandingZone::on(aws);
    let target = zone.simulation.target("log-archive", "us-east-1").unwrap();
    let before = zone.simulation.world().network(&target).into_owned();
    let plan = zone.plan(&only("log-archive")).await;
    let account = plan.account(&"log-archive".parse().unwrap()).unwrap();
    let blocked: Vec<_> =
        account.all_blocked().map(|blocked| format!("{:?}", blocked.reason)).collect();
    assert_eq!(blocked.len(), 2);
    assert!(blocked.iter().any(|reason| reason.contains("network interface eni-")), "{blocked:?}");
    assert!(blocked.iter().any(|reason| reason.contains("security group sg-0123")), "{blocked:?}");
    zone.update(&only("log-archive")).await;
    assert_eq!(zone.simulation.world().network(&target).into_owned(), before);
    assert!(!zone.simulation.has_default_vpc("log-archive", "us-west-2"));
}

#[tokio::test(start_paused = true)]
async fn a_customers_vpc_is_never_looked_at_twice() {
    let aws = aws()
        .with_account("log-archive", "aws+log-archive@example.com", "/")
        .with_customer_vpc("log-archive", "us-east-1", "vpc-0c0ffee");
    let zone = LandingZone::on(aws);
    zone.update(&only("log-archive")).await;
    let target = zone.simulation.target("log-archive", "us-east-1").unwrap();
    let network = zone.simulation.world().network(&target).into_owned();
    assert_eq!(network.0.keys().map(ToString::to_string).collect::<Vec<_>>(), ["vpc-0c0ffee"]);
}

#[tokio::test(start_paused = true)]
async fn suspended_and_unreachable_accounts_are_told_and_left_alone() {
    let aws = aws()
        .with_account("log-archive", "aws+log-archive@example.com", "/")
        .with_account("security", "aws+security@example.com", "/")
        .with_account("payments-uat", "aws+payments-uat@example.com", "/")
        .with_state("security", AccountState::Suspended);
    let id = aws.account_id("payments-uat").unwrap();
    aws.fault(Fault::new(FaultKind::AccessDenied).in_account(&id).for_ever());
    let zone = LandingZone::on(aws);
    let plan = zone.plan(&all()).await;
    let status = |name: &str| plan.account(&name.parse().unwrap()).unwrap().status.clone();
    assert_eq!(status("security"), AccountStatus::NotActive(AccountState::Suspended));
    assert!(matches!(status("payments-uat"), AccountStatus::Unreachable(_)));
    assert_eq!(status("log-archive"), AccountStatus::Active);
    zone.update(&all()).await;
    assert!(zone.simulation.stack("log-archive", "eu-west-1", "avm-kms-keys").is_some());
    assert_eq!(zone.simulation.account("security").unwrap().state, AccountState::Suspended);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_cannot_encrypt_is_blocked() {
    for (state, spec, why) in [
        ("Disabled", "SYMMETRIC_DEFAULT", "its state is Disabled"),
        ("PendingDeletion", "SYMMETRIC_DEFAULT", "its state is PendingDeletion"),
        ("Enabled", "RSA_4096", "it is not symmetric"),
    ] {
        let aws = aws()
            .with_account("log-archive", "aws+log-archive@example.com", "/")
            .with_key("log-archive", "eu-west-1", "alias/own", state, spec)
            .with_key("log-archive", "us-east-1", "alias/own", "Enabled", "SYMMETRIC_DEFAULT");
        let zone = LandingZone::on(aws);
        zone.edit(
            "baselines/log-archive.yaml",
            "key: {output: {stack: avm-kms-keys, key: Ec2KeyArn}}",
            "key: alias/own",
        );
        zone.update(&only("log-archive")).await;
        let plan = zone.plan(&only("log-archive")).await;
        let account = plan.account(&"log-archive".parse().unwrap()).unwrap();
        let reasons: Vec<_> = account.all_blocked().map(|b| format!("{:?}", b.reason)).collect();
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].contains(why), "{reasons:?}");
        assert_eq!(zone.simulation.ebs_key("log-archive", "eu-west-1"), None);
        assert!(zone.simulation.ebs_key("log-archive", "us-east-1").is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_protected_account_loses_nothing() {
    let aws = aws().with_account("log-archive", "aws+log-archive@example.com", "/");
    let zone = LandingZone::on(aws);
    zone.edit("landing-zone.yaml", "    # protected: true ", "    protected: true # ");
    zone.update(&only("log-archive")).await;
    assert!(zone.simulation.has_default_vpc("log-archive", "eu-west-1"));
    assert!(zone.simulation.stack("log-archive", "eu-west-1", "avm-kms-keys").is_some());
}
