//! Markdown for a comment on a pull request: the sum, what is blocked or lost, a table of all changes, and their
//! details folded away.

mod comment;
mod diff;
mod escape;
mod report;

use comment::Comment;
use diff::diff;
use escape::plain;
pub use report::report;

use super::count::grouped;
use super::detail::Detail;
use super::json::PlanDocument;
use super::outline::{Cells, Entry, Group, Mark, Outline, Part, outline};
use super::sums::{headline, sentence};
use super::text::has_news;
use crate::model::{AccountName, WaveName};
use crate::plan::{AccountPlan, Summary, costs};

/// The most lines of one group in a table: the details below have the rest.
const LINES: usize = 6;

/// A plan, in no more characters and bytes than a comment on GitHub may have.
pub fn plan(document: &PlanDocument) -> String {
    let plan = &document.plan;
    let summary = Summary::of(plan);
    let outline = outline(document);
    let mut comment = Comment::new(&format!("### avm plan: {}\n", headline(&summary)));
    comment.paragraph(&sentence(&summary));
    let costs = super::costs::lines(&costs(plan));
    if !costs.is_empty() {
        comment.paragraph(&costs.join("\n"));
    }
    let conditions = super::conditions::lines(plan);
    if !conditions.is_empty() {
        comment.list("Waves", conditions.iter().map(|line| format!("- {}\n", plain(line))));
    }
    for (title, groups) in
        [("Blocked", &outline.blocked), ("Deleted or made anew", &outline.destructive)]
    {
        comment.list(title, groups.iter().flat_map(items));
    }
    comment.table("| change | where | wave |\n|---|---|---|", rows(&outline));

    let outline = outline.told_once();
    if !outline.organization.is_empty() {
        comment.details("organization", &diff(&outline.organization));
    }
    for group in outline.groups() {
        let place = format!("{}{}", wave(group.wave.as_ref()), group.words);
        comment.details(&place, &diff(&group.entries));
    }
    if outline.folded {
        let cells = Cells::new(document, Detail::Everything);
        for (name, account) in plan.accounts().filter(|(_, account)| has_news(account)) {
            comment.account(|| of_account(&cells, name, account));
        }
    }
    comment.finish()
}

/// `wave core: `, unless it is the organization's.
fn wave(wave: Option<&WaveName>) -> String {
    wave.map(|wave| format!("wave {wave}: ")).unwrap_or_default()
}

/// A group of things that are blocked or lost: an item for each.
fn items(group: &Group) -> impl Iterator<Item = String> {
    let place = plain(&group.words.to_string());
    group.entries.iter().map(move |entry| {
        let mut item = format!("- **{place}**: {}\n", line(entry));
        for child in beneath(entry) {
            item.extend(["  - ", &plain(&child.line.to_string()), "\n"]);
        }
        item
    })
}

/// What has to be known of something that is blocked or lost: its evidence, and the resources that are lost.
fn beneath(entry: &Entry) -> impl Iterator<Item = &Entry> {
    entry.children.iter().filter(|child| match (entry.mark, child.mark) {
        (_, Mark::Blocked) => true,
        (Mark::Blocked, _) => child.mark == Mark::Detail,
        // A resource's line is all words; a parameter that disappears, and takes nothing with it, has its value.
        (_, Mark::Action(action)) => {
            let is_words = |part: &Part| matches!(part, Part::Words(_));
            action.is_destructive() && child.line.0.iter().all(is_words)
        }
        (_, Mark::MayReplace | Mark::Note | Mark::Detail) => false,
    })
}

/// A row for each group that something is done in.
fn rows(outline: &Outline) -> Vec<String> {
    let organization = (!outline.organization.is_empty())
        .then(|| row(&outline.organization, "the organization", ""));
    let groups = outline.destructive.iter().chain(&outline.rest).filter_map(|group| {
        let changes: Vec<_> =
            group.entries.iter().filter(|entry| entry.mark != Mark::Note).cloned().collect();
        let wave = group.wave.as_ref().map(WaveName::as_str).unwrap_or_default();
        (!changes.is_empty()).then(|| row(&changes, &plain(&group.words.to_string()), wave))
    });
    organization.into_iter().chain(groups).collect()
}

fn row(changes: &[Entry], place: &str, wave: &str) -> String {
    let mut lines: Vec<_> = changes.iter().take(LINES).map(line).collect();
    if changes.len() > LINES {
        lines.push(format!("and {} more", grouped(changes.len() - LINES)));
    }
    format!("| {} | {place} | {} |\n", lines.join("<br>"), plain(wave))
}

/// An entry's own line: `` `~` stack avm-kms ``.
fn line(entry: &Entry) -> String {
    let text = plain(&entry.line.to_string());
    match entry.mark {
        Mark::Action(action) => format!("`{}` {text}", action.symbol()),
        Mark::MayReplace => format!("`~` {text}"),
        Mark::Blocked | Mark::Note | Mark::Detail => text,
    }
}

/// The title and the details of one account, value by value.
fn of_account(cells: &Cells<'_>, name: &AccountName, account: &AccountPlan) -> (String, String) {
    let mut text = diff(&cells.at(Some(name), None));
    for region in account.regions.keys() {
        let shown = diff(&cells.at(Some(name), Some(region)));
        if !shown.is_empty() {
            text.extend(["@@ ", region.as_str(), " @@\n", &shown]);
        }
    }
    let id = account.id.as_ref().map_or("new", |id| id.as_str());
    (format!("account {name} ({id})"), text)
}

#[cfg(test)]
mod tests;
