//! What a run did: what failed comes last, where a terminal shows it.

use crate::execute::{AccountReport, Report};
use crate::plan::Step;
use crate::render::count::count;
use crate::render::harmless::short;
use crate::render::lines::Lines;
use crate::render::outcome::{explain, not_tried, sentence};
use crate::render::paint::Paint;
use crate::render::timeline::{duration, slowest};

/// The most lines of a timeline: all of it is in the other forms.
const MOST: usize = 10;

/// The most waves in a timeline; the accounts that they waited for need the other lines.
const WAVES: usize = 5;

/// A report.
pub fn report(report: &Report, paint: Paint) -> String {
    let mut lines = Lines::default();
    made(&mut lines, report, paint);
    timeline(&mut lines, report, paint);
    let not_tried = not_tried(report);
    if !not_tried.is_empty() {
        lines.line(0, &paint.heading("Not tried"));
        for line in not_tried {
            lines.line(4, &line);
        }
        lines.gap();
    }
    if report.failures().next().is_some() {
        lines.line(0, &paint.heading("Failed"));
        for part in report.parts() {
            failures(&mut lines, part, paint);
        }
        lines.gap();
    }
    lines.line(0, &sentence(report));
    lines.finish()
}

/// The accounts that were made, with their ids: what whoever asked for one waits for.
fn made(lines: &mut Lines, report: &Report, paint: Paint) {
    let is_new = |part: &AccountReport| {
        let mut done = part.done.iter().map(|done| &done.step);
        done.any(|step| matches!(step, Step::CreateAccount(_) | Step::AwaitAccount { .. }))
    };
    let made: Vec<_> = report.accounts.iter().filter(|(_, part)| is_new(part)).collect();
    if made.is_empty() {
        return;
    }
    lines.line(0, &paint.heading("Made"));
    for (name, part) in made {
        let id = part.id.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.line(4, &format!("{name}  {id}"));
    }
    lines.gap();
}

/// How long the waves took, and the accounts that they waited for.
fn timeline(lines: &mut Lines, report: &Report, paint: Paint) {
    let mut rows = Vec::new();
    for wave in report.waves.iter().take(WAVES) {
        let took = match wave.ended {
            Some(ended) => duration(ended.saturating_sub(wave.started)),
            None => "not ended".to_owned(),
        };
        rows.push((format!("wave {}", wave.wave), took, wave.started, String::new()));
    }
    let more = report.waves.len().saturating_sub(WAVES);
    let left = MOST - rows.len() - usize::from(more > 0);
    for account in slowest(report).into_iter().take(left) {
        let (at, step, longest) = account.longest;
        let place = at.region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
        let longest = duration(longest);
        let what = format!("; longest: {}{place}, {longest}", short(&step.to_string()));
        let took = duration(account.milliseconds);
        rows.push((account.name.to_string(), took, account.started, what));
    }
    if rows.is_empty() {
        return;
    }
    let widest = |of: fn(&(String, String, u64, String)) -> &str| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0)
    };
    let (name_width, took_width) = (widest(|row| &row.0), widest(|row| &row.1));
    lines.line(0, &paint.heading("Timeline"));
    for (number, (name, took, started, what)) in rows.iter().enumerate() {
        let after = duration(*started);
        let row = format!("{name:name_width$}  {took:>took_width$}, began after {after}{what}");
        lines.line(4, &row);
        if number + 1 == WAVES && more > 0 {
            lines.line(4, &format!("and {}", count(more, "more wave")));
        }
    }
    lines.gap();
}

fn failures(lines: &mut Lines, part: &AccountReport, paint: Paint) {
    for failed in &part.failed {
        let id = part.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let what = short(&failed.step.to_string()).into_owned();
        lines.line(0, &format!("{} {}{id}: {what}", paint.alarm(), failed.at));
        let why = explain(&failed.error);
        for line in why.lines {
            lines.line(8, &line);
        }
        for resource in why.resources {
            lines.line(10, &resource);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::execute::{Event, Location, Outcome};
    use crate::model::WaveName;

    #[test]
    fn a_timeline_of_a_thousand_accounts_is_ten_lines_with_the_slowest_ones() {
        let mut run = Report::default();
        for wave in 0..8_u64 {
            let name: WaveName = format!("wave-{wave}").parse().unwrap();
            let started = Duration::from_secs(wave * 100);
            run.record(&Event::WaveStarted { wave: name.clone(), started });
            for account in 0..125 {
                let account_name = format!("account-{wave}-{account:03}").parse().unwrap();
                run.record(&Event::StepEnded {
                    at: Location { account: Some(account_name), region: None },
                    step: Step::ProtectStack { stack: "avm-kms".parse().unwrap() },
                    outcome: Outcome::Done,
                    started,
                    elapsed: Duration::from_secs(account),
                });
            }
            let ended = started + Duration::from_secs(100);
            run.record(&Event::WaveEnded { wave: name, ended });
        }
        let text = report(&run, Paint::Plain);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "Timeline");
        assert_eq!(lines[1], "    wave wave-0    1 m 40 s, began after 0 ms");
        assert_eq!(lines[6], "    and 3 more waves");
        assert!(lines[7].starts_with("    account-0-124   2 m 4 s, began after 0 ms; "), "{text}");
        assert_eq!(lines[11], "", "{text}");
    }
}
