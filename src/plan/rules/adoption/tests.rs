//! Six things that may be there already, three ways to take them, and all who may own them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fixture::{TEMPLATE, World, account, empty_region, present, word};
use crate::cloud::{CloudError, ErrorKind, ExistingResource, ResourceOwner, StackState};
use crate::desired::{Adopt, DesiredStack, DesiredValue, OutputRegion};
use crate::model::AccountName;
use crate::observed::FoundResource;
use crate::plan::step::Step;
use crate::plan::tree::Lane;
use crate::template::Template;

/// A thing: place in the template, type, the template's name, identifier, key behind it.
type Thing = (&'static str, &'static str, Option<&'static str>, &'static str, Option<&'static str>);

/// The things that may be there.
const THINGS: [Thing; 6] = [
    ("Detector", "AWS::GuardDuty::Detector", None, "d-1", None),
    ("Hub", "AWS::SecurityHub::Hub", None, "arn:hub", None),
    ("Recorder", "AWS::Config::ConfigurationRecorder", Some("default"), "default", None),
    ("Channel", "AWS::Config::DeliveryChannel", Some("fixed"), "fixed", None),
    ("Trail", "AWS::CloudTrail::Trail", Some("avm-trail"), "avm-trail", None),
    ("Alias", "AWS::KMS::Alias", Some("alias/uat/ec2"), "alias/uat/ec2", Some("key-1")),
];

fn thing(index: usize) -> FoundResource {
    let (logical_id, resource_type, wanted_name, identifier, target_key) = THINGS[index];
    FoundResource {
        logical_id: logical_id.to_owned(),
        wanted_name: wanted_name.map(str::to_owned),
        existing: ExistingResource {
            resource_type: resource_type.to_owned(),
            identifier: identifier.to_owned(),
            target_key: target_key.map(str::to_owned),
            owner: ResourceOwner::Nobody,
        },
    }
}

fn owned(index: usize, owner: ResourceOwner) -> FoundResource {
    let mut thing = thing(index);
    thing.existing.owner = owner;
    thing
}

/// A lane in words: steps with what they import, what is blocked, notes.
fn words(lane: &Lane) -> Vec<String> {
    let step = |step: &Step| {
        let mut told = format!("{} {step}", step.action().symbol());
        if let Step::ImportStack { imports, .. } = step {
            for import in imports {
                let (property, value) = import.identifier.first_key_value().unwrap();
                told.extend([" ", &import.logical_id, "=", property, ":", value]);
            }
        }
        told
    };
    let mut words: Vec<_> = lane.steps.iter().map(step).collect();
    words.extend(lane.blocked.iter().map(|one| format!("! {}: {}", one.subject, one.reason)));
    words.extend(lane.notes.clone());
    words
}

#[test]
fn each_thing_is_imported_left_or_in_the_way_as_the_baseline_says() {
    let imported = [
        "Detector=Id:d-1",
        "Hub=ARN:arn:hub",
        "Recorder=Name:default",
        "Channel=Name:fixed",
        "Trail=TrailName:avm-trail",
        "Alias=AliasName:alias/uat/ec2 Key=KeyId:key-1",
    ];
    for (index, imported) in imported.into_iter().enumerate() {
        let (_, resource_type, _, identifier, _) = THINGS[index];
        let world = World::with(Adopt::Import, vec![thing(index)]);
        assert_eq!(words(&world.lane()), [format!("<- stack avm-x {imported}")]);

        let world = World::with(Adopt::Leave, vec![thing(index)]);
        assert_eq!(
            words(&world.lane()),
            [format!(
                "{resource_type} {identifier} is there already and is left as it is; stack avm-x is not made"
            )]
        );

        let world = World::with(Adopt::Fail, vec![thing(index)]);
        assert_eq!(
            words(&world.lane()),
            [format!(
                "! stack avm-x: there is {resource_type} {identifier} already: say `adopt: import` for stack \
                 avm-x in baselines/standard.yaml to take it over; this shows it: aws cloudcontrol get-resource \
                 --type-name {resource_type} --identifier {identifier} --region eu-west-1"
            )]
        );
    }
}

#[test]
fn what_the_organization_or_a_service_governs_is_only_looked_at() {
    let owners = [
        (
            ResourceOwner::Organization(word("333333333333")),
            "the organization's administrator 333333333333",
        ),
        (ResourceOwner::Service("AWS Control Tower".to_owned()), "AWS Control Tower"),
    ];
    for (owner, name) in owners {
        for adopt in [Adopt::Import, Adopt::Leave, Adopt::Fail] {
            let world = World::with(adopt, vec![owned(0, owner.clone()), thing(1)]);
            assert_eq!(
                words(&world.lane()),
                [format!(
                    "AWS::GuardDuty::Detector d-1 belongs to {name}; stack avm-x is not made"
                )]
            );
        }
    }
}

#[test]
fn what_another_stack_has_cannot_be_imported() {
    let found = || vec![owned(0, ResourceOwner::Stack(word("old")))];
    for adopt in [Adopt::Import, Adopt::Fail] {
        assert_eq!(
            words(&World::with(adopt, found()).lane()),
            [
                "! stack avm-x: there is AWS::GuardDuty::Detector d-1 already, which belongs to stack old: a \
                 resource is in one stack at a time: take it out of that stack, where it needs a DeletionPolicy \
                 of Retain, or say `adopt: leave` for stack avm-x in baselines/standard.yaml"
            ]
        );
    }
    assert_eq!(
        words(&World::with(Adopt::Leave, found()).lane()),
        [
            "AWS::GuardDuty::Detector d-1 belongs to stack old and is left as it is; stack avm-x is not made"
        ]
    );
}

#[test]
fn several_things_are_imported_in_order_and_the_rest_is_made() {
    let found = (0..6).rev().map(thing).collect();
    let lane = World::with(Adopt::Import, found).lane();
    let [Step::ImportStack { change, imports, replaces: None }] = &lane.steps[..] else {
        panic!("{lane:?}")
    };
    let names: Vec<_> = imports.iter().map(|import| import.logical_id.as_str()).collect();
    assert_eq!(names, ["Alias", "Channel", "Detector", "Hub", "Key", "Recorder", "Trail"]);
    let made: Vec<_> = change.resources.iter().map(|made| made.logical_id.as_str()).collect();
    assert_eq!(made, ["Topic"]);
}

#[test]
fn a_name_that_cannot_be_changed_has_to_be_the_templates() {
    let named = |index: usize, name: &str| {
        let mut thing = thing(index);
        thing.existing.identifier = name.to_owned();
        words(&World::with(Adopt::Import, vec![thing]).lane())
    };
    assert_eq!(
        named(2, "custom"),
        [
            "! stack avm-x: there is AWS::Config::ConfigurationRecorder custom already: its name cannot be \
             changed: give it to the stack (`parameters: {Name: custom}`), or say `adopt: leave` for stack avm-x \
             in baselines/standard.yaml"
        ]
    );
    assert_eq!(
        named(3, "custom"),
        [
            "! stack avm-x: there is AWS::Config::DeliveryChannel custom already: its name cannot be changed: \
             give it to Channel in templates/t.yaml, or say `adopt: leave` for stack avm-x in \
             baselines/standard.yaml"
        ]
    );
}

#[test]
fn what_does_not_outlive_its_stack_cannot_be_imported() {
    let policies = [
        (0, "Detector", "Metadata: {}", false),
        (0, "Detector", "DeletionPolicy: Delete", true),
        (4, "Trail", "Metadata: {}", false),
        (4, "Trail", "DeletionPolicy: Delete", false),
        (4, "Trail", "DeletionPolicy: RetainExceptOnCreate", true),
        (5, "Alias", "Metadata: {}", false),
        (5, "Key", "Metadata: {}", false),
    ];
    for (index, logical_id, policy, is_taken) in policies {
        let start = TEMPLATE.find(&format!("{logical_id}: {{Type: ")).unwrap();
        let (before, behind) = TEMPLATE.split_at(start);
        let template = format!("{before}{}", behind.replacen("DeletionPolicy: Retain", policy, 1));
        assert_ne!(template, TEMPLATE);
        let world = World::of(&template, Adopt::Import, Ok(vec![thing(index)]));
        let words = words(&world.lane());
        let help = format!(
            "add `DeletionPolicy: RetainExceptOnCreate` to {logical_id} in templates/t.yaml"
        );
        assert_eq!(words[0].starts_with("<-"), is_taken, "{policy} {words:?}");
        assert_eq!(words[0].contains(&help), !is_taken, "{policy} {words:?}");
    }
}

#[test]
fn an_alias_comes_with_its_key_or_not_at_all() {
    let mut keyless = thing(5);
    keyless.existing.target_key = None;
    let lines = words(&World::with(Adopt::Import, vec![keyless]).lane());
    assert!(lines[0].contains("the alias has no key behind it"), "{lines:?}");

    let alias = "Alias: {Type: 'AWS::KMS::Alias', DeletionPolicy: Retain, Properties: {AliasName: alias/uat/ec2, TargetKeyId: ";
    let foreign = TEMPLATE.replace(&format!("{alias}!Ref Key"), &format!("{alias}!Ref Name"));
    let world = World::of(&foreign, Adopt::Import, Ok(vec![thing(5)]));
    assert_eq!(words(&world.lane()), ["<- stack avm-x Alias=AliasName:alias/uat/ec2"]);

    let second = "Second: {Type: 'AWS::KMS::Alias', DeletionPolicy: Retain, Properties: {AliasName: alias/second, TargetKeyId: !Ref Key}}";
    let two = TEMPLATE.replace("  Topic:", &format!("  {second}\n  Topic:"));
    let mut other = thing(5);
    other.logical_id = "Second".to_owned();
    other.wanted_name = Some("alias/second".to_owned());
    other.existing.identifier = "alias/second".to_owned();
    let world = World::of(&two, Adopt::Import, Ok(vec![thing(5), other.clone()]));
    assert_eq!(
        words(&world.lane()),
        [
            "<- stack avm-x Alias=AliasName:alias/uat/ec2 Key=KeyId:key-1 Second=AliasName:alias/second"
        ]
    );
    other.existing.target_key = Some("key-2".to_owned());
    let world = World::of(&two, Adopt::Import, Ok(vec![thing(5), other]));
    let lines = words(&world.lane());
    assert!(lines[0].contains("belong together in another way"), "{lines:?}");
}

#[test]
fn a_stack_that_failed_is_deleted_first_and_an_empty_one_is_not() {
    let states = [
        (StackState::ReviewInProgress, "<- stack avm-x Detector=Id:d-1"),
        (StackState::RollbackComplete, "-/+ stack avm-x (ROLLBACK_COMPLETE) Detector=Id:d-1"),
        (StackState::CreateFailed, "-/+ stack avm-x (CREATE_FAILED) Detector=Id:d-1"),
    ];
    for (state, line) in states {
        let world = World::with(Adopt::Import, vec![thing(0)]).stack(state);
        assert_eq!(words(&world.lane()), [line]);
    }
    let world = World::with(Adopt::Import, vec![thing(0)]);
    let lines = words(&world.stack(StackState::RollbackComplete).protected().lane());
    assert_eq!(lines, ["! stack avm-x: the account is protected"]);
    let world = World::with(Adopt::Import, vec![thing(0)]);
    let lines = words(&world.stack(StackState::ReviewInProgress).protected().lane());
    assert_eq!(lines, ["<- stack avm-x Detector=Id:d-1"]);
}

#[test]
fn what_goes_with_the_stack_itself_is_not_in_its_way_and_what_its_rollback_left_is() {
    let own = || vec![owned(5, ResourceOwner::Stack(word("avm-x")))];
    let world = World::with(Adopt::Import, own()).stack(StackState::CreateFailed);
    assert_eq!(words(&world.lane()), ["-/+ stack avm-x (CREATE_FAILED)"]);
    let world = World::with(Adopt::Import, own()).stack(StackState::RollbackComplete);
    assert_eq!(
        words(&world.lane()),
        ["-/+ stack avm-x (ROLLBACK_COMPLETE) Alias=AliasName:alias/uat/ec2 Key=KeyId:key-1"]
    );
}

#[test]
fn what_cannot_be_looked_for_keeps_the_stack_from_being_made() {
    let error = CloudError::new(ErrorKind::Denied, "guardduty:ListDetectors", "AccessDenied", "no");
    let world = World::of(TEMPLATE, Adopt::Import, Err(error));
    assert_eq!(words(&world.lane()), ["! stack avm-x: guardduty:ListDetectors: AccessDenied: no"]);
}

#[test]
fn a_trail_beside_the_organizations_is_told_of_and_made() {
    let trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/all";
    let world = World::with(Adopt::Import, Vec::new()).trails(&[trail]);
    assert_eq!(
        words(&world.lane()),
        [
            "+ stack avm-x".to_owned(),
            format!(
                "{trail} records here already: with the trail of stack avm-x management events are recorded and \
                 billed twice"
            ),
        ]
    );
    let without = TEMPLATE.replace("AWS::CloudTrail::Trail", "AWS::SNS::Subscription");
    let world = World::of(&without, Adopt::Import, Ok(Vec::new())).trails(&[trail]);
    assert_eq!(words(&world.lane()), ["+ stack avm-x"]);
}

#[test]
fn who_takes_an_output_of_a_stack_gets_it_if_that_is_imported_and_misses_it_if_it_is_not_made() {
    let consumer = |account: &str| DesiredStack {
        name: word("avm-y"),
        template: word("y.yaml"),
        regions: [word("eu-west-1")].into(),
        parameters: BTreeMap::from([(
            "Value".to_owned(),
            DesiredValue::Output {
                account: word(account),
                stack: word("avm-x"),
                key: "Made".to_owned(),
                region: OutputRegion::Same,
            },
        )]),
        adopt: Adopt::Import,
    };
    let template =
        "Parameters: {Value: {Type: String}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n";
    let template = Template::of_body(template).unwrap();
    let planned = |adopt| {
        let mut world = World::with(adopt, vec![thing(0)]);
        world.desired.templates.insert(word("y.yaml"), Arc::new(template.clone()));
        let own = world.desired.accounts.get_mut(&word::<AccountName>("uat")).unwrap();
        own.stacks.push(consumer("uat"));
        let other = account("other", "rest", vec![consumer("uat")]);
        world.desired.accounts.insert(word("other"), other);
        world.observed.accounts.insert(word("other"), present("444444444444", empty_region()));
        (world.lane(), world.lane_of("other"))
    };
    let (own, other) = planned(Adopt::Import);
    assert_eq!(words(&own), ["<- stack avm-x Detector=Id:d-1", "+ stack avm-y"]);
    assert_eq!(words(&other)[0], "+ stack avm-y");
    for adopt in [Adopt::Leave, Adopt::Fail] {
        let (own, other) = planned(adopt);
        let missing = "! stack avm-y: no output Made of stack avm-x in uat eu-west-1";
        assert!(own.steps.is_empty() && words(&own).iter().any(|line| line == missing), "{own:?}");
        assert_eq!(words(&other), [missing]);
    }
}
