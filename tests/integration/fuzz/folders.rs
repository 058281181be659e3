//! Parsers that are given a file in a folder.

use std::fs;
use std::path::Path;

use avm::desired::{DesiredState, Selection, load, load_with};
use avm::document::{Diagnostics, Source};
use avm::lint::review;
use tempfile::TempDir;

use super::campaign::{Target, files};

const TEMPLATE: &str = "Parameters:\n  Name: {Type: String, Default: x}\nResources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}\nOutputs:\n  Arn: {Value: !Ref Topic}\n";

const BASELINE: &str = "version: 1\nsettings: {default-vpc: delete}\nstacks:\n  - {name: topic, template: topic.yaml, regions: governed}\n";

/// A folder in which the example's landing zone and baselines find the files that they name.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["baselines", "templates"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    for file in files("examples/acme/baselines") {
        fs::write(folder.path().join("baselines").join(file.file_name().unwrap()), BASELINE)
            .unwrap();
    }
    for file in files("examples/acme/templates") {
        fs::write(folder.path().join("templates").join(file.file_name().unwrap()), TEMPLATE)
            .unwrap();
    }
    fs::write(folder.path().join("templates/topic.yaml"), TEMPLATE).unwrap();
    let zone = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme/landing-zone.yaml");
    fs::copy(zone, folder.path().join("landing-zone.yaml")).unwrap();
    folder
}

fn outcome(faults: &Diagnostics) -> String {
    let codes = faults.iter().map(|fault| {
        assert!(fault.source.text().get(fault.span.clone()).is_some(), "{fault:?}");
        fault.code.as_ref()
    });
    codes.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn landing_zone() {
    let folder = folder();
    let seeds = [files("examples/acme"), files("src/desired/starter")].concat();
    Target { name: "landing-zone", seeds, cases: 12 }.run(|text| {
        let source = Source::new("landing-zone.yaml", text);
        let (one, two) = (load_with(folder.path(), &source), load_with(folder.path(), &source));
        match (one, two) {
            (Ok(one), Ok(two)) => {
                assert_eq!(one.digest(), two.digest());
                assert_eq!(format!("{:?}", one.state), format!("{:?}", two.state));
                format!("{} accounts", one.state.accounts.len())
            }
            (Err(one), Err(two)) => {
                assert_eq!(one, two, "two readings differ");
                outcome(&one)
            }
            _ => panic!("two readings differ"),
        }
    });
}

#[test]
fn baseline() {
    let folder = folder();
    Target { name: "baseline", seeds: files("baselines"), cases: 6 }.run(|text| {
        fs::write(folder.path().join("baselines/standard.yaml"), text).unwrap();
        match load(folder.path()) {
            Ok(loaded) => format!("{} accounts", loaded.state.accounts.len()),
            Err(faults) => outcome(&faults),
        }
    });
}

#[test]
fn selectors() {
    let state = load(folder().path()).map_err(|faults| outcome(&faults)).unwrap().state;
    Target { name: "selectors", seeds: Vec::new(), cases: 40 }.run(|text| {
        let mut selection = Selection::default();
        for line in text.lines() {
            let (option, pattern) = line.split_once(' ').unwrap_or(("account", line));
            let list = match option {
                "ou" => &mut selection.ous,
                "wave" => &mut selection.waves,
                "region" => &mut selection.regions,
                "stack" => &mut selection.stacks,
                "tag" => &mut selection.tags,
                "environment" => &mut selection.environments,
                _ => &mut selection.accounts,
            };
            list.push(pattern.to_owned());
        }
        match state.select(&selection) {
            Ok(selected) => {
                assert_part(&selected, &state);
                // What is selected is selected again.
                assert_eq!(
                    selected.accounts,
                    selected
                        .select(&selection)
                        .map_or_else(|_| selected.accounts.clone(), |again| again.accounts)
                );
                format!("{} accounts", selected.accounts.len())
            }
            Err(errors) => format!("{} errors", errors.len().min(5)),
        }
    });
}

fn assert_part(selected: &DesiredState, whole: &DesiredState) {
    for name in selected.accounts.keys() {
        assert!(whole.accounts.contains_key(name), "{name} was selected and is not there");
    }
}

#[test]
fn guard() {
    let folder = TempDir::new().unwrap();
    for name in ["guard", "templates", "baselines"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("templates/topic.yaml"), TEMPLATE).unwrap();
    Target { name: "guard", seeds: files("tests/guard").into_iter().take(1).collect(), cases: 2 }
        .run(|text| {
            fs::write(folder.path().join("guard/own.guard"), text).unwrap();
            let review = review(folder.path());
            let codes = review.findings.iter().map(|finding| {
                assert!(finding.source.text().get(finding.span.clone()).is_some(), "{finding:?}");
                finding.code.as_ref()
            });
            codes.collect::<std::collections::BTreeSet<_>>().len().to_string()
        });
}
