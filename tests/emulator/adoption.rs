//! Accounts that are there already: AWS has no token for their creation, so avm has to look.

use crate::harness::{Speed, World};

const EMAIL: &str = "aws+payments-uat@example.com";

#[test]
fn an_account_with_the_email_in_other_letters_is_adopted() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let id = world.aws.create_account("Payments", "AWS+Payments-UAT@Example.com").id;

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    assert_eq!(world.aws.accounts_with_email(EMAIL), *std::slice::from_ref(&id));
    assert_eq!(world.aws.place(&id), "Workloads/UAT");
    assert_eq!(world.aws.tags(&id)["owner"], "payments");
}

#[test]
fn a_lost_answer_of_create_account_makes_no_second_account() {
    let world = World::new(Speed::LikeAws);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys", "avm-cloudtrail"]);
    world.keep_stacks("baselines/log-archive.yaml", &["avm-log-buckets", "avm-kms-keys"]);
    world.lose_answer("CreateAccount");

    // Whether this run gets over it is its own affair; the next one has to.
    world.avm(&["create", "payments-uat", "--yes"]);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    for email in [EMAIL, "aws+log-archive@example.com"] {
        assert_eq!(world.aws.accounts_with_email(email).len(), 1, "accounts with {email}");
    }
    let mut asked = world.calls();
    asked.retain(|call| call.operation == "CreateAccount");
    let answered: Vec<_> = asked.iter().map(|call| call.answered).collect();
    assert_eq!(
        answered,
        [false, true],
        "one request for each account, the first without an answer"
    );
}
