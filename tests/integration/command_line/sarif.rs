//! `avm validate --format sarif`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use avm::cli::Exit;
use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::landing_zone::LandingZone;

/// The schema of OASIS, which comes with the crate whose types are made from it.
fn official_schema() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Of other platforms, not every crate need be here.
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let file = manifest.with_file_name("src").join("schema.json");
    let text = fs::read_to_string(file).unwrap();
    // The pattern of a language's name has a bracket too many; avm's run names none.
    assert!(text.contains(LANGUAGE));
    serde_json::from_str(&text.replace(LANGUAGE, "^")).unwrap()
}

/// A pattern of the official schema that is no regular expression.
const LANGUAGE: &str = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";

fn cargo(words: &[&str]) -> String {
    let folder = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(env!("CARGO")).args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A user for a person, twice, which a rule forbids, and a word of the folder that there is not.
fn zone_with_faults() -> LandingZone {
    let zone = LandingZone::acme();
    let template =
        "Resources:\n  One:\n    Type: AWS::IAM::User\n  Two:\n    Type: AWS::IAM::User\n";
    fs::write(zone.path("templates/people here.yaml"), template).unwrap();
    zone.edit("landing-zone.yaml", "wave: foundation", "wave: fundation");
    zone
}

#[tokio::test(start_paused = true)]
async fn findings_satisfy_the_official_schema_and_name_rule_file_and_place() {
    let zone = zone_with_faults();
    let said = zone.avm("validate --strict --format sarif").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("faults in 2 files"), "{}", said.err);
    let log: Value = serde_json::from_str(&said.out).unwrap();
    let validator = jsonschema::validator_for(&official_schema()).unwrap();
    let faults: Vec<_> = validator.iter_errors(&log).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let mut broken = log.clone();
    broken["runs"][0]["results"][0]["message"] = "plain".into();
    assert!(!validator.is_valid(&broken), "the schema is looked at");

    let log: Sarif = serde_json::from_str(&said.out).unwrap();
    let run = &log.runs[0];
    let driver = &run.tool.driver;
    assert_eq!(
        (driver.name.as_str(), driver.version.as_deref()),
        ("avm", Some(env!("CARGO_PKG_VERSION")))
    );
    let rules = driver.rules.as_ref().unwrap();
    let results = run.results.as_ref().unwrap();
    let mut prints = Vec::new();
    for result in results {
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.short_description.is_some() && rule.help.is_some(), "{}", rule.id);
        let place = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
        let file = place.artifact_location.as_ref().unwrap();
        let uri = file.uri.as_deref().unwrap();
        assert!(["templates/people%20here.yaml", "landing-zone.yaml"].contains(&uri), "{uri}");
        assert!(Path::new(uri).is_relative());
        assert!(place.region.as_ref().unwrap().start_line.unwrap() > 1, "{uri}");
        prints.push(result.partial_fingerprints.clone().unwrap());
    }
    let users = results.iter().filter(|result| result.rule_id.as_deref() == Some("IAM_NO_USER"));
    assert_eq!(users.count(), 2);
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), results.len(), "each has a fingerprint of its own");
}

#[tokio::test(start_paused = true)]
async fn without_a_fault_there_is_a_run_without_results() {
    let said = LandingZone::acme().avm("validate --format sarif").await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    let log: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}
