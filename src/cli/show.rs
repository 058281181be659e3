//! Plans and reports, in the form that was asked for.

use super::arguments::Format;
use super::failure::Failure;
use super::printer::Printer;
use crate::render::json::{PlanDocument, ReportDocument};
use crate::render::{Paint, html, json, junit, markdown, text};

/// Prints a plan to standard output.
pub(super) fn show(
    printer: &Printer,
    document: &PlanDocument,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Text => printer.data(&text::plan(document, printer.out_paint(), printer.detail())),
        Format::Json => printer.data(&json_of(document)?),
        Format::Html => printer.data(&html::plan(document)),
        Format::Junit => printer.data(&junit::plan(document)),
        Format::Markdown => printer.data(&markdown::plan(document)),
    }
}

/// What a run did, in a form. As text, it ends with what was left undone.
pub(super) fn report(
    document: &ReportDocument,
    format: Format,
    paint: Paint,
) -> Result<String, Failure> {
    match format {
        Format::Text => {
            Ok(text::report(&document.report, paint) + &text::undone(&document.undone()))
        }
        Format::Json => json::report(document).map_err(no_json),
        Format::Html => Ok(html::report(document)),
        Format::Junit => Ok(junit::report(document)),
        Format::Markdown => Ok(markdown::report(document)),
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
