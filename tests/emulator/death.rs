//! A run that is killed loses nothing: AWS is the record, and the next run goes on from there.
//!
//! Moments are calls, not times, so that a death is the same one on a slow machine: the call's connection is held, before
//! or after it is carried out, and then the process gets SIGKILL.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::harness::{Speed, World, assert_payments_uat_has_its_baseline};

const CREATE: [&str; 3] = ["create", "payments-uat", "--yes"];
const UPDATE: [&str; 4] = ["update", "--account", "payments-uat", "--yes"];
const PLAN: [&str; 4] = ["plan", "--account", "payments-uat", "--detailed-exitcode"];

const SEED: u64 = 5;
const DEATHS: usize = 50;
const TEMPLATE: &str = "templates/kms-keys.yaml";
const ROTATES: [&str; 2] = ["EnableKeyRotation: true", "EnableKeyRotation: false"];

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

/// An account is vended by runs that die until one gets through; then a template is changed, again and again, and rolled
/// out likewise, until fifty have died.
#[test]
fn fifty_deaths_anywhere_end_in_the_state_of_a_run_that_nobody_kills() {
    let world = world();
    let mut rng = Rng::with_seed(SEED);
    let (mut deaths, mut rolled_out) = (0, 0);
    while deaths < DEATHS {
        let arguments: &[&str] = if rolled_out == 0 { &CREATE } else { &UPDATE };
        let moment = moment(&mut rng, rolled_out > 0);
        match world.avm_dies_or_ends(arguments, &moment) {
            None => deaths += 1,
            Some(run) => {
                assert_eq!(run.code, 0, "seed {SEED}, {deaths} deaths: {}", run.text());
                change_template(&world, rolled_out % 2);
                rolled_out += 1;
            }
        }
    }
    assert!(rolled_out > 1, "seed {SEED}: only {rolled_out} runs got through");
    // The last template of all is the one without rotation.
    if rolled_out % 2 == 0 {
        change_template(&world, 0);
    }
    world.avm(&UPDATE).expect_code(0);

    let undisturbed = self::world();
    undisturbed.avm(&CREATE).expect_code(0);
    change_template(&undisturbed, 0);
    undisturbed.avm(&UPDATE).expect_code(0);
    assert_eq!(world.state(), undisturbed.state(), "seed {SEED}");
    world.avm(&PLAN).expect_code(0);
}

fn world() -> World {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world
}

/// Any call up to the hundredth, or one of the next few that change something; carried out, or not any more.
fn moment(rng: &mut Rng, is_update: bool) -> Value {
    let (operation, most) = match (rng.u8(..3), is_update) {
        (0, _) => ("any", 100),
        (_, false) => ("*", 4),
        (_, true) => ("*", 2),
    };
    json!([{"operation": operation, "nth": rng.usize(1..=most), "hold": true, "before": rng.bool()}])
}

fn change_template(world: &World, from: usize) {
    world.edit_everywhere(TEMPLATE, ROTATES[from], ROTATES[1 - from]);
}
