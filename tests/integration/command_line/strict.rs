//! `avm validate --strict`.

use std::fs;

use avm::cli::Exit;
use serde_json::Value;

use crate::landing_zone::LandingZone;

const TOPIC: &str = "Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: alarms}
  Other:
    Type: AWS::SNS::Topic
    Metadata: {guard: {SuppressedRules: [TOPIC_ENCRYPTED], Reason: it says nothing that others may not know}}
  Person:
    Type: AWS::IAM::User
";

const RULE: &str = "let topics = Resources.*[ Type == 'AWS::SNS::Topic' ]

rule TOPIC_ENCRYPTED when %topics !empty {
  %topics.Properties.KmsMasterKeyId exists
  <<
    Violation: the topic is not encrypted
    Fix: set KmsMasterKeyId
  >>
}
";

/// The example with a single template, which no baseline names, beside its own.
fn zone_with(template: &str) -> LandingZone {
    let zone = LandingZone::acme();
    fs::write(zone.path("templates/topic.yaml"), template).unwrap();
    zone
}

#[tokio::test(start_paused = true)]
async fn without_findings_it_says_what_was_looked_at() {
    let zone = zone_with("Resources: {Topic: {Type: AWS::SNS::Topic}}");
    let templates = fs::read_dir(zone.path("templates")).unwrap().count();
    let said = zone.avm("validate --strict").await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""), "{}", said.out);
    let rules = avm::lint::built_in_rules().len();
    let last = format!("Strict: {templates} templates held against {rules} rules, no findings.\n");
    assert!(said.out.starts_with("No faults: ") && said.out.ends_with(&last), "{}", said.out);
}

#[tokio::test(start_paused = true)]
async fn findings_of_built_in_and_own_rules_are_told_with_their_lines() {
    let zone = zone_with(TOPIC);
    fs::create_dir(zone.path("guard")).unwrap();
    fs::write(zone.path("guard/topics.guard"), RULE).unwrap();
    let said = zone.avm("validate --strict").await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    for words in [
        "TOPIC_ENCRYPTED",
        "Topic: the topic is not encrypted",
        "set KmsMasterKeyId",
        "templates/topic.yaml:2:3",
        "IAM_NO_USER",
        "2 faults in 1 file",
    ] {
        assert!(said.err.contains(words), "{words} is missing in:\n{}", said.err);
    }
    assert!(!said.err.contains("Other:"), "suppressed:\n{}", said.err);
    assert_eq!(zone.avm("validate").await.exit, Exit::Done, "nobody asked for strictness");
}

#[tokio::test(start_paused = true)]
async fn findings_as_json_stand_among_the_faults_of_the_folder() {
    let zone = zone_with(TOPIC);
    zone.edit("landing-zone.yaml", "wave: foundation", "wave: fundation");
    fs::create_dir(zone.path("guard")).unwrap();
    fs::write(zone.path("guard/broken.guard"), "rule A {\n  Resources.* exist\n}\n").unwrap();
    let said = zone.avm("validate --strict --format json").await;
    assert_eq!(said.exit, Exit::Failure);
    let faults: Value = serde_json::from_str(&said.out).unwrap();
    let brief = |fault: &Value| {
        format!("{}:{} {}", fault["file"], fault["line"], fault["code"]).replace('"', "")
    };
    let faults: Vec<_> = faults.as_array().unwrap().iter().map(brief).collect();
    assert!(faults.contains(&"templates/topic.yaml:8 IAM_NO_USER".to_owned()), "{faults:#?}");
    assert!(faults.iter().any(|fault| fault.starts_with("guard/broken.guard:")), "{faults:#?}");
    assert!(faults.iter().any(|fault| fault.ends_with("unknown-wave")), "{faults:#?}");
}
