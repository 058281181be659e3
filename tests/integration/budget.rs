//! What a plan costs, in calls.

use std::collections::BTreeMap;

use avm::plan::Summary;

use crate::landing_zone::{LandingZone, all, lines};

#[tokio::test(start_paused = true)]
async fn a_plan_without_changes_costs_four_calls_a_region_and_three_an_account() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    zone.simulation.forget_calls();
    let plan = zone.plan(&all()).await;
    assert!(Summary::of(&plan).is_empty(), "{:?}", lines(&plan));

    let calls = zone.simulation.calls();
    assert!(calls.iter().all(|call| !call.mutating), "a plan has changed something");
    let mut by_region: BTreeMap<_, usize> = BTreeMap::new();
    let mut by_account: BTreeMap<_, usize> = BTreeMap::new();
    let mut organization = 0;
    for call in &calls {
        match (&call.account, &call.region) {
            // The regions of an account are asked for once, in the home region, for the account as a whole.
            (Some(account), Some(region)) if call.operation != "ec2:DescribeRegions" => {
                *by_region.entry((account.clone(), region.clone())).or_default() += 1;
            }
            (Some(account), _) => *by_account.entry(account.clone()).or_default() += 1,
            (None, _) => organization += 1,
        }
    }
    assert!(by_region.len() >= 9 * 17, "only {} regions were looked at", by_region.len());
    for (cell, calls) in by_region {
        assert!(calls <= 4, "{cell:?} took {calls} calls");
    }
    for (account, calls) in by_account {
        assert!(calls <= 3, "{account} took {calls} calls");
    }
    // Who, root, identity; the accounts' page; one call for each unit that has a declared one below.
    assert!(organization <= 8, "the organization took {organization} calls");
}
