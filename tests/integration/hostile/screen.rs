//! Whatever AWS and the files say: nothing of it steers a terminal, hides, or leaves its line.

use std::collections::BTreeMap;

use avm::cloud::{StackInput, StackState, TemplateLocation};
use avm::sim::{Simulation, SimulationSettings};
use serde_json::Value;

use crate::landing_zone::LandingZone;
use crate::terminal::Said;

/// Clears the screen, hides a link, rings, goes back to the start of the line, turns the writing round, is nothing.
const EVIL: &str = "\u{1b}[2J\u{1b}]8;;http://evil\u{7}\u{9b}31m\r\u{202e}\u{2066}\u{200b}\u{feff}\u{85}\u{2028}evil";

/// The same between the double quotes of YAML and JSON, in characters that both allow.
fn quoted() -> String {
    let escaped = EVIL.chars().map(|c| match c {
        'a'..='z' => c.to_string(),
        _ => format!("\\u{:04x}", u32::from(c)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// What a terminal acts upon, what nobody sees, and what only seems to end a line.
fn harms(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn assert_harmless(said: &Said, what: &str) {
    for text in [&said.out, &said.err] {
        if let Some(at) = text.find(harms) {
            let start = text.floor_char_boundary(at.saturating_sub(200));
            panic!("{what}: {:?}", &text[start..text.ceil_char_boundary(at + 40)]);
        }
    }
}

/// An organization in which everything that has a free name has this one.
fn evil_aws() -> Simulation {
    let template = format!(
        "{{\"Resources\": {{\"Topic\": {{\"Type\": \"AWS::SNS::Topic\", \"Properties\": {{\"DisplayName\": {0}}}}}}}, \
         \"Outputs\": {{\"Evil\": {{\"Value\": {0}}}}}}}",
        quoted()
    );
    let stack = StackInput {
        name: "avm-guardduty".parse().unwrap(),
        template: TemplateLocation::Body(template),
        parameters: BTreeMap::new(),
        capabilities: [].into(),
        token: "t1".into(),
    };
    Simulation::new(SimulationSettings::default())
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_account(&format!("{EVIL} account"), "evil@example.com", "/")
        .with_tag("log-archive", "owner", EVIL)
        .with_tag("log-archive", EVIL, EVIL)
        .with_stack("log-archive", "eu-west-1", &stack, StackState::CreateComplete)
        .with_failing_resource("AWS::GuardDuty::Detector", EVIL, 9)
        .with_failing_resource("AWS::KMS::Key", EVIL, 9)
        .with_failing_resource("AWS::S3::Bucket", EVIL, 9)
}

#[tokio::test(start_paused = true)]
async fn what_aws_says_is_harmless_in_every_form() {
    for form in ["text", "json", "markdown", "html", "junit"] {
        let zone = LandingZone::on(evil_aws()).with_detectors();
        let said = zone
            .avm(&format!("plan --format {form} --deep --out {}", zone.path("p.json").display()))
            .await;
        assert_harmless(&said, &format!("plan as {form}"));
        let said =
            zone.avm(&format!("show {} --format {form}", zone.path("p.json").display())).await;
        assert_harmless(&said, &format!("a saved plan as {form}"));
        let report = zone.path("report.json").display().to_string();
        let said = zone.avm(&format!("update --yes --report {report}")).await;
        assert_harmless(&said, "update");
        assert!(
            said.err.contains("evil") || said.out.contains("evil"),
            "{} {}",
            said.out,
            said.err
        );
        let said = zone.avm(&format!("show {report} --format {form}")).await;
        assert!(said.out.contains("evil"), "the report as {form} says nothing of it");
        assert_harmless(&said, &format!("a report as {form}"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_files_say_is_harmless_in_every_form_of_faults() {
    for (file, from) in [
        ("landing-zone.yaml", "wave: foundation"),
        ("baselines/standard.yaml", "ebs-encryption:"),
        ("baselines/standard.yaml", "template: kms-keys.yaml"),
        ("templates/kms-keys.yaml", "AWS::KMS::Key"),
    ] {
        // Between double quotes a file may say any character without having it.
        let to = match from.split_once(':') {
            Some((_, "")) => format!("{}:", quoted()),
            Some((key, _)) if file != "templates/kms-keys.yaml" => format!("{key}: {}", quoted()),
            Some(_) | None => quoted(),
        };
        for command in [
            "validate",
            "validate --format json",
            "validate --format sarif",
            "validate --strict",
            "plan",
        ] {
            let zone = LandingZone::acme();
            zone.edit(file, from, &to);
            let said = zone.avm(command).await;
            assert_harmless(&said, &format!("{command} with {file}"));
            assert!(
                said.out.contains("evil") || said.err.contains("evil"),
                "{command} {file}: {} {}",
                said.out,
                said.err
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_saved_plan_says_is_harmless_in_every_form() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json");
    let path = file.display().to_string();
    assert_eq!(zone.avm(&format!("plan --out {path}")).await.exit, avm::cli::Exit::Done);
    let mut document: Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let strings = plant(&mut document, usize::MAX, &mut 0);
    assert!(strings > 100, "{strings} texts only");
    // A text that must be of a form makes the document no plan: then that is said, and it is harmless as well.
    for which in (0..strings).step_by(strings / 12) {
        let mut evil = document.clone();
        plant(&mut evil, which, &mut 0);
        std::fs::write(&file, evil.to_string()).unwrap();
        for form in ["text", "json", "markdown", "html", "junit"] {
            let said = zone.avm(&format!("show {path} --format {form}")).await;
            assert_harmless(&said, &format!("text {which} of the plan as {form}"));
        }
    }
}

/// Replaces the text of that number, and tells how many there are.
fn plant(value: &mut Value, which: usize, seen: &mut usize) -> usize {
    match value {
        Value::String(text) => {
            if *seen == which {
                EVIL.clone_into(text);
            }
            *seen += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| {
            plant(item, which, seen);
        }),
        Value::Object(entries) => {
            entries.values_mut().for_each(|entry| {
                plant(entry, which, seen);
            });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    *seen
}
