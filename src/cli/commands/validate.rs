//! `avm validate`: the folder, checked without AWS.

use crate::cli::arguments::{ListFormat, ValidateArguments};
use crate::cli::diagnostics;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::show::no_json;
use crate::desired::{DesiredState, load};
use crate::document::Diagnostics;
use crate::render::{count, json};

pub(in crate::cli) fn validate<P>(
    context: &Context<'_, P>,
    arguments: &ValidateArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    let loaded = load(&context.global.directory);
    match (arguments.format, loaded) {
        (ListFormat::Text, Ok(folder)) => printer.data(&all_well(&folder.state))?,
        (ListFormat::Text, Err(faults)) => return Err(diagnostics::show(printer, &faults)),
        (ListFormat::Json, Ok(_)) => printer.data(&list(&Diagnostics::default())?)?,
        (ListFormat::Json, Err(faults)) => {
            printer.data(&list(&faults)?)?;
            return Err(diagnostics::failure(&faults));
        }
    }
    Ok(Exit::Done)
}

fn list(faults: &Diagnostics) -> Result<String, Failure> {
    json::pretty(&diagnostics::list(faults)).map_err(no_json)
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
