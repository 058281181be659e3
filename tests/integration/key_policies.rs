//! The keys of an environment, and the cases in which key policies of this kind are known to go wrong.

use avm::cloud::{CloudProvider as _, CloudWriter as _};
use avm::sim::{Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all, lines, with_log_archive};

const EXTERNAL: &str = "external-accounts: [\"222222222222\"]";

/// The example, whose environment UAT names these external accounts.
fn with_external(simulation: Simulation, accounts: &str) -> LandingZone {
    let zone = LandingZone::on(simulation);
    zone.edit("landing-zone.yaml", EXTERNAL, &format!("external-accounts: [{accounts}]"));
    zone
}

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

/// Whether an account can encrypt its volumes with the environment's key. EC2 accepts any key and drops one that it
/// cannot use.
async fn may_use(zone: &LandingZone, account: &str) -> bool {
    let key = zone.simulation.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2").unwrap();
    let target = zone.simulation.target(account, "eu-west-1").unwrap();
    let cloud = zone.simulation.connect(&zone.connection()).await.unwrap();
    cloud.set_default_ebs_key(&target, &key).await.unwrap();
    zone.simulation.ebs_key(account, "eu-west-1") == Some(key)
}

#[tokio::test(start_paused = true)]
async fn without_external_accounts_there_is_no_statement_and_nobody_else_may_use_the_keys() {
    let zone = with_external(aws(), "");
    zone.update(&all()).await;
    assert!(!may_use(&zone, "payments-dev").await);
    assert!(may_use(&zone, "payments-uat").await);
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_external_account_may_use_the_keys_of_its_environment_and_of_no_other() {
    let zone = with_external(aws(), "");
    zone.update(&all()).await;
    let id = zone.simulation.account_id("payments-dev").unwrap();
    zone.edit(
        "landing-zone.yaml",
        "external-accounts: []",
        &format!("external-accounts: [\"{id}\"]"),
    );
    zone.update(&all()).await;
    assert!(may_use(&zone, "payments-dev").await);
    assert!(!may_use(&zone, "payments-prod").await);
}

#[tokio::test(start_paused = true)]
async fn the_zeros_that_an_account_id_begins_with_are_kept_and_are_not_to_be_lost_for_want_of_quotes()
 {
    let zone = with_external(aws(), "\"012345678901\"");
    zone.update(&with_log_archive("payments-uat")).await;
    let stack = zone.simulation.stack("payments-uat", "eu-west-1", "avm-kms-keys").unwrap();
    assert_eq!(stack.deployed.parameters["ExternalAccounts"], "012345678901");
    assert_eq!(lines(&zone.plan(&with_log_archive("payments-uat")).await), [""; 0]);

    let unquoted = with_external(aws(), "012345678901");
    let faults = avm::desired::load(&unquoted.path("")).unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("is a number without quotes"), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn the_own_account_among_the_external_ones_does_no_harm() {
    let zone = with_external(aws(), "");
    zone.update(&all()).await;
    let own = zone.simulation.account_id("payments-uat").unwrap();
    zone.edit(
        "landing-zone.yaml",
        "external-accounts: []",
        &format!("external-accounts: [\"{own}\"]"),
    );
    zone.update(&all()).await;
    assert!(may_use(&zone, "payments-uat").await);
    assert!(!may_use(&zone, "payments-dev").await);
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_account_that_does_not_exist_fails_the_stack_and_the_keys_go_with_it() {
    let zone = with_external(aws().without_foreign_account("999999999999"), "\"999999999999\"");
    let report = zone.try_update(&with_log_archive("payments-uat")).await.unwrap();
    let failed: Vec<_> = report.failures().map(|failed| failed.error.to_string()).collect();
    assert!(
        failed.iter().any(|error| error.contains("MalformedPolicyDocument")
            || error.contains("invalid principals")),
        "{failed:?}"
    );
    assert!(zone.simulation.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2").is_none());
    // The id is put right, and the next run makes the keys.
    zone.edit("landing-zone.yaml", "999999999999", "222222222222");
    zone.update(&with_log_archive("payments-uat")).await;
    assert!(zone.simulation.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2").is_some());
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_a_retained_key_has_kept_comes_back_with_its_key() {
    let mut aws = aws().with_account("payments-uat", "aws+payments-uat@example.com", "/");
    for purpose in ["ec2", "s3", "rds", "others"] {
        let alias = format!("alias/uat/{purpose}");
        aws = aws.with_unmanaged("payments-uat", "eu-west-1", "AWS::KMS::Alias", &alias);
    }
    let before = aws.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2");
    assert!(before.is_some());
    let zone = LandingZone::on(aws);
    let plan = lines(&zone.plan(&with_log_archive("payments-uat")).await);
    assert!(plan.contains(&"payments-uat eu-west-1 <- stack avm-kms-keys".to_owned()), "{plan:?}");
    zone.update(&with_log_archive("payments-uat")).await;
    let aws = &zone.simulation;
    assert_eq!(aws.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2"), before);
    assert_eq!(aws.ebs_key("payments-uat", "eu-west-1"), before);
    assert_eq!(lines(&zone.plan(&with_log_archive("payments-uat")).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_environment_called_aws_would_take_aliases_that_are_aws_s_own() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "  uat:\n", "  aws:\n");
    zone.edit("landing-zone.yaml", "environment: uat", "environment: aws");
    let faults = avm::desired::load(&zone.path("")).unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|fault| fault.contains("alias/aws/ are AWS's own")), "{told:?}");
}
