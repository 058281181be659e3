//! What `payments-uat` of the example shall be in the end, whatever happened on the way.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::HttpTokensState;

use super::member::{Member, SeenStack};
use super::server::REGIONS;
use super::settings::Ec2Settings;
use super::world::World;

const HOME: &str = "eu-west-1";
const OTHER_GOVERNED: &str = "us-east-1";

/// Looks at everything that the baseline gives, and at what the account needs to have it.
#[track_caller]
pub(crate) fn assert_payments_uat_has_its_baseline(world: &World) {
    let log_archive = world.aws.member("aws+log-archive@example.com");
    assert_eq!(world.aws.place(&log_archive.id), "Core");
    assert_eq!(log_archive.stacks(HOME)["avm-log-buckets"], complete());

    let account = world.aws.member("aws+payments-uat@example.com");
    assert_eq!(world.aws.place(&account.id), "Workloads/UAT");
    let tags = [("cost-center", "4711"), ("owner", "payments")];
    assert_eq!(world.aws.tags(&account.id), tags.map(|(k, v)| (k.to_owned(), v.to_owned())).into());

    let regional = [
        "avm-config",
        "avm-config-rules-cis-foundation",
        "avm-config-rules-encryption",
        "avm-kms-keys",
    ];
    let home = [&["avm-cloudtrail"], &regional[..]].concat();
    assert_eq!(account.stacks(HOME), all_complete(&home));
    assert_eq!(account.stacks(OTHER_GOVERNED), all_complete(&regional));

    for region in REGIONS {
        assert_eq!(account.network(region), BTreeSet::new(), "the default VPC of {region} is gone");
        let governed = [HOME, OTHER_GOVERNED].contains(&region);
        assert_eq!(account.stacks(region).is_empty(), !governed, "stacks of {region}");
        if governed {
            // Each region has its own key, which the stack says and the alias leads to.
            let key = account.key(region, "alias/uat/ec2");
            assert_eq!(account.outputs(region, "avm-kms-keys")["Ec2KeyArn"], key);
            assert_eq!(account.default_ebs_key(region), Some(key));
            assert!(account.recorder_is_on(region), "Config records in {region}");
            assert_eq!(account.ec2_settings(region), as_the_baseline_says(), "{region}");
        } else {
            assert_eq!(account.default_ebs_key(region), None, "EBS of {region} is left alone");
            assert_eq!(account.ec2_settings(region), Ec2Settings::untouched(), "{region}");
        }
        assert_eq!(account.detectors(region), 0, "GuardDuty is its administrator's affair");
    }
    assert!(account.trail_records(HOME));
    assert_account_settings(&account);
}

/// What is set once for the whole account.
#[track_caller]
fn assert_account_settings(account: &Member<'_>) {
    assert_eq!(account.s3_public_access_blocks(), [true; 4]);
    let policy = account.password_policy().unwrap();
    assert_eq!(policy.minimum_password_length(), Some(14));
    assert_eq!(policy.max_password_age(), Some(90));
    assert_eq!(policy.password_reuse_prevention(), Some(24));
    assert!(policy.require_symbols() && policy.require_numbers());
    assert!(policy.require_uppercase_characters() && policy.require_lowercase_characters());
    assert_eq!(account.service_of_role("AWSServiceRoleForConfig"), "config.amazonaws.com");
}

fn as_the_baseline_says() -> Ec2Settings {
    Ec2Settings {
        metadata: Some((HttpTokensState::Required, 2)),
        images: "block-new-sharing".to_owned(),
        snapshots: "block-all-sharing".to_owned(),
        serial_console: false,
    }
}

fn complete() -> SeenStack {
    SeenStack { status: "CREATE_COMPLETE".to_owned(), protected: true }
}

fn all_complete(names: &[&str]) -> BTreeMap<String, SeenStack> {
    names.iter().map(|name| ((*name).to_owned(), complete())).collect()
}
