//! A plan, printed in the form that was asked for.

use super::arguments::Format;
use super::failure::Failure;
use super::printer::Printer;
use crate::render::json::PlanDocument;
use crate::render::{json, markdown, text};

/// Prints a plan to standard output.
pub(super) fn show(
    printer: &Printer,
    document: &PlanDocument,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Text => printer.data(&text::plan(&document.plan, printer.out_paint())),
        Format::Json => printer.data(&json_of(document)?),
        Format::Markdown => printer.data(&markdown::plan(&document.plan)),
    }
}

/// The plan document as JSON.
pub(super) fn json_of(document: &PlanDocument) -> Result<String, Failure> {
    json::plan(document).map_err(no_json)
}

/// A value that cannot be written as JSON.
pub(super) fn no_json(error: serde_json::Error) -> Failure {
    Failure::new("cannot be written as JSON").cause(error)
}
