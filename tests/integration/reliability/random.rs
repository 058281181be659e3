//! Many things go wrong, one after the other, in several runs: a scenario, its faults and its deaths are drawn from a
//! seed.
//!
//! `AVM_RELIABILITY_SECONDS=600 cargo test --test integration -- reliability::random --nocapture` tries new seeds for so
//! long; `AVM_RELIABILITY_SEED=17` tries that one.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use avm::sim::{FaultKind, RandomFaults, Simulation};
use tokio::time::advance;

use super::arrange::Arranged;
use super::run::{Ran, run};
use super::scenarios;

/// Those that are tried whenever the tests run.
const SEEDS: u64 = 60;

/// What goes wrong: what happens every day, and sometimes more.
const KINDS: [FaultKind; 11] = [
    FaultKind::Throttle,
    FaultKind::ServerError,
    FaultKind::Reset,
    FaultKind::LostAnswer,
    FaultKind::TimeoutBefore,
    FaultKind::TimeoutAfter,
    FaultKind::ExpiredCredentials,
    FaultKind::Invisible,
    FaultKind::AccessDenied,
    FaultKind::Die,
    FaultKind::DieAfter,
];

#[tokio::test(start_paused = true)]
#[expect(clippy::print_stderr, reason = "whoever runs it for long wants to know what it tried")]
async fn whatever_goes_wrong_in_several_runs_a_calm_one_comes_to_the_same_end() {
    let mut arranged = Vec::new();
    for scenario in scenarios::ALL {
        arranged.push(scenario.arrange().await);
    }
    if let Some(seed) = number("AVM_RELIABILITY_SEED") {
        return try_seed(&arranged, seed).await;
    }
    let Some(seconds) = number("AVM_RELIABILITY_SECONDS") else {
        for seed in 0..SEEDS {
            try_seed(&arranged, seed).await;
        }
        return;
    };
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() << 20;
    let (began, mut tried) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        try_seed(&arranged, first + tried).await;
        tried += 1;
    }
    eprintln!("{tried} seeds from {first} on, and nothing lost");
}

async fn try_seed(arranged: &[Arranged], seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let one = random.choice(arranged).unwrap();
    if let Err(why) = disturb(one, &mut random).await {
        panic!(
            "seed {seed}, scenario {}: {why}\n  AVM_RELIABILITY_SEED={seed} cargo test --test integration -- \
             reliability::random",
            one.scenario.name
        );
    }
}

/// Some runs in which things go wrong, then one in which nothing does.
async fn disturb(arranged: &Arranged, random: &mut fastrand::Rng) -> Result<(), String> {
    let aws = Simulation::of(arranged.world.clone());
    let runs = random.u8(1..=4);
    for number in 0..runs {
        let rate = [0.01, 0.05, 0.2][random.usize(..3)];
        aws.faults_at_random(RandomFaults::new(random.u64(..), rate).of(&KINDS));
        run(&aws, &arranged.wanted, &format!("{number:08x}")).await;
        aws.revive();
        let pauses = [Duration::ZERO, Duration::from_secs(3), Duration::from_mins(1)];
        advance(*random.choice(&pauses).unwrap()).await;
    }
    let Ran::Ended { report, .. } = run(&aws, &arranged.wanted, "0000ca1f").await else {
        return Err("a calm run could plan nothing".to_owned());
    };
    if !report.succeeded() {
        let failed: Vec<_> = report.failures().map(|f| format!("{}: {}", f.at, f.error)).collect();
        return Err(format!("a calm run fails: {failed:?}"));
    }
    arranged.has_come_to_its_end(&aws).await
}

#[expect(clippy::disallowed_methods, reason = "how a person asks for a long run or one seed")]
fn number(variable: &str) -> Option<u64> {
    Some(std::env::var(variable).ok()?.parse().expect("a number"))
}
