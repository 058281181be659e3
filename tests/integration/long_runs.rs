//! Runs that outlast their credentials, and the days of a network.

use std::time::Duration;

use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use tokio::time::Instant;

use crate::landing_zone::{LandingZone, lines, with_log_archive};

#[tokio::test(start_paused = true)]
async fn a_run_of_many_hours_renews_its_credentials_and_ends_well() {
    let stack = Duration::from_mins(170);
    let settings = SimulationSettings { stack, ..SimulationSettings::default() };
    let zone = LandingZone::on(Simulation::new(settings));
    let begun = Instant::now();
    let report = zone.try_update(&with_log_archive("payments-uat")).await.unwrap();
    // AWS serves no session that is older than an hour, the caller's own included.
    let failed: Vec<_> = report.failures().map(|failed| failed.error.to_string()).collect();
    assert_eq!(failed, Vec::<String>::new());
    assert!(begun.elapsed() > Duration::from_hours(6), "{:?}", begun.elapsed());
    assert!(zone.simulation.call_counts()["sts:AssumeRole"] > 10);
}

#[tokio::test(start_paused = true)]
async fn a_throttle_of_a_minute_in_every_account_is_only_a_delay() {
    let zone = LandingZone::acme();
    let minute = Fault::new(FaultKind::Throttle).lasting(Duration::from_mins(1));
    zone.simulation.fault(minute.on("cloudformation:CreateStack"));
    zone.update(&with_log_archive("payments-uat")).await;
    let left = lines(&zone.plan(&with_log_archive("payments-uat")).await);
    assert_eq!(left, Vec::<String>::new());
    assert!(zone.simulation.throttles()["cloudformation:CreateStack"] > 0);
}

#[tokio::test(start_paused = true)]
async fn stacks_that_are_not_seen_at_once_are_waited_for() {
    let zone = LandingZone::acme();
    let late = Fault::new(FaultKind::Invisible).on("cloudformation:DescribeStacks");
    zone.simulation.fault(late.for_ever());
    zone.update(&with_log_archive("payments-uat")).await;
    zone.simulation.revive();
    let left = lines(&zone.plan(&with_log_archive("payments-uat")).await);
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_run_under_quotas_is_not_throttled() {
    let settings = SimulationSettings { throttles: true, ..SimulationSettings::default() };
    let zone = LandingZone::on(Simulation::new(settings));
    zone.update(&with_log_archive("payments-uat")).await;
    assert_eq!(zone.simulation.throttles(), [].into());
}
