//! A plan in one line.

use super::count::{count, grouped, is_or_are};
use crate::plan::Summary;

/// What a plan comes to: `3 to create, 1 to delete; 2 blocked`, or `no changes`.
pub fn headline(summary: &Summary) -> String {
    let work = work(summary);
    match summary.unreachable_accounts {
        0 => work,
        unreachable => format!("{work}; {}", count(unreachable, "unreachable account")),
    }
}

/// What is to be done, and what cannot be.
fn work(summary: &Summary) -> String {
    let parts: Vec<_> = [
        (summary.create, "to create"),
        (summary.update, "to update"),
        (summary.replace, "to replace"),
        (summary.delete, "to delete"),
        (summary.import, "to import"),
        (summary.wait, "to wait for"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", grouped(number)))
    .collect();
    let steps = if parts.is_empty() { "no changes".to_owned() } else { parts.join(", ") };
    match summary.blocked {
        0 => steps,
        blocked => format!("{steps}; {} blocked", grouped(blocked)),
    }
}

/// The last line of a plan: `Plan: 3 to create. 2 of 5 accounts change.`
pub fn sentence(summary: &Summary) -> String {
    let left_alone = left_alone(summary);
    if summary.is_empty() && summary.blocked == 0 {
        let skipped = summary.unreachable_accounts + summary.not_active_accounts;
        let same = summary.accounts.saturating_sub(skipped);
        return format!(
            "No changes. {} {} as the files say.{left_alone}",
            count(same, "account"),
            is_or_are(same)
        );
    }
    format!(
        "Plan: {}{}. {} of {} {}.{left_alone}",
        work(summary),
        lost(summary),
        grouped(summary.changed_accounts),
        count(summary.accounts, "account"),
        if summary.accounts == 1 || summary.changed_accounts == 1 { "changes" } else { "change" },
    )
}

/// What is lost without its stack: `; stacks that stay lose 3 resources`.
fn lost(summary: &Summary) -> String {
    match summary.lost_resources {
        0 => String::new(),
        number => format!("; stacks that stay lose {}", count(number, "resource")),
    }
}

/// The accounts about which the plan has nothing to say, each kind in a sentence that begins with a blank.
fn left_alone(summary: &Summary) -> String {
    let (unreachable, not_active) = (summary.unreachable_accounts, summary.not_active_accounts);
    let mut sentences = String::new();
    if unreachable > 0 {
        let accounts = count(unreachable, "account");
        sentences.extend([" ", &accounts, " could not be looked at."]);
    }
    if not_active > 0 {
        let (accounts, verb) = (count(not_active, "account"), is_or_are(not_active));
        sentences.extend([" ", &accounts, " ", verb, " not active, and left alone."]);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_without_steps_says_that_all_is_well() {
        let summary = Summary { accounts: 1, ..Summary::default() };
        assert_eq!(sentence(&summary), "No changes. 1 account is as the files say.");
        let summary = Summary { accounts: 3, not_active_accounts: 1, ..Summary::default() };
        assert_eq!(
            sentence(&summary),
            "No changes. 2 accounts are as the files say. 1 account is not active, and left alone."
        );
    }

    #[test]
    fn an_account_that_could_not_be_looked_at_is_not_called_as_the_files_say() {
        let summary = Summary { accounts: 3, unreachable_accounts: 2, ..Summary::default() };
        assert_eq!(
            sentence(&summary),
            "No changes. 1 account is as the files say. 2 accounts could not be looked at."
        );
        assert_eq!(headline(&summary), "no changes; 2 unreachable accounts");
    }

    #[test]
    fn what_is_lost_in_a_stack_that_stays_is_told() {
        let summary = Summary {
            accounts: 2,
            changed_accounts: 1,
            update: 1,
            lost_resources: 3,
            ..Summary::default()
        };
        assert_eq!(
            sentence(&summary),
            "Plan: 1 to update; stacks that stay lose 3 resources. 1 of 2 accounts changes."
        );
    }

    #[test]
    fn what_is_blocked_is_never_called_no_changes_alone() {
        let summary = Summary { accounts: 2, blocked: 1, ..Summary::default() };
        assert_eq!(sentence(&summary), "Plan: no changes; 1 blocked. 0 of 2 accounts change.");
    }
}
