//! `keys: {central: security}`: one account holds the keys of all environments, and the others use them.

use avm::plan::{PlannedValue, Step};

use crate::landing_zone::{LandingZone, all, lines};

/// The example with its keys in the account `security`.
fn central() -> LandingZone {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "keys: per-account", "keys: {central: security}");
    zone
}

#[tokio::test(start_paused = true)]
async fn every_environment_s_volumes_are_encrypted_with_its_key_in_the_account_that_holds_them() {
    let zone = central();
    zone.update(&all()).await;
    let aws = &zone.simulation;
    for region in ["eu-west-1", "us-east-1"] {
        for (account, environment) in
            [("payments-dev", "dev"), ("payments-uat", "uat"), ("payments-prod", "prod")]
        {
            let key = aws.key_arn("security", region, &format!("alias/{environment}/ec2"));
            assert!(key.is_some(), "no key for {environment} in {region}");
            assert_eq!(aws.ebs_key(account, region), key, "{account} {region}");
            assert!(aws.stack(account, region, "avm-kms-keys").is_none(), "{account} {region}");
        }
        // It has its buckets before the keys are made, so its keys are its own.
        assert_eq!(
            aws.ebs_key("log-archive", region),
            aws.key_arn("log-archive", region, "alias/prod/ec2")
        );
    }
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_key_of_an_account_that_is_still_to_be_made_is_known_after_its_wave() {
    let plan = central().plan(&all()).await;
    let account = plan.account(&"payments-uat".parse().unwrap()).unwrap();
    let keys: Vec<_> = account
        .all_steps()
        .filter(|step| matches!(step, Step::EncryptEbsByDefault { .. }))
        .flat_map(Step::values)
        .collect();
    assert_eq!(keys.len(), 2);
    for key in keys {
        let PlannedValue::Output { source, wave: Some(wave) } = key else { panic!("{key:?}") };
        let seen = (source.account.as_str(), source.stack.as_str(), wave.as_str());
        assert_eq!(seen, ("security", "avm-kms-keys-uat", "security"));
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_become_central_leave_the_old_ones_and_name_the_one_alias_that_is_taken() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    zone.edit("landing-zone.yaml", "keys: per-account", "keys: {central: security}");
    zone.update(&all()).await;
    let aws = &zone.simulation;
    let key = aws.key_arn("security", "eu-west-1", "alias/uat/ec2");
    assert!(key.is_some());
    assert_eq!(aws.ebs_key("payments-uat", "eu-west-1"), key);
    // What is encrypted with the old key can still be read.
    assert!(aws.key_arn("payments-uat", "eu-west-1", "alias/uat/ec2").is_some());
    // The account that holds the keys has had keys of its own environment before.
    let plan = zone.plan(&all()).await;
    let security = plan.account(&"security".parse().unwrap()).unwrap();
    let taken = security.all_blocked().find(|blocked| blocked.subject == "stack avm-kms-keys-prod");
    let reason = taken.unwrap().reason.to_string();
    assert!(reason.contains("alias/prod/ec2") && reason.contains("stack avm-kms-keys"), "{reason}");
}
