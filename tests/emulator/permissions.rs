//! avm with exactly the permissions that `avm policy` prints, and with one less.

use avm::policy::Purpose;
use serde_json::Value;

use crate::harness::{Allowed, Speed, World};

const PLAN: [&str; 2] = ["plan", "--detailed-exitcode"];

#[test]
fn a_plan_needs_what_its_policies_allow_and_every_bit_of_it() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.avm(&["create", "log-archive", "--yes"]).expect_code(0);
    world.avm(&["create", "security", "--yes"]).expect_code(0);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    let free = world.avm(&[&PLAN[..], &["--format", "json"]].concat());

    let allowed = world.printed_policies("plan");
    world.allow_only(&allowed);
    world.forget_calls();
    let bound = world.avm(&[&PLAN[..], &["--format", "json"]].concat()).expect_code(free.code);
    assert_eq!(plan_of(&bound.stdout), plan_of(&free.stdout), "{}", bound.stderr);
    assert!(!world.calls().is_empty());
    assert!(!bound.text().contains("not authorized"), "{}", bound.text());

    for (action, words) in [
        ("organizations:ListAccounts", "organizations:ListAccounts"),
        ("sts:AssumeRole", "sts:AssumeRole"),
    ] {
        let mut less = allowed.clone();
        assert!(less.own.remove(action), "{action}");
        assert_told(&world, &less, action, words);
    }
    for (action, words) in [
        ("cloudformation:DescribeStacks", "cloudformation:DescribeStacks"),
        ("ec2:DescribeVpcs", "ec2:DescribeVpcs"),
        ("ec2:GetEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault"),
        ("iam:GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy"),
        ("s3:GetAccountPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
    ] {
        let mut less = allowed.clone();
        assert!(less.sessions.remove(action), "{action}");
        assert_told(&world, &less, action, words);
    }
}

#[test]
fn an_update_needs_what_its_policies_allow() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let allowed = world.allowed(Purpose::Apply).unwrap();
    world.allow_only(&allowed);
    world.avm(&["create", "payments-dev", "--yes"]).expect_code(0);
    world.avm(&["update", "--account", "payments-dev", "--yes"]).expect_code(0);

    // With the permissions of a plan it changes nothing, and says what is missing.
    world.allow_everything();
    let account = world.aws.member("aws+payments-dev@example.com");
    account.delete_password_policy();
    world.allow_only(&world.allowed(Purpose::Plan).unwrap());
    let run = world.avm(&["update", "--account", "payments-dev", "--yes"]).expect_code(1);
    assert!(run.text().contains("iam:UpdateAccountPasswordPolicy"), "{}", run.text());
}

#[test]
fn plans_enter_by_their_own_role_where_accounts_have_it() {
    const RUNNER: &str = "stacks:\n  - name: avm-runner-member\n    template: runner-member.yaml\n    \
        regions: home\n    parameters:\n      OrganizationId: {organization: id}\n      \
        PlanRoleArn: arn:aws:iam::012345678901:role/avm-plan\n";
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let role = "  access-role: OrganizationAccountAccessRole\n  plan-role: avm-plan\n";
    world.edit("landing-zone.yaml", "  access-role: OrganizationAccountAccessRole\n", role);
    world.avm(&["create", "payments-dev", "--yes"]).expect_code(0);

    // Updates do not need the role, plans do.
    let plan = ["plan", "--account", "payments-dev", "--detailed-exitcode"];
    world.avm(&["update", "--account", "payments-dev", "--yes"]).expect_code(0);
    let said = world.avm(&plan).expect_code(2).text();
    assert!(said.contains("role/avm-plan"), "{said}");

    world.edit("baselines/standard.yaml", "stacks:\n", RUNNER);
    world.avm(&["update", "--account", "payments-dev", "--yes"]).expect_code(0);
    world.avm(&plan).expect_code(0);
}

/// A plan without one action says so: which call, where, and what to do.
#[track_caller]
fn assert_told(world: &World, allowed: &Allowed, action: &str, words: &str) {
    world.allow_only(allowed);
    let said = world.avm(&[&PLAN[..], &["--verbose"]].concat()).text();
    assert!(said.contains(words), "without {action}:\n{said}");
    assert!(said.contains("not authorized to perform"), "without {action}:\n{said}");
}

fn plan_of(document: &str) -> Value {
    let mut document: Value = serde_json::from_str(document).unwrap();
    document["plan"].take()
}
