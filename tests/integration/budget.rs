//! What a plan costs, in calls.

use std::collections::BTreeMap;

use avm::desired::DesiredAccount;
use avm::plan::Summary;

use crate::landing_zone::{LandingZone, all, lines};

/// Asked once for an account as a whole, although it is asked in the home region.
const GLOBAL: [&str; 4] = ["account:", "iam:", "s3control:", "ec2:DescribeRegions"];

#[tokio::test(start_paused = true)]
async fn a_plan_without_changes_costs_four_calls_a_region_three_an_account_and_one_a_setting() {
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
        let is_global = GLOBAL.iter().any(|start| call.operation.starts_with(start));
        match (&call.account, &call.region) {
            (Some(account), Some(region)) if !is_global => {
                *by_region.entry((account.clone(), region.clone())).or_default() += 1;
            }
            (Some(account), _) => *by_account.entry(account.clone()).or_default() += 1,
            (None, _) => organization += 1,
        }
    }
    assert!(by_region.len() >= 9 * 17, "only {} regions were looked at", by_region.len());

    let desired = zone.desired(&all());
    let settings = |id: &_, of: fn(&DesiredAccount) -> usize| {
        let known = desired
            .accounts
            .values()
            .find(|account| zone.simulation.account_id(account.name.as_str()).as_ref() == Some(id));
        known.map_or(0, of)
    };
    for ((account, region), calls) in by_region {
        // A region that is not governed has nothing but a default VPC to lose.
        let most = if desired.governed.contains(&region) {
            4 + settings(&account, |account| account.region_settings.len())
        } else {
            1
        };
        assert!(calls <= most, "{account} {region} took {calls} calls");
    }
    for (account, calls) in by_account {
        let most = 3 + settings(&account, |account| account.settings.len());
        assert!(calls <= most, "{account} took {calls} calls");
    }
    // Who, root, identity; the accounts' page; one call for each unit that has a declared one below; the trusted
    // services; one for each service that registers its administrator; one a region for each of the others.
    let services = 1 + 3 + 2 * desired.governed.len();
    assert!(organization <= 8 + services, "the organization took {organization} calls");
}
