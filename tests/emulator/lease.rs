//! Two runs at the same time, with a lease: the second one is refused, and takes over from a first one that was killed.

use crate::harness::{Speed, World};

const CREATE: [&str; 3] = ["create", "payments-uat", "--yes"];
const BUCKET: &str = "acme-avm-artifacts";

#[test]
fn the_second_of_two_runs_is_refused_until_the_lease_of_the_first_has_ended() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.aws.create_bucket(BUCKET, "eu-west-1");
    let lease = "lease: {bucket: acme-avm-artifacts}\nenvironments:\n";
    world.edit("landing-zone.yaml", "environments:\n", lease);

    world.hold_answer("CreateAccount", 1);
    let first = world.start(&CREATE);
    world.wait_until_held(1);
    let second = world.avm(&CREATE).expect_code(1);
    assert!(second.stderr.contains("another run is writing"), "{}", second.stderr);
    assert!(second.stderr.contains("(avm create) of arn:aws:"), "{}", second.stderr);
    first.kill();

    // The lease outlives its run. Nobody can turn the emulator's clock, so the lease is made one that is over.
    let objects = world.aws.objects(BUCKET, "eu-west-1");
    let [key] = objects.as_slice() else { panic!("{objects:?}") };
    world.avm(&CREATE).expect_code(1);
    world.aws.edit_object(BUCKET, "eu-west-1", key, "\"valid-seconds\":600", "\"valid-seconds\":0");
    world.avm(&CREATE).expect_code(0);

    assert_eq!(world.aws.objects(BUCKET, "eu-west-1"), [""; 0], "it was not given back");
    world.avm(&["plan", "--account", "payments-uat", "--detailed-exitcode"]).expect_code(0);
}
