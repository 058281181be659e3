//! What avm has saved itself, and somebody has changed since.

use std::fs;
use std::path::PathBuf;

use avm::cli::Exit;
use avm::render::json;
use avm::sim::{Sandbox, Simulation, SimulationSettings};

use super::campaign::Target;
use crate::landing_zone::LandingZone;
use crate::terminal::Said;

const FORMS: [&str; 5] = ["text", "json", "markdown", "html", "junit"];

fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// A file with what a run saves, in the form that `command` saves it.
fn saved(zone: &LandingZone, command: &str, file: &str) -> PathBuf {
    let path = zone.path(file);
    let said = wait(zone.avm(&command.replace("FILE", &path.display().to_string())));
    assert!(path.exists(), "{}", said.err);
    path
}

fn refused_or_shown(said: &Said) -> String {
    assert!(matches!(said.exit, Exit::Done | Exit::Changes | Exit::Failure), "{:?}", said.exit);
    let steers = |c: char| c.is_control() && c != '\n';
    assert!(!said.out.contains(steers) && !said.err.contains(steers), "{}{}", said.out, said.err);
    let first = said.err.lines().next().unwrap_or_default();
    format!("{:?} {}", said.exit, first.split_once(": ").map_or("", |(_, words)| words))
}

#[test]
fn plan() {
    let zone = LandingZone::on(Simulation::new(SimulationSettings::default()).with_account(
        "log-archive",
        "aws+log-archive@example.com",
        "/",
    ));
    let seeds = vec![saved(&zone, "plan --account log-archive --out FILE", "seed.json")];
    let file = zone.path("plan.json");
    Target { name: "plan", seeds, cases: 12 }.run(|text| {
        if let Ok(document) = serde_json::from_str::<json::PlanDocument>(text) {
            let printed = json::plan(&document).unwrap();
            assert_eq!(serde_json::from_str::<json::PlanDocument>(&printed).unwrap(), document);
        }
        fs::write(&file, text).unwrap();
        let shown = FORMS.map(|form| {
            refused_or_shown(&wait(zone.avm(&format!("show {} --format {form}", file.display()))))
        });
        shown.concat()
    });
}

#[test]
fn report() {
    let zone =
        LandingZone::on(Simulation::new(SimulationSettings::default()).with_failing_resource(
            "AWS::S3::Bucket",
            "no",
            1,
        ));
    let seeds = vec![saved(&zone, "update --account log-archive --yes --report FILE", "seed.json")];
    let file = zone.path("report.json");
    Target { name: "report", seeds, cases: 12 }.run(|text| {
        if let Ok(document) = serde_json::from_str::<json::ReportDocument>(text) {
            let printed = json::report(&document).unwrap();
            assert_eq!(serde_json::from_str::<json::ReportDocument>(&printed).unwrap(), document);
        }
        fs::write(&file, text).unwrap();
        let shown = FORMS.map(|form| {
            refused_or_shown(&wait(zone.avm(&format!("show {} --format {form}", file.display()))))
        });
        shown.concat()
    });
}

#[test]
fn sandbox() {
    let zone = LandingZone::acme();
    let seed = Sandbox { file: zone.path("seed.json") };
    let said = wait(zone.avm_on(&seed, "update --account log-archive --yes"));
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let sandbox = Sandbox { file: zone.path("aws.json") };
    Target { name: "sandbox", seeds: vec![seed.file], cases: 4 }.run(|text| {
        fs::write(&sandbox.file, text).unwrap();
        refused_or_shown(&wait(zone.avm_on(&sandbox, "update --account log-archive --yes")))
    });
}
