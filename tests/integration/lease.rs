//! One run at a time: a landing zone with a lease.

use std::time::Duration;

use avm::cli::Exit;
use avm::cloud::{CloudWriter as _, LeasePlace};
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, lines, only};
use crate::terminal::Said;

const BUCKET: &str = "acme-avm";
const UPDATE: &str = "update --account log-archive --yes";
const OBJECT: &str = "avm/lease/o-simulated01.json";

fn zone() -> LandingZone {
    let aws = Simulation::new(SimulationSettings::default());
    let zone = LandingZone::on(aws.with_bucket("management", "eu-west-1", BUCKET));
    with_lease(&zone);
    zone
}

fn with_lease(zone: &LandingZone) {
    zone.edit("landing-zone.yaml", "\nenvironments:", "\nlease: {bucket: acme-avm}\nenvironments:");
}

#[expect(clippy::disallowed_methods, reason = "virtual time passes between two runs")]
async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

async fn later(zone: &LandingZone, seconds: u64, line: &str) -> Said {
    pass(Duration::from_secs(seconds)).await;
    zone.avm(line).await
}

fn leases(zone: &LandingZone) -> usize {
    zone.simulation.world().buckets[BUCKET].leases.len()
}

#[tokio::test(start_paused = true)]
async fn the_second_run_is_refused_and_hears_who_is_at_work() {
    let zone = zone();
    let (first, second) = tokio::join!(zone.avm(UPDATE), later(&zone, 20, UPDATE));
    assert_eq!(first.exit, Exit::Done, "{}{}", first.out, first.err);
    assert_eq!(second.exit, Exit::Failure);
    let run = first.out.rsplit_once("Done (run ").unwrap().1.split(',').next().unwrap();
    let run = run.split(')').next().unwrap();
    for words in [
        "error: another run is writing to this organization\n",
        &format!("caused by: run {run} (avm update) of arn:aws:iam::111111111111:user/avm, for "),
        "holds the lease s3://acme-avm/avm/lease/o-simulated01.json",
        "hint: nothing was changed in AWS; ",
    ] {
        assert!(second.err.contains(words), "{words}: {}", second.err);
    }
    assert_eq!(leases(&zone), 0, "it was not given back");
    assert_eq!(zone.simulation.call_counts()["organizations:CreateAccount"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_does_what_is_left_and_that_may_be_nothing() {
    let zone = zone();
    let waits = format!("{UPDATE} --lease-wait 1h");
    let (first, second) = tokio::join!(zone.avm(UPDATE), later(&zone, 20, &waits));
    assert_eq!(first.exit, Exit::Done, "{}{}", first.out, first.err);
    assert_eq!(second.exit, Exit::Done, "{}{}", second.out, second.err);
    assert!(second.err.contains("Waiting for run "), "{}", second.err);
    assert!(second.err.contains("The other run has done all of it."), "{}", second.err);
    assert_eq!(leases(&zone), 0);
    assert_eq!(lines(&zone.plan(&only("log-archive")).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_for_one_about_something_else_does_what_was_agreed_to() {
    let zone = zone();
    assert_eq!(zone.avm(UPDATE).await.exit, Exit::Done);
    let (one, other) =
        ("update --account shared-services --yes", "update --account payments-uat --yes");
    let waits = format!("{other} --lease-wait 1h");
    let (first, second) = tokio::join!(zone.avm(one), later(&zone, 20, &waits));
    assert_eq!(first.exit, Exit::Done, "{}{}", first.out, first.err);
    // The unit of the second one's account was no part of the first one's plan, so nothing of its plan has changed.
    assert_eq!(second.exit, Exit::Done, "{}{}", second.out, second.err);
    assert_eq!(lines(&zone.plan(&only("payments-uat")).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_waited_agrees_to_no_other_plan_than_was_shown() {
    let waits = format!("{UPDATE} --lease-wait 1h");
    // The first run fails at a stack of the account: the account is there, and the plan is another one.
    let aws = Simulation::new(SimulationSettings::default());
    let aws = aws.with_bucket("management", "eu-west-1", BUCKET);
    let zone = LandingZone::on(aws.with_failing_resource("AWS::S3::BucketPolicy", "no", 1));
    with_lease(&zone);
    let (first, second) = tokio::join!(zone.avm(UPDATE), later(&zone, 20, &waits));
    assert_eq!(first.exit, Exit::Failure, "{}{}", first.out, first.err);
    assert_eq!(second.exit, Exit::Failure, "{}{}", second.out, second.err);
    assert!(second.err.contains("AWS has changed while this run waited"), "{}", second.err);
    assert_eq!(leases(&zone), 0);
}

#[tokio::test(start_paused = true)]
async fn the_lease_of_a_run_that_was_killed_is_taken_over_when_it_ends() {
    let zone = zone();
    let killed = tokio::time::timeout(Duration::from_mins(2), zone.avm(UPDATE)).await;
    assert!(killed.is_err() && leases(&zone) == 1);
    assert_eq!(zone.avm(UPDATE).await.exit, Exit::Failure);
    pass(Duration::from_mins(10)).await;
    let next = zone.avm(UPDATE).await;
    assert_eq!(next.exit, Exit::Done, "{}{}", next.out, next.err);
    assert_eq!(leases(&zone), 0);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_loses_its_lease_stops_in_good_order_and_says_why() {
    let zone = zone();
    let place = LeasePlace { bucket: BUCKET.into(), key: OBJECT.into() };
    let breaks = async {
        pass(Duration::from_mins(2)).await;
        let aws = zone.simulation.cloud();
        let lease = aws.lease(&place).await.unwrap().unwrap();
        assert!(aws.delete_lease(&place, &lease.version).await.unwrap());
    };
    let all = "update --yes";
    let (stopped, ()) = tokio::join!(zone.avm(all), breaks);
    assert_eq!(stopped.exit, Exit::Failure);
    for words in ["The lease is lost. Stopping", "error: the run has lost its lease", "deleted it"]
    {
        assert!(stopped.err.contains(words), "{words}: {}", stopped.err);
    }
    assert!(stopped.out.contains("not tried"), "{}", stopped.out);
    assert_eq!(zone.avm(all).await.exit, Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_cannot_take_its_lease_changes_nothing() {
    let zone = zone();
    zone.simulation.fault(Fault::new(FaultKind::AccessDenied).on("s3:PutObject").for_ever());
    let denied = zone.avm(UPDATE).await;
    assert_eq!(denied.exit, Exit::Failure);
    assert!(denied.err.contains("avm policy apply --management"), "{}", denied.err);
    let nowhere = LandingZone::acme();
    with_lease(&nowhere);
    let said = nowhere.avm(UPDATE).await;
    assert!(said.err.contains("avm does not make the bucket"), "{}", said.err);
    for zone in [&zone, &nowhere] {
        let calls = zone.simulation.calls();
        let writes: Vec<_> = calls.iter().filter(|call| call.mutating).collect();
        assert!(writes.iter().all(|call| call.operation == "s3:PutObject"), "{writes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_only_looks_needs_no_lease_and_without_one_there_is_nothing_to_wait_for() {
    let zone = zone();
    assert_eq!(zone.avm("plan --account log-archive").await.exit, Exit::Done);
    assert_eq!(zone.avm("update --account log-archive --dry-run").await.exit, Exit::Done);
    assert!(zone.simulation.calls().iter().all(|call| !call.operation.starts_with("s3:")));
    let plain = LandingZone::acme();
    let said = plain.avm(&format!("{UPDATE} --lease-wait 5m")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("declares no lease"), "{}", said.err);
}
