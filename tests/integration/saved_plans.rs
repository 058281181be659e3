//! A saved plan is consent: carried out if it is still the plan, refused with the difference otherwise.

use std::fs;

use avm::cli::Exit;
use avm::sim::Sandbox;
use serde_json::{Value, json};

use crate::landing_zone::LandingZone;

/// The forms of `avm show`.
const FORMS: [&str; 5] = ["text", "json", "markdown", "html", "junit"];

/// A landing zone whose log archive is as its baseline says, on a simulated AWS in a file.
async fn vended() -> (LandingZone, Sandbox) {
    let zone = LandingZone::acme();
    let sandbox = Sandbox { file: zone.path("sandbox.json") };
    let said = zone.avm_on(&sandbox, "update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    (zone, sandbox)
}

/// What a pull request changes: the description of the logs' key.
fn change_the_key(zone: &LandingZone) {
    zone.edit(
        "templates/log-buckets.yaml",
        "Config logs of the organization",
        "Config logs of Acme",
    );
}

#[tokio::test(start_paused = true)]
async fn a_changed_template_is_planned_shown_in_all_forms_and_carried_out() {
    let (zone, sandbox) = vended().await;
    change_the_key(&zone);
    let file = zone.path("plan.json").display().to_string();
    let said = zone.avm_on(&sandbox, &format!("plan --account log-archive --out {file}")).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    for form in FORMS {
        let shown = zone.avm_on(&sandbox, &format!("show {file} --format {form}")).await;
        assert_eq!(shown.exit, Exit::Done, "{form}: {}", shown.err);
        assert!(shown.out.contains("avm-log-buckets"), "{form}: {}", shown.out);
    }
    // The plan goes where the report does not, and -v is what it is without a saved plan.
    let report = zone.path("report.json").display().to_string();
    let line = format!("update --plan {file} --yes --format json --report {report} -v");
    let said = zone.avm_on(&sandbox, &line).await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    assert_eq!(said.out, fs::read_to_string(&report).unwrap());
    let document: Value = serde_json::from_str(&said.out).unwrap();
    let accounts = document["report"]["accounts"].as_object().unwrap();
    assert_eq!(accounts.keys().collect::<Vec<_>>(), ["log-archive"]);
    let done = accounts["log-archive"]["done"].as_array().unwrap();
    let done: Vec<_> = done.iter().map(|done| (&done["step"]["kind"], &done["changed"])).collect();
    assert_eq!(done, [(&json!("update-stack"), &json!(true))], "what was planned and no more");
    let said = zone.avm_on(&sandbox, "plan --account log-archive").await;
    assert_eq!(said.out, "No changes. 1 account is as the files say.\n");
}

#[tokio::test(start_paused = true)]
async fn a_world_that_has_moved_since_is_shown_and_nothing_is_done() {
    let (zone, sandbox) = vended().await;
    let other = LandingZone::acme();
    change_the_key(&zone);
    let file = zone.path("plan.json").display().to_string();
    let said = zone.avm_on(&sandbox, &format!("plan --account log-archive --out {file}")).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);

    // Somebody else's folder, and the same AWS.
    other.edit(
        "templates/log-buckets.yaml",
        "LogFilePrefix: config/",
        "LogFilePrefix: aws-config/",
    );
    let said = other.avm_on(&sandbox, "update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    let before = fs::read(&sandbox.file).unwrap();

    let report = zone.path("report.json");
    let line = format!("update --plan {file} --yes --report {}", report.display());
    let said = zone.avm_on(&sandbox, &line).await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    assert!(said.err.contains("--- saved plan\n+++ plan of now\n"), "{}", said.err);
    assert!(said.err.contains("ConfigBucket"), "{}", said.err);
    assert!(said.err.contains("error: AWS has changed since the plan was saved"), "{}", said.err);
    assert!(fs::read(&sandbox.file).unwrap() == before, "something has happened in AWS");
    assert!(!report.exists(), "there was no run to report");
}

#[tokio::test(start_paused = true)]
async fn a_refused_plan_has_looked_and_called_nothing_that_writes() {
    let zone = LandingZone::acme();
    let vend = "update --account log-archive --yes";
    assert_eq!(zone.avm(vend).await.exit, Exit::Done);
    change_the_key(&zone);
    let file = zone.path("plan.json").display().to_string();
    let said = zone.avm(&format!("plan --account log-archive --out {file}")).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let other = LandingZone::on(zone.simulation.clone());
    other.edit("templates/log-buckets.yaml", "LogFilePrefix: config/", "LogFilePrefix: logs/");
    assert_eq!(other.avm(vend).await.exit, Exit::Done);

    zone.simulation.forget_calls();
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    assert!(said.err.contains("+++ plan of now"), "{}", said.err);
    assert!(!zone.simulation.calls().is_empty(), "AWS was looked at");
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_carried_out_is_not_carried_out_again() {
    let (zone, sandbox) = vended().await;
    change_the_key(&zone);
    let file = zone.path("plan.json").display().to_string();
    let said = zone.avm_on(&sandbox, &format!("plan --account log-archive --out {file}")).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let update = format!("update --plan {file} --yes");
    assert_eq!(zone.avm_on(&sandbox, &update).await.exit, Exit::Done);
    let before = fs::read(&sandbox.file).unwrap();
    let said = zone.avm_on(&sandbox, &update).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("error: AWS has changed since the plan was saved"), "{}", said.err);
    assert!(fs::read(&sandbox.file).unwrap() == before, "something has happened in AWS");
}

#[tokio::test(start_paused = true)]
async fn numbers_that_somebody_edited_are_not_believed() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json");
    let said = zone.avm(&format!("plan --account log-archive --out {}", file.display())).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let show = format!("show {} --detailed-exitcode --format html", file.display());
    let before = zone.avm(&show).await;
    assert_eq!(before.exit, Exit::Changes);
    let text = fs::read_to_string(&file).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    for number in document["summary"].as_object_mut().unwrap().values_mut() {
        *number = 0.into();
    }
    document["costs"] = json!([]);
    fs::write(&file, document.to_string()).unwrap();
    let after = zone.avm(&show).await;
    assert_eq!((after.exit, after.out), (before.exit, before.out));
}

