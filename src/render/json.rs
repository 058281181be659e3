//! JSON for programs. Its shape is a public contract: from the first release on, a change bumps [`FORMAT_VERSION`].

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::harmless::harmless_json;
use super::undone::{Undone, UndoneThing};
use crate::desired::Selection;
use crate::execute::Report;
pub use crate::plan::FORMAT_VERSION;
use crate::plan::{CostDriver, Plan, Preview, Summary, costs};

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
    /// What CloudFormation itself says of the stacks (`--change-sets`), by account, region and stack. Not part of
    /// what is agreed to: it is not asked again when the plan is carried out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previews: Vec<Preview>,
    /// The plan.
    pub plan: Plan,
}

impl PlanDocument {
    /// The document of a plan.
    pub fn new(plan: Plan, selection: Selection, deep: bool, folder: String) -> Self {
        let (format_version, summary) = (plan.format_version.clone(), Summary::of(&plan));
        let costs = costs(&plan);
        Self { format_version, folder, selection, deep, summary, costs, previews: Vec::new(), plan }
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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

impl ReportDocument {
    /// The document of a report.
    pub fn new(report: Report, undone: &Undone) -> Self {
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            succeeded: report.succeeded() && undone.is_empty(),
            undone: undone.things().cloned().collect(),
            report,
        }
    }

    /// What was left undone.
    pub fn undone(&self) -> Undone {
        self.undone.iter().cloned().collect()
    }
}

/// A report document.
///
/// # Errors
///
/// Never for a report that was made by this program.
pub fn report(document: &ReportDocument) -> serde_json::Result<String> {
    pretty(document)
}

/// The JSON Schema of a plan document.
pub fn plan_schema() -> Value {
    sorted(schema_for!(PlanDocument))
}

/// The JSON Schema of a report document.
pub fn report_schema() -> Value {
    sorted(schema_for!(ReportDocument))
}

/// The order of a schema's keys says nothing.
fn sorted(schema: Schema) -> Value {
    let mut schema = schema.to_value();
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
            .map(fixtures::document)
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
    fn every_report_satisfies_the_schema_and_a_broken_one_does_not() {
        let validator = jsonschema::validator_for(&report_schema()).unwrap();
        for report in [fixtures::failed_run(), Report::default()] {
            let document = ReportDocument::new(report, &Undone::of(&fixtures::trouble()));
            let value = serde_json::to_value(&document).unwrap();
            let faults: Vec<_> =
                validator.iter_errors(&value).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{faults:?}");
            assert!(!validator.is_valid(&serde_json::to_value(&documents()[0]).unwrap()));
        }
    }

    #[test]
    fn the_stored_schemas_are_those_of_this_version() {
        for (name, schema) in [("plan", plan_schema()), ("report", report_schema())] {
            let file = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            let stored = std::fs::read_to_string(file).unwrap();
            let current = pretty(&schema).unwrap();
            assert!(stored == current, "run: avm schema {name} > schema/{name}.schema.json");
        }
    }

    #[test]
    fn the_same_plans_and_the_same_run_give_the_same_bytes_for_ever() {
        let names = ["vending", "trouble", "nothing_to_do"];
        for (name, document) in names.into_iter().zip(documents()) {
            insta::assert_snapshot!(format!("json_of_{name}"), plan(&document).unwrap());
        }
        let document =
            ReportDocument::new(fixtures::failed_run(), &Undone::of(&fixtures::trouble()));
        insta::assert_snapshot!("json_of_a_failed_run", report(&document).unwrap());
    }

    #[test]
    fn a_report_says_whether_all_was_done() {
        let text =
            report(&ReportDocument::new(fixtures::failed_run(), &Undone::default())).unwrap();
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
            let text = report(&ReportDocument::new(Report::default(), undone)).unwrap();
            let document: ReportDocument = serde_json::from_str(&text).unwrap();
            assert_eq!(document.succeeded, succeeded);
            assert_eq!(document.undone.len(), undone.things().len());
        }
    }
}
