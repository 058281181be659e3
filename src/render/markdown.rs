//! Markdown for a comment on a pull request: the sum, a table, what is blocked, and the rest folded away.

use super::count::{count, grouped};
use super::harmless::harmless;
use super::lines::Lines;
use super::paint::Paint;
use super::reason::explain;
use super::sums::{headline, sentence};
use super::text::{groups, organization};
use crate::model::AccountName;
use crate::plan::{AccountPlan, Action, Plan, Summary, costs};

/// GitHub refuses comments of more characters; the rest is for what surrounds the plan there.
const MOST: usize = 65_536 - 1_536;

/// The most rows of a table: more is for the text or the JSON form.
const ROWS: usize = 100;

/// A plan.
pub fn plan(plan: &Plan) -> String {
    let summary = Summary::of(plan);
    let mut lines = Lines::default();
    lines.line(0, &format!("### avm plan: {}", headline(&summary)));
    lines.gap();
    lines.line(0, &sentence(&summary));
    let costs = super::costs::lines(&costs(plan));
    if !costs.is_empty() {
        lines.gap();
    }
    for line in costs {
        lines.line(0, &line);
    }
    table(&mut lines, plan);
    blocked(&mut lines, plan);
    let mut text = lines.finish();

    let mut left_out = 0;
    for block in folded(plan) {
        if text.chars().count() + block.chars().count() > MOST {
            left_out += 1;
        } else {
            text.push_str(&block);
        }
    }
    if left_out > 0 {
        let blocks = count(left_out, "block");
        text.extend(["\n", &blocks, " of details left out: a comment holds no more.\n"]);
    }
    text
}

fn table(lines: &mut Lines, plan: &Plan) {
    let changed: Vec<_> = plan
        .accounts()
        .filter(|(_, account)| {
            account.all_steps().next().is_some() || account.all_blocked().next().is_some()
        })
        .collect();
    if changed.is_empty() {
        return;
    }
    lines.gap();
    lines
        .line(0, "| account | id | create | update | replace | delete | import | wait | blocked |");
    lines.line(0, "|---|---|--:|--:|--:|--:|--:|--:|--:|");
    for (name, account) in changed.iter().take(ROWS) {
        lines.line(0, &row(name, account));
    }
    if changed.len() > ROWS {
        lines.gap();
        lines.line(0, &format!("And {} more.", count(changed.len() - ROWS, "account")));
    }
}

fn row(name: &AccountName, account: &AccountPlan) -> String {
    let number = |action: Action| {
        let steps = account.all_steps().filter(|step| step.action() == action).count();
        if steps == 0 { String::new() } else { grouped(steps) }
    };
    let blocked = account.all_blocked().count();
    let cells = [
        plain(name.as_str()),
        account.id.as_ref().map_or_else(|| "new".to_owned(), ToString::to_string),
        number(Action::Create),
        number(Action::Update),
        number(Action::Replace),
        number(Action::Delete),
        number(Action::Import),
        number(Action::Wait),
        if blocked == 0 { String::new() } else { grouped(blocked) },
    ];
    format!("| {} |", cells.join(" | "))
}

fn blocked(lines: &mut Lines, plan: &Plan) {
    let of_organization = plan.organization_blocked.iter();
    let mut items: Vec<_> = of_organization
        .map(|blocked| format!("- **organization**: {}", plain(&explain(blocked).0)))
        .collect();
    for (name, account) in plan.accounts() {
        let own = account.blocked.iter().map(|blocked| (None, blocked));
        let regional = account
            .regions
            .iter()
            .flat_map(|(region, lane)| lane.blocked.iter().map(move |b| (Some(region), b)));
        for (region, blocked) in own.chain(regional) {
            let place = match region {
                Some(region) => format!("{} {region}", plain(name.as_str())),
                None => plain(name.as_str()),
            };
            items.push(format!("- **{place}**: {}", plain(&explain(blocked).0)));
        }
    }
    if items.is_empty() {
        return;
    }
    lines.gap();
    lines.line(0, "#### Blocked");
    lines.gap();
    for item in items.iter().take(ROWS) {
        lines.line(0, item);
    }
    if items.len() > ROWS {
        lines.line(0, &format!("- and {} more", grouped(items.len() - ROWS)));
    }
}

/// The plan's text in parts that a reader unfolds one by one.
fn folded(plan: &Plan) -> Vec<String> {
    let mut blocks = Vec::new();
    let text = organization(plan, Paint::Plain);
    if !text.is_empty() {
        blocks.push(details("organization", &text));
    }
    for wave in &plan.waves {
        for group in groups(wave, Paint::Plain) {
            let title = match group.accounts.as_slice() {
                [(name, _)] => name.to_string(),
                [(first, _), rest @ ..] => {
                    format!("{first} and {} alike", count(rest.len(), "account"))
                }
                [] => continue,
            };
            blocks.push(details(&format!("wave {}: {title}", wave.name), &group.text));
        }
    }
    blocks
}

fn details(title: &str, text: &str) -> String {
    // A fence has to be longer than any run of backticks inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let title = html(title);
    format!("\n<details><summary>{title}</summary>\n\n{fence}text\n{text}{fence}\n\n</details>\n")
}

/// Text that Markdown takes as it is: no markup, no table cell, no HTML, no mention of a person.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in html(text).chars() {
        if r"\`*_[]|~".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

/// Text that HTML takes as it is, also outside of Markdown's reach.
fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '@' => shown.push_str("&#64;"),
            ordinary => shown.push(ordinary),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    #[test]
    fn a_comment_has_the_sum_first_and_the_details_folded() {
        insta::assert_snapshot!(plan(&fixtures::trouble()));
    }

    #[test]
    fn a_name_cannot_mark_up_or_mention_anybody() {
        assert_eq!(plain("@org/team <b> | `x`"), r"&#64;org/team &lt;b&gt; \| \`x\`");
    }

    #[test]
    fn a_plan_of_ten_thousand_accounts_still_fits_in_a_comment() {
        let text = plan(&fixtures::large(10_000));
        assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
        assert!(text.contains("of details left out"));
        assert!(text.contains("And 9,900 accounts more."));
    }
}
