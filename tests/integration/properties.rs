//! What holds for every landing zone, not only for the example.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use avm::desired::Selection;
use avm::plan::{Plan, Step};
use avm::sim::{Simulation, SimulationSettings};
use proptest::prelude::*;

use crate::landing_zone::{LandingZone, lines};

const REGIONS: [&str; 4] = ["eu-west-1", "us-east-1", "ap-south-1", "eu-central-1"];

/// What may be said of one account.
#[derive(Clone, Debug)]
struct Spec {
    ou: usize,
    wave: usize,
    /// Whether AWS has the account already.
    there: bool,
    protected: bool,
    keep_vpcs: bool,
    /// The regions in which something uses the default VPC.
    in_use: BTreeSet<usize>,
}

fn spec() -> impl Strategy<Value = Spec> {
    let in_use = prop::collection::btree_set(0..REGIONS.len(), 0..3);
    (0..4_usize, 0..3_usize, any::<bool>(), any::<bool>(), any::<bool>(), in_use).prop_map(
        |(ou, wave, there, protected, keep_vpcs, in_use)| Spec {
            ou,
            wave,
            there,
            protected,
            keep_vpcs,
            in_use,
        },
    )
}

fn zone(specs: &[Spec], order: &[usize]) -> LandingZone {
    let units = ["Core", "Workloads/Dev", "Workloads/Prod", "/"];
    let waves = ["one", "two", "three"];
    let mut text = format!(
        "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\n\
         regions: {{home: eu-west-1, governed: [eu-west-1, us-east-1]}}\nenvironments: {{prod: {{}}}}\n\
         waves: [one, two, three]\naccounts:\n",
        Simulation::ORGANIZATION,
        Simulation::MANAGEMENT_ACCOUNT,
    );
    let mut aws = Simulation::new(SimulationSettings::default());
    for index in order {
        let spec = &specs[*index];
        let email = format!("aws+{index}@example.com");
        writeln!(
            text,
            "  - {{name: account-{index}, email: {email}, ou: {}, wave: {}, environment: prod, baseline: {}, protected: {}}}",
            units[spec.ou],
            waves[spec.wave],
            if spec.keep_vpcs { "keep" } else { "clean" },
            spec.protected,
        )
        .unwrap();
    }
    for (index, spec) in specs.iter().enumerate().filter(|(_, spec)| spec.there) {
        let name = format!("account-{index}");
        aws = aws.with_account(&name, &format!("aws+{index}@example.com"), "/");
        for region in &spec.in_use {
            aws = aws.with_default_vpc_in_use(&name, REGIONS[*region]);
        }
    }
    let zone = LandingZone::on(aws);
    for baseline in fs::read_dir(zone.path("baselines")).unwrap() {
        fs::remove_file(baseline.unwrap().path()).unwrap();
    }
    let stacks =
        "stacks:\n  - {name: avm-guardduty, template: guardduty.yaml, regions: governed}\n";
    let baseline = |vpc: &str| format!("version: 1\nsettings: {{default-vpc: {vpc}}}\n{stacks}");
    fs::write(zone.path("landing-zone.yaml"), text).unwrap();
    fs::write(zone.path("baselines/clean.yaml"), baseline("delete")).unwrap();
    fs::write(zone.path("baselines/keep.yaml"), baseline("keep")).unwrap();
    zone
}

fn plan_of(zone: &LandingZone, selection: &Selection) -> Plan {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(zone.plan(selection))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_file_makes_no_difference(
        specs in prop::collection::vec(spec(), 1..7),
        seed in any::<u64>(),
    ) {
        let sorted: Vec<_> = (0..specs.len()).collect();
        let mut shuffled = sorted.clone();
        shuffled.sort_by_key(|index| (seed ^ (*index as u64 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let one = plan_of(&zone(&specs, &sorted), &Selection::default());
        let two = plan_of(&zone(&specs, &shuffled), &Selection::default());
        prop_assert_eq!(one, two);
    }

    #[test]
    fn no_step_lies_outside_the_selection(
        specs in prop::collection::vec(spec(), 1..7),
        account in 0..6_usize,
        region in 0..REGIONS.len(),
    ) {
        let name = format!("account-{}", account % specs.len());
        let order: Vec<_> = (0..specs.len()).collect();
        // Only regions that the files speak of can be selected.
        let region = REGIONS[region % 2];
        let selection = Selection {
            accounts: vec![name.clone()],
            regions: vec![region.to_owned()],
            ..Selection::default()
        };
        let plan = plan_of(&zone(&specs, &order), &selection);
        for (account, planned) in plan.accounts() {
            prop_assert_eq!(account.as_str(), name.as_str());
            for lane in planned.regions.keys() {
                prop_assert_eq!(lane.as_str(), region);
            }
        }
    }

    #[test]
    fn nothing_is_deleted_without_consent_and_proof(specs in prop::collection::vec(spec(), 1..7)) {
        let order: Vec<_> = (0..specs.len()).collect();
        let plan = plan_of(&zone(&specs, &order), &Selection::default());
        for (name, planned) in plan.accounts() {
            let index: usize = name.as_str().trim_start_matches("account-").parse().unwrap();
            let spec = &specs[index];
            for (region, lane) in &planned.regions {
                let deleted = lane.steps.iter().any(|step| matches!(step, Step::DeleteDefaultVpc { .. }));
                let in_use = spec.there
                    && spec.in_use.iter().any(|used| REGIONS[*used] == region.as_str());
                let allowed = !spec.keep_vpcs && !in_use && !spec.protected;
                prop_assert_eq!(deleted, allowed, "{} {}: {:?}", name, region, lines(&plan));
            }
        }
    }
}
