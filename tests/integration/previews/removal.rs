//! Nothing is left of a question, whatever becomes of it.

use std::cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use avm::cloud::CloudWriter as _;
use avm::desired::Selection;
use avm::execute::Ledger;
use avm::plan::{Answer, Summary};
use avm::sim::world::{Cell, World};
use avm::sim::{Fault, FaultKind};
use tokio::time::advance;

use super::{ACCOUNT, HOME, RUN, asked, asked_until, edited, left, left_in, told, zone};
use crate::landing_zone::{LandingZone, all};

/// The world without what moves on by itself: its clock, the number of ids given out, the store of template texts, and
/// the places in which nothing is.
fn apart_from_time(world: &World, like: &World) -> World {
    let mut world = World {
        clock: like.clock,
        counter: like.counter,
        templates: like.templates.clone(),
        ..world.clone()
    };
    for account in world.accounts.values_mut() {
        account.cells.retain(|_, cell| **cell != Cell::default());
    }
    world
}

#[tokio::test(start_paused = true)]
async fn the_world_is_after_a_question_as_it_was_before() {
    for zone in [zone(), edited().await] {
        let plan = zone.plan(&all()).await;
        let before = zone.simulation.world().clone();
        let ledger = Ledger::default();
        let previews = asked(&zone, &plan, &ledger).await;
        assert!(
            previews.iter().all(|one| matches!(one.answer, Answer::Changes(_))),
            "{previews:?}"
        );
        advance(Duration::from_mins(10)).await;
        let after = zone.simulation.world().clone();
        let before = apart_from_time(&before, &before);
        assert!(apart_from_time(&after, &before) == before, "{:?}", left(&zone));
        assert_eq!(ledger.left(), []);
        assert_eq!(zone.plan(&all()).await, plan);
    }
}

/// How many calls a question takes.
async fn calls_of(zone: &LandingZone, selection: &Selection) -> usize {
    let plan = zone.plan(selection).await;
    zone.simulation.forget_calls();
    asked(zone, &plan, &Ledger::default()).await;
    zone.simulation.calls().len()
}