/// A plan of the log archive in which `from` became `to`, and what `avm update` says to it.
async fn refused(from: &str, to: &str) -> String {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json");
    let said = zone.avm(&format!("plan --account log-archive --out {}", file.display())).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    zone.edit("plan.json", from, to);
    zone.simulation.forget_calls();
    let said = zone.avm(&format!("update --plan {} --yes", file.display())).await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    assert_eq!(zone.simulation.calls(), [], "refused before the first call");
    said.err
}

#[tokio::test(start_paused = true)]
async fn a_plan_for_another_organization_is_refused_before_any_call() {
    let err = refused("o-simulated01", "o-someoneelse").await;
    let words = "error: the plan is for organization o-someoneelse, and landing-zone.yaml is about o-simulated01";
    assert!(err.contains(words), "{err}");
    let err = refused("\"management-account\": \"1", "\"management-account\": \"9").await;
    assert!(err.contains("error: the plan is for the management account 9"), "{err}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_an_older_form_is_to_be_made_again_and_costs_no_call() {
    let format = format!("\"format-version\": \"{}\"", avm::render::json::FORMAT_VERSION);
    let err = refused(&format, "\"format-version\": \"1.1\"").await;
    assert!(
        err.contains("error: the plan was saved in format 1.1, and this avm plans in "),
        "{err}"
    );
    assert!(err.contains("hint: save and review a new plan: `avm plan --out FILE`"), "{err}");
}

#[tokio::test(start_paused = true)]
async fn a_report_is_no_plan() {
    let zone = LandingZone::acme();
    let file = zone.path("report.json").display().to_string();
    let said = zone.avm(&format!("update --account log-archive --yes --report {file}")).await;
    assert_eq!(said.exit, Exit::Done);
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("this is the report of a run, not a plan"), "{}", said.err);
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_holds_no_secret_of_a_template() {
    const SECRET: &str = "3f1c9a77-external-id";
    let (zone, sandbox) = vended().await;
    // A role that a partner assumes: what it must say is the default of a parameter that CloudFormation hides.
    let with_role = format!(
        "  ExternalId:\n    Type: String\n    NoEcho: true\n    Default: {SECRET}\n\nResources:\n  \
         Partner:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        \
         Statement:\n          - Effect: Allow\n            Action: sts:AssumeRole\n            \
         Principal: {{AWS: '210987654321'}}\n            Condition: {{StringEquals: {{'sts:ExternalId': \
         !Ref ExternalId}}}}\n"
    );
    let template = "templates/log-buckets.yaml";
    // Once as a resource that appears, once as a property that changes.
    let text = fs::read_to_string(zone.path(template)).unwrap();
    let (head, tail) = text.split_once("\nResources:\n").unwrap();
    let parameters =
        head.rfind("\nConditions:").or_else(|| head.rfind("\nRules:")).unwrap_or(head.len());
    let (role_parameter, role) = with_role.split_once("\nResources:\n").unwrap();
    let (before, after) = head.split_at(parameters);
    let changed = format!("{before}\n{role_parameter}{after}\nResources:\n{role}{tail}");
    fs::write(zone.path(template), &changed).unwrap();
    let file = zone.path("plan.json").display().to_string();
    let plan = format!("plan --account log-archive --out {file}");
    for described in ["Acme's partner", "Acme's other partner"] {
        let said = zone.avm_on(&sandbox, &plan).await;
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        let saved = fs::read_to_string(&file).unwrap();
        assert!(saved.contains("Partner"), "{saved}");
        assert!(!saved.contains(SECRET), "the secret is in the plan");
        let report = zone.path("report.json").display().to_string();
        let line = format!("update --plan {file} --yes --report {report}");
        let said = zone.avm_on(&sandbox, &line).await;
        assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
        let report = fs::read_to_string(report).unwrap();
        assert!(!report.contains(SECRET), "the secret is in the report");
        let role = "Type: AWS::IAM::Role\n    Properties:\n";
        let text = changed.replace(role, &format!("{role}      Description: {described}\n"));
        fs::write(zone.path(template), text.replace(SECRET, &format!("{SECRET}-2"))).unwrap();
    }
}
