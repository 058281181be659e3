//! The command that does what a run left undone.

use std::collections::BTreeSet;

use super::arguments::GlobalArguments;
use super::selector::exactly;
use crate::desired::Selection;
use crate::execute::Report;
use crate::render::Undone;

/// The command that selects the accounts in which something failed, was not tried or was left undone, and no
/// others; `None` if nothing is left.
///
/// Regions and stacks stay as narrow as they were. Where only the organization's own steps were not done, it selects
/// what was selected: units without accounts belong to no narrower selection.
pub(super) fn command(
    global: &GlobalArguments,
    selection: &Selection,
    report: &Report,
    undone: &Undone,
) -> Option<String> {
    let unfinished: BTreeSet<_> = report.unfinished().chain(undone.accounts()).collect();
    let organization = &report.organization;
    if unfinished.is_empty() && organization.failed.is_empty() && organization.skipped.is_empty() {
        return None;
    }
    let mut words = vec!["avm".to_owned()];
    words.extend(global.repeated());
    words.push("update".to_owned());
    let narrowed = Selection {
        regions: selection.regions.clone(),
        stacks: selection.stacks.clone(),
        exclude_regions: selection.exclude_regions.clone(),
        exclude_stacks: selection.exclude_stacks.clone(),
        accounts: unfinished.iter().copied().map(exactly).collect(),
        ..Selection::default()
    };
    let again = if unfinished.is_empty() { selection } else { &narrowed };
    for (option, patterns) in options(again) {
        for pattern in patterns {
            // A pattern that begins with a hyphen would be taken for an option.
            if pattern.starts_with('-') {
                words.push(format!("--{option}={pattern}"));
            } else {
                words.extend([format!("--{option}"), pattern.clone()]);
            }
        }
    }
    Some(line(&words))
}

/// Words as a shell takes them.
pub(super) fn line(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn options(selection: &Selection) -> [(&'static str, &[String]); 14] {
    [
        ("account", &selection.accounts),
        ("ou", &selection.ous),
        ("environment", &selection.environments),
        ("wave", &selection.waves),
        ("region", &selection.regions),
        ("stack", &selection.stacks),
        ("tag", &selection.tags),
        ("exclude-account", &selection.exclude_accounts),
        ("exclude-ou", &selection.exclude_ous),
        ("exclude-environment", &selection.exclude_environments),
        ("exclude-wave", &selection.exclude_waves),
        ("exclude-region", &selection.exclude_regions),
        ("exclude-stack", &selection.exclude_stacks),
        ("exclude-tag", &selection.exclude_tags),
    ]
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(harmless) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::arguments::parse;
    use crate::execute::{Event, Location, Outcome};
    use crate::model::AccountName;
    use crate::plan::{PlannedValue, Step};

    fn report(failed: &[&str]) -> Report {
        let mut report = Report::default();
        for name in failed {
            let account: AccountName = name.parse().unwrap();
            report.record(&skipped(Some(account)));
        }
        report
    }

    fn retry(words: &[&str], selection: &Selection, failed: &[&str]) -> String {
        command(&global(words), selection, &report(failed), &Undone::default()).unwrap()
    }

    fn global(words: &[&str]) -> GlobalArguments {
        parse(words.iter().map(Into::into)).unwrap().global
    }

    fn skipped(account: Option<AccountName>) -> Event {
        Event::StepEnded {
            at: Location { account, region: None },
            step: step(),
            outcome: Outcome::Skipped { why: "a test".into() },
            started: Duration::ZERO,
            elapsed: Duration::ZERO,
        }
    }

    fn step() -> Step {
        Step::EncryptEbsByDefault { key: PlannedValue::OwnAccountId, before: None, enable: true }
    }

    #[test]
    fn only_the_unfinished_accounts_are_selected_and_the_rest_stays_as_narrow() {
        let selection = Selection {
            waves: vec!["canary".into()],
            regions: vec!["eu-*".into()],
            ..Selection::default()
        };
        assert_eq!(
            retry(
                &["avm", "-C", "my zone", "--sandbox", "update"],
                &selection,
                &["payments", "it's [odd]"]
            ),
            r"avm -C 'my zone' --sandbox update --account 'it'\''s [[]odd[]]' --account payments --region 'eu-*'"
        );
    }

    #[test]
    fn a_failed_organization_step_retries_what_was_selected() {
        let selection = Selection { ous: vec!["Workloads/**".into()], ..Selection::default() };
        let mut report = Report::default();
        report.record(&skipped(None));
        let global = global(&["avm", "update", "--sandbox=a b.json"]);
        assert_eq!(
            command(&global, &selection, &report, &Undone::default()).unwrap(),
            "avm '--sandbox=a b.json' update --ou 'Workloads/**'"
        );
    }

    #[test]
    fn what_was_left_undone_is_retried_in_its_account_and_nowhere_else() {
        let mut undone = Undone::default();
        let at = Location { account: Some("payments".parse().unwrap()), region: None };
        undone.unapproved(at, &step());
        let (global, everything) = (global(&["avm", "update"]), Selection::default());
        assert_eq!(
            command(&global, &everything, &report(&["security"]), &undone).unwrap(),
            "avm update --account payments --account security"
        );
    }

    #[test]
    fn where_nothing_is_left_there_is_nothing_to_retry() {
        let stopped = Report { cancelled: true, ..Report::default() };
        let (global, everything) = (global(&["avm", "update"]), Selection::default());
        assert_eq!(command(&global, &everything, &stopped, &Undone::default()), None);
    }

    #[test]
    fn a_name_that_looks_like_an_option_stays_a_name() {
        assert_eq!(
            retry(&["avm", "update"], &Selection::default(), &["-yes"]),
            "avm update --account=-yes"
        );
    }
}
