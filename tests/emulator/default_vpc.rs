//! Default VPCs are deleted where they are proven unused, and nowhere else.

use crate::harness::{Speed, World};

#[test]
fn a_default_vpc_in_use_is_blocked_with_the_evidence_and_not_touched() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let account = world.aws.create_account("payments-uat", "aws+payments-uat@example.com");
    let interface = account.use_default_vpc("us-east-2");
    let before = account.network("us-east-2");

    // What is blocked is shown and keeps nothing else from being done.
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    let plan = ["plan", "--account", "payments-uat", "--detailed-exitcode"];
    let plan = world.avm(&plan).expect_code(2);

    let vpc = before.iter().find(|id| id.starts_with("vpc-")).unwrap();
    assert!(plan.stdout.contains(vpc), "{}", plan.stdout);
    assert!(plan.stdout.contains(&interface), "{}", plan.stdout);
    assert_eq!(account.network("us-east-2"), before);
    for unused in ["eu-central-1", "eu-west-1", "us-east-1"] {
        assert!(account.network(unused).is_empty(), "the default VPC of {unused} is gone");
    }
    assert_eq!(account.stacks("eu-west-1").len(), 1);
    let mut calls = world.mutating_calls();
    calls.retain(|call| call.account == account.id && call.region == "us-east-2");
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(operations, ["CreateNetworkInterface"], "the one of the test, and no other");
}
