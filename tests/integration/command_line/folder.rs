//! Commands that need a folder and no AWS.

use avm::cli::Exit;
use serde_json::Value;

use crate::landing_zone::LandingZone;

#[tokio::test(start_paused = true)]
async fn a_folder_without_fault_is_counted() {
    let said = LandingZone::acme().avm("validate").await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    assert!(said.out.starts_with("No faults: 10 accounts, 5 baselines, "), "{}", said.out);
}

#[tokio::test(start_paused = true)]
async fn faults_of_several_files_are_all_told_with_their_lines() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "wave: foundation", "wave: fundation");
    zone.edit("baselines/standard.yaml", "ebs-encryption:", "ebs-encrypton:");
    let said = zone.avm("plan").await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    for word in
        ["landing-zone.yaml:", "wave: fundation", "baselines/standard.yaml:", "ebs-encrypton"]
    {
        assert!(said.err.contains(word), "{word} is missing in:\n{}", said.err);
    }
    assert!(said.err.contains("faults in 2 files"), "{}", said.err);
    assert_eq!(zone.simulation.calls(), [], "a folder with faults costs no call");
}

#[tokio::test(start_paused = true)]
async fn faults_as_json_name_file_line_and_column() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "wave: foundation", "wave: fundation");
    let said = zone.avm("validate --format json").await;
    assert_eq!(said.exit, Exit::Failure);
    let faults: Value = serde_json::from_str(&said.out).unwrap();
    let fault = &faults[0];
    assert_eq!(fault["file"], "landing-zone.yaml");
    assert!(fault["line"].as_u64() > Some(1), "{fault}");
    assert!(fault["message"].as_str().unwrap().contains("fundation"), "{fault}");

    zone.edit("landing-zone.yaml", "wave: fundation", "wave: foundation");
    assert_eq!(zone.avm("validate --format json").await.out, "[]\n");
}

#[tokio::test(start_paused = true)]
async fn init_overwrites_nothing() {
    let zone = LandingZone::acme();
    let said = zone.avm("init").await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""));
    assert!(said.err.contains("already there: "), "{}", said.err);
    assert!(zone.avm("validate").await.exit == Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn init_says_what_to_do_next_and_that_works() {
    let zone = LandingZone::acme();
    let said = zone.avm_in("fresh", "init").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    assert!(said.out.contains("  landing-zone.yaml\n"), "{}", said.out);
    assert!(said.out.ends_with("avm -C ZONE/fresh plan --sandbox\n"), "{}", said.out);
    let said = zone.avm_in("fresh", "validate").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

#[tokio::test(start_paused = true)]
async fn every_schema_is_printed_alone_and_together() {
    let zone = LandingZone::acme();
    let all: Value = serde_json::from_str(&zone.avm("schema").await.out).unwrap();
    for name in ["landing-zone", "baseline", "plan"] {
        let one: Value =
            serde_json::from_str(&zone.avm(&format!("schema {name}")).await.out).unwrap();
        assert!(one["properties"].is_object(), "{name}");
        assert_eq!(all[name], one);
    }
}

#[tokio::test(start_paused = true)]
async fn completions_know_the_commands() {
    let zone = LandingZone::acme();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = zone.avm(&format!("completions {shell}")).await;
        assert!(said.out.contains("detailed-exitcode"), "{shell}");
    }
}
