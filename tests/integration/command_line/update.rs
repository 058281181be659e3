//! `avm update`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;

use avm::cli::Exit;
use avm::cloud::{StackInput, StackState, TemplateLocation};
use avm::document::Source;
use avm::render::json::FORMAT_VERSION;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use avm::template::Template;
use serde_json::Value;

use crate::landing_zone::LandingZone;

#[tokio::test(start_paused = true)]
async fn without_a_terminal_nobody_has_agreed() {
    let zone = LandingZone::acme();
    let said = zone.avm("update --account log-archive").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.out.contains("Plan: "), "the plan is shown first: {}", said.out);
    assert!(said.err.contains("error: there is no terminal to ask for consent on"), "{}", said.err);
    assert!(said.err.contains("hint: --yes "), "{}", said.err);
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_is_the_plan_and_nothing_else() {
    let zone = LandingZone::acme();
    let dry = zone.avm("update --account log-archive --dry-run").await;
    assert_eq!(dry.exit, Exit::Done);
    assert_eq!(dry.out, zone.avm("plan --account log-archive").await.out);
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn every_ended_account_is_a_line_and_the_sum_comes_last() {
    let zone = LandingZone::acme();
    let said = zone.avm("update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    assert!(said.err.contains("Wave foundation\n[1/1] log-archive: "), "{}", said.err);
    let last = said.out.lines().last().unwrap();
    assert!(last.starts_with("Done (run "), "{last}");
    assert!(last.ends_with(", in 1 account."), "{last}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_with_the_command_that_retries_it_and_that_command_does() {
    let aws = Simulation::new(SimulationSettings::default());
    let zone =
        LandingZone::on(aws.with_failing_resource("AWS::GuardDuty::Detector", "not today", 1))
            .with_detectors();
    let file = zone.path("report.json");
    let said =
        zone.avm(&format!("update --account log-archive --yes --report {}", file.display())).await;
    assert_eq!(said.exit, Exit::Failure);
    for word in ["Failed\n", "  ! log-archive ", "stack avm-guardduty", "not today"] {
        assert!(said.out.contains(word), "{word:?} is missing in:\n{}", said.out);
    }
    let command = said.err.lines().last().unwrap().split_once("what is left: ").unwrap().1;
    assert_eq!(command, "avm -C ZONE/ update --account log-archive");

    let report: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(report["succeeded"], false);
    fs::remove_file(zone.path("report.json")).unwrap();
    let command = command.replace("ZONE/", &zone.path("").display().to_string());
    let words = command.split(' ').chain(["--yes"]).map(OsString::from).collect();
    let said = zone.run(words).await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
}

/// An account in which AWS is making avm-guardduty, and will not come through: what the plan shows is a wait, and
/// what is needed after it is a deletion.
fn with_a_stack_that_will_fail() -> LandingZone {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_failing_resource("AWS::GuardDuty::Detector", "not today", 1);
    let zone = LandingZone::on(aws.clone()).with_detectors();
    let text = fs::read_to_string(zone.path("templates/guardduty.yaml")).unwrap();
    let template = Template::parse(&Source::new("guardduty.yaml", &text)).unwrap();
    let stack = StackInput {
        name: "avm-guardduty".parse().unwrap(),
        template: TemplateLocation::Body(template.body()),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        token: "arranged".to_owned(),
    };
    drop(aws.with_stack("log-archive", "eu-west-1", &stack, StackState::CreateInProgress));
    zone
}

#[tokio::test(start_paused = true)]
async fn a_step_that_nobody_approved_is_left_listed_and_no_success() {
    let zone = with_a_stack_that_will_fail();
    let said = zone.avm("update --account log-archive --yes --format json").await;
    assert!(said.err.contains("<= stack avm-guardduty"), "{}", said.err);
    assert_eq!(said.exit, Exit::Failure, "{}", said.err);
    let (_, end) = said.err.split_once("1 thing left undone:\n").unwrap();
    assert_eq!(
        end,
        "  log-archive eu-west-1: stack avm-guardduty was not in the plan; run `avm update` again to see it\n\
         hint: this does what is left: avm -C ZONE/ update --account log-archive\n"
    );
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["succeeded"], false);
    assert_eq!(document["undone"][0]["what"], "stack avm-guardduty");

    let said = zone.avm("update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_reached_is_no_success_whatever_else_was_done() {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_account("security", "aws+security@example.com", "Core");
    let id = aws.account_id("security").unwrap();
    aws.fault(Fault::new(FaultKind::AccessDenied).in_account(&id).for_ever());
    let zone = LandingZone::on(aws);
    let said = zone.avm("update --ou Core --exclude-account shared-services --yes").await;
    assert_eq!(said.exit, Exit::Failure, "{}{}", said.out, said.err);
    assert!(said.out.lines().last().unwrap().starts_with("Done (run "), "{}", said.out);
    assert!(said.err.contains("  security: account does not let avm in: "), "{}", said.err);
    assert!(said.err.ends_with(" update --account security\n"), "{}", said.err);
    let again = zone.avm("update --account security --yes").await;
    assert_eq!(again.exit, Exit::Failure, "nothing to do is not the same: {}", again.out);
}

#[tokio::test(start_paused = true)]
async fn what_is_blocked_by_a_missing_output_is_no_success() {
    let zone = LandingZone::acme();
    let said = zone.avm("update --account payments-uat --yes").await;
    assert_eq!(said.exit, Exit::Failure, "{}{}", said.out, said.err);
    assert!(
        said.err.contains("  payments-uat eu-west-1: stack avm-cloudtrail needs output "),
        "{}",
        said.err
    );
}

#[tokio::test(start_paused = true)]
async fn a_default_vpc_that_stays_because_it_is_in_use_is_no_failure() {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_default_vpc_in_use("log-archive", "us-west-2");
    let zone = LandingZone::on(aws);
    let said = zone.avm("update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    let again = zone.avm("update --account log-archive --yes").await;
    assert_eq!(again.exit, Exit::Done, "{}", again.err);
    assert!(again.out.contains("Plan: no changes; 1 blocked."), "{}", again.out);
}

#[tokio::test(start_paused = true)]
async fn a_report_as_json_is_all_of_standard_output() {
    let zone = LandingZone::acme();
    let said = zone.avm("update --account log-archive --yes --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["succeeded"], true);
    assert!(document["report"]["accounts"]["log-archive"]["id"].is_string());
    assert!(said.err.contains("Plan: "), "what was agreed to is still shown");

    let said = zone.avm("update --account log-archive --yes --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["report"]["accounts"], serde_json::json!({}));
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_carried_out_if_nothing_has_changed() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json").display().to_string();
    assert_eq!(
        zone.avm(&format!("plan --account log-archive --out {file}")).await.exit,
        Exit::Done
    );
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    assert!(zone.simulation.account_id("log-archive").is_some());
    assert!(zone.simulation.account_id("security").is_none(), "only what was selected then");
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_refused_if_the_files_have_changed() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json").display().to_string();
    assert_eq!(
        zone.avm(&format!("plan --account payments-uat --out {file}")).await.exit,
        Exit::Done
    );
    zone.edit("landing-zone.yaml", "ou: Workloads/UAT", "ou: Workloads/Test");
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(
        said.err.contains("error: the files have changed since the plan was saved"),
        "{}",
        said.err
    );
    assert!(said.err.contains("-  + organizational unit Workloads/UAT\n"), "{}", said.err);
    assert!(said.err.contains("+  + organizational unit Workloads/Test\n"), "{}", said.err);
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_refused_if_aws_has_changed() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json").display().to_string();
    assert_eq!(
        zone.avm(&format!("plan --account log-archive --out {file}")).await.exit,
        Exit::Done
    );
    assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("error: AWS has changed since the plan was saved"), "{}", said.err);
    assert!(said.err.contains("+No changes. 1 account is as the files say."), "{}", said.err);
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_a_newer_avm_is_refused_in_words() {
    let zone = LandingZone::acme();
    fs::write(zone.path("plan.json"), r#"{"format-version": "7.0"}"#).unwrap();
    let file = zone.path("plan.json").display().to_string();
    let said = zone.avm(&format!("update --plan {file} --yes")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(
        said.err.contains(&format!(
            "the plan has format 7.0, and this avm reads up to {FORMAT_VERSION}"
        )),
        "{}",
        said.err
    );
    assert_eq!(zone.simulation.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn a_run_is_reported_in_the_form_that_was_asked_for_and_the_plan_goes_elsewhere() {
    let zone = LandingZone::acme();
    let said = zone.avm("update --format markdown --dry-run --account log-archive").await;
    assert!(said.out.starts_with("### avm plan: "), "{}", said.out);
    let said = zone.avm("update --format markdown --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    assert!(said.out.starts_with("### avm run ") && said.err.contains("Plan: "), "{}", said.out);
    let said = zone.avm("update --format junit --account security --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    assert!(said.out.starts_with("<?xml ") && said.err.contains("Plan: "), "{}", said.out);
}

#[tokio::test(start_paused = true)]
async fn a_run_is_saved_in_every_form_that_a_file_was_named_for() {
    let zone = LandingZone::acme();
    let files =
        ["json", "html", "md", "txt", "xml"].map(|ending| zone.path(&format!("report.{ending}")));
    let options: Vec<_> = files.iter().map(|file| format!("--report {}", file.display())).collect();
    let said = zone.avm(&format!("update --account log-archive --yes {}", options.join(" "))).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let beginnings =
        ["{\n  \"format-version\"", "<!doctype html>", "### avm run ", "Made\n", "<?xml "];
    for (file, beginning) in files.iter().zip(beginnings) {
        let text = fs::read_to_string(file).unwrap();
        assert!(text.starts_with(beginning), "{}: {text}", file.display());
    }
    let text = fs::read_to_string(&files[3]).unwrap();
    assert!(text.contains("\nTimeline\n    wave foundation"), "{text}");
    assert!(said.out.ends_with(&text), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_tells_by_its_exit_code_whether_there_is_something_to_do_only_if_asked() {
    let zone = LandingZone::acme();
    for command in ["update --account log-archive", "create log-archive"] {
        let said = zone.avm(&format!("{command} --dry-run --detailed-exitcode")).await;
        assert_eq!(said.exit, Exit::Changes, "{command}: {}", said.err);
        assert_eq!(zone.avm(&format!("{command} --dry-run")).await.exit, Exit::Done, "{command}");
    }
    assert_eq!(zone.writes(), 0);
    assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    for command in ["update --account log-archive", "create log-archive"] {
        let said = zone.avm(&format!("{command} --dry-run --detailed-exitcode")).await;
        assert_eq!(said.exit, Exit::Done, "{command}: {}", said.out);
    }
}
