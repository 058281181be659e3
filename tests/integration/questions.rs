//! The lines of `jq` in docs/plans.md: each answers its question on a saved plan or report.

use std::fs;
use std::path::Path;
use std::process::Command;

use avm::cli::Exit;
use avm::render::json::{plan_schema, report_schema};
use avm::sim::{Simulation, SimulationSettings};
use serde_json::{Value, json};

use crate::landing_zone::LandingZone;

/// The lines, with what they must say about the plan and the report below. A line that is not here has no test.
const ANSWERS: [(&str, &str); 11] = [
    ("Which accounts lose something?", "log-archive\n"),
    ("Which stacks change, and where?", "log-archive\teu-west-1\tupdate-stack\tavm-log-buckets\n"),
    ("What is blocked, and why?", "payments-dev\teu-north-1\tdefault VPC vpc-"),
    ("Which resources are made anew?", "log-archive\teu-west-1\tavm-log-buckets\tLogKey\talways\n"),
    ("Which property of which resource changes?", "LogKey\tDescription\t\"old\"\t\"new\"\n"),
    ("How many accounts has each wave?", "foundation\t1\n"),
    ("Which accounts are made?", "security\n"),
    ("Which accounts could not be looked at?", ""),
    ("Is there nothing to do?", "false\n"),
    ("What failed, and what did AWS say?", "log-archive\teu-west-1\t"),
    ("Which accounts took longest?", "log-archive\n"),
];

/// A landing zone with something of everything: its plan and the report of a run that failed are saved in it.
async fn arranged() -> LandingZone {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account("payments-dev", "aws+payments-dev@example.com", "Workloads/Dev")
        .with_default_vpc_in_use("payments-dev", "eu-north-1")
        .with_failing_resource("AWS::S3::Bucket", "not today", 1);
    let zone = LandingZone::on(aws);
    let report = zone.path("report.json").display().to_string();
    let said = zone.avm(&format!("update --account log-archive --yes --report {report}")).await;
    assert_eq!(said.exit, Exit::Failure, "{}", said.out);
    let said = zone.avm("update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    zone.edit(
        "templates/log-buckets.yaml",
        "Config logs of the organization",
        "Config logs of Acme",
    );
    let plan = zone.path("plan.json");
    let said = zone.avm(&format!("plan --out {}", plan.display())).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);

    // As if the key could not stay, whatever the template says.
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&plan).unwrap()).unwrap();
    let lane = "/plan/waves/0/accounts/log-archive/regions/eu-west-1/steps";
    let steps = document.pointer_mut(lane).unwrap().as_array_mut().unwrap();
    let step = steps.iter_mut().find(|step| step["stack"] == "avm-log-buckets").unwrap();
    let resources = step["resources"].as_array_mut().unwrap();
    let key = resources.iter_mut().find(|resource| resource["logical-id"] == "LogKey").unwrap();
    key["action"] = "replace".into();
    key["replacement"] = "always".into();
    key["properties"] = json!([{"path": "Description", "before": "old", "after": "new"}]);
    fs::write(&plan, document.to_string()).unwrap();
    zone
}

/// The questions of the documentation with their lines, as they stand there.
fn documented() -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plans.md");
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let mut found = Vec::new();
    let mut question = String::new();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("# ") {
            words.clone_into(&mut question);
        } else if line.starts_with("jq ") {
            let mut command = line.to_owned();
            while command.matches('\'').count() % 2 == 1 {
                command.push('\n');
                command.push_str(lines.next().unwrap());
            }
            found.push((std::mem::take(&mut question), command));
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn every_line_of_jq_in_the_documentation_answers_its_question() {
    let zone = arranged().await;
    let documented = documented();
    let questions: Vec<_> = documented.iter().map(|(question, _)| question.as_str()).collect();
    assert_eq!(questions, ANSWERS.map(|(question, _)| question));
    for ((question, command), (_, answer)) in documented.iter().zip(ANSWERS) {
        let output = Command::new("sh").args(["-c", command]).current_dir(zone.path("")).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!error.contains("not found"), "install jq (apt-get install jq): {error}");
        assert_eq!(error, "", "{question}\n{command}");
        assert!(said.contains(answer), "{question}\n{command}\n{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_saved_satisfies_the_schemas_that_are_printed() {
    let zone = arranged().await;
    for (file, schema) in [("plan.json", plan_schema()), ("report.json", report_schema())] {
        let value = serde_json::from_str(&fs::read_to_string(zone.path(file)).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<_> = validator.iter_errors(&value).map(|f| f.to_string()).collect();
        assert!(faults.is_empty(), "{file}: {faults:?}");
    }
}
