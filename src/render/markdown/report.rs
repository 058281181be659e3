//! The Markdown of a run: what failed first, then what was not tried, a table of the accounts, and the timeline folded.

use super::escape::{html, plain};
use crate::execute::{AccountReport, FailedStep};
use crate::model::AccountName;
use crate::render::count::{count, grouped};
use crate::render::json::ReportDocument;
use crate::render::outcome::{explain, how, not_tried, numbers};
use crate::render::timeline::{AccountTime, duration, slowest, time};

/// GitHub refuses comments of more characters. Bytes are counted, of which there are never fewer; the rest is for what
/// surrounds the report there, and for the counts of what is left out.
const MOST: usize = 65_536 - 2_048;

/// The most items of a list and rows of a table: more is for the other forms.
const ROWS: usize = 100;

/// What a run did.
pub fn report(document: &ReportDocument) -> String {
    let report = &document.report;
    let how = if report.succeeded() && !document.succeeded { "Not all done" } else { how(report) };
    let mut comment =
        Comment(format!("### avm run {}: {}\n", plain(&report.run), how.to_lowercase()));
    let accounts = count(report.accounts.len(), "account");
    comment.0.extend(["\n", &sentence_case(&numbers(report)), ", in ", &accounts, ".\n"]);
    let failed: Vec<_> = report
        .parts()
        .flat_map(|part| part.failed.iter().map(move |failed| failure(part, failed)))
        .collect();
    comment.list("Failed", &failed);
    let skipped = not_tried(report);
    comment.list("Not tried", &skipped.iter().map(|line| bullet(line)).collect::<Vec<_>>());
    let undone = document.undone.iter().map(|thing| bullet(&thing.to_string()));
    comment.list("Left undone", &undone.collect::<Vec<_>>());
    comment.table(
        "\n| account | id | done | failed | not tried | took |\n|---|---|--:|--:|--:|--:|\n",
        &accounts_failed_first(document),
        "",
    );
    comment.table(&timeline_head(document), &timeline(document), "\n</details>\n");
    comment.0
}

/// Text that grows as far as a comment holds it.
struct Comment(String);

impl Comment {
    fn list(&mut self, heading: &str, items: &[String]) {
        if !items.is_empty() {
            self.0.extend(["\n#### ", heading, "\n\n"]);
            self.items(items, "- and ");
        }
    }

    fn table(&mut self, head: &str, rows: &[String], foot: &str) {
        if !rows.is_empty() {
            self.0.push_str(head);
            self.items(rows, "\nAnd ");
            self.0.push_str(foot);
        }
    }

    /// As many as fit, and the number of the others.
    fn items(&mut self, items: &[String], and: &str) {
        let mut room = MOST.saturating_sub(self.0.len());
        let mut shown = 0;
        for item in items.iter().take(ROWS) {
            let long = item.len();
            if long > room {
                break;
            }
            room -= long;
            shown += 1;
            self.0.push_str(item);
        }
        if shown < items.len() {
            let more = grouped(items.len() - shown);
            self.0.extend([and, &more, " more: see the report as JSON\n"]);
        }
    }
}

fn bullet(line: &str) -> String {
    format!("- {}\n", plain(line))
}

/// The account, the region, the step, and all that AWS says.
fn failure(part: &AccountReport, failed: &FailedStep) -> String {
    let id = part.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let place = plain(&failed.at.to_string());
    let mut item = format!("- **{place}**{id}: {}\n", plain(&failed.step.to_string()));
    let why = explain(&failed.error);
    for line in why.lines.iter().chain(&why.resources) {
        item.extend(["  - ", &plain(line), "\n"]);
    }
    item
}

fn accounts_failed_first(document: &ReportDocument) -> Vec<String> {
    let mut accounts: Vec<_> = document.report.accounts.iter().collect();
    accounts.sort_by_key(|(name, part)| {
        (part.failed.is_empty(), part.skipped.is_empty(), (*name).clone())
    });
    accounts.into_iter().map(|(name, part)| account(name, part)).collect()
}

fn account(name: &AccountName, part: &AccountReport) -> String {
    let number = |of: usize| if of == 0 { String::new() } else { grouped(of) };
    let cells = [
        plain(name.as_str()),
        part.id.as_ref().map(ToString::to_string).unwrap_or_default(),
        number(part.done.len()),
        number(part.failed.len()),
        number(part.skipped.len()),
        time(name, part).map(|time| duration(time.milliseconds)).unwrap_or_default(),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn timeline_head(document: &ReportDocument) -> String {
    let waves = document.report.waves.iter().map(|wave| match wave.ended {
        Some(ended) => {
            format!("{} {}", html(wave.wave.as_str()), duration(ended.saturating_sub(wave.started)))
        }
        None => format!("{} not ended", html(wave.wave.as_str())),
    });
    let waves: Vec<_> = waves.take(ROWS).collect();
    let of_waves = if waves.is_empty() { String::new() } else { format!(": {}", waves.join(", ")) };
    format!(
        "\n<details><summary>Timeline{of_waves}</summary>\n\n\
         | account | wave | began after | took | longest step |\n|---|---|--:|--:|---|\n"
    )
}

fn timeline(document: &ReportDocument) -> Vec<String> {
    slowest(&document.report).iter().map(timeline_row).collect()
}

fn timeline_row(time: &AccountTime<'_>) -> String {
    let (at, step, longest) = time.longest;
    let place = at.region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
    let cells = [
        plain(time.name.as_str()),
        time.wave.map(|wave| plain(wave.as_str())).unwrap_or_default(),
        duration(time.started),
        duration(time.milliseconds),
        format!("{}{place}, {}", plain(&step.to_string()), duration(longest)),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::Report;
    use crate::render::{Undone, fixtures};

    #[test]
    fn a_run_that_failed_tells_first_what_aws_said_and_where() {
        let document =
            ReportDocument::new(fixtures::failed_run(), &Undone::of(&fixtures::trouble()));
        insta::assert_snapshot!(report(&document));
    }

    #[test]
    fn a_run_of_ten_thousand_failed_accounts_still_fits_in_a_comment() {
        let failed = fixtures::failed_run();
        let part = failed.accounts.values().next().unwrap();
        let names = (0..10_000).map(|number| format!("account-{number:05}").parse().unwrap());
        let accounts = names.map(|name: AccountName| (name, part.clone())).collect();
        let text =
            report(&ReportDocument::new(Report { accounts, ..failed.clone() }, &Undone::default()));
        assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
        assert!(text.contains("- and 19,900 more: see the report as JSON\n"), "{text}");
        assert!(text.contains("\nAnd 9,900 more: see the report as JSON\n"));
        assert!(text.ends_with("\n</details>\n"));
    }

    #[test]
    fn a_run_that_somebody_named_in_the_file_is_only_text() {
        let named = Report { run: "\u{1b}[2J @all <img src=x>".into(), ..Report::default() };
        let text = report(&ReportDocument::new(named.clone(), &Undone::default()));
        let shown = r"### avm run \\u{1b}\[2J &#64;&#8203;all &lt;img src=x&gt;: done";
        assert!(text.starts_with(shown), "{text}");
        assert!(
            !crate::render::text::report(&named, crate::render::Paint::Plain).contains('\u{1b}')
        );
    }

    #[test]
    fn a_run_without_anything_to_do_is_two_lines() {
        let text = report(&ReportDocument::new(Report::default(), &Undone::default()));
        assert_eq!(text, "### avm run : done\n\nNothing, in 0 accounts.\n");
    }
}
