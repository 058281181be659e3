use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::plan::{Plan, Replacement, ResourceChange, Step};
use crate::render::json::PlanDocument;
use crate::render::{Detail, fixtures};

/// How many things of each kind an outline tells of, each in all of its places.
fn told(outline: &Outline) -> BTreeMap<&'static str, usize> {
    let organization = outline.organization.iter().map(|entry| (entry, 1));
    let groups = outline
        .groups()
        .flat_map(|group| group.entries.iter().map(|entry| (entry, group.places.number().max(1))));
    let mut told = BTreeMap::new();
    for (entry, places) in organization.chain(groups) {
        let kind = match entry.mark {
            Mark::Action(_) | Mark::MayReplace => "step",
            Mark::Blocked => "blocked",
            Mark::Note => "note",
            Mark::Detail => "detail",
        };
        *told.entry(kind).or_default() += places;
    }
    told
}

/// How many things of each kind there are in a plan.
fn planned(plan: &Plan) -> BTreeMap<&'static str, usize> {
    use crate::plan::AccountStatus::{Active, New, NotActive, Unreachable};
    let mut planned = BTreeMap::new();
    let mut add = |kind, number| {
        if number > 0 {
            *planned.entry(kind).or_default() += number;
        }
    };
    add("step", plan.organization_steps.len());
    add("blocked", plan.organization_blocked.len());
    for (_, account) in plan.accounts() {
        add("step", account.all_steps().count());
        add("blocked", account.all_blocked().count());
        add("note", account.notes.len());
        add("note", account.regions.values().map(|lane| lane.notes.len()).sum());
        match account.status {
            New | Active => {}
            NotActive(_) => add("note", 1),
            Unreachable(_) => add("blocked", 1),
        }
    }
    planned
}

#[test]
fn nothing_is_said_twice_and_nothing_is_lost() {
    let documents = [
        fixtures::document(fixtures::vending()),
        fixtures::document(fixtures::trouble()),
        fixtures::document(fixtures::nothing_to_do()),
        fixtures::thousand(),
    ];
    for document in documents {
        assert_eq!(told(&outline(&document)), planned(&document.plan));
    }
}

#[test]
fn a_new_accounts_default_vpcs_are_no_loss_and_an_existing_ones_are() {
    let vending = outline(&fixtures::document(fixtures::vending()));
    assert!(vending.destructive.is_empty(), "{:?}", vending.destructive);
    let trouble = outline(&fixtures::document(fixtures::trouble()));
    let lost: Vec<_> = trouble.destructive.iter().flat_map(|group| &group.entries).collect();
    assert!(lost.iter().any(|entry| entry.line.to_string() == "default VPC vpc-0c2d"), "{lost:?}");
}

#[test]
fn what_is_the_same_everywhere_is_one_group_and_exceptions_come_after_it() {
    let outline = outline(&fixtures::thousand());
    let places: Vec<_> = outline.rest.iter().map(|group| group.words.to_string()).collect();
    assert_eq!(places[0], "all 50 accounts x 17 regions");
    assert_eq!(places[1], "945 accounts x 17 regions, but not 12 places");
    assert!(outline.folded);
}

#[test]
fn a_resource_that_must_be_made_anew_is_marked_and_makes_its_stack_destructive() {
    let mut plan = fixtures::trouble();
    for step in steps(&mut plan) {
        if let Step::UpdateStack(change) = step {
            change.resources = vec![replaced(Replacement::Always), replaced(Replacement::Maybe)];
        }
    }
    let outline = outline(&fixtures::document(plan));
    let resources: Vec<_> = outline
        .destructive
        .iter()
        .flat_map(|group| &group.entries)
        .filter(|entry| entry.mark == Mark::Action(crate::plan::Action::Update))
        .flat_map(|entry| &entry.children)
        .map(|child| (child.mark, child.line.to_string()))
        .collect();
    let always = "Bucket (AWS::S3::Bucket) must be replaced".to_owned();
    let maybe = "Bucket (AWS::S3::Bucket) may be replaced".to_owned();
    assert!(
        resources.contains(&(Mark::Action(crate::plan::Action::Replace), always)),
        "{resources:?}"
    );
    assert!(resources.contains(&(Mark::MayReplace, maybe)), "{resources:?}");
}

#[test]
fn what_cloudformation_refuses_is_blocked_and_its_answer_stands_beneath_the_step() {
    let mut document = fixtures::document(fixtures::trouble());
    let preview = |region: &str, answer| json!({ "account": "payments-uat", "region": region, "stack": "avm-cloudtrail", "answer": answer });
    document.previews = serde_json::from_value(json!([
        preview(
            "us-east-1",
            json!({ "refused": { "reason": "no such property", "findings": ["Oops"] } })
        ),
        preview("eu-west-1", json!("no-change")),
    ]))
    .unwrap();
    let outline = outline(&document);
    let refused: Vec<_> = outline
        .blocked
        .iter()
        .flat_map(|group| &group.entries)
        .filter(|entry| matches!(entry.mark, Mark::Action(_)))
        .collect();
    assert_eq!(refused.len(), 1);
    let answer = refused[0].children.last().unwrap();
    assert_eq!(answer.mark, Mark::Blocked);
    assert_eq!(answer.line.to_string(), "CloudFormation refuses: no such property");
    assert_eq!(answer.children[0].line.to_string(), "Oops");
    let region = "eu-west-1".parse().unwrap();
    let told = cell(&document, Some(&"payments-uat".parse().unwrap()), Some(&region));
    let lines: Vec<_> =
        told.iter().flat_map(|entry| &entry.children).map(|child| child.line.to_string()).collect();
    assert!(lines.contains(&"CloudFormation: no change".to_owned()), "{lines:?}");
}

