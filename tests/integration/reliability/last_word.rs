//! The world may change between a plan and its execution, and a plan may be wrong: before it destroys anything, the
//! executor looks once more.

use avm::execute::Report;
use avm::plan::Plan;
use avm::sim::Simulation;

use super::arrange::Arranged;
use super::case::Ending;
use super::run::{carry_out, look};
use super::{disturbance, scenarios};

const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// Plans the deletion of two default VPCs, and carries it out after `meanwhile`.
async fn planned_and_done(
    meanwhile: impl FnOnce(Simulation, &mut Plan),
) -> (Arranged, Simulation, Report) {
    let scenario = scenarios::ALL.into_iter().find(|one| one.name == "default_vpc").unwrap();
    let arranged = scenario.arrange().await;
    let aws = Simulation::of(arranged.world.clone());
    let (observed, mut plan) = look(&aws, &arranged.wanted, "0000000a").await.unwrap();
    meanwhile(aws.clone(), &mut plan);
    let report = carry_out(&aws, &arranged.wanted, "0000000a", &observed, &plan).await.unwrap();
    (arranged, aws, report)
}

fn failures(report: &Report) -> Vec<String> {
    report.failures().map(|failed| format!("{}: {}", failed.at, failed.error)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_default_vpc_that_is_used_since_the_plan_was_made_stays_whole() {
    let (arranged, aws, report) = planned_and_done(|aws, _| {
        drop(aws.with_default_vpc_in_use("shop", REGIONS[0]));
    })
    .await;
    let told = failures(&report);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("shop eu-west-1: ") && told[0].contains("is in use"), "{told:?}");
    let target = aws.target("shop", REGIONS[0]).unwrap();
    let vpcs = |world: &avm::sim::world::World| {
        let network = world.network(&target).into_owned();
        network.0.values().map(|vpc| (vpc.subnets.len(), vpc.gateways.len())).collect::<Vec<_>>()
    };
    assert_eq!(vpcs(&aws.world()), vpcs(&arranged.world));
    assert!(!aws.has_default_vpc("shop", REGIONS[1]));
}

#[tokio::test(start_paused = true)]
async fn volumes_are_never_encrypted_with_awss_own_key_wherever_a_run_dies() {
    let scenario = scenarios::ALL.into_iter().find(|one| one.name == "made_anew").unwrap();
    let arranged = scenario.arrange().await;
    let death = disturbance::ALL.iter().find(|one| one.kills()).unwrap();
    for nth in 1..=arranged.undisturbed.calls.len() {
        assert_eq!(arranged.try_case(death, nth).await, Ok(Ending::ByTheNextRun), "call {nth}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_protected_account_loses_nothing_whatever_a_plan_says() {
    let (_, aws, report) = planned_and_done(|_, plan| {
        for account in plan.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut()) {
            account.protected = true;
        }
    })
    .await;
    let told = failures(&report);
    let refused = REGIONS.map(|region| format!("shop {region}: refused: the account is protected"));
    assert_eq!(told, refused);
    assert!(REGIONS.iter().all(|region| aws.has_default_vpc("shop", region)));
}
