//! JSON for programs. Its shape is a public contract: from the first release on, a change bumps [`FORMAT_VERSION`].

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::harmless::harmless_json;
use super::undone::{Undone, UndoneThing};
use crate::desired::Selection;
use crate::execute::Report;
pub use crate::plan::FORMAT_VERSION;
use crate::plan::{CostDriver, Plan, Summary, costs};

/// A plan with everything that is needed to make it again: what `avm plan --out` saves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PlanDocument {
    /// The version of this form: its first number grows when old readers would be wrong.
    pub format_version: String,
    /// The digest of the folder that the plan was made from.
    pub folder: String,
    /// The accounts, regions and stacks that were selected.
    pub selection: Selection,
    /// Whether deployed templates were read in any case (`--deep`).
    pub deep: bool,
    /// The plan in numbers.
    pub summary: Summary,
    /// What it adds that AWS bills.
    #[serde(default)]
    pub costs: Vec<CostDriver>,
    /// The plan.
    pub plan: Plan,
}

impl PlanDocument {
    /// The document of a plan.
    pub fn new(plan: Plan, selection: Selection, deep: bool, folder: String) -> Self {
        let (format_version, summary) = (plan.format_version.clone(), Summary::of(&plan));
        let costs = costs(&plan);
        Self { format_version, folder, selection, deep, summary, costs, plan }
    }
}

/// A plan document. The same plan gives the same bytes.
///
/// # Errors
///
/// Never for a plan that was made by this program.
pub fn plan(document: &PlanDocument) -> serde_json::Result<String> {
    pretty(document)
}

/// What a run did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReportDocument {
    /// The version of this form.
    pub format_version: String,
    /// Whether everything that was planned was done, and nothing was left undone.
    pub succeeded: bool,
    /// What was left undone although no step failed.
    pub undone: Vec<UndoneThing>,
    /// The report.
    pub report: Report,
}

/// A report document.
///
/// # Errors
///
/// Never for a report that was made by this program.
pub fn report(report: &Report, undone: &Undone) -> serde_json::Result<String> {
    pretty(&ReportDocument {
        format_version: FORMAT_VERSION.to_owned(),
        succeeded: report.succeeded() && undone.is_empty(),
        undone: undone.things().cloned().collect(),
        report: report.clone(),
    })
}

/// The JSON Schema of a plan document.
pub fn plan_schema() -> Value {
    // Sorted, since the order of a schema's keys says nothing.
    let mut schema = schema_for!(PlanDocument).to_value();
    schema.sort_all_objects();
    schema
}

/// Any value, indented, with a line end: the form of everything that avm writes as JSON.
///
/// # Errors
///
/// If the value has map keys that are no texts.
pub fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = harmless_json(&serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    fn documents() -> Vec<PlanDocument> {
        [fixtures::vending(), fixtures::trouble(), fixtures::nothing_to_do()]
            .map(|plan| PlanDocument::new(plan, Selection::default(), false, "0".repeat(64)))
            .into()
    }

    #[test]
    fn a_saved_plan_reads_back_as_it_was() {
        for document in documents() {
            let text = plan(&document).unwrap();
            assert_eq!(serde_json::from_str::<PlanDocument>(&text).unwrap(), document);
            assert_eq!(plan(&document).unwrap(), text, "the same plan gives the same bytes");
        }
    }

    #[test]
    fn every_plan_satisfies_the_schema_and_a_broken_one_does_not() {
        let validator = jsonschema::validator_for(&plan_schema()).unwrap();
        for document in documents() {
            let value = serde_json::to_value(&document).unwrap();
            let faults: Vec<_> =
                validator.iter_errors(&value).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{faults:?}");
        }
        let mut broken = serde_json::to_value(&documents()[0]).unwrap();
        broken["plan"]["waves"] = serde_json::json!("none");
        assert!(!validator.is_valid(&broken));
    }

    #[test]
    fn the_stored_schema_is_the_one_of_this_version() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/plan.schema.json");
        let stored = std::fs::read_to_string(file).unwrap();
        let current = pretty(&plan_schema()).unwrap();
        assert!(stored == current, "run: avm schema plan > schema/plan.schema.json");
    }

    #[test]
    fn a_report_says_whether_all_was_done() {
        let text = report(&fixtures::failed_run(), &Undone::default()).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["succeeded"], false);
        assert_eq!(value["format-version"], FORMAT_VERSION);
        assert_eq!(
            value["report"]["accounts"]["payments-uat"]["failed"][0]["at"]["region"],
            "eu-west-1"
        );
    }

    #[test]
    fn a_report_of_a_run_without_failures_that_left_something_undone_is_no_success() {
        let undone = Undone::of(&fixtures::trouble());
        for (undone, succeeded) in [(&undone, false), (&Undone::default(), true)] {
            let text = report(&Report::default(), undone).unwrap();
            let document: ReportDocument = serde_json::from_str(&text).unwrap();
            assert_eq!(document.succeeded, succeeded);
            assert_eq!(document.undone.len(), undone.things().len());
        }
    }
}
