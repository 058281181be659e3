//! Waves: how many failures they tolerate, how long they soak, which alarm holds the next one back; how much a plan may
//! change; and what cannot be destroyed.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use avm::cli::Exit;
use avm::cloud::{
    AlarmState, CloudProvider as _, CloudReader as _, CloudWriter as _, Connection, ErrorKind,
    Protection,
};
use avm::execute::{Event, Limits, Replan, Report, StepError, Templates, execute};
use avm::model::{AccountId, AccountName, Region};
use avm::plan::AccountPlan;
use avm::policy::{Purpose, destructive};
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use tokio::time::Instant;

use crate::landing_zone::{LandingZone, all, lines};

const HOME: &str = "eu-west-1";
const LOGS: &str = "Resources:\n  Logs: {Type: AWS::Logs::LogGroup}\n";
const CANARIES: [&str; 4] = ["one", "two", "three", "four"];
const GATE: &str = "gate: {alarm: health, account: one}";

/// Four accounts in the wave `canary`, and one in the wave `rest`, each with one stack to come.
fn zone(canary: &str) -> LandingZone {
    zone_on(Simulation::new(SimulationSettings::default()), canary)
}

fn zone_on(aws: Simulation, canary: &str) -> LandingZone {
    let names = CANARIES.into_iter().chain(["last"]);
    let aws = names
        .clone()
        .fold(aws, |aws, name| aws.with_account(name, &format!("{name}@example.com"), "Core"));
    let zone = LandingZone::on(aws);
    for folder in ["baselines", "templates"] {
        for file in fs::read_dir(zone.path(folder)).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    let head = format!(
        "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\n\
         regions: {{home: {HOME}, governed: [{HOME}]}}\nwaves: [{{name: canary{canary}}}, rest]\naccounts:\n",
        Simulation::ORGANIZATION,
        Simulation::MANAGEMENT_ACCOUNT,
    );
    let account = |name: &str| {
        let wave = if name == "last" { "rest" } else { "canary" };
        format!(
            "  - {{name: {name}, email: {name}@example.com, ou: Core, baseline: all, wave: {wave}}}\n"
        )
    };
    let text = [head, names.map(account).collect::<Vec<_>>().concat()].concat();
    let baseline = "version: 1\nsettings: {default-vpc: keep}\nstacks:\n  \
                    - {name: avm-logs, template: logs.yaml, regions: home}\n";
    for (file, text) in [
        ("landing-zone.yaml", text.as_str()),
        ("baselines/all.yaml", baseline),
        ("templates/logs.yaml", LOGS),
    ] {
        fs::write(zone.path(file), text).unwrap();
    }
    zone
}

fn fails_in(zone: &LandingZone, accounts: &[&str]) {
    for name in accounts {
        let id = zone.simulation.account_id(name).unwrap();
        let fault = Fault::new(FaultKind::AccessDenied).on("cloudformation:CreateStack");
        zone.simulation.fault(fault.in_account(&id));
    }
}

fn has_stack(zone: &LandingZone, account: &str) -> bool {
    zone.simulation.stack(account, HOME, "avm-logs").is_some()
}

async fn update(zone: &LandingZone) -> (Report, Duration) {
    let began = Instant::now();
    let report = zone.try_update(&all()).await.unwrap();
    (report, began.elapsed())
}

fn skipped(report: &Report) -> Vec<&str> {
    report.parts().flat_map(|part| &part.skipped).map(|skipped| skipped.why.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn without_a_tolerance_one_failure_keeps_the_later_waves_from_starting() {
    let zone = zone("");
    fails_in(&zone, &["two"]);
    let (report, _) = update(&zone).await;
    assert_eq!(
        skipped(&report),
        ["wave canary: 1 of 4 accounts failed, its failure tolerance is 0"]
    );
    assert!(has_stack(&zone, "four"), "what had begun was finished");
    assert!(!has_stack(&zone, "last"));
}

#[tokio::test(start_paused = true)]
async fn within_its_tolerance_a_wave_is_followed_by_the_next_and_the_run_still_fails() {
    for tolerance in ["1", "25%", "49%"] {
        let zone = zone(&format!(", failure-tolerance: {tolerance}"));
        fails_in(&zone, &["two"]);
        let said = zone.avm("update --yes").await;
        assert_eq!(said.exit, Exit::Failure);
        assert!(has_stack(&zone, "last"), "{tolerance}: {}", said.out);
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_its_tolerance_no_other_account_of_the_wave_begins() {
    let zone = zone(", failure-tolerance: 25%");
    fails_in(&zone, &["four", "one"]);
    let said = zone.avm("update --yes --parallelism 1").await;
    assert_eq!(said.exit, Exit::Failure);
    // In the order of their names: four, one, three, two.
    assert!(!has_stack(&zone, "three") && !has_stack(&zone, "two") && !has_stack(&zone, "last"));
    let why = "wave canary: 2 of 4 accounts failed, its failure tolerance is 25% (1)";
    assert!(said.err.contains(why), "{}", said.err);
    let said = zone.avm("update --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
}

#[tokio::test(start_paused = true)]
async fn a_wave_soaks_only_after_a_change() {
    let zone = zone(", soak: 30m");
    let (report, took) = update(&zone).await;
    assert!(took > Duration::from_mins(30) && took < Duration::from_mins(40), "{took:?}");
    assert_eq!(report.failures().count(), 0);
    let last = &report.accounts[&"last".parse::<AccountName>().unwrap()];
    assert!(last.done[0].started >= 30 * 60_000, "{}", last.done[0].started);

    // Nothing is left to do in the canary wave, so nothing new has to prove itself.
    zone.edit(
        "baselines/all.yaml",
        "regions: home}",
        "regions: home}\n  - {name: more, template: logs.yaml, regions: home}",
    );
    assert_eq!(zone.avm("update --yes --wave canary").await.exit, Exit::Done);
    let began = Instant::now();
    assert_eq!(zone.avm("update --yes").await.exit, Exit::Done);
    assert!(began.elapsed() < Duration::from_mins(10), "{:?}", began.elapsed());
}

/// Plans nothing again: no step of these scenarios asks for it.
struct NoReplan;

impl Replan for NoReplan {
    async fn replan(
        &self,
        name: &AccountName,
        _: &AccountId,
        _: Option<&Region>,
    ) -> Result<AccountPlan, StepError> {
        Err(StepError::Changed(format!("{name} was to be planned again")))
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_told_to_stop_does_not_soak_to_the_end() {
    let zone = zone(", soak: 24h");
    let plan = zone.plan(&all()).await;
    let desired = zone.desired(&all());
    let connection = Connection { command: "update", ..zone.connection() };
    let cloud = zone.simulation.connect(&connection).await.unwrap();
    let bodies = desired.templates.iter().map(|(file, template)| (file.clone(), template.body()));
    let templates = Templates { bodies: bodies.collect(), bucket: None, ..Templates::default() };
    let cancel = AtomicBool::new(false);
    let stop = |event: &Event| {
        if matches!(event, Event::WaveSoaks { .. }) {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let (limits, began) = (Limits::default(), Instant::now());
    let report =
        execute(&cloud, &plan, &templates, limits, "run1", &NoReplan, &cancel, &stop).await;
    assert!(began.elapsed() < Duration::from_mins(10), "{:?}", began.elapsed());
    assert!(report.cancelled);
    assert_eq!(skipped(&report), ["the run was stopped"]);
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_is_missing_or_not_ok_is_told_before_the_first_write() {
    let states = [Some(AlarmState::Alarm), Some(AlarmState::InsufficientData), None];
    for (state, why) in
        states.into_iter().zip(["is ALARM", "is INSUFFICIENT_DATA", "does not exist"])
    {
        let mut zone = zone(&format!(", {GATE}"));
        if let Some(state) = state {
            zone.simulation = zone.simulation.clone().with_alarm("one", HOME, "health", state);
        }
        let said = zone.avm("update --yes").await;
        assert_eq!(said.exit, Exit::Failure);
        assert_eq!(zone.writes(), 0);
        let told = format!("the gate of wave canary is closed: alarm health in one {HOME} {why}");
        assert!(said.err.contains(&told), "{}", said.err);
        // Alone, the wave holds nothing back: so the gate can be made.
        assert_eq!(zone.avm("update --yes --wave canary").await.exit, Exit::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn a_selection_of_later_waves_does_not_get_past_the_gate_of_an_earlier_one() {
    let mut zone = zone(&format!(", {GATE}"));
    zone.simulation = zone.simulation.clone().with_alarm("one", HOME, "health", AlarmState::Alarm);
    for selection in ["--wave rest", "--account last"] {
        let said = zone.avm(&format!("update --yes {selection}")).await;
        assert_eq!((said.exit, zone.writes()), (Exit::Failure, 0), "{}", said.err);
        assert!(said.err.contains("the gate of wave canary is closed"), "{}", said.err);
    }
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_is_ok_lets_the_next_wave_begin() {
    let mut zone = zone(&format!(", soak: 30m, {GATE}"));
    zone.simulation = zone.simulation.clone().with_alarm("one", HOME, "health", AlarmState::Ok);
    let (report, _) = update(&zone).await;
    assert_eq!(skipped(&report), [""; 0]);
    assert!(has_stack(&zone, "last"));
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_goes_off_while_the_wave_soaks_ends_the_roll_out_within_two_minutes() {
    let mut zone = zone(&format!(", soak: 30m, {GATE}"));
    zone.simulation = zone
        .simulation
        .clone()
        .with_alarm("one", HOME, "health", AlarmState::Ok)
        .with_alarm_after(Duration::from_mins(10), "one", HOME, "health", AlarmState::Alarm)
        .with_alarm_after(Duration::from_mins(15), "one", HOME, "health", AlarmState::Ok);
    let (report, took) = update(&zone).await;
    assert_eq!(skipped(&report), [format!("wave canary: alarm health in one {HOME} is ALARM")]);
    assert!(took < Duration::from_mins(12), "{took:?}");
    assert!(!has_stack(&zone, "last"));
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_changes_too_much_is_shown_and_not_carried_out() {
    let zone = zone("");
    let said = zone.avm("update --yes --max-changes 4").await;
    assert_eq!((said.exit, zone.writes()), (Exit::Failure, 0));
    let told = "the plan makes 5 changes, and at most 4 may be";
    assert!(said.err.contains(told), "{}", said.err);
    assert!(said.err.contains("--max-changes 5"), "{}", said.err);
    let said = zone.avm("plan --max-changes 4").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.out.contains("Plan: "), "{}", said.out);

    zone.edit("landing-zone.yaml", "accounts:", "limits: {max-changes: 4}\naccounts:");
    assert_eq!(zone.avm("update --yes").await.exit, Exit::Failure);
    assert_eq!(zone.writes(), 0);
    assert_eq!(zone.avm("update --yes --max-changes 5").await.exit, Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_destroyed_in_a_protected_unit() {
    let zone = zone("");
    zone.edit("landing-zone.yaml", "waves:", "limits: {max-destroys: 4}\nwaves:");
    zone.edit("baselines/all.yaml", "default-vpc: keep", "default-vpc: delete");
    let said = zone.avm("plan").await;
    assert_eq!(said.exit, Exit::Failure, "{}", said.out);
    assert!(said.err.contains("--max-destroys"), "{}", said.err);
    zone.edit("landing-zone.yaml", "waves:", "protected-organizational-units: [Core]\nwaves:");
    let plan = lines(&zone.plan(&all()).await);
    assert!(plan.iter().all(|line| !line.contains("default VPC")), "{plan:?}");
    assert_eq!(zone.avm("plan").await.exit, Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn a_session_in_a_protected_account_can_destroy_nothing_even_past_the_executor() {
    let zone = zone("");
    zone.update(&all()).await;
    let [one, two] = ["one", "two"].map(|name| zone.simulation.target(name, HOME).unwrap());
    let accounts = [one.account.clone()].into();
    let protection = Protection { accounts, denied: destructive(Purpose::Apply) };
    let connection = Connection { command: "update", protection, ..zone.connection() };
    let cloud = zone.simulation.connect(&connection).await.unwrap();
    let stack = "avm-logs".parse().unwrap();
    cloud.protect_stack(&one, &stack, false).await.unwrap();
    let error = cloud.delete_stack(&one, &stack, "token").await.unwrap_err();
    assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Denied, "AccessDenied"));
    let vpc = cloud.default_vpc(&one).await.unwrap().unwrap();
    for part in cloud.vpc_contents(&one, &vpc).await.unwrap().parts {
        let error = cloud.delete_vpc_part(&one, &vpc, &part).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Denied);
    }
    assert!(has_stack(&zone, "one") && zone.simulation.has_default_vpc("one", HOME));
    // In another account the same call is nothing special.
    cloud.protect_stack(&two, &stack, false).await.unwrap();
    cloud.delete_stack(&two, &stack, "token").await.unwrap();
}
