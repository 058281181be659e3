//! What an account and a region have without a resource.

use avm::model::{AccountSetting, HttpTokens, InstanceMetadata, RegionSetting, S3PublicAccess};
use avm::plan::{Plan, Reason, Step};
use avm::sim::world::OrganizationPolicy;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all, lines, only};

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

fn account<'a>(plan: &'a Plan, name: &str) -> &'a avm::plan::AccountPlan {
    plan.account(&name.parse().unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn contacts_and_alias_are_set_and_stay() {
    let zone = LandingZone::acme();
    zone.edit(
        "baselines/log-archive.yaml",
        "  # account-alias: {prefix: acme-}\n",
        "  account-alias: {prefix: acme-}\n  alternate-contacts:\n    security: {name: Security \
         Team, title: CISO, email: security@example.com, phone: \"+49 30 1234567\"}\n",
    );
    zone.update(&only("log-archive")).await;
    assert_eq!(lines(&zone.plan(&only("log-archive")).await), Vec::<String>::new());
    zone.edit(
        "baselines/log-archive.yaml",
        "security@example.com, phone",
        "soc@example.com, phone",
    );
    assert_eq!(
        lines(&zone.plan(&only("log-archive")).await),
        ["log-archive ~ alternate contact for security"]
    );
    zone.update(&only("log-archive")).await;
    assert_eq!(lines(&zone.plan(&only("log-archive")).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_a_policy_of_the_organization_decides_is_told_and_left_alone() {
    let open = InstanceMetadata { http_tokens: Some(HttpTokens::Optional), hop_limit: None };
    let public = S3PublicAccess { block_public_acls: false, ..S3PublicAccess::BLOCKED };
    let aws = aws()
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_organization_policy(
            "Core",
            OrganizationPolicy::Region(RegionSetting::InstanceMetadata(open)),
        )
        .with_organization_policy(
            "Core",
            OrganizationPolicy::Account(AccountSetting::S3PublicAccess(public)),
        );
    let zone = LandingZone::on(aws);
    zone.update(&only("log-archive")).await;
    let plan = zone.plan(&only("log-archive")).await;
    assert_eq!(lines(&plan), Vec::<String>::new());
    let account = account(&plan, "log-archive");
    assert!(account.notes.iter().any(|note| note.contains("S3 account public access block")));
    for lane in ["eu-west-1", "us-east-1"].map(|region| &account.regions[&region.parse().unwrap()])
    {
        assert!(lane.notes.iter().any(|note| note.contains("instance metadata")), "{lane:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_setting_that_cannot_be_changed_is_a_failure_and_keeps_nothing_else_away() {
    let aws = aws();
    aws.fault(Fault::new(FaultKind::AccessDenied).on("ec2:DisableSerialConsoleAccess").for_ever());
    aws.fault(Fault::new(FaultKind::AccessDenied).on("iam:UpdateAccountPasswordPolicy").for_ever());
    let zone = LandingZone::on(aws);
    let report = zone.try_update(&only("log-archive")).await.unwrap();
    let failed: Vec<_> = report.failures().map(|failed| failed.step.to_string()).collect();
    assert_eq!(failed, ["IAM password policy"], "the console is off from birth");
    assert!(zone.simulation.stack("log-archive", "eu-west-1", "avm-cloudtrail").is_some());
    assert!(!zone.simulation.has_default_vpc("log-archive", "eu-west-1"));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_has_to_be_opted_in_to_gets_its_baseline_in_a_later_run() {
    let zone = LandingZone::acme();
    zone.edit(
        "landing-zone.yaml",
        "governed: [eu-west-1, us-east-1]",
        "governed: [eu-west-1, us-east-1, af-south-1]",
    );
    for baseline in ["log-archive", "management", "security", "shared-services", "standard"] {
        let file = format!("baselines/{baseline}.yaml");
        zone.edit(&file, "settings:\n", "settings:\n  region-opt-in: enable\n");
    }
    zone.update(&all()).await;
    let plan = zone.plan(&all()).await;
    let region = "af-south-1".parse().unwrap();
    let lane = &account(&plan, "payments-uat").regions[&region];
    assert!(matches!(lane.blocked[0].reason, Reason::RegionBeingEnabled), "{lane:?}");
    tokio::time::advance(std::time::Duration::from_hours(1)).await;
    zone.update(&all()).await;
    assert!(zone.simulation.stack("payments-uat", "af-south-1", "avm-kms-keys").is_some());
    let left = zone.plan(&all()).await;
    let steps: Vec<_> = left.accounts().flat_map(|(_, account)| account.all_steps()).collect();
    assert!(!steps.iter().any(|step| matches!(step, Step::EnableRegion { .. })), "{steps:?}");
    assert_eq!(lines(&left), Vec::<String>::new());
}
