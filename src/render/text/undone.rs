//! What a run left undone, in a few lines.

use crate::render::count::{count, grouped};
use crate::render::harmless::short;
use crate::render::lines::Lines;
use crate::render::undone::Undone;

/// The most things that are listed: the rest is in the report and in the next plan.
const MOST: usize = 10;

/// What was left undone; nothing if there is nothing.
pub fn undone(undone: &Undone) -> String {
    let mut lines = Lines::default();
    let number = undone.things().len();
    if number > 0 {
        lines.line(0, &format!("{} left undone:", count(number, "thing")));
    }
    for thing in undone.things().take(MOST) {
        lines.line(2, &short(&thing.to_string()));
    }
    if number > MOST {
        lines.line(2, &format!("and {} more", grouped(number - MOST)));
    }
    lines.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::Location;
    use crate::render::fixtures;

    #[test]
    fn more_than_ten_things_are_counted_and_nothing_is_nothing() {
        let mut many = Undone::default();
        let plan = fixtures::large(12);
        for (name, account) in plan.accounts() {
            for step in account.all_steps() {
                let at = Location { account: Some(name.clone()), region: None };
                many.unapproved(at, step);
            }
        }
        let text = undone(&many);
        assert!(text.starts_with("12 things left undone:\n  account-00000: tags "), "{text}");
        assert!(text.ends_with("\n  and 2 more\n"), "{text}");
        assert_eq!(undone(&Undone::default()), "");
    }
}
