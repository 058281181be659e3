//! The page of a run.

use std::collections::BTreeMap;

use askama::Template as _;

use super::escape::fragment;
use super::frame::{Assets, Frame};
use super::timeline;
use crate::execute::{AccountReport, FailedStep, Report, StepError};
use crate::model::AccountName;
use crate::render::count::grouped;
use crate::render::harmless::{harmless, short};
use crate::render::json::ReportDocument;
use crate::render::outcome;
use crate::render::timeline::duration;

const ASSETS: Assets = Assets {
    style: concat!(include_str!("page.css"), include_str!("report.css")),
    script: concat!(include_str!("page.js"), include_str!("rows.js"), include_str!("report.js")),
};

/// Failures that are to be seen at once. The rest is a click away.
const MOST: usize = 12;

#[derive(Debug, askama::Template)]
#[template(path = "../src/render/html/report.html")]
struct Page {
    frame: Frame,
    run: String,
    verdict: &'static str,
    sentence: String,
    badges: Vec<(&'static str, &'static str, String)>,
    failures: Vec<Failure>,
    undone: BTreeMap<String, Vec<String>>,
    skipped: BTreeMap<String, Vec<String>>,
    /// Its name, when it began, and how long it took.
    waves: Vec<(String, String, String)>,
}

impl Page {
    /// The failures that are to be seen at once: what failed first may have made the others fail.
    fn first_failures(&self) -> &[Failure] {
        self.failures.get(..MOST).unwrap_or(&self.failures)
    }

    /// The other failures.
    fn other_failures(&self) -> &[Failure] {
        self.failures.get(MOST..).unwrap_or_default()
    }
}

/// A step that failed.
#[derive(Debug)]
struct Failure {
    place: String,
    /// Where the timeline shows it.
    address: String,
    step: String,
    /// In which wave and when.
    when: String,
    /// Why, a line each.
    lines: Vec<String>,
}

/// What a run did.
pub fn report(document: &ReportDocument) -> String {
    let report = &document.report;
    let verdict = verdict(document);
    let run = harmless(&report.run).into_owned();
    let title = format!("avm run {run}: {verdict}");
    let page = Page {
        frame: Frame::new(title, ASSETS, &timeline::of(report)),
        run,
        verdict,
        sentence: outcome::sentence(report),
        badges: badges(document),
        failures: failures(report),
        undone: undone(document),
        skipped: skipped(report),
        waves: waves(report),
    };
    // Only a writer can fail, and a `String` does not.
    page.render().unwrap_or_default()
}

fn verdict(document: &ReportDocument) -> &'static str {
    if document.report.cancelled {
        "stopped"
    } else if document.report.failures().next().is_some() {
        "failed"
    } else if document.succeeded {
        "done"
    } else {
        "something is left undone"
    }
}

fn badges(document: &ReportDocument) -> Vec<(&'static str, &'static str, String)> {
    let parts = || document.report.parts();
    let done = |changed: bool| {
        parts().flat_map(|part| &part.done).filter(|done| done.changed == changed).count()
    };
    [
        ("blocked", "!", document.report.failures().count(), "failed"),
        ("wait", "·", parts().map(|part| part.skipped.len()).sum(), "not tried"),
        ("update", "!", document.undone.len(), "left undone"),
        ("create", "✓", done(true), "done"),
        ("wait", "=", done(false), "already as planned"),
    ]
    .into_iter()
    .filter(|(_, _, number, _)| *number > 0)
    .map(|(class, symbol, number, what)| (class, symbol, format!("{} {what}", grouped(number))))
    .collect()
}

/// What failed, in the order of time: what failed first may have made the others fail.
fn failures(report: &Report) -> Vec<Failure> {
    let mut all: Vec<_> = report
        .parts()
        .flat_map(|part| part.failed.iter().map(move |failed| (part, failed)))
        .collect();
    all.sort_by_key(|(_, failed)| failed.started.saturating_add(failed.milliseconds));
    all.into_iter().map(|(part, failed)| failure(part, failed)).collect()
}