fn steps(plan: &mut Plan) -> impl Iterator<Item = &mut Step> {
    let accounts = plan.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut());
    accounts.flat_map(|account| account.regions.values_mut()).flat_map(|lane| &mut lane.steps)
}

fn replaced(replacement: Replacement) -> ResourceChange {
    let action = match replacement {
        Replacement::Always => crate::plan::Action::Replace,
        Replacement::Never | Replacement::Maybe => crate::plan::Action::Update,
    };
    ResourceChange {
        logical_id: "Bucket".into(),
        resource_type: "AWS::S3::Bucket".into(),
        action,
        replacement,
        retained: false,
        properties: Vec::new(),
    }
}

#[test]
fn what_becomes_of_what_is_there_is_said() {
    let told = |resource: ResourceChange| -> (Vec<String>, bool) {
        let mut plan = fixtures::trouble();
        let step = steps(&mut plan).find(|step| matches!(step, Step::UpdateStack(_))).unwrap();
        let Step::UpdateStack(change) = step else { unreachable!() };
        change.resources = vec![resource];
        let is_destructive = step.is_destructive();
        let entry = step::entry(step, Detail::Everything, None);
        let entry = entry
            .children
            .into_iter()
            .find(|it| it.line.to_string().starts_with("Bucket ("))
            .unwrap();
        let beneath = entry.children.iter().map(|child| child.line.to_string());
        let symbol = match entry.mark {
            Mark::Action(action) => action.symbol(),
            Mark::MayReplace => "?",
            Mark::Blocked | Mark::Note | Mark::Detail => "",
        };
        let line = entry.line.to_string().replacen("Bucket (AWS::S3::Bucket)", symbol, 1);
        (std::iter::once(line).chain(beneath).collect(), is_destructive)
    };
    let of = |replacement, retained| ResourceChange { retained, ..replaced(replacement) };
    let deleted = |retained| ResourceChange {
        action: crate::plan::Action::Delete,
        ..of(Replacement::Never, retained)
    };
    let leaving = |retained| ResourceChange {
        properties: vec![crate::plan::PropertyChange {
            path: ":Condition".into(),
            before: None,
            after: Some("Prod".into()),
            replacement: Replacement::Maybe,
        }],
        ..of(Replacement::Maybe, retained)
    };
    let condition = "its condition Prod is known after apply";
    let kept = "what is there stays (UpdateReplacePolicy: Retain)";
    let cases = [
        (deleted(false), vec!["-".to_owned()], true),
        (
            deleted(true),
            vec!["~ leaves the stack, and stays (DeletionPolicy: Retain)".to_owned()],
            false,
        ),
        (of(Replacement::Always, false), vec!["-/+ must be replaced".to_owned()], true),
        (of(Replacement::Always, true), vec![format!("-/+ must be replaced; {kept}")], false),
        (of(Replacement::Maybe, false), vec!["? may be replaced".to_owned()], false),
        (of(Replacement::Maybe, true), vec![format!("? may be replaced; {kept}")], false),
        (leaving(false), vec!["? may be deleted".to_owned(), condition.to_owned()], false),
        (
            leaving(true),
            vec![
                "? may leave the stack, and stays (DeletionPolicy: Retain)".to_owned(),
                condition.to_owned(),
            ],
            false,
        ),
    ];
    for (resource, lines, is_destructive) in cases {
        assert_eq!(told(resource), (lines, is_destructive));
    }
}

/// A plan of tags and notes, in which some accounts are alike.
fn arbitrary() -> impl Strategy<Value = PlanDocument> {
    let account = ("[ab]{0,1}", prop::collection::vec("[xy ]{1,2}", 0..3), 0..3_usize);
    prop::collection::vec(account, 1..30).prop_map(|accounts| {
        let mut plan = fixtures::large(accounts.len());
        let planned = plan.waves.iter_mut().flat_map(|wave| wave.accounts.values_mut());
        for (account, (tag, notes, lanes)) in planned.zip(accounts) {
            account.notes = notes;
            let set = [("key".to_owned(), tag)].into();
            account.steps = vec![Step::TagAccount { set, before: BTreeMap::new() }];
            let steps = vec![Step::DeleteDefaultVpc { vpc: None, parts: Vec::new() }];
            let lane = crate::plan::Lane { steps, ..crate::plan::Lane::default() };
            let regions = crate::model::Region::enabled_by_default().take(lanes);
            account.regions = regions.map(|region| (region, lane.clone())).collect();
        }
        fixtures::document(plan)
    })
}

proptest! {
    #[test]
    fn every_step_and_note_of_any_plan_is_in_exactly_one_group(document in arbitrary()) {
        prop_assert_eq!(told(&outline(&document)), planned(&document.plan));
    }
}
