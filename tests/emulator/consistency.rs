//! What AWS has made and does not find yet.

use serde_json::json;

use crate::harness::{Speed, World};

const CREATE: [&str; 3] = ["create", "payments-uat", "--yes"];
const PLAN: [&str; 4] = ["plan", "--account", "payments-uat", "--detailed-exitcode"];

#[test]
fn what_has_just_been_made_and_is_not_found_yet_is_waited_for_or_told_and_made_once() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let denied = ["403 Forbidden", "AccessDenied", "not authorized to perform: sts:AssumeRole"];
    let no_stack =
        ["400 Bad Request", "ValidationError", "Stack with id avm-kms-keys does not exist"];
    let late = [
        (
            "CreateAccount",
            "DescribeCreateAccountStatus",
            [
                "400 Bad Request",
                "CreateAccountStatusNotFoundException",
                "We can't find a create account request with that id.",
            ],
        ),
        ("CreateAccount", "AssumeRole", denied),
        ("CreateStack", "DescribeStacks", no_stack),
    ];
    let faults = late.map(|(after, operation, [status, code, message])| {
        json!({
            "operation": operation, "after": after,
            "refusal": {"status": status, "code": code, "message": message},
        })
    });
    world.let_fail(&json!(faults));

    let mut runs = 0;
    while world.avm(&CREATE).code != 0 {
        runs += 1;
        assert!(runs < 4, "the next run completes what one has left");
    }

    assert_eq!(world.faults_ahead(), [""; 0]);
    let made = world.calls().into_iter().filter(|call| call.operation == "CreateAccount").count();
    assert_eq!(made, 1);
    let account = world.aws.member("aws+payments-uat@example.com");
    for region in ["eu-west-1", "us-east-1"] {
        assert_eq!(account.stacks(region)["avm-kms-keys"].status, "CREATE_COMPLETE");
        assert_eq!(account.unexecuted(region), [""; 0]);
    }
    world.avm(&PLAN).expect_code(0);
}
