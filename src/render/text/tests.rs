use super::*;
use crate::plan::Step;
use crate::render::fixtures;

#[test]
fn everything_of_a_new_account_is_shown_region_by_region() {
    insta::assert_snapshot!(plan(
        &fixtures::document(fixtures::vending()),
        Paint::Plain,
        Detail::Everything
    ));
}

#[test]
fn what_is_blocked_comes_first_with_its_evidence() {
    insta::assert_snapshot!(plan(
        &fixtures::document(fixtures::trouble()),
        Paint::Plain,
        Detail::Everything
    ));
}

#[test]
fn the_grouped_form_names_a_new_account_and_says_its_regions_once() {
    insta::assert_snapshot!(plan(
        &fixtures::document(fixtures::vending()),
        Paint::Plain,
        Detail::Grouped
    ));
}

#[test]
fn the_grouped_form_begins_with_what_is_blocked_and_what_is_lost() {
    insta::assert_snapshot!(plan(
        &fixtures::document(fixtures::trouble()),
        Paint::Plain,
        Detail::Grouped
    ));
}

#[test]
fn nothing_to_do_is_one_line() {
    insta::assert_snapshot!(
        plan(&fixtures::document(fixtures::nothing_to_do()), Paint::Plain, Detail::Everything),
        @"No changes. 2 accounts are as the files say."
    );
}

#[test]
fn colours_add_nothing_to_what_is_said() {
    let document = fixtures::document(fixtures::trouble());
    for detail in [Detail::Grouped, Detail::Everything] {
        let coloured = plan(&document, Paint::Ansi, detail);
        assert!(coloured.contains('\u{1b}'));
        let stripped = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(stripped, plan(&document, Paint::Plain, detail));
    }
}

#[test]
fn no_text_holds_an_escape_that_it_did_not_make_itself() {
    let shown = [
        plan(&fixtures::document(fixtures::trouble()), Paint::Plain, Detail::Everything),
        plan(&fixtures::document(fixtures::trouble()), Paint::Plain, Detail::Grouped),
        report(&fixtures::failed_run(), Paint::Plain),
        crate::render::markdown::plan(&fixtures::document(fixtures::trouble())),
    ];
    for text in shown {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
    }
}

#[test]
fn a_report_ends_with_what_failed_and_the_sum() {
    insta::assert_snapshot!(report(&fixtures::failed_run(), Paint::Plain));
}

#[test]
fn an_update_without_a_changed_resource_or_parameter_says_what_else_differs() {
    let mut outside = fixtures::vending();
    for account in outside.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut()) {
        for step in account.regions.values_mut().flat_map(|lane| &mut lane.steps) {
            if let Step::CreateStack(change) = step.clone() {
                *step = Step::UpdateStack(crate::plan::StackChange {
                    resources: Vec::new(),
                    parameter_changes: Vec::new(),
                    ..change
                });
            }
        }
    }
    let said = "the template differs outside its resources";
    assert!(
        plan(&fixtures::document(outside.clone()), Paint::Plain, Detail::Everything).contains(said)
    );
    assert!(
        !plan(&fixtures::document(fixtures::trouble()), Paint::Plain, Detail::Everything)
            .contains(said)
    );
}

#[test]
fn a_limit_that_a_password_policy_loses_is_shown_and_what_a_region_keeps_is_not() {
    use crate::model::{
        AccountSetting, HttpTokens, InstanceMetadata, PasswordPolicy, RegionSetting,
    };
    let metadata = |hop_limit| {
        let http_tokens = Some(HttpTokens::Required);
        RegionSetting::InstanceMetadata(InstanceMetadata { http_tokens, hop_limit })
    };
    let limited = PasswordPolicy {
        max_age_days: Some(90),
        reuse_prevention: Some(24),
        ..PasswordPolicy::default()
    };
    let mut changed = fixtures::vending();
    for account in changed.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut()) {
        account.steps = vec![Step::ChangeAccountSetting {
            setting: AccountSetting::PasswordPolicy(PasswordPolicy {
                max_age_days: Some(30),
                ..PasswordPolicy::default()
            }),
            before: Some(AccountSetting::PasswordPolicy(limited.clone())),
        }];
        for lane in account.regions.values_mut() {
            lane.steps = vec![Step::ChangeRegionSetting {
                setting: metadata(None),
                before: Some(metadata(Some(2))),
            }];
        }
    }
    let shown = plan(&fixtures::document(changed.clone()), Paint::Plain, Detail::Everything);
    assert!(shown.contains("~ max-age-days: 90 -> 30"), "{shown}");
    assert!(shown.contains("- reuse-prevention: 24"), "{shown}");
    assert!(!shown.contains("hop-limit"), "{shown}");
}
