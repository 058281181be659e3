use proptest::prelude::*;

use super::*;
use crate::plan::Step;
use crate::render::fixtures;

fn assert_fits(text: &str) {
    assert!(text.len() <= 65_536, "{} bytes", text.len());
    // What is unfolded is closed again, wherever the comment ends.
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn a_comment_has_the_sum_first_and_the_details_folded() {
    insta::assert_snapshot!(plan(&fixtures::document(fixtures::trouble())));
}

#[test]
fn a_new_account_is_a_row_and_its_details() {
    insta::assert_snapshot!(plan(&fixtures::document(fixtures::vending())));
}

#[test]
fn nothing_to_do_is_a_title_and_a_sentence() {
    insta::assert_snapshot!(plan(&fixtures::document(fixtures::nothing_to_do())), @"
    ### avm plan: no changes

    No changes. 2 accounts are as the files say.
    ");
}

#[test]
fn a_plan_of_ten_thousand_accounts_still_fits_in_a_comment() {
    let text = plan(&fixtures::document(fixtures::large(10_000)));
    assert_fits(&text);
    assert!(text.contains("| `~` tags | all 10,000 accounts | rest |"), "{}", &text[..2_000]);
    assert!(text.contains("accounts are left out, since a comment holds no more."));
}

#[test]
fn a_plan_of_17_000_steps_fits_and_tells_every_exception() {
    let text = plan(&fixtures::thousand());
    assert_fits(&text);
    let summary = text.split("<details>").next().unwrap();
    for exception in ["team-035-prod", "team-100-dev", "4 accounts", "12 accounts", "5 accounts"] {
        assert!(summary.contains(exception), "{exception}: {summary}");
    }
    insta::assert_snapshot!(summary);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn a_comment_is_never_too_long(
        accounts in 1..300_usize,
        word in "[a-z`|@<é東😀]{1,400}",
        alike in 1..100_usize,
    ) {
        let mut large = fixtures::large(accounts);
        let planned = large.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut());
        for (number, account) in planned.enumerate() {
            let set = [(format!("{word}{}", number % alike), word.repeat(3))].into();
            account.steps.push(Step::TagAccount { set, before: std::collections::BTreeMap::new() });
            account.notes.push(format!("{word} {}", number % (alike + 7)));
        }
        assert_fits(&plan(&fixtures::document(large)));
    }
}
