//! A plan as the data of its page: what the matrix and its filters work on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::entry::look;
use super::numbered::Numbered;
use super::table::{Place, Table};
use crate::model::{AccountId, AccountName, Region};
use crate::plan::{AccountPlan, AccountStatus, Action, Blocked, Step};
use crate::render::detail::Detail;
use crate::render::harmless::harmless;
use crate::render::json::PlanDocument;
use crate::render::outline::{Cells, Mark};

/// The actions by which a cell is counted; what is blocked comes after them.
const ACTIONS: [Action; 6] =
    [Action::Create, Action::Update, Action::Replace, Action::Delete, Action::Import, Action::Wait];

/// What is done in one place. Most places have the same.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    entries: Vec<usize>,
    /// The number of steps of each action, then the number of blocked things.
    counts: [usize; ACTIONS.len() + 1],
    /// Whether resources of stacks that stay are deleted (1), made anew (2), or both (3).
    lost: u8,
    stacks: Vec<usize>,
}

#[derive(Debug, Default)]
struct Collected {
    table: Table,
    cells: Numbered<Cell>,
    stacks: Numbered<String>,
    /// Per account, column and cell in turns; column 0 is the account as a whole.
    rows: Numbered<Vec<usize>>,
}

/// The data.
pub(super) fn of(document: &PlanDocument) -> Value {
    let plan = &document.plan;
    let regions: BTreeSet<&Region> =
        plan.accounts().flat_map(|(_, account)| account.regions.keys()).collect();
    let regions: Vec<_> = regions.into_iter().collect();
    let mut collected = Collected::default();
    let steps = (plan.organization_steps.as_slice(), plan.organization_blocked.as_slice());
    let cells = Cells::new(document, Detail::Everything);
    let organization = collected.cell(&cells, Place::default(), steps);
    let mut accounts = Vec::new();
    for (wave, (name, account)) in plan
        .waves
        .iter()
        .enumerate()
        .flat_map(|(wave, it)| it.accounts.iter().map(move |a| (wave, a)))
    {
        let row = collected.row(&cells, &regions, name, account);
        let id = account.id.as_ref().map(AccountId::as_str);
        let ou = harmless(account.ou.as_str());
        let status = status(&account.status);
        accounts.push(json!([harmless(name.as_str()), id, ou, wave, status, row]));
    }
    let (texts, entries) = collected.table.into_values();
    let cells = collected.cells.into_things().into_iter();
    json!({
        "marks": Table::marks(),
        "actions": ACTIONS.map(class),
        "waves": plan.waves.iter().map(|wave| harmless(wave.name.as_str())).collect::<Vec<_>>(),
        "regions": regions.iter().map(|region| region.as_str()).collect::<Vec<_>>(),
        "stacks": collected.stacks.into_things(),
        "texts": texts,
        "entries": entries,
        "cells": cells.map(|it| json!([it.entries, it.counts, it.lost, it.stacks])).collect::<Value>(),
        "rows": collected.rows.into_things(),
        "organization": organization,
        "accounts": accounts,
    })
}

fn class(action: Action) -> &'static str {
    look(Mark::Action(action)).class
}

/// The account's status in a word. What AWS says of it is among the entries of its place.
fn status(status: &AccountStatus) -> String {
    match status {
        AccountStatus::New => "new".to_owned(),
        AccountStatus::Active => "active".to_owned(),
        AccountStatus::NotActive(state) => harmless(&state.to_string()).to_lowercase(),
        AccountStatus::Unreachable(_) => "unreachable".to_owned(),
    }
}

