//! The shipped templates, by CloudFormation's own linter, and deployed.

use std::process::Command;

use avm::model::Region;

use crate::harness::python;

/// With every region that an account has from birth: a type that one of them lacks is found here.
fn lint(template: &str) -> std::process::Output {
    Command::new(python().with_file_name("cfn-lint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--include-checks", "I", "--regions"])
        .args(Region::enabled_by_default().map(String::from))
        .args(["--template", template])
        .output()
        .unwrap()
}

#[test]
fn the_linter_finds_nothing_in_any_shipped_template() {
    let found = lint("templates/*.yaml");
    let said = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success(), "{said}{}", String::from_utf8_lossy(&found.stderr));
}

#[test]
fn the_linter_is_one_that_finds_something() {
    let folder = tempfile::TempDir::new().unwrap();
    let broken = folder.path().join("broken.yaml");
    std::fs::write(&broken, "Resources:\n  Key:\n    Type: AWS::KMS::NoSuchType\n").unwrap();
    let said = lint(broken.to_str().unwrap()).stdout;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("AWS::KMS::NoSuchType"), "{said}");
}

/// Checked in Python, because a client for each of their services here would be a crate for each.
#[test]
fn every_shipped_template_deploys_and_its_service_tells_what_it_made() {
    let run = Command::new(python())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "deployments"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
