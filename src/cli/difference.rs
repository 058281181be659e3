//! In which lines two plans differ.

use similar::udiff::UnifiedDiffHunk;
use similar::{DiffTag, TextDiff};

use super::failure::Failure;
use super::show::json_of;
use crate::render::json::PlanDocument;
use crate::render::{Detail, Paint, text};

/// The lines in which a saved plan and the plan of now differ: of the text as it is shown, which stays short for a
/// thousand accounts, if that tells; else of the text that says everything; else of the JSON.
pub(super) fn difference(
    saved: &PlanDocument,
    now: &PlanDocument,
    detail: Detail,
) -> Result<String, Failure> {
    for detail in [detail, Detail::Everything] {
        let text = |document| text::plan(document, Paint::Plain, detail);
        let lines = unified(&text(saved), &text(now));
        if !lines.is_empty() {
            return Ok(lines);
        }
    }
    Ok(unified(&json_of(saved)?, &json_of(now)?))
}

fn unified(saved: &str, now: &str) -> String {
    let difference = TextDiff::from_lines(saved, now);
    let mut unified = difference.unified_diff();
    let sides = [saved, now].map(Side::of);
    let hunks = unified.context_radius(2).iter_hunks();
    let hunks: String = hunks.map(|hunk| with_headings(&hunk, &sides)).collect();
    if hunks.is_empty() { hunks } else { format!("--- saved plan\n+++ plan of now\n{hunks}") }
}

/// A hunk with the headings that its first change stands beneath, as far as they are above it: without them nobody
/// knows whose lines they are.
fn with_headings(hunk: &UnifiedDiffHunk<'_, '_, '_, str>, [saved, now]: &[Side<'_>; 2]) -> String {
    let text = hunk.to_string();
    let operations = hunk.ops();
    let change = operations.iter().find(|operation| operation.tag() != DiffTag::Equal);
    let (Some(first), Some(change)) = (operations.first(), change) else { return text };
    let headings = if change.tag() == DiffTag::Insert {
        now.headings(first.new_range().start, change.new_range().start)
    } else {
        saved.headings(first.old_range().start, change.old_range().start)
    };
    match text.split_once('\n') {
        Some((header, changes)) if !headings.is_empty() => {
            format!("{header} {}\n{changes}", headings.join(" / "))
        }
        _ => text,
    }
}

/// One of the two texts.
#[derive(Debug)]
struct Side<'a> {
    lines: Vec<&'a str>,
    /// For each line the nearest one above it that is indented less. Found for all of them at once: a plan of a
    /// thousand accounts in full may differ in as many places as it has lines.
    above: Vec<Option<usize>>,
}

impl<'a> Side<'a> {
    fn of(text: &'a str) -> Self {
        let lines: Vec<_> = text.lines().collect();
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut above = Vec::with_capacity(lines.len());
        for (number, line) in lines.iter().enumerate() {
            if line.is_empty() {
                above.push(None);
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            while open.last().is_some_and(|(outer, _)| *outer >= indent) {
                open.pop();
            }
            above.push(open.last().map(|(_, number)| *number));
            open.push((indent, number));
        }
        Self { lines, above }
    }

    /// The lines before `start` that are indented less and less, seen from line `at`; the outermost comes first.
    fn headings(&self, start: usize, at: usize) -> Vec<&'a str> {
        let is_told = |number: &usize| !self.lines[*number].is_empty();
        let Some(line) = (at..self.lines.len()).find(is_told) else { return Vec::new() };
        let heading = |number: &usize| self.above[*number];
        let above = std::iter::successors(self.above[line], heading);
        let mut headings: Vec<_> = above
            .filter(|number| *number < start)
            .map(|number| self.lines[number].trim())
            .collect();
        headings.reverse();
        headings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = "Wave rest\n\n  payments-dev\n    eu-west-1\n      ~ stack avm-trail\n          \
                         template 1\n          ~ Key\n              ~ Days: 90 -> 365\n";

    #[test]
    fn a_line_is_told_with_the_headings_above_it() {
        let now = SAVED.replace("365", "400");
        assert_eq!(
            unified(SAVED, &now),
            "--- saved plan\n+++ plan of now\n\
             @@ -6,3 +6,3 @@ Wave rest / payments-dev / eu-west-1 / ~ stack avm-trail\n           \
             template 1\n           ~ Key\n\
             -              ~ Days: 90 -> 365\n\
             +              ~ Days: 90 -> 400\n"
        );
    }

    #[test]
    fn lines_at_the_top_have_no_headings_and_equal_texts_no_lines() {
        let hunk = unified(SAVED, &SAVED.replace("rest", "core"));
        assert_eq!(hunk.lines().nth(2), Some("@@ -1,3 +1,3 @@"));
        let hunk = unified(SAVED, &format!("{SAVED}\n  payments-uat\n"));
        assert_eq!(hunk.lines().nth(2), Some("@@ -7,2 +7,4 @@ Wave rest"));
        assert_eq!(unified(SAVED, SAVED), "");
        assert!(unified("", SAVED).contains("+Wave rest"));
    }

    #[test]
    fn every_line_of_a_big_plan_may_differ() {
        // Looked for line by line, the headings alone would be 20 thousand million steps.
        let text = |word: &str| {
            (0..200_000).fold("Wave rest\n".to_owned(), |text, number| {
                let line = if number % 8 == 0 { word } else { "same" };
                text + &format!("  account-{number}: {line}\n")
            })
        };
        let lines = unified(&text("saved"), &text("now"));
        assert_eq!(lines.matches("@@ Wave rest\n").count(), 24_999);
    }
}
