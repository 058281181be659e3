//! A report as test cases.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCaseStatus, TestSuite};

use super::{case, document, organization, suite, xml};
use crate::execute::{AccountReport, DoneStep, FailedStep, Location, SkippedStep, StepError};
use crate::model::{AccountName, Region, WaveName};
use crate::render::harmless::short;
use crate::render::json::ReportDocument;
use crate::render::outcome::explain;
use crate::render::timeline::duration;
use crate::render::undone::UndoneThing;

/// What a run did.
pub fn report(report: &ReportDocument) -> String {
    let run = &report.report;
    let mut places: BTreeMap<Location, Place<'_>> = BTreeMap::new();
    for part in run.parts() {
        places.extend(of_part(part));
    }
    for thing in &report.undone {
        places.entry(thing.at.clone()).or_default().undone.push(thing);
    }
    // Waves in their order; what is in none of them comes last.
    let mut suites: BTreeMap<(usize, Option<&WaveName>), TestSuite> = BTreeMap::new();
    let mut of_organization = None;
    for (at, place) in &places {
        let Some(name) = &at.account else {
            let (mut suite, mut case) = organization(place.status());
            place.fill(&mut case);
            suite.add_test_case(case);
            of_organization = Some(suite);
            continue;
        };
        let wave = run.accounts.get(name).and_then(|part| part.wave.as_ref());
        let order = run.waves.iter().position(|time| Some(&time.wave) == wave);
        let suite =
            suites.entry((order.unwrap_or(usize::MAX), wave)).or_insert_with(|| suite(wave));
        suite.add_test_case(test_case(name, at.region.as_ref(), place));
    }
    for ((order, _), suite) in &mut suites {
        if let Some(time) = run.waves.get(*order)
            && let Some(ended) = time.ended
        {
            suite.set_time(Duration::from_millis(ended.saturating_sub(time.started)));
        }
    }
    document("avm run", of_organization.into_iter().chain(suites.into_values()))
}

/// What came of one place.
#[derive(Debug, Default)]
struct Place<'a> {
    done: Vec<&'a DoneStep>,
    failed: Vec<&'a FailedStep>,
    skipped: Vec<&'a SkippedStep>,
    undone: Vec<&'a UndoneThing>,
}

fn of_part(part: &AccountReport) -> BTreeMap<Location, Place<'_>> {
    let mut places: BTreeMap<Location, Place<'_>> = BTreeMap::new();
    for done in &part.done {
        places.entry(done.at.clone()).or_default().done.push(done);
    }
    for failed in &part.failed {
        places.entry(failed.at.clone()).or_default().failed.push(failed);
    }
    for skipped in &part.skipped {
        places.entry(skipped.at.clone()).or_default().skipped.push(skipped);
    }
    places
}

fn test_case(
    name: &AccountName,
    region: Option<&Region>,
    place: &Place<'_>,
) -> quick_junit::TestCase {
    let mut case = case(name, region, place.status());
    place.fill(&mut case);
    case
}

impl Place<'_> {
    /// What failed counts most, then what was left undone, then what was not tried.
    fn status(&self) -> TestCaseStatus {
        let lines = || xml(&self.lines().join("\n"));
        if let Some(first) = self.failed.first() {
            let (kind, code) = kind(&first.error);
            let mut status = TestCaseStatus::non_success(kind);
            let message = format!("{}: {}", first.step, first.error);
            status.set_type(xml(&code)).set_message(xml(&short(&message))).set_description(lines());
            return status;
        }
        if let Some(first) = self.undone.first() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("left-undone").set_message(xml(&undone(first)));
            status.set_description(lines());
            return status;
        }
        if let Some(first) = self.skipped.first() {
            let mut status = TestCaseStatus::skipped();
            status.set_message(xml(&short(&first.why)));
            return status;
        }
        TestCaseStatus::success()
    }

    /// Everything that was not done here.
    fn lines(&self) -> Vec<String> {
        let failed = self.failed.iter().flat_map(|failed| lines(failed));
        let undone = self.undone.iter().map(|thing| undone(thing));
        let skipped = self.skipped.iter().map(|skipped| {
            short(&format!("not tried: {} ({})", skipped.step, skipped.why)).into_owned()
        });
        failed.chain(undone).chain(skipped).collect()
    }

    /// The time, and the steps that were done.
    fn fill(&self, case: &mut quick_junit::TestCase) {
        let done = self.done.iter().map(|done| done.milliseconds);
        let milliseconds = done.chain(self.failed.iter().map(|failed| failed.milliseconds)).sum();
        case.set_time(Duration::from_millis(milliseconds));
        if !self.done.is_empty() {
            let lines: Vec<_> = self.done.iter().map(|done| done_line(done)).collect();
            case.set_system_out(xml(&lines.join("\n")));
        }
    }
}

fn undone(thing: &UndoneThing) -> String {
    short(&format!("{} {}", thing.what, thing.why)).into_owned()
}

fn done_line(done: &DoneStep) -> String {
    let what = short(&done.step.to_string()).into_owned();
    let took = duration(done.milliseconds);
    let symbol = done.step.action().symbol();
    if done.changed {
        format!("{symbol} {what} ({took})")
    } else {
        format!("{symbol} {what} (already as planned, {took})")
    }
}

fn lines(failed: &FailedStep) -> Vec<String> {
    let why = explain(&failed.error);
    let what = short(&failed.step.to_string()).into_owned();
    let beneath = why.lines.iter().chain(&why.resources).map(|line| format!("  {line}"));
    std::iter::once(what).chain(beneath).collect()
}

/// A call that AWS refused or nobody answered is an error; a thing that did not come to be is a failure.
fn kind(error: &StepError) -> (NonSuccessKind, String) {
    match error {
        StepError::Cloud(error) => (NonSuccessKind::Error, short(&error.code).into_owned()),
        StepError::Deadline { .. } => (NonSuccessKind::Error, "deadline".to_owned()),
        StepError::Stack { state, .. } => (NonSuccessKind::Failure, state.to_string()),
        StepError::AccountRefused { .. } => (NonSuccessKind::Failure, "account-refused".to_owned()),
        StepError::Changed(_) => (NonSuccessKind::Failure, "changed".to_owned()),
        StepError::Blocked(_) => (NonSuccessKind::Failure, "blocked".to_owned()),
        StepError::Refused(_) => (NonSuccessKind::Failure, "refused".to_owned()),
        StepError::MissingValue { .. } => (NonSuccessKind::Failure, "missing-value".to_owned()),
    }
}
