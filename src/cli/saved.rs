//! A saved plan: consent to exactly what it says.

use std::path::Path;

use serde::Deserialize;
use similar::TextDiff;

use super::failure::Failure;
use super::file;
use super::printer::Printer;
use super::show::json_of;
use crate::render::json::{FORMAT_VERSION, PlanDocument};
use crate::render::{Paint, text};

/// Reads a saved plan.
pub(super) fn read(path: &Path) -> Result<PlanDocument, Failure> {
    let json = file::read(path)?;
    parse(&json).map_err(|failure| Failure {
        message: format!("{}: {}", path.display(), failure.message),
        ..failure
    })
}

fn parse(json: &str) -> Result<PlanDocument, Failure> {
    let damaged = |error: serde_json::Error| {
        Failure::new("this is not a plan that `avm plan --out` saved").cause(error)
    };
    let Version { format_version } = serde_json::from_str(json).map_err(damaged)?;
    if number(&format_version) > number(FORMAT_VERSION) {
        let message = format!(
            "the plan has format {format_version}, and this avm reads up to {FORMAT_VERSION}"
        );
        return Err(
            Failure::new(message).hint("use the avm that saved it, or save it again with this one")
        );
    }
    serde_json::from_str(json).map_err(damaged)
}

/// Refuses if the plan of now is not the plan that was saved, and prints in which lines they differ.
pub(super) fn refuse_difference(
    printer: &Printer,
    saved: &PlanDocument,
    now: &PlanDocument,
) -> Result<(), Failure> {
    if saved.plan == now.plan {
        return Ok(());
    }
    printer.complain(&difference(saved, now)?);
    let what = if saved.folder == now.folder {
        "AWS has changed since the plan was saved"
    } else {
        "the files have changed since the plan was saved"
    };
    Err(Failure::new(what)
        .cause("the plan of now differs from the saved one, so nobody has agreed to it")
        .hint("look at the lines above, then save and review a new plan: `avm plan --out FILE`"))
}

/// The lines that differ: of the text if it tells, else of the JSON.
fn difference(saved: &PlanDocument, now: &PlanDocument) -> Result<String, Failure> {
    let texts = [saved, now].map(|document| text::plan(&document.plan, Paint::Plain));
    let lines = unified(&texts[0], &texts[1]);
    if lines.is_empty() { Ok(unified(&json_of(saved)?, &json_of(now)?)) } else { Ok(lines) }
}

fn unified(saved: &str, now: &str) -> String {
    let difference = TextDiff::from_lines(saved, now);
    difference.unified_diff().context_radius(2).header("saved plan", "plan of now").to_string()
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Version {
    format_version: String,
}

/// A version as numbers that compare as versions do: `1.10` is newer than `1.9`.
fn number(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_format_is_refused_in_words() {
        let failure = parse(r#"{"format-version": "2.0", "something": "new"}"#).unwrap_err();
        assert_eq!(
            failure.message,
            format!("the plan has format 2.0, and this avm reads up to {FORMAT_VERSION}")
        );
        assert!(number("1.10") > number("1.9"));
    }

    #[test]
    fn any_other_json_is_no_plan() {
        assert!(parse("[]").is_err());
        assert!(parse(r#"{"format-version": "1.0"}"#).is_err());
    }
}
