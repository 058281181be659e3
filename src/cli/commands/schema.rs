//! `avm schema`: the shape of avm's files, for editors and programs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::arguments::{SchemaArguments, SchemaName};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::show::no_json;
use crate::desired::schemas;
use crate::render::json::{plan_schema, pretty, report_schema};

pub(in crate::cli) fn schema<P>(
    context: &Context<'_, P>,
    arguments: &SchemaArguments,
) -> Result<Exit, Failure> {
    let mut all: BTreeMap<String, Value> = schemas()
        .into_iter()
        .map(|(file, schema)| (file.trim_end_matches(".schema.json").to_owned(), schema))
        .collect();
    all.insert("plan".to_owned(), plan_schema());
    all.insert("report".to_owned(), report_schema());
    let text = match arguments.name {
        None => pretty(&all),
        Some(name) => pretty(&all.get(file_of(name))),
    };
    context.printer.data(&text.map_err(no_json)?)?;
    Ok(Exit::Done)
}

fn file_of(name: SchemaName) -> &'static str {
    match name {
        SchemaName::LandingZone => "landing-zone",
        SchemaName::Baseline => "baseline",
        SchemaName::Plan => "plan",
        SchemaName::Report => "report",
    }
}