fn failure(part: &AccountReport, failed: &FailedStep) -> Failure {
    let id = part.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let account = failed.at.account.as_ref().map_or("organization", AccountName::as_str);
    let wave = part.wave.as_ref().map(|wave| format!("wave {}, ", harmless(wave.as_str())));
    let [began, took] = [failed.started, failed.milliseconds].map(duration);
    Failure {
        place: format!("{}{id}", harmless(&failed.at.to_string())),
        address: format!("#open={}", fragment(&harmless(account))),
        step: short(&failed.step.to_string()).into_owned(),
        when: format!("{}from {began} on, for {took}", wave.unwrap_or_default()),
        lines: reasons(&failed.error),
    }
}

fn reasons(error: &StepError) -> Vec<String> {
    let lines = match error {
        StepError::Stack { stack, state, state_reason, failures } if !failures.is_empty() => {
            let first = format!("stack {stack} ended in {state}");
            let failures = failures.iter().map(ToString::to_string);
            std::iter::once(first).chain(state_reason.clone()).chain(failures).collect()
        }
        StepError::Cloud(cloud) => {
            let request = cloud.request_id.as_ref().map(|id| format!("request id {id}"));
            let first = format!("{}: {}", cloud.operation, cloud.code);
            [first, cloud.message.clone()].into_iter().chain(request).collect()
        }
        StepError::Stack { .. }
        | StepError::AccountRefused { .. }
        | StepError::Deadline { .. }
        | StepError::Changed(_)
        | StepError::Blocked(_)
        | StepError::Refused(_)
        | StepError::MissingValue { .. } => vec![error.to_string()],
    };
    lines.iter().map(|line| short(line).into_owned()).collect()
}

/// What was left undone although no step failed, by the reason.
fn undone(document: &ReportDocument) -> BTreeMap<String, Vec<String>> {
    let things = document.undone.iter().map(|it| (&it.why, format!("{}: {}", it.at, it.what)));
    by_reason(things)
}

/// What was not tried, by what it waited for.
fn skipped(report: &Report) -> BTreeMap<String, Vec<String>> {
    let steps = report.parts().flat_map(|part| &part.skipped);
    by_reason(steps.map(|it| (&it.why, format!("{}: {}", it.at, it.step))))
}

fn by_reason<'a>(
    things: impl Iterator<Item = (&'a String, String)>,
) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (why, thing) in things {
        found.entry(short(why).into_owned()).or_default().push(short(&thing).into_owned());
    }
    found
}

fn waves(report: &Report) -> Vec<(String, String, String)> {
    let waves = report.waves.iter().map(|wave| {
        let took = wave.ended.map(|ended| duration(ended.saturating_sub(wave.started)));
        let took = took.unwrap_or_else(|| "did not end".to_owned());
        (harmless(wave.wave.as_str()).into_owned(), duration(wave.started), took)
    });
    waves.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Undone, fixtures};

    fn page() -> String {
        let undone = Undone::of(&fixtures::trouble());
        report(&ReportDocument::new(fixtures::failed_run(), &undone))
    }

    #[test]
    fn a_page_says_what_failed_and_what_is_left_without_a_script() {
        let page = page();
        let (shown, _) = page.split_once("<script").unwrap();
        for text in [
            "stack avm-cloudtrail ended in ROLLBACK_COMPLETE",
            "UnauthorizedOperation",
            "request id 0f0f-1",
            "Not tried: default VPC vpc-0a1b failed",
            "payments-uat eu-west-1: stack avm-config",
            r"bucket \u{9b}2Jdoes not exist",
            "stranger | &#60;b&#62;`",
            "wave rest, from 250 ms on, for 1.5 s",
            "href=\"#open=payments-uat\"",
        ] {
            assert!(shown.contains(text), "{text}");
        }
    }

    #[test]
    fn what_failed_first_comes_first() {
        let mut run = fixtures::failed_run();
        for part in run.accounts.values_mut() {
            let [first, second] = part.failed.as_mut_slice() else { panic!("two steps failed") };
            (first.started, second.started) = (9_000, 10);
        }
        let steps: Vec<_> = failures(&run).into_iter().map(|failure| failure.step).collect();
        assert_eq!(steps, ["default VPC vpc-0a1b", "stack avm-cloudtrail"]);
    }
}
