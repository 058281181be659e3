//! `avm plan` and `avm update` after everything is there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Speed, World};

const PLAN: [&str; 4] = ["plan", "--account", "payments-uat", "--detailed-exitcode"];
const UPDATE: [&str; 4] = ["update", "--account", "payments-uat", "--yes"];

#[test]
fn what_has_been_created_needs_no_plan_and_a_second_run_changes_nothing() {
    let world = World::new(Speed::AtOnce);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    world.forget_calls();

    world.avm(&PLAN).expect_code(0);
    world.avm(&UPDATE).expect_code(0);

    assert_eq!(world.mutating_calls(), []);
    assert!(!world.calls().is_empty());
}

#[test]
fn an_edited_template_is_planned_and_rolled_out_where_it_is_used() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    world.edit_everywhere(
        "templates/kms-keys.yaml",
        "EnableKeyRotation: true",
        "EnableKeyRotation: false",
    );

    let plan = world.avm(&[&PLAN[..], &["--format", "json"]].concat()).expect_code(2);
    assert_eq!(
        stacks(&plan.stdout),
        ["eu-west-1 avm-kms-keys", "us-east-1 avm-kms-keys"].map(str::to_owned).into()
    );

    world.avm(&UPDATE).expect_code(0);
    let account = world.aws.member("aws+payments-uat@example.com");
    for region in ["eu-west-1", "us-east-1"] {
        assert_eq!(account.stacks(region)["avm-kms-keys"].status, "UPDATE_COMPLETE");
        assert!(!account.key_rotates(region, "alias/uat/ec2"));
    }
    world.avm(&PLAN).expect_code(0);
}

#[test]
fn settings_that_somebody_has_changed_are_planned_and_put_back() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    let account = world.aws.member("aws+payments-uat@example.com");
    account.unblock_snapshots("us-east-1");
    account.delete_password_policy();
    world.forget_calls();

    world.avm(&PLAN).expect_code(2);
    world.avm(&UPDATE).expect_code(0);

    let changed = world.mutating_calls();
    let mut changed: Vec<_> = changed.iter().map(|call| call.operation.as_str()).collect();
    changed.sort_unstable();
    assert_eq!(changed, ["EnableSnapshotBlockPublicAccess", "UpdateAccountPasswordPolicy"]);
    assert_eq!(account.ec2_settings("us-east-1").snapshots, "block-all-sharing");
    assert_eq!(account.password_policy().unwrap().minimum_password_length(), Some(14));
    world.avm(&PLAN).expect_code(0);
}

/// The stacks that a plan in JSON changes, each with its region. A step of any other kind ends the test.
fn stacks(document: &str) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let mut found = BTreeSet::new();
    for wave in document["plan"]["waves"].as_array().unwrap() {
        for account in wave["accounts"].as_object().unwrap().values() {
            assert_eq!(account["steps"], Value::Array(Vec::new()));
            for (region, lane) in account["regions"].as_object().unwrap() {
                for step in lane["steps"].as_array().unwrap() {
                    let stack = step["stack"].as_str().unwrap_or_else(|| panic!("{step}"));
                    found.insert(format!("{region} {stack}"));
                }
            }
        }
    }
    found
}
