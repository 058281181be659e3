//! A wave's gate, asked over HTTP, in the protocol that the SDK speaks to `CloudWatch`.

use crate::harness::{Speed, World};

const UPDATE: [&str; 4] = ["update", "--account", "payments-uat", "--yes"];

#[test]
fn a_gate_that_is_missing_or_not_ok_keeps_a_run_from_its_first_write() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let gate = "{name: security, gate: {alarm: landing-zone-health, account: security}}, core";
    world.edit("landing-zone.yaml", "security, core", gate);
    world.avm(&["create", "security", "--yes"]).expect_code(0);
    let security = world.aws.member("aws+security@example.com");

    for state in [None, Some("ALARM"), Some("INSUFFICIENT_DATA")] {
        if let Some(state) = state {
            security.set_alarm("eu-west-1", "landing-zone-health", state);
        }
        world.forget_calls();
        let run = world.avm(&UPDATE).expect_code(1);
        let why = state.unwrap_or("does not exist");
        assert!(run.text().contains("landing-zone-health"), "{}", run.text());
        assert!(run.text().contains(why), "{}", run.text());
        assert_eq!(world.mutating_calls(), []);
    }

    security.set_alarm("eu-west-1", "landing-zone-health", "OK");
    world.avm(&UPDATE).expect_code(0);
    let account = world.aws.member("aws+payments-uat@example.com");
    assert_eq!(account.stacks("eu-west-1")["avm-kms-keys"].status, "CREATE_COMPLETE");
}
