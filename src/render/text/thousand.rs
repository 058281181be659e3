//! The plan of a thousand accounts, as a reviewer reads it.

use super::*;
use crate::render::fixtures;

#[test]
fn a_thousand_accounts_are_read_on_one_screen() {
    let text = plan(&fixtures::thousand(), Paint::Plain, Detail::Grouped);
    assert!(text.lines().count() < 60, "{} lines:\n{text}", text.lines().count());
    insta::assert_snapshot!(text);
}
