//! The page of a plan.

use askama::Template as _;

use super::data;
use super::entry::look;
use super::frame::{Assets, Frame};
use super::group::Section;
use crate::plan::{Action, Summary};
use crate::render::count::{count, grouped};
use crate::render::harmless::harmless;
use crate::render::json::PlanDocument;
use crate::render::outline::{Mark, Outline, outline};
use crate::render::sums::{headline, sentence};
use crate::render::{conditions, costs};

/// Groups that are unfolded from the beginning, if there are no more.
const FEW: usize = 8;

const ASSETS: Assets = Assets {
    style: concat!(include_str!("page.css"), include_str!("plan.css")),
    script: concat!(
        include_str!("page.js"),
        include_str!("rows.js"),
        include_str!("places.js"),
        include_str!("matrix.js"),
        include_str!("units.js"),
        include_str!("panel.js"),
        include_str!("plan.js"),
    ),
};

#[derive(Debug, askama::Template)]
#[template(path = "../src/render/html/plan.html")]
struct Page {
    frame: Frame,
    heading: String,
    sentence: String,
    badges: Vec<Badge>,
    costs: Vec<String>,
    facts: Vec<(&'static str, String)>,
    sections: Vec<Section>,
}

/// A number that the header shows.
#[derive(Debug)]
struct Badge {
    class: &'static str,
    symbol: &'static str,
    text: String,
}

/// A plan.
pub fn plan(document: &PlanDocument) -> String {
    let title = format!("avm plan: {}", headline(&document.summary));
    let page = Page {
        frame: Frame::new(title, ASSETS, &data::of(document)),
        heading: heading(&document.summary),
        sentence: sentence(&document.summary),
        badges: badges(&document.summary),
        costs: costs::lines(&document.costs),
        facts: facts(document),
        sections: sections(&outline(document)),
    };
    // Only a writer can fail, and a `String` does not.
    page.render().unwrap_or_default()
}

/// What the numbers do not say: how much of the organization is concerned.
fn heading(summary: &Summary) -> String {
    if summary.is_empty() && summary.blocked == 0 {
        return "no changes".to_owned();
    }
    let (changed, accounts) = (summary.changed_accounts, count(summary.accounts, "account"));
    let verb = if summary.accounts == 1 || changed == 1 { "changes" } else { "change" };
    format!("{} of {accounts} {verb}", grouped(changed))
}

/// The numbers, the most serious ones first.
fn badges(summary: &Summary) -> Vec<Badge> {
    let lost = summary.lost_resources;
    let unreachable = count(summary.unreachable_accounts, "unreachable account");
    let not_active = format!("{} not active", count(summary.not_active_accounts, "account"));
    let steps = |action, number: usize, what: &str| {
        (Mark::Action(action), number, format!("{} {what}", grouped(number)))
    };
    [
        (Mark::Blocked, summary.blocked, format!("{} blocked", grouped(summary.blocked))),
        (Mark::Blocked, summary.unreachable_accounts, unreachable),
        (
            Mark::Action(Action::Replace),
            lost,
            format!("{} deleted or made anew", count(lost, "resource")),
        ),
        steps(Action::Replace, summary.replace, "to replace"),
        steps(Action::Delete, summary.delete, "to delete"),
        steps(Action::Import, summary.import, "to import"),
        steps(Action::Update, summary.update, "to update"),
        steps(Action::Create, summary.create, "to create"),
        steps(Action::Wait, summary.wait, "to wait for"),
        (Mark::Note, summary.not_active_accounts, not_active),
    ]
    .into_iter()
    .filter(|(_, number, _)| *number > 0)
    .map(|(mark, _, text)| Badge { class: look(mark).class, symbol: look(mark).symbol, text })
    .collect()
}

fn facts(document: &PlanDocument) -> Vec<(&'static str, String)> {
    let organization = &document.plan.organization;
    let conditions = conditions::lines(&document.plan);
    let waves = (!conditions.is_empty()).then(|| ("Waves", conditions.join("; ")));
    let mut facts = vec![
        ("Organization", organization.id.to_string()),
        ("Management account", organization.management_account.to_string()),
        ("Selection", selection(document)),
        ("Folder (SHA-256)", harmless(&document.folder).into_owned()),
        ("Format", harmless(&document.format_version).into_owned()),
    ];
    facts.extend(waves);
    facts
}

/// `everything`, or what was asked for: `waves core, rest; exclude accounts log-archive`.
fn selection(document: &PlanDocument) -> String {
    let mut parts = Vec::new();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(&document.selection) {
        for (name, value) in fields {
            let Some(values) = value.as_array().filter(|values| !values.is_empty()) else {
                continue;
            };
            let values: Vec<_> = values.iter().filter_map(serde_json::Value::as_str).collect();
            parts.push(format!("{} {}", name.replace('-', " "), harmless(&values.join(", "))));
        }
    }
    if parts.is_empty() { "everything".to_owned() } else { parts.join("; ") }
}

fn sections(outline: &Outline) -> Vec<Section> {
    let serious = outline.blocked.len() + outline.destructive.len();
    let open = serious <= FEW;
    let all_open = serious + outline.rest.len() <= FEW;
    let mut sections = vec![
        Section::of("Cannot be done".to_owned(), "blocked", open, &outline.blocked),
        Section::of("Deleted or made anew".to_owned(), "delete", open, &outline.destructive),
        Section::organization(&outline.organization, all_open),
    ];
    for groups in outline.rest.chunk_by(|one, other| one.wave == other.wave) {
        let wave = groups.first().and_then(|group| group.wave.as_ref());
        let wave = wave.map(|wave| format!("Wave {}", harmless(wave.as_str())));
        let heading = wave.unwrap_or_else(|| "Organization".to_owned());
        sections.push(Section::of(heading, "", all_open, groups));
    }
    sections.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
