//! `JUnit` XML for the test view of a CI server: an account's region is a test case.
//!
//! A suite for the organization and one for each wave. In each, an account has a test case for itself, `account`, and
//! one for each of its regions. What cannot be done or failed is a failure; what has something to do has passed, with
//! the changes as its output. No clock and no random id: the same document gives the same bytes.

mod entries;
mod plan;
mod report;

pub use plan::plan;
use quick_junit::{Report, TestCase, TestCaseStatus, TestSuite, XmlString};
pub use report::report;

use super::harmless::harmless;
use crate::model::{AccountName, Region, WaveName};

/// The suite of a wave.
fn suite(wave: Option<&WaveName>) -> TestSuite {
    match wave {
        Some(wave) => TestSuite::new(xml(&format!("wave {wave}"))),
        None => TestSuite::new("other accounts"),
    }
}

/// The suite of the organization, which has one test case.
fn organization(status: TestCaseStatus) -> (TestSuite, TestCase) {
    let mut case = TestCase::new("organization", status);
    case.set_classname("organization");
    (TestSuite::new("organization"), case)
}

/// The test case of a region of an account, or of the account as a whole.
fn case(account: &AccountName, region: Option<&Region>, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(xml(region.map_or("account", Region::as_str)), status);
    case.set_classname(xml(account.as_str()));
    case
}

/// The document. A suite without a test case would be a claim about nothing.
fn document(name: &str, suites: impl IntoIterator<Item = TestSuite>) -> String {
    let mut report = Report::new(name);
    report.add_test_suites(suites.into_iter().filter(|suite| !suite.test_cases.is_empty()));
    // Only a writer that takes no more could fail, and a string takes everything.
    report.to_string().unwrap_or_default()
}

/// Lines as XML holds them: made harmless, and without the two characters that are none for XML.
fn xml(text: &str) -> XmlString {
    let lines: Vec<_> = text.lines().map(harmless).collect();
    let lines = lines.join("\n");
    XmlString::new(lines.replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::render::json::ReportDocument;
    use crate::render::{Undone, fixtures};

    fn plans() -> [(&'static str, Plan); 3] {
        [
            ("vending", fixtures::vending()),
            ("trouble", fixtures::trouble()),
            ("nothing_to_do", fixtures::nothing_to_do()),
        ]
    }

    #[test]
    fn plans_are_test_cases() {
        for (name, of) in plans() {
            let text = plan(&fixtures::document(of));
            insta::assert_snapshot!(format!("junit_of_{name}"), text);
        }
    }

    #[test]
    fn a_failed_run_is_test_cases() {
        let document =
            ReportDocument::new(fixtures::failed_run(), &Undone::of(&fixtures::trouble()));
        insta::assert_snapshot!(report(&document));
    }

    #[test]
    fn every_place_of_a_plan_is_one_test_case_when_read_back() {
        for (_, of) in plans() {
            let read =
                Report::deserialize_from_str(&plan(&fixtures::document(of.clone()))).unwrap();
            let places: usize = of.accounts().map(|(_, account)| 1 + account.regions.len()).sum();
            assert_eq!(read.tests, 1 + places);
            assert_eq!(read.test_suites.len(), 1 + of.waves.len());
            let blocked = of.accounts().map(|(_, account)| {
                let lanes = account.regions.values().filter(|lane| !lane.blocked.is_empty());
                let unreachable =
                    matches!(account.status, crate::plan::AccountStatus::Unreachable(_));
                lanes.count() + usize::from(unreachable || !account.blocked.is_empty())
            });
            assert_eq!(read.failures, blocked.sum::<usize>());
            assert_eq!(read.errors, 0);
        }
    }

    #[test]
    fn every_place_of_a_run_is_one_test_case_when_read_back() {
        let document = ReportDocument::new(fixtures::failed_run(), &Undone::default());
        let read = Report::deserialize_from_str(&report(&document)).unwrap();
        // A stack that failed, and a call that failed.
        assert_eq!((read.tests, read.failures, read.errors, read.skipped), (2, 1, 1, 0));
        let wave = &read.test_suites[0];
        assert_eq!(wave.name.as_str(), "wave rest");
        assert_eq!(wave.time.map(|time| time.as_millis()), Some(1_750));
    }

    #[test]
    fn no_name_and_no_message_breaks_out_of_its_element() {
        let hostile = "a\"'<b>&]]>\u{1b}[31m\u{0}\u{fffe}\u{ffff}\u{202e}\nz";
        let mut of = fixtures::trouble();
        for account in of.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut()) {
            for lane in account.regions.values_mut() {
                for blocked in &mut lane.blocked {
                    hostile.clone_into(&mut blocked.subject);
                }
            }
        }
        let text = plan(&fixtures::document(of));
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
        assert!(!text.contains(['\u{fffe}', '\u{ffff}']), "{text}");
        let read = Report::deserialize_from_str(&text).unwrap();
        let case = read.test_suites.iter().flat_map(|suite| &suite.test_cases);
        let messages: Vec<_> = case
            .filter_map(|case| match &case.status {
                TestCaseStatus::NonSuccess { message, .. } => message.as_deref(),
                TestCaseStatus::Success { .. } | TestCaseStatus::Skipped { .. } => None,
            })
            .collect();
        let shown = r#"a"'<b>&]]>\u{1b}[31m\u{0}\u{fffe}\u{ffff}\u{202e}\nz"#;
        assert!(messages.iter().any(|message| message.starts_with(shown)), "{messages:?}");
    }
}
