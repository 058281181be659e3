//! CloudFormation's own answer to a plan: what it says, and that nothing is left of the question.

mod answers;
mod command;
mod removal;

use std::fs;
use std::sync::atomic::AtomicBool;

use avm::cloud::CloudProvider as _;
use avm::execute::{Inquiry, Ledger, Limits, Questions, Templates, preview};
use avm::plan::{Answer, Plan, Preview};
use avm::sim::world::World;
use avm::sim::{Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all};

const ACCOUNT: &str = "shop";
const HOME: &str = "eu-west-1";
const RUN: &str = "1a2b3c4d";

const LOGS: &str = "\
Parameters: {Name: {Type: String}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref Name, RetentionInDays: 30}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: news}}
Outputs:
  Group: {Value: !Ref Group}
";
const SIGNS: &str = "\
Resources:
  Sign: {Type: AWS::SSM::Parameter, Properties: {Name: /avm/sign, Type: String, Value: one}}
";

/// An account with a stack in two regions, and a second one in one of them.
fn zone() -> LandingZone {
    let aws = Simulation::new(SimulationSettings::default()).with_account(
        ACCOUNT,
        "aws+shop@example.com",
        "/",
    );
    zone_on(aws)
}

fn zone_on(aws: Simulation) -> LandingZone {
    let zone = LandingZone::on(aws);
    for folder in ["baselines", "templates"] {
        for file in fs::read_dir(zone.path(folder)).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    let landing_zone = format!(
        "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\n\
         regions: {{home: {HOME}, governed: [{HOME}, us-east-1]}}\nwaves: [all]\naccounts:\n  \
         - {{name: {ACCOUNT}, email: aws+shop@example.com, ou: /, baseline: shop}}\n",
        Simulation::ORGANIZATION,
        Simulation::MANAGEMENT_ACCOUNT,
    );
    let baseline = "version: 1\nsettings: {default-vpc: keep}\nstacks:\n  \
        - {name: avm-logs, template: logs.yaml, regions: governed, parameters: {Name: shop}}\n  \
        - {name: avm-signs, template: signs.yaml, regions: home}\n";
    for (file, text) in [
        ("landing-zone.yaml", landing_zone.as_str()),
        ("baselines/shop.yaml", baseline),
        ("templates/logs.yaml", LOGS),
        ("templates/signs.yaml", SIGNS),
    ] {
        fs::write(zone.path(file), text).unwrap();
    }
    zone
}

/// The same, deployed, and edited since in both templates.
async fn edited() -> LandingZone {
    let zone = zone();
    zone.update(&all()).await;
    zone.edit("templates/logs.yaml", "news", "olds");
    zone.edit("templates/signs.yaml", "Value: one", "Value: two");
    zone
}

/// Asks CloudFormation about a plan, as the command line does.
async fn asked(zone: &LandingZone, plan: &Plan, ledger: &Ledger) -> Vec<Preview> {
    asked_until(zone, plan, ledger, &AtomicBool::new(false), &|_, _| {}).await
}

async fn asked_until(
    zone: &LandingZone,
    plan: &Plan,
    ledger: &Ledger,
    cancel: &AtomicBool,
    on_progress: &dyn Fn(usize, usize),
) -> Vec<Preview> {
    let cloud = zone.simulation.connect(&zone.connection()).await.unwrap();
    let desired = zone.desired(&all());
    let bodies = desired.templates.iter().map(|(file, template)| (file.clone(), template.body()));
    let templates = Templates { bodies: bodies.collect(), ..Templates::default() };
    let limits = Limits::default();
    let inquiry = Inquiry { run: RUN, limits, reverts_drift: false };
    let questions = Questions::of(plan);
    preview(&cloud, &questions, &templates, inquiry, ledger, cancel, on_progress).await
}

/// `eu-west-1 avm-logs: ~ Topic never /Properties/DisplayName news -> olds`, a line for each answer.
fn told(previews: &[Preview]) -> Vec<String> {
    let line = |preview: &Preview| {
        let answer = match &preview.answer {
            Answer::NoChange => "nothing".to_owned(),
            Answer::NotAsked(why) => format!("not asked: {why}"),
            Answer::Refused { reason, findings } => format!("refused: {reason} {findings:?}"),
            Answer::Changes(changes) => {
                let changes: Vec<_> = changes
                    .iter()
                    .map(|change| format!("{} {}", change.action.symbol(), change.logical_id))
                    .collect();
                changes.join(", ")
            }
        };
        format!("{} {}: {answer}", preview.region, preview.stack)
    };
    previews.iter().map(line).collect()
}

/// What there is of change sets and of stacks that were never made: a line each.
fn left_in(world: &World) -> Vec<String> {
    let cells = world.accounts.values().flat_map(|account| &account.cells);
    let stacks = cells.flat_map(|(region, cell)| {
        cell.stacks.iter().map(move |(name, stack)| (region, name, stack))
    });
    let left = stacks.filter(|(_, _, stack)| {
        !stack.change_sets.is_empty() || stack.state.as_aws() == "REVIEW_IN_PROGRESS"
    });
    left.map(|(region, name, stack)| {
        let change_sets: Vec<_> = stack.change_sets.iter().map(|one| one.name.as_str()).collect();
        format!("{region} {name} {} {}", stack.state, change_sets.join(" "))
    })
    .collect()
}

fn left(zone: &LandingZone) -> Vec<String> {
    left_in(&zone.simulation.world())
}
