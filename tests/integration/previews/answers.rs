//! What CloudFormation says.

use avm::execute::{Ledger, Questions};
use avm::plan::{Action, Answer, Preview, Replacement, Step};
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};

use super::{ACCOUNT, HOME, RUN, asked, edited, left, told, zone, zone_on};
use crate::landing_zone::{LandingZone, all};

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_to_be_made_is_told_with_its_resources() {
    let zone = zone();
    let previews = asked(&zone, &zone.plan(&all()).await, &Ledger::default()).await;
    assert_eq!(
        told(&previews),
        [
            "eu-west-1 avm-logs: + Group, + Topic",
            "eu-west-1 avm-signs: + Sign",
            "us-east-1 avm-logs: + Group, + Topic",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_is_told_with_its_values() {
    let zone = edited().await;
    let previews = asked(&zone, &zone.plan(&all()).await, &Ledger::default()).await;
    assert_eq!(told(&previews)[0], "eu-west-1 avm-logs: ~ Topic");
    let Answer::Changes(changes) = &previews[0].answer else { panic!("{previews:?}") };
    assert_eq!(changes[0].resource_type, "AWS::SNS::Topic");
    assert_eq!(changes[0].replacement, Replacement::Never);
    let detail = &changes[0].details[0];
    assert_eq!(detail.path, "/Properties/DisplayName");
    assert_eq!((detail.before.as_deref(), detail.after.as_deref()), (Some("news"), Some("olds")));
}

#[tokio::test(start_paused = true)]
async fn a_property_that_cannot_be_changed_makes_the_resource_anew() {
    let zone = zone();
    zone.update(&all()).await;
    zone.edit("baselines/shop.yaml", "{Name: shop}", "{Name: store}");
    let previews = asked(&zone, &zone.plan(&all()).await, &Ledger::default()).await;
    let Answer::Changes(changes) = &previews[0].answer else { panic!("{previews:?}") };
    assert_eq!(changes[0].logical_id, "Group");
    assert_eq!((changes[0].action, changes[0].replacement), (Action::Replace, Replacement::Always));
    assert_eq!(changes[0].policy_action.as_deref(), Some("ReplaceAndDelete"));
    assert_eq!(changes[0].details[0].replacement, Replacement::Always);
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_a_finding_and_nothing_is_left_of_the_question() {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account(ACCOUNT, "aws+shop@example.com", "/")
        .with_unmanaged(ACCOUNT, HOME, "AWS::SSM::Parameter", "/avm/sign");
    let zone = zone_on(aws);
    let previews = asked(&zone, &zone.plan(&all()).await, &Ledger::default()).await;
    let Answer::Refused { reason, findings } = &previews[1].answer else { panic!("{previews:?}") };
    assert!(reason.starts_with("Validation failure detected"), "{reason}");
    assert!(findings[0].starts_with("Sign /Resources/Sign/Properties/Name: "), "{findings:?}");
    assert_eq!(left(&zone), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_cloudformation_does_not_take_at_all_is_refused_with_its_reason() {
    let zone = edited().await;
    // The resource keeps its name and gets another type.
    zone.edit("templates/signs.yaml", "AWS::SSM::Parameter", "AWS::SNS::Topic");
    let previews = asked(&zone, &zone.plan(&all()).await, &Ledger::default()).await;
    let line = &told(&previews)[1];
    assert!(
        line.contains("refused: ValidationError: Update of resource type is not permitted"),
        "{line}"
    );
    assert_eq!(left(&zone), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_is_known_later_and_an_account_that_is_new_are_not_asked_about() {
    let plan = LandingZone::acme().plan(&all()).await;
    let questions = Questions::of(&plan);
    let why = |account: &str| {
        let of = |preview: &&Preview| {
            preview.account.as_str() == account && preview.stack.as_str() == "avm-cloudtrail"
        };
        match questions.unasked().iter().find(of).map(|preview| &preview.answer) {
            Some(Answer::NotAsked(why)) => why.as_str(),
            answer => panic!("{account}: {answer:?}"),
        }
    };
    assert_eq!(why("payments-uat"), "the account is still to be made");
    assert_eq!(
        why("management"),
        "its parameter Bucket is not known yet: (known after wave foundation)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_aws_is_at_work_on_or_that_goes_first_is_not_asked_about() {
    for (fails, expected) in [
        (0, "not asked: AWS is at work on it: CREATE_IN_PROGRESS"),
        (1, "not asked: it is ROLLBACK_COMPLETE: it is deleted first and made anew"),
    ] {
        let aws = Simulation::new(SimulationSettings::default())
            .with_account(ACCOUNT, "aws+shop@example.com", "/")
            .with_failing_resource("Sign", "not today", fails);
        let zone = zone_on(aws);
        if fails == 0 {
            let look = Fault::new(FaultKind::Die).on("cloudformation:DescribeStacks").at_call(3);
            zone.simulation.fault(look);
        }
        drop(zone.try_update(&all()).await);
        zone.simulation.revive();
        let plan = zone.plan(&all()).await;
        let previews = asked(&zone, &plan, &Ledger::default()).await;
        let lines = told(&previews);
        assert!(lines.iter().any(|line| line.ends_with(expected)), "{lines:?}");
        let steps = plan.accounts().flat_map(|(_, account)| account.all_steps());
        let about = steps.filter(|step| step.stack_change().is_some()).collect::<Vec<&Step>>();
        assert_eq!(previews.len(), about.len());
    }
}

#[tokio::test(start_paused = true)]
async fn the_change_set_is_named_for_the_run_and_takes_over_nothing() {
    let zone = zone();
    let plan = zone.plan(&all()).await;
    let ledger = Ledger::default();
    // The change set is still being made when the time is over.
    let asking = asked(&zone, &plan, &ledger);
    tokio::time::timeout(std::time::Duration::from_secs(3), asking).await.unwrap_err();
    let stack = zone.simulation.stack(ACCOUNT, HOME, "avm-logs").unwrap();
    let [change_set] = &stack.change_sets[..] else { panic!("{:?}", stack.change_sets) };
    assert_eq!(change_set.name, format!("avm-plan-{RUN}"));
    assert!(!change_set.imports_existing);
}
