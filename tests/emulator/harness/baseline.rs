//! What `payments-uat` of the example shall be in the end, whatever happened on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::observer::SeenStack;
use super::server::REGIONS;
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

    let home = ["avm-cloudtrail", "avm-config", "avm-guardduty", "avm-kms-keys"];
    assert_eq!(account.stacks(HOME), all_complete(&home));
    let regional = ["avm-config", "avm-guardduty", "avm-kms-keys"];
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
            assert_eq!(account.detectors(region), 1, "GuardDuty watches {region}");
        } else {
            assert_eq!(account.default_ebs_key(region), None, "EBS of {region} is left alone");
        }
    }
    assert!(account.trail_records(HOME));
}

fn complete() -> SeenStack {
    SeenStack { status: "CREATE_COMPLETE".to_owned(), protected: true }
}

fn all_complete(names: &[&str]) -> BTreeMap<String, SeenStack> {
    names.iter().map(|name| ((*name).to_owned(), complete())).collect()
}
