//! The planner's answers, scenario by scenario, as a reader sees them.

use std::collections::{BTreeMap, BTreeSet};

use avm::cloud::{StackInput, StackState, TemplateLocation};
use avm::document::Source;
use avm::plan::{Plan, Summary};
use avm::sim::{Simulation, SimulationSettings};
use avm::template::Template;

use crate::landing_zone::{LandingZone, all, lines, only};

fn aws() -> Simulation {
    Simulation::new(SimulationSettings::default())
}

/// Every step, every blocked thing and every note, a line each.
fn told(plan: &Plan) -> String {
    let mut told = lines(plan);
    for (name, account) in plan.accounts() {
        for blocked in account.all_blocked() {
            told.push(format!("{name} ! {}: {:?}", blocked.subject, blocked.reason));
        }
        let notes = account.regions.values().flat_map(|lane| &lane.notes);
        told.extend(account.notes.iter().chain(notes).map(|note| format!("{name} # {note}")));
    }
    told.join("\n")
}

#[tokio::test(start_paused = true)]
async fn an_empty_organization() {
    let zone = LandingZone::acme();
    let plan = zone.plan(&all()).await;
    let first: Vec<_> = told(&plan).lines().map(str::to_owned).collect();
    // 17 regions of nine accounts lose their default VPC: the rest is what a reader wants to see.
    let shown: Vec<_> =
        first.iter().filter(|line| !line.contains("default VPC")).cloned().collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(first.len() - shown.len(), 9 * 17);
    assert_eq!(Summary::of(&plan).delete, 9 * 17);
}

/// A stack of log-archive in a given state, deployed with what the baseline wants.
async fn with_stack_in(state: StackState) -> Plan {
    let text = std::fs::read_to_string("templates/guardduty.yaml").unwrap();
    let template = Template::parse(&Source::new("guardduty.yaml", &text)).unwrap();
    let stack = StackInput {
        name: "avm-guardduty".parse().unwrap(),
        template: TemplateLocation::Body(template.body()),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        token: "arranged".to_owned(),
    };
    let aws = aws().with_account("log-archive", "aws+log-archive@example.com", "/").with_stack(
        "log-archive",
        "eu-west-1",
        &stack,
        state,
    );
    LandingZone::on(aws).with_detectors().plan(&only("log-archive")).await
}

#[tokio::test(start_paused = true)]
async fn every_stack_state_has_an_answer() {
    let mut answers = Vec::new();
    for (state, word) in StackState::ALL {
        let plan = with_stack_in(state).await;
        let of_stack = |line: &&str| line.contains("avm-guardduty") && !line.contains("us-east-1");
        let said: Vec<_> = told(&plan).lines().filter(of_stack).map(str::to_owned).collect();
        answers.push(format!(
            "{word}\n    {}",
            if said.is_empty() { "nothing".to_owned() } else { said.join("\n    ") }
        ));
    }
    insta::assert_snapshot!(answers.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_values_cannot_be_had() {
    let plan = LandingZone::acme().plan(&only("payments-uat")).await;
    let blocked: Vec<_> =
        told(&plan).lines().filter(|line| line.contains(" ! ")).map(str::to_owned).collect();
    insta::assert_snapshot!(blocked.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn two_plans_of_one_state_are_equal_byte_for_byte() {
    let zone = LandingZone::acme();
    let plans = [zone.plan(&all()).await, zone.plan(&all()).await];
    let [one, two] = plans.map(|plan| serde_json::to_string(&plan).unwrap());
    assert_eq!(one, two);
}

#[tokio::test(start_paused = true)]
async fn a_plan_reads_back_from_its_json() {
    let plan = LandingZone::acme().plan(&all()).await;
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}
