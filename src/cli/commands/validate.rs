//! `avm validate`: the folder, checked without AWS.

use std::path::Path;

use crate::cli::arguments::{ListFormat, ValidateArguments};
use crate::cli::diagnostics;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::show::no_json;
use crate::desired::{DesiredState, Folder, load};
use crate::document::Diagnostics;
use crate::lint::{Review, review};
use crate::render::{count, json};

pub(in crate::cli) fn validate<P>(
    context: &Context<'_, P>,
    arguments: &ValidateArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    let directory = &context.global.directory;
    let loaded = load(directory);
    let review = arguments.strict.then(|| review(directory));
    let faults = all_faults(&loaded, review.as_ref());
    match (arguments.format, loaded) {
        (ListFormat::Json | ListFormat::Sarif, _) => {
            printer.data(&list(&faults, arguments.format, directory)?)?;
            if !faults.is_empty() {
                return Err(diagnostics::failure(&faults));
            }
        }
        (ListFormat::Text, Ok(folder)) if faults.is_empty() => {
            printer.data(&all_well(&folder.state))?;
            if let Some(review) = &review {
                printer.data(&nothing_found(review))?;
            }
        }
        (ListFormat::Text, _) => return Err(diagnostics::show(printer, &faults)),
    }
    Ok(Exit::Done)
}

/// What is wrong with the folder, and what `--strict` has found; what both have seen is there once.
fn all_faults(loaded: &Result<Folder, Diagnostics>, review: Option<&Review>) -> Diagnostics {
    let of_folder = loaded.as_ref().err().into_iter().flat_map(Diagnostics::iter);
    let found = review.into_iter().flat_map(|review| &review.findings);
    of_folder.chain(found).cloned().collect::<Vec<_>>().into()
}

fn nothing_found(review: &Review) -> String {
    let (templates, rules) = (count(review.templates, "template"), count(review.rules, "rule"));
    format!("Strict: {templates} held against {rules}, no findings.\n")
}

fn list(faults: &Diagnostics, form: ListFormat, directory: &Path) -> Result<String, Failure> {
    let text = match form {
        ListFormat::Sarif => json::pretty(&diagnostics::log(faults, directory)),
        ListFormat::Json | ListFormat::Text => json::pretty(&diagnostics::list(faults)),
    };
    text.map_err(no_json)
}

fn all_well(state: &DesiredState) -> String {
    let baselines: std::collections::BTreeSet<_> =
        state.accounts.values().map(|account| &account.baseline).collect();
    let stacks: usize = state
        .accounts
        .values()
        .flat_map(|account| &account.stacks)
        .map(|stack| stack.regions.len())
        .sum();
    format!(
        "No faults: {}, {}, {}, {}.\n",
        count(state.accounts.len(), "account"),
        count(baselines.len(), "baseline"),
        count(state.templates.len(), "template"),
        count(stacks, "stack"),
    )
}
