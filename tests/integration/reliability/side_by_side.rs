//! Two runs on one world at the same time, with nothing that keeps them apart: they do no harm.

use std::future::pending;
use std::time::Duration;

use avm::sim::Simulation;
use tokio::time::timeout;

use super::arrange::Arranged;
use super::run::{Ran, run};
use super::scenarios;

/// By how much the second one is behind. The scenarios take half a minute.
const BEHIND: [u64; 6] = [0, 1, 3, 6, 10, 20];

#[tokio::test(start_paused = true)]
async fn two_runs_at_once_do_no_harm_and_the_next_one_comes_to_the_same_end() {
    for scenario in scenarios::ALL {
        let arranged = scenario.arrange().await;
        for seconds in BEHIND {
            if let Err(why) = Box::pin(together(&arranged, Duration::from_secs(seconds))).await {
                panic!("{}, the second run {seconds} s behind: {why}", scenario.name);
            }
        }
    }
}

async fn together(arranged: &Arranged, behind: Duration) -> Result<(), String> {
    let aws = Simulation::of(arranged.world.clone());
    let second = async {
        timeout(behind, pending::<()>()).await.unwrap_err();
        run(&aws, &arranged.wanted, "0000000b").await
    };
    tokio::join!(run(&aws, &arranged.wanted, "0000000a"), second);
    let Ran::Ended { report, .. } = run(&aws, &arranged.wanted, "0000000c").await else {
        return Err("the next run could plan nothing".to_owned());
    };
    if !report.succeeded() {
        let failed: Vec<_> = report.failures().map(|f| format!("{}: {}", f.at, f.error)).collect();
        return Err(format!("the next run fails: {failed:?}"));
    }
    // Both have asked for the account. AWS makes one, and has refused the other request.
    let refused = |line: &str| line.ends_with("EMAIL_ALREADY_EXISTS: 1");
    arranged.has_come_to_its_end_but_for(&aws, refused).await
}
