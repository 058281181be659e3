//! One account for each e-mail address, whatever happens.

use std::time::Duration;

use avm::plan::Summary;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use tokio::time::timeout;

use crate::landing_zone::{LandingZone, lines, only};

const CREATE: &str = "organizations:CreateAccount";

fn creations(zone: &LandingZone) -> usize {
    zone.simulation.call_counts().get(CREATE).copied().unwrap_or_default()
}

fn accounts_with(zone: &LandingZone, email: &str) -> usize {
    let world = zone.simulation.world();
    world.accounts.values().filter(|a| a.email.as_str().eq_ignore_ascii_case(email)).count()
}

#[tokio::test(start_paused = true)]
async fn an_account_with_the_address_in_other_letters_is_adopted() {
    let aws = Simulation::new(SimulationSettings::default()).with_account(
        "old name",
        "AWS+Log-Archive@Example.COM",
        "/",
    );
    let zone = LandingZone::on(aws);
    zone.update(&only("log-archive")).await;
    assert_eq!(creations(&zone), 0);
    assert_eq!(accounts_with(&zone, "aws+log-archive@example.com"), 1);
    assert_eq!(zone.simulation.ou_of("old name").unwrap().as_str(), "Core");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_lost_the_answer_finds_its_request_and_goes_on() {
    let zone = LandingZone::acme();
    zone.simulation.fault(Fault::new(FaultKind::LostAnswer).on(CREATE));
    zone.update(&only("log-archive")).await;
    assert_eq!(creations(&zone), 1);
    assert_eq!(accounts_with(&zone, "aws+log-archive@example.com"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_died_between_request_and_answer_is_followed_by_one_that_adopts() {
    let zone = LandingZone::acme();
    // The request arrives, its answer does not, and the process is gone before its next call.
    zone.simulation.fault(Fault::new(FaultKind::LostAnswer).on(CREATE));
    zone.simulation
        .fault(Fault::new(FaultKind::Die).on("organizations:ListCreateAccountStatus").at_call(2));
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    assert!(report.failures().next().is_some());

    zone.simulation.revive();
    let steps = lines(&zone.plan(&only("log-archive")).await);
    assert!(steps.iter().any(|step| step.contains("account that AWS is making")), "{steps:?}");
    zone.update(&only("log-archive")).await;
    assert_eq!(creations(&zone), 1);
    assert_eq!(accounts_with(&zone, "aws+log-archive@example.com"), 1);
    let plan = zone.plan(&only("log-archive")).await;
    assert!(Summary::of(&plan).is_empty(), "{:?}", lines(&plan));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_died_before_its_account_let_anybody_in_is_followed_by_one_that_waits() {
    let zone = LandingZone::acme();
    // AWS takes two minutes for the account, and half a minute more until anybody can assume its role.
    let selection = only("log-archive");
    let run = zone.try_update(&selection);
    timeout(Duration::from_secs(135), run).await.unwrap_err();
    assert!(zone.simulation.account_id("log-archive").is_some());

    let steps = lines(&zone.plan(&only("log-archive")).await);
    assert!(steps.iter().any(|step| step.contains("account that AWS is making")), "{steps:?}");
    zone.update(&only("log-archive")).await;
    let plan = zone.plan(&only("log-archive")).await;
    assert!(Summary::of(&plan).is_empty(), "{:?}", lines(&plan));
    assert_eq!(creations(&zone), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_arrived_is_an_error_and_the_next_run_asks_again() {
    let zone = LandingZone::acme();
    zone.simulation.fault(Fault::new(FaultKind::Reset).on(CREATE));
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    assert_eq!(report.failures().count(), 1);
    zone.update(&only("log-archive")).await;
    assert_eq!(accounts_with(&zone, "aws+log-archive@example.com"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_belongs_to_another_company_is_told() {
    let aws = Simulation::new(SimulationSettings::default())
        .with_email_in_use_elsewhere("aws+log-archive@example.com");
    let zone = LandingZone::on(aws);
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    let failed = report.failures().next().unwrap();
    assert!(failed.error.to_string().contains("EMAIL_ALREADY_EXISTS"), "{}", failed.error);
    // Nothing that needs the account was tried.
    assert_eq!(report.failures().count(), 1);
    assert!(report.accounts.values().any(|account| !account.skipped.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_run_may_die_after_any_call_and_the_next_one_ends_it() {
    let undisturbed = LandingZone::acme();
    undisturbed.update(&only("log-archive")).await;
    let calls = undisturbed.simulation.calls().len();
    // Every call of the way to a usable account, and some of those that follow.
    for nth in (1..=60).chain((60..calls).step_by(97)) {
        let zone = LandingZone::acme();
        zone.simulation.fault(Fault::new(FaultKind::Die).at_call(nth));
        drop(zone.try_update(&only("log-archive")).await);
        zone.simulation.revive();
        zone.update(&only("log-archive")).await;
        let left = lines(&zone.plan(&only("log-archive")).await);
        assert!(left.is_empty(), "after death at call {nth}: {left:?}");
        assert_eq!(accounts_with(&zone, "aws+log-archive@example.com"), 1, "death at call {nth}");
    }
}
