//! A run that is killed loses nothing: AWS is the record, and the next run goes on from there.

use crate::harness::{Speed, World, assert_payments_uat_has_its_baseline};

const CREATE: [&str; 3] = ["create", "payments-uat", "--yes"];

#[test]
fn a_run_that_is_killed_again_and_again_ends_in_the_same_state() {
    let world = World::new(Speed::AtOnce);

    // AWS has made an account, and the run never learns of it.
    world.avm_dies_at(&CREATE, "CreateAccount", 1, 1);
    // Somewhere among default VPCs, keys and stacks.
    world.avm_dies_at(&CREATE, "*", 25, 2);
    // A stack has been asked for.
    world.avm_dies_at(&CREATE, "CreateStack", 2, 3);
    world.avm(&CREATE).expect_code(0);

    assert_payments_uat_has_its_baseline(&world);
}