impl Collected {
    fn row(
        &mut self,
        cells: &Cells<'_>,
        regions: &[&Region],
        name: &AccountName,
        account: &AccountPlan,
    ) -> usize {
        let mut row = Vec::new();
        let place = Place { account: Some(name), id: account.id.as_ref(), region: None };
        let whole = (account.steps.as_slice(), account.blocked.as_slice());
        if let Some(cell) = self.cell(cells, place, whole) {
            row.extend([0, cell]);
        }
        for (column, region) in regions.iter().enumerate() {
            let Some(lane) = account.regions.get(*region) else { continue };
            let things = (lane.steps.as_slice(), lane.blocked.as_slice());
            let place = Place { region: Some(region), ..place };
            if let Some(cell) = self.cell(cells, place, things) {
                row.extend([column + 1, cell]);
            }
        }
        self.rows.of(row)
    }

    /// The number of a place's cell; `None` if there is nothing to say of the place.
    fn cell(
        &mut self,
        cells: &Cells<'_>,
        place: Place<'_>,
        (steps, blocked): (&[Step], &[Blocked]),
    ) -> Option<usize> {
        let entries = self.table.of(&cells.at(place.account, place.region), place);
        if entries.is_empty() && steps.is_empty() && blocked.is_empty() {
            return None;
        }
        let mut counts = [0; ACTIONS.len() + 1];
        counts[ACTIONS.len()] = blocked.len();
        for (action, counter) in ACTIONS.iter().zip(&mut counts) {
            *counter = steps.iter().filter(|step| step.action() == *action).count();
        }
        let lost = |action| {
            steps.iter().flat_map(Step::lost_resources).any(|resource| resource.action == action)
        };
        let lost = u8::from(lost(Action::Delete)) | u8::from(lost(Action::Replace)) << 1;
        let of_steps = steps.iter().filter_map(|step| Some(step.stack()?.as_str()));
        let of_blocked = blocked.iter().filter_map(|it| it.subject.strip_prefix("stack "));
        let names: BTreeSet<_> = of_steps.chain(of_blocked).collect();
        let stacks = names.into_iter().map(|name| self.stacks.of(harmless(name).into_owned()));
        let stacks = stacks.collect();
        Some(self.cells.of(Cell { entries, counts, lost, stacks }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    fn data(plan: crate::plan::Plan) -> Value {
        of(&fixtures::document(plan))
    }

    /// One line for each value: short enough to be read, and a change shows where it is.
    fn lines(data: &Value) -> String {
        let mut shown = Vec::new();
        for (name, value) in data.as_object().unwrap() {
            match value.as_array().filter(|_| name != "marks") {
                Some(values) => {
                    let each = values.iter().enumerate();
                    shown.extend(each.map(|(number, value)| format!("{name}[{number}] {value}")));
                }
                None => shown.push(format!("{name} {value}")),
            }
        }
        shown.join("\n")
    }

    #[test]
    fn the_data_of_three_plans() {
        insta::assert_snapshot!("vending", lines(&data(fixtures::vending())));
        insta::assert_snapshot!("trouble", lines(&data(fixtures::trouble())));
        insta::assert_snapshot!("nothing_to_do", lines(&data(fixtures::nothing_to_do())));
    }

    #[test]
    fn regions_with_the_same_things_to_do_share_one_cell() {
        let data = data(fixtures::vending());
        let regions = data["regions"].as_array().unwrap().len();
        assert_eq!(data["rows"][1].as_array().unwrap().len(), 2 * (regions + 1));
        assert_eq!(data["cells"].as_array().unwrap().len(), 3, "{}", data["cells"]);
    }

    #[test]
    fn a_thousand_accounts_that_differ_in_their_ids_share_a_few_cells() {
        let data = of(&fixtures::thousand());
        assert_eq!(data["accounts"].as_array().unwrap().len(), 1_000);
        let cells = data["cells"].as_array().unwrap().len();
        assert!(cells < 40, "{cells}");
    }

    #[test]
    fn a_stack_that_is_blocked_is_found_by_its_name() {
        let data = data(fixtures::trouble());
        let stacks = data["stacks"].as_array().unwrap();
        assert!(stacks.contains(&json!("avm-config")), "{stacks:?}");
    }
}
