//! The table in docs/reliability.md: written by the tests, and held to what they find.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::arrange::Arranged;
use super::{disturbance, scenarios};

/// How the cases of a scenario and a disturbance came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// The disturbed run did everything.
    pub(super) at_once: usize,
    /// The disturbed run ended cleanly, and the next one did the rest.
    pub(super) by_the_next_run: usize,
}

/// Where the table begins and ends.
const BEGINS: &str = "<!-- The table is written by the tests. -->\n";
const ENDS: &str = "<!-- The table ends. -->\n";
/// The last row.
const ALL: &str = "all";

/// Tests run side by side; the file is one.
static FILE: Mutex<()> = Mutex::new(());

/// Holds the row of a scenario in the file against what the tests found, or writes it there if `INSTA_UPDATE=always`
/// says so, as it does for snapshots.
pub(super) fn holds(arranged: &Arranged, cells: &[Cell]) {
    let row = row(arranged, cells);
    let _one_at_a_time = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let (before, table, after) = parts();
    let name = arranged.scenario.name;
    let line = table.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
    if line == Some(&*row) {
        return;
    }
    assert!(
        updates(),
        "docs/reliability.md is not what the tests find. This writes it anew:\n  \
         INSTA_UPDATE=always cargo test --test integration -- reliability::matrix\n\
         it says  {}\nbut finds {row}",
        line.unwrap_or("nothing")
    );
    let rows: Vec<_> = scenarios::ALL
        .iter()
        .filter_map(|scenario| {
            if scenario.name == name {
                return Some(row.clone());
            }
            let begins = format!("| `{}` |", scenario.name);
            // A row with other columns is of another table.
            let is_alike = |line: &&str| line.split(" | ").count() == row.split(" | ").count();
            let found = table.lines().find(|line| line.starts_with(&begins));
            found.filter(is_alike).map(ToOwned::to_owned)
        })
        .collect();
    let table = [head(), rows.join("\n"), sum(&rows)].join("\n");
    fs::write(path(), format!("{before}{BEGINS}\n{table}\n\n{ENDS}{after}")).unwrap();
}

#[test]
fn the_last_row_sums_up_all_scenarios() {
    if updates() {
        return;
    }
    let (_, table, _) = parts();
    let rows: Vec<_> =
        table.lines().filter(|line| line.starts_with("| `")).map(ToOwned::to_owned).collect();
    assert_eq!(rows.len(), scenarios::ALL.len(), "a row for each scenario");
    let last = table.lines().rfind(|line| line.starts_with('|'));
    assert_eq!(last, Some(&*sum(&rows)));
}

/// Whether snapshots are to be written.
#[expect(clippy::disallowed_methods, reason = "insta's own variable")]
fn updates() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md")
}

/// The file: what stands before the table, the table, and what follows.
fn parts() -> (String, String, String) {
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text.split_once(BEGINS).expect("the mark where the table begins");
    let (table, after) = rest.split_once(ENDS).expect("the mark where the table ends");
    (before.to_owned(), table.to_owned(), after.to_owned())
}

fn head() -> String {
    let names: Vec<_> = disturbance::ALL.iter().map(|one| one.name).collect();
    let line = "|---".repeat(names.len() + 5);
    format!("| scenario | what happens | calls | cases | {} | lost |\n{line}|", names.join(" | "))
}

fn row(arranged: &Arranged, cells: &[Cell]) -> String {
    let name = format!("`{}`", arranged.scenario.name);
    line(&name, arranged.scenario.what, arranged.undisturbed.calls.len(), cells)
}

fn line(name: &str, what: &str, calls: usize, columns: &[Cell]) -> String {
    let cases: usize = columns.iter().map(|cell| cell.at_once + cell.by_the_next_run).sum();
    let shown: Vec<_> =
        columns.iter().map(|cell| format!("{} + {}", cell.at_once, cell.by_the_next_run)).collect();
    // A case that is lost is a failed test, and no table.
    format!("| {name} | {what} | {calls} | {cases} | {} | 0 |", shown.join(" | "))
}

/// The last row, out of the others.
fn sum(rows: &[String]) -> String {
    let mut calls = 0;
    let mut sums = vec![Cell::default(); disturbance::ALL.len()];
    for row in rows {
        let columns: Vec<_> = row.split(" | ").collect();
        calls += columns[2].parse::<usize>().unwrap();
        for (cell, text) in sums.iter_mut().zip(&columns[4..]) {
            let (at_once, by_the_next_run) = text.split_once(" + ").unwrap();
            cell.at_once += at_once.parse::<usize>().unwrap();
            cell.by_the_next_run += by_the_next_run.parse::<usize>().unwrap();
        }
    }
    line(ALL, "", calls, &sums)
}
