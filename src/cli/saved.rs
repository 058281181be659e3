//! What an earlier command has saved: a plan, or the report of a run.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::failure::Failure;
use super::file;
use crate::document::read_text;
use crate::render::json::{FORMAT_VERSION, PlanDocument, ReportDocument};

/// A saved document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Saved {
    /// What `avm plan --out` saved.
    Plan(Box<PlanDocument>),
    /// What `--report` saved as JSON.
    Report(Box<ReportDocument>),
}

/// Reads what was saved; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Saved, Failure> {
    if path.as_os_str() != "-" {
        return parse(&path.display().to_string(), &file::read(path)?);
    }
    let json = read_text(std::io::stdin(), file::MAX_SAVED_BYTES)
        .map_err(|error| Failure::new("cannot read standard input").cause(error))?;
    parse("standard input", &json)
}

/// Reads a saved plan.
pub(super) fn read_plan(path: &Path) -> Result<PlanDocument, Failure> {
    match read(path)? {
        Saved::Plan(plan) => Ok(*plan),
        Saved::Report(_) => {
            let message = format!("{}: this is the report of a run, not a plan", path.display());
            Err(Failure::new(message)
                .hint("`avm show` shows it; `avm plan --out FILE` saves a plan"))
        }
    }
}

/// What tells one document from the other, and from everything else.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Head {
    format_version: Option<String>,
    plan: Option<IgnoredAny>,
    report: Option<IgnoredAny>,
}

fn parse(name: &str, json: &str) -> Result<Saved, Failure> {
    // Some editors put a mark first that JSON does not have.
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let head: Head = serde_json::from_str(json).map_err(|error| no_document(name, &error))?;
    // The version first: a newer form may look like nothing that this avm knows.
    if let Some(version) = head.format_version.as_ref().filter(|version| is_newer(version)) {
        let what = if head.report.is_some() { "report" } else { "plan" };
        let message = format!(
            "{name}: the {what} has format {version}, and this avm reads up to {FORMAT_VERSION}"
        );
        return Err(
            Failure::new(message).hint("use the avm that saved it, or save it again with this one")
        );
    }
    if head.format_version.is_none() || (head.plan.is_none() && head.report.is_none()) {
        let message = format!("{name}: this is neither a plan nor a report that avm has saved");
        return Err(Failure::new(message).hint(SAVERS));
    }
    if head.plan.is_some() {
        let plan = serde_json::from_str(json).map_err(|error| damaged(name, "plan", &error))?;
        Ok(Saved::Plan(Box::new(counted_again(plan))))
    } else {
        let report = serde_json::from_str(json).map_err(|error| damaged(name, "report", &error))?;
        Ok(Saved::Report(Box::new(report)))
    }
}

/// The document with the numbers and costs of its own plan: the plan is what is agreed to and carried out, and nobody
/// who edits the file shall make it look like less.
fn counted_again(saved: PlanDocument) -> PlanDocument {
    let PlanDocument { format_version, folder, selection, deep, previews, plan, .. } = saved;
    let counted = PlanDocument::new(plan, selection, deep, folder);
    PlanDocument { format_version, previews, ..counted }
}

/// What saves documents that avm reads again.
const SAVERS: &str = "`avm plan --out FILE` saves a plan, `avm update --report FILE.json` a report";

fn no_document(name: &str, error: &serde_json::Error) -> Failure {
    let what = if error.is_data() {
        "this is neither a plan nor a report that avm has saved"
    } else {
        "this is not JSON"
    };
    Failure::new(format!("{}: {what}", place(name, error))).cause(error).hint(SAVERS)
}

fn damaged(name: &str, what: &str, error: &serde_json::Error) -> Failure {
    Failure::new(format!("{}: this is not a {what} that avm has saved", place(name, error)))
        .cause(error)
        .hint(SAVERS)
}

/// `plan.json:3:14`, as editors and terminals take it.
fn place(name: &str, error: &serde_json::Error) -> String {
    format!("{name}:{}:{}", error.line(), error.column())
}

fn is_newer(version: &str) -> bool {
    number(version) > number(FORMAT_VERSION)
}

/// A version as numbers that compare as versions do: `1.10` is newer than `1.9`.
fn number(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: &str) -> String {
        parse("plan.json", json).unwrap_err().message
    }

    #[test]
    fn a_newer_format_is_refused_in_words() {
        for what in ["plan", "report"] {
            let json = format!(r#"{{"format-version": "2.0", "{what}": {{"something": "new"}}}}"#);
            assert_eq!(
                message(&json),
                format!(
                    "plan.json: the {what} has format 2.0, and this avm reads up to {FORMAT_VERSION}"
                )
            );
        }
        assert!(number("1.10") > number("1.9"));
    }

    #[test]
    fn any_other_json_is_told_what_it_is_not_and_where() {
        let neither = "this is neither a plan nor a report that avm has saved";
        assert_eq!(message("[]"), format!("plan.json:1:2: {neither}"));
        assert_eq!(message("{}"), format!("plan.json: {neither}"));
        assert_eq!(message(r#"{"plan": {}}"#), format!("plan.json: {neither}"));
        assert_eq!(message("{\n  'plan'"), "plan.json:2:3: this is not JSON");
        assert_eq!(message(""), "plan.json:1:0: this is not JSON");
        let broken = "{\"format-version\": \"1.0\",\n \"report\": {\"run\": 1}}";
        assert_eq!(message(broken), "plan.json:2:20: this is not a report that avm has saved");
    }
}
