//! What a command connects as: to look is one thing, to write another.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io;

use avm::cli::{self, Exit, Printer, Verbosity};
use avm::cloud::{CloudProvider, Connection, Result};
use avm::sim::SimulatedCloud;

use crate::landing_zone::LandingZone;

/// A way to the simulated AWS that takes note of who connects, and how often anybody had called by then.
struct Door<'a> {
    zone: &'a LandingZone,
    connections: RefCell<Vec<Connection>>,
}

impl CloudProvider for Door<'_> {
    type Cloud = SimulatedCloud;

    async fn connect(&self, connection: &Connection) -> Result<SimulatedCloud> {
        self.connections.borrow_mut().push(connection.clone());
        self.zone.simulation.connect(connection).await
    }
}

/// Runs a command line; answers its end and the commands that it connected as.
async fn connections(zone: &LandingZone, line: &str) -> (Exit, Vec<&'static str>) {
    let mut words: Vec<OsString> = vec!["avm".into(), "-C".into(), zone.path("").into()];
    words.extend(line.split_whitespace().map(Into::into));
    let door = Door { zone, connections: RefCell::default() };
    let sink = || Box::new(io::sink());
    let printer = Printer::new(sink(), sink(), Verbosity::Quiet);
    let exit = cli::run(&cli::parse(words).unwrap(), &door, &printer).await;
    let connections = door.connections.into_inner();
    assert!(connections.windows(2).all(|pair| pair[0].run == pair[1].run), "one run has one id");
    (exit, connections.iter().map(|connection| connection.command).collect())
}

#[tokio::test(start_paused = true)]
async fn who_only_looks_connects_as_somebody_who_only_looks() {
    let zone = LandingZone::acme();
    for line in [
        "plan --account log-archive",
        "update --account log-archive --dry-run",
        "create payments-uat --dry-run",
    ] {
        assert_eq!(connections(&zone, line).await, (Exit::Done, vec!["plan"]), "{line}");
    }
    let refused = connections(&zone, "update --account log-archive").await;
    assert_eq!(refused, (Exit::Failure, vec!["plan"]), "nobody has agreed");
}

#[tokio::test(start_paused = true)]
async fn a_run_connects_anew_after_consent_and_only_if_there_is_something_to_do() {
    let zone = LandingZone::acme();
    let update = "update --account log-archive --yes";
    assert_eq!(connections(&zone, update).await, (Exit::Done, vec!["plan", "update"]));
    assert_eq!(connections(&zone, update).await, (Exit::Done, vec!["plan"]));
    let create = "create payments-uat --yes";
    assert_eq!(connections(&zone, create).await, (Exit::Done, vec!["plan", "create"]));
}

#[tokio::test(start_paused = true)]
async fn accounts_are_listed_once_between_the_command_and_its_consent() {
    let zone = LandingZone::acme();
    let (exit, _) = connections(&zone, "create payments-uat --dry-run").await;
    assert_eq!(exit, Exit::Done);
    assert_eq!(zone.simulation.call_counts()["organizations:ListAccounts"], 1);
    zone.simulation.forget_calls();
    let (exit, _) = connections(&zone, "create payments-uat --yes").await;
    assert_eq!(exit, Exit::Done);
    assert_eq!(zone.simulation.call_counts()["organizations:ListAccounts"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_or_plan_that_could_not_be_saved_costs_no_call() {
    let zone = LandingZone::acme();
    for line in [
        "update --account log-archive --yes --report",
        "create payments-uat --yes --report",
        "plan --out",
    ] {
        let file = zone.path("none/report.json").display().to_string();
        let (exit, connections) = connections(&zone, &format!("{line} {file}")).await;
        assert_eq!((exit, connections), (Exit::Failure, vec![]), "{line}");
    }
    assert_eq!(zone.simulation.calls(), []);
}
