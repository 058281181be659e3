//! When what was done: enough to see what waited for what.

use std::cmp::Reverse;

use crate::execute::{AccountReport, Location, Report};
use crate::model::{AccountName, WaveName};
use crate::plan::Step;

/// When an account was worked on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AccountTime<'a> {
    /// The account.
    pub(super) name: &'a AccountName,
    /// Its wave.
    pub(super) wave: Option<&'a WaveName>,
    /// When its first step began, in milliseconds since the beginning of the run.
    pub(super) started: u64,
    /// How long it was from there to the end of its last step, in milliseconds.
    pub(super) milliseconds: u64,
    /// The step that took the longest: where, what, and its milliseconds.
    pub(super) longest: (&'a Location, &'a Step, u64),
}

/// Every account in which something was tried, the slowest first.
pub(super) fn slowest(report: &Report) -> Vec<AccountTime<'_>> {
    let times = report.accounts.iter().filter_map(|(name, part)| time(name, part));
    let mut times: Vec<_> = times.collect();
    times.sort_by_key(|time| (Reverse(time.milliseconds), time.name));
    times
}

/// When the account was worked on; `None` if nothing was tried in it.
pub(super) fn time<'a>(name: &'a AccountName, part: &'a AccountReport) -> Option<AccountTime<'a>> {
    let steps = || {
        let done =
            part.done.iter().map(|done| (&done.at, &done.step, done.started, done.milliseconds));
        let failed = part.failed.iter();
        done.chain(
            failed.map(|failed| (&failed.at, &failed.step, failed.started, failed.milliseconds)),
        )
    };
    let started = steps().map(|(_, _, started, _)| started).min()?;
    let ended = steps().map(|(.., started, took)| started.saturating_add(took)).max()?;
    // Of equally long ones the first, so that a report has one text.
    let (at, step, _, took) =
        steps().max_by_key(|(.., started, took)| (*took, Reverse(*started)))?;
    let wave = part.wave.as_ref();
    Some(AccountTime {
        name,
        wave,
        started,
        milliseconds: ended - started,
        longest: (at, step, took),
    })
}

/// A time as people say it: `850 ms`, `1.5 s`, `4 m 10 s`, `2 h 3 m`.
pub(super) fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    match (milliseconds, seconds) {
        (0..1_000, _) => format!("{milliseconds} ms"),
        (_, 0..60) => format!("{seconds}.{} s", milliseconds % 1_000 / 100),
        (_, 60..3_600) => format!("{} m {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} m", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    #[test]
    fn an_account_takes_from_its_first_step_to_its_last() {
        let mut report = fixtures::failed_run();
        let account = report.accounts.values_mut().next().unwrap();
        account.failed[1].started = 4_000;
        account.failed[1].milliseconds = 60_000;
        let times = slowest(&report);
        assert_eq!((times[0].started, times[0].milliseconds), (250, 63_750));
        assert_eq!(times[0].longest.0.to_string(), "payments-uat us-east-1");
        assert_eq!(times[0].wave.map(WaveName::as_str), Some("rest"));
    }

    #[test]
    fn where_nothing_was_tried_no_time_went_by() {
        let mut report = fixtures::failed_run();
        let account = report.accounts.values_mut().next().unwrap();
        (account.done, account.failed) = (Vec::new(), Vec::new());
        assert_eq!(slowest(&report), []);
    }

    #[test]
    fn times_are_told_in_two_units_at_most() {
        let told = [850, 1_500, 59_999, 250_000, 7_380_000].map(duration);
        assert_eq!(told, ["850 ms", "1.5 s", "59.9 s", "4 m 10 s", "2 h 3 m"]);
    }
}
