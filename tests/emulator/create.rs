//! `avm create`: an account from nothing to its whole baseline.

use crate::harness::{Speed, World, assert_payments_uat_has_its_baseline};

#[test]
fn an_account_is_vended_with_what_it_needs_and_all_of_its_baseline() {
    let world = World::new(Speed::LikeAws);

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    assert_payments_uat_has_its_baseline(&world);
}

#[test]
fn a_dry_run_shows_the_account_and_calls_nothing_that_changes_anything() {
    let world = World::new(Speed::AtOnce);

    let run = world.avm(&["create", "payments-uat", "--dry-run"]).expect_code(0);

    assert!(run.text().contains("aws+payments-uat@example.com"), "{}", run.text());
    assert_eq!(world.mutating_calls(), []);
}