#[tokio::test(start_paused = true)]
async fn after_a_death_at_any_call_the_next_question_or_update_leaves_nothing() {
    // One stack, since each is asked about in the same way.
    let one = Selection { stacks: vec!["avm-signs".to_owned()], ..Selection::default() };
    for is_there in [false, true] {
        let fresh = async || if is_there { edited().await } else { zone() };
        let calls = calls_of(&fresh().await, &one).await;
        let mut left_behind = 0;
        for nth in 1..=calls {
            for updates in [false, true] {
                let zone = fresh().await;
                let plan = zone.plan(&one).await;
                zone.simulation.fault(Fault::new(FaultKind::Die).at_call(nth));
                asked(&zone, &plan, &Ledger::default()).await;
                zone.simulation.revive();
                left_behind += left(&zone).len();
                advance(Duration::from_hours(2)).await;
                if updates {
                    zone.update(&one).await;
                    let again = zone.plan(&one).await;
                    assert!(Summary::of(&again).is_empty(), "death at call {nth}");
                } else {
                    asked(&zone, &zone.plan(&one).await, &Ledger::default()).await;
                }
                assert_eq!(left(&zone), [""; 0], "death at call {nth}, update: {updates}");
            }
        }
        assert!(left_behind > 0, "no death left anything behind: this proves nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_at_any_call_leaves_nothing() {
    let home = Selection { regions: vec![HOME.to_owned()], ..Selection::default() };
    let kinds = [
        FaultKind::Throttle,
        FaultKind::ServerError,
        FaultKind::Reset,
        FaultKind::LostAnswer,
        FaultKind::TimeoutAfter,
    ];
    for is_there in [false, true] {
        let fresh = async || if is_there { edited().await } else { zone() };
        let calls = calls_of(&fresh().await, &home).await;
        for kind in kinds {
            let zone = fresh().await;
            let plan = zone.plan(&home).await;
            for nth in 1..=calls {
                zone.simulation.fault(Fault::new(kind).at_call(nth));
                let ledger = Ledger::default();
                let previews = asked(&zone, &plan, &ledger).await;
                zone.simulation.revive();
                assert_eq!(left(&zone), [""; 0], "{kind:?} at call {nth}");
                assert_eq!(ledger.left(), []);
                let asked = previews.iter().filter(|one| matches!(one.answer, Answer::Changes(_)));
                assert!(asked.count() >= 1, "one fault is one answer: {:?}", told(&previews));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn once_it_is_told_to_stop_it_begins_nothing_more_and_leaves_nothing() {
    let zone = zone();
    let plan = zone.plan(&all()).await;
    let (cancel, ledger) = (AtomicBool::new(false), Ledger::default());
    let last = cell::Cell::new((0, 0));
    let stop = |done, total| {
        last.set((done, total));
        cancel.store(true, Ordering::SeqCst);
    };
    let previews = asked_until(&zone, &plan, &ledger, &cancel, &stop).await;
    assert_eq!(last.get(), (3, 3));
    // The two regions had begun; the second stack of the one had not.
    assert_eq!(told(&previews)[1], "eu-west-1 avm-signs: not asked: the run was stopped");
    assert_eq!((left(&zone), ledger.left()), (Vec::new(), Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn who_stops_it_at_once_is_told_what_is_left_and_the_commands_that_remove_it() {
    for (is_there, commands) in [
        (
            true,
            [
                "aws cloudformation delete-change-set --region eu-west-1 --stack-name avm-logs \
                 --change-set-name avm-plan-1a2b3c4d",
                "aws cloudformation delete-change-set --region us-east-1 --stack-name avm-logs \
                 --change-set-name avm-plan-1a2b3c4d",
            ],
        ),
        (
            false,
            [
                "aws cloudformation delete-stack --region eu-west-1 --stack-name avm-logs",
                "aws cloudformation delete-stack --region us-east-1 --stack-name avm-logs",
            ],
        ),
    ] {
        let zone = if is_there { edited().await } else { zone() };
        let plan = zone.plan(&all()).await;
        let ledger = Ledger::default();
        let asking = asked(&zone, &plan, &ledger);
        tokio::time::timeout(Duration::from_secs(3), asking).await.unwrap_err();
        assert_eq!(left(&zone).len(), 2);
        let told = ledger.left();
        assert!(told.iter().all(|(_, why)| why.is_none()));
        assert!(
            told[0].0.to_string().contains(&format!("change set avm-plan-{RUN} of stack avm-logs"))
        );
        let told: Vec<_> = told.iter().map(|(left, _)| left.command()).collect();
        assert_eq!(told, commands);
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_removed_is_told_with_the_reason() {
    let zone = edited().await;
    let plan = zone.plan(&all()).await;
    let denied = Fault::new(FaultKind::AccessDenied).on("cloudformation:DeleteChangeSet");
    zone.simulation.fault(denied);
    let ledger = Ledger::default();
    let previews = asked(&zone, &plan, &ledger).await;
    let answered = previews.iter().all(|one| matches!(one.answer, Answer::Changes(_)));
    assert!(answered, "the answers are there all the same: {previews:?}");
    let told = ledger.left();
    assert_eq!(told.len(), 1);
    let why = told[0].1.as_deref().unwrap();
    assert!(why.contains("cloudformation:DeleteChangeSet"), "{why}");
    assert_eq!(left(&zone).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_make_change_sets_leaves_nothing_and_is_told_so() {
    let zone = zone();
    let plan = zone.plan(&all()).await;
    let denied = Fault::new(FaultKind::AccessDenied).on("cloudformation:CreateChangeSet");
    zone.simulation.fault(denied.for_ever());
    let ledger = Ledger::default();
    let previews = asked(&zone, &plan, &ledger).await;
    for line in told(&previews) {
        assert!(line.contains("not asked: cloudformation:CreateChangeSet in "), "{line}");
    }
    assert_eq!((left(&zone), ledger.left()), (Vec::new(), Vec::new()));
}

/// A world in which an earlier preview was killed while it asked about everything.
async fn killed() -> LandingZone {
    let zone = zone();
    let plan = zone.plan(&all()).await;
    let ledger = Ledger::default();
    let asking = asked(&zone, &plan, &ledger);
    tokio::time::timeout(Duration::from_secs(3), asking).await.unwrap_err();
    assert_eq!(left(&zone).len(), 2);
    zone
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_run_has_left_is_removed_after_an_hour_and_then_asked_about() {
    let zone = killed().await;
    advance(Duration::from_mins(61)).await;
    let ledger = Ledger::default();
    let previews = asked(&zone, &zone.plan(&all()).await, &ledger).await;
    assert_eq!(ledger.removed().len(), 2);
    assert_eq!(told(&previews)[0], "eu-west-1 avm-logs: + Group, + Topic");
    assert_eq!(left(&zone), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_may_be_of_a_run_that_goes_on_is_left_alone() {
    let zone = killed().await;
    advance(Duration::from_mins(30)).await;
    let before = left(&zone);
    let ledger = Ledger::default();
    let previews = asked(&zone, &zone.plan(&all()).await, &ledger).await;
    assert_eq!(
        told(&previews)[0],
        "eu-west-1 avm-logs: not asked: it is REVIEW_IN_PROGRESS: it is deleted first and made anew"
    );
    assert_eq!((left(&zone), ledger.removed()), (before, Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_which_somebody_else_has_a_change_set_stays() {
    for old in [false, true] {
        let zone = if old { killed().await } else { zone() };
        let plan = zone.plan(&all()).await;
        if old {
            advance(Duration::from_mins(61)).await;
        }
        let theirs = zone.clone_change_set_as("theirs", &plan).await;
        let previews = asked(&zone, &plan, &Ledger::default()).await;
        assert!(told(&previews)[0].contains("not asked"), "{:?}", told(&previews));
        let stack = zone.simulation.stack(ACCOUNT, HOME, "avm-logs").unwrap();
        let names: Vec<_> = stack.change_sets.iter().map(|one| one.name.clone()).collect();
        assert_eq!(names, [theirs]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_somebody_makes_while_its_removal_waits_is_not_removed() {
    let zone = zone();
    let plan = zone.plan(&all()).await;
    let region = HOME.parse().unwrap();
    // Before its last look. What is sent again below the port has no look of its own.
    let throttled = Fault::new(FaultKind::Throttle).on("cloudformation:ListChangeSets");
    zone.simulation.fault(throttled.in_region(&region).lasting(Duration::from_mins(1)));
    let ledger = Ledger::default();
    let somebody = async {
        let is_tried = || {
            let calls = zone.simulation.calls();
            calls.iter().any(|call| {
                call.operation == "cloudformation:ListChangeSets"
                    && call.region.as_ref() == Some(&region)
            })
        };
        while !is_tried() {
            advance(Duration::from_millis(50)).await;
        }
        let theirs = zone.clone_change_set_as("theirs", &plan).await;
        let target = zone.simulation.target(ACCOUNT, HOME).unwrap();
        let stack = "avm-logs".parse().unwrap();
        let cloud = zone.simulation.cloud();
        while cloud.execute_change_set(&target, &stack, &theirs, "theirs").await.is_err() {
            advance(Duration::from_millis(50)).await;
        }
    };
    tokio::join!(asked(&zone, &plan, &ledger), somebody);
    advance(Duration::from_mins(10)).await;
    let stack = zone.simulation.stack(ACCOUNT, HOME, "avm-logs").expect("it is somebody's");
    assert_eq!(stack.state.as_aws(), "CREATE_COMPLETE");
    assert_eq!(ledger.left(), []);
}

impl LandingZone {
    /// Somebody's own change set that would make avm-logs in the home region. Answers its name.
    async fn clone_change_set_as(&self, name: &str, plan: &avm::plan::Plan) -> String {
        use avm::cloud::{ChangeSetInput, ChangeSetKind, StackInput, TemplateLocation};
        let target = self.simulation.target(ACCOUNT, HOME).unwrap();
        assert!(plan.account(&ACCOUNT.parse().unwrap()).is_some());
        let stack = StackInput {
            name: "avm-logs".parse().unwrap(),
            template: TemplateLocation::Body(super::SIGNS.to_owned()),
            parameters: [].into(),
            capabilities: [].into(),
            token: name.to_owned(),
        };
        let change_set = ChangeSetInput {
            name: name.to_owned(),
            kind: ChangeSetKind::Create,
            imports_existing: false,
            reverts_drift: false,
            stack,
        };
        self.simulation.cloud().create_change_set(&target, &change_set).await.unwrap();
        assert!(left_in(&self.simulation.world())[0].contains(name));
        name.to_owned()
    }
}
