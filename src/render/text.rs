//! Text for people, in terraform's symbols: `+` create, `~` update, `-/+` replace, `-` delete, `<-` import, `<=`
//! wait, and `!` for what cannot be done.
//!
//! Accounts with the same things to do are shown together, and so are regions of one account.

mod account;
mod report;
mod step;
mod undone;

use std::collections::BTreeMap;

pub use report::report;
pub use undone::undone;

use super::count::{count, is_or_are};
use super::lines::Lines;
use super::paint::Paint;
use super::sums::sentence;
use crate::model::AccountName;
use crate::plan::{AccountPlan, Plan, Summary, WavePlan, costs};

/// A plan.
pub fn plan(plan: &Plan, paint: Paint) -> String {
    let mut lines = Lines::default();
    let organization = organization(plan, paint);
    if !organization.is_empty() {
        lines.line(0, &paint.heading("Organization"));
        lines.block(&organization);
    }
    for wave in &plan.waves {
        let groups = groups(wave, paint);
        if !groups.is_empty() {
            lines.gap();
            lines.line(0, &paint.heading(&format!("Wave {}", wave.name)));
        }
        for group in groups {
            lines.gap();
            lines.block(&group.text);
        }
    }
    let summary = Summary::of(plan);
    let quiet = plan.accounts().filter(|(_, account)| !account::has_news(account)).count();
    lines.gap();
    if quiet > 0 && quiet < summary.accounts {
        let (number, verb) = (count(quiet, "account"), is_or_are(quiet));
        lines.line(0, &paint.faint(&format!("{number} {verb} as the files say.")));
        lines.gap();
    }
    for line in super::costs::lines(&costs(plan)) {
        lines.line(0, &line);
    }
    lines.line(0, &sentence(&summary));
    lines.finish()
}

/// Accounts of one wave with the same things to do.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The accounts.
    pub(super) accounts: Vec<(&'a AccountName, &'a AccountPlan)>,
    /// All of it: a line for each account, then what is to be done in each of them.
    pub(super) text: String,
}

/// The accounts of a wave that there is something to say about, those with the same things to do together, in the
/// order of the first of each group.
pub(super) fn groups(wave: &WavePlan, paint: Paint) -> Vec<Group<'_>> {
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    let mut alike: Vec<Vec<(&AccountName, &AccountPlan)>> = Vec::new();
    let mut bodies = Vec::new();
    for (name, account) in wave.accounts.iter().filter(|(_, account)| account::has_news(account)) {
        let body = account::body(account, paint);
        let index = *place.entry(body.clone()).or_insert_with(|| {
            alike.push(Vec::new());
            bodies.push(body);
            alike.len() - 1
        });
        alike[index].push((name, account));
    }
    alike
        .into_iter()
        .zip(bodies)
        .map(|(accounts, body)| {
            let mut lines = Lines::default();
            for (name, account) in &accounts {
                account::head(&mut lines, name, account, paint);
            }
            lines.block(&body);
            Group { accounts, text: lines.finish() }
        })
        .collect()
}

/// What is to be done for the organization as a whole; empty if there is nothing.
pub(super) fn organization(plan: &Plan, paint: Paint) -> String {
    let mut lines = Lines::default();
    let (blocked, steps) = (&plan.organization_blocked, &plan.organization_steps);
    account::items(&mut lines, 0, blocked, steps, &[], paint);
    lines.finish()
}

#[cfg(test)]
mod tests;
