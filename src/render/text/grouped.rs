//! The outline of a plan: what is the same in many places once.

use super::account::head;
use super::entry::entries;
use crate::model::WaveName;
use crate::plan::Plan;
use crate::render::conditions::of_wave;
use crate::render::count::count;
use crate::render::harmless::harmless;
use crate::render::lines::Lines;
use crate::render::outline::{Group, Mark, Outline};
use crate::render::paint::Paint;

/// More accounts than this are not told by name.
const MOST_NAMES: usize = 12;

/// The outline, in the order in which it is read.
pub(super) fn outline(lines: &mut Lines, plan: &Plan, outline: &Outline, paint: Paint) {
    for (title, groups) in
        [("Blocked", &outline.blocked), ("Deleted or made anew", &outline.destructive)]
    {
        if !groups.is_empty() {
            lines.gap();
            lines.line(0, &paint.heading(title));
            sections(lines, plan, groups, true, paint);
        }
    }
    if !outline.organization.is_empty() {
        lines.gap();
        lines.line(0, &paint.heading("Organization"));
        entries(lines, 0, &outline.organization, paint);
    }
    for groups in outline.rest.chunk_by(|one, next| one.wave == next.wave) {
        if let Some(Group { wave: Some(wave), .. }) = groups.first() {
            lines.gap();
            lines.line(0, &paint.heading(&format!("Wave {wave}")));
            conditions(lines, plan, wave, paint);
        }
        sections(lines, plan, groups, false, paint);
    }
}

/// What has to hold before the next wave begins, if the files say it.
fn conditions(lines: &mut Lines, plan: &Plan, wave: &WaveName, paint: Paint) {
    let planned = plan.waves.iter().find(|planned| planned.name == *wave);
    if let Some(told) = planned.and_then(of_wave) {
        lines.line(2, &paint.faint(&told));
    }
}

/// Groups, those of the same accounts beneath one heading.
fn sections(lines: &mut Lines, plan: &Plan, groups: &[Group], tells_wave: bool, paint: Paint) {
    let same_accounts = |one: &Group, next: &Group| {
        one.wave == next.wave && one.places.0.keys().eq(next.places.0.keys())
    };
    for (index, groups) in groups.chunk_by(same_accounts).enumerate() {
        let Some(first) = groups.first() else { continue };
        let wave = match &first.wave {
            Some(wave) if tells_wave => paint.faint(&format!("  wave {wave}")),
            Some(_) | None => String::new(),
        };
        if index > 0 {
            lines.gap();
        }
        let mut accounts = first.places.0.keys();
        let only = match (accounts.next(), accounts.next()) {
            (Some(name), None) => plan.account(name).map(|account| head(name, account, paint)),
            _ => None,
        };
        match (groups, only) {
            ([group], None) => {
                let place = paint.heading(&group.words.to_string());
                lines.line(2, &format!("{}{place}{wave}", same(group)));
                names(lines, group, paint);
                entries(lines, 2, &group.entries, paint);
            }
            (groups, only) => {
                let head = only.unwrap_or_else(|| paint.heading(&first.words.accounts));
                lines.line(2, &format!("{head}{wave}"));
                names(lines, first, paint);
                for group in groups {
                    let depth = match &group.words.regions {
                        Some(regions) => {
                            lines.line(4, regions);
                            4
                        }
                        None => 2,
                    };
                    entries(lines, depth, &group.entries, paint);
                }
            }
        }
    }
}

/// The names of accounts that are only counted in the heading, if they are not too many.
fn names(lines: &mut Lines, group: &Group, paint: Paint) {
    let accounts = &group.places.0;
    if accounts.len() <= MOST_NAMES && !group.words.names_accounts {
        let names: Vec<_> = accounts.keys().map(|name| harmless(name.as_str())).collect();
        lines.names(4, &names, |line| paint.faint(line));
    }
}

/// `Same 3 changes in `, where it is so.
fn same(group: &Group) -> String {
    let is_change = |mark: Mark| matches!(mark, Mark::Action(_) | Mark::MayReplace);
    match group.entries.iter().filter(|entry| is_change(entry.mark)).count() {
        0 => String::new(),
        _ if group.places.number() < 2 => String::new(),
        1 => "Same change in ".to_owned(),
        number => format!("Same {} in ", count(number, "change")),
    }
}
