use std::collections::BTreeMap;

use super::*;
use crate::cloud::ResourceOwner;
use crate::model::{AutoEnable, GuardDutyOrganization, SerialConsole};
use crate::plan::rules::fixture::{
    ID, OTHER, World, blocked, denied, home, see_in, subjects, word,
};

const DETECTOR: &str = "AWS::GuardDuty::Detector";

fn administers(service: AdministeredService) -> World {
    let mut world = World::at_rest();
    world.desired.administrators.insert(service, word("security"));
    world
}

/// GuardDuty's administrator, whose detector is a stack of the baseline between two others.
fn guardduty() -> World {
    let mut world = administers(AdministeredService::Guardduty);
    let (auto_enable, features) = (AutoEnable::All, BTreeMap::new());
    world.wanted().region_settings = vec![
        RegionSetting::GuardDutyOrganization(GuardDutyOrganization { auto_enable, features }),
        RegionSetting::SerialConsole(SerialConsole::Disabled),
    ];
    world.with_stack("avm-trail", "AWS::CloudTrail::Trail");
    world.with_stack("avm-guardduty", DETECTOR);
    world.with_stack("avm-filters", "AWS::GuardDuty::Filter");
    world
}

fn appointed(world: &mut World, id: Option<&str>) {
    let key = (home(), SecurityService::GuardDuty);
    world.observed.service_administrators.insert(key, Ok(id.map(word)));
}

#[test]
fn the_organization_comes_to_trust_what_it_does_not_trust_yet() {
    let mut world = World::at_rest();
    let (config, trail) = (word("config.amazonaws.com"), word("cloudtrail.amazonaws.com"));
    world.desired.trusted_services = [config, trail].into();
    world.observed.trusted_services = Ok([word("config.amazonaws.com")].into());
    assert_eq!(
        subjects(&world.whole().organization_steps),
        ["trusted access for cloudtrail.amazonaws.com"]
    );
}

#[test]
fn units_come_before_trusted_access() {
    let mut world = World::at_rest();
    world.desired.organizational_units.insert(word("Workloads"));
    world.desired.trusted_services = [word("config.amazonaws.com")].into();
    assert_eq!(
        subjects(&world.whole().organization_steps),
        ["organizational unit Workloads", "trusted access for config.amazonaws.com"]
    );
}

#[test]
fn an_organization_that_does_not_tell_whom_it_trusts_blocks_trusted_access() {
    let mut world = World::at_rest();
    world.desired.trusted_services = [word("config.amazonaws.com")].into();
    world.observed.trusted_services = Err(denied());
    let plan = world.whole();
    assert!(plan.organization_steps.is_empty());
    assert_eq!(
        blocked(&plan.organization_blocked),
        [("trusted access for config.amazonaws.com", &Reason::Unreadable(denied()))]
    );
}

#[test]
fn an_account_is_registered_for_each_principal_for_which_it_is_not_yet() {
    let mut world = administers(AdministeredService::Config);
    let known = Ok([word(ID)].into());
    world.observed.delegated_administrators.insert(word("config.amazonaws.com"), known);
    assert_eq!(
        subjects(&world.plan().steps),
        ["delegated administrator for config-multiaccountsetup.amazonaws.com"]
    );
}

#[test]
fn an_account_that_is_still_to_be_made_is_registered_once_it_is_in_its_place() {
    let mut world = administers(AdministeredService::Cloudtrail);
    world.wanted().ou = word("Core");
    world.without_account();
    assert_eq!(
        subjects(&world.plan().steps),
        [
            "account security <security@example.com>",
            "place / -> Core",
            "delegated administrator for cloudtrail.amazonaws.com",
        ]
    );
}

#[test]
fn config_takes_a_second_administrator_and_access_analyzer_does_not() {
    let others = Ok([word(OTHER)].into());
    let mut world = administers(AdministeredService::Config);
    for principal in AdministeredService::Config.principals() {
        world.observed.delegated_administrators.insert(principal, others.clone());
    }
    assert_eq!(world.plan().steps.len(), 2);

    let mut world = administers(AdministeredService::AccessAnalyzer);
    let analyzer = word("access-analyzer.amazonaws.com");
    world.observed.delegated_administrators.insert(analyzer, others);
    let plan = world.plan();
    assert!(plan.steps.is_empty());
    assert_eq!(plan.blocked[0].reason, Reason::OtherAdministrator(word(OTHER)));
}

#[test]
fn the_management_account_is_never_made_an_administrator() {
    let mut world = administers(AdministeredService::Cloudtrail);
    world.desired.administrators.insert(AdministeredService::Guardduty, word("security"));
    world.seen().id = word("111111111111");
    let plan = world.plan();
    assert!(plan.all_steps().next().is_none());
    assert_eq!(plan.all_blocked().count(), 2);
    assert!(plan.all_blocked().all(|blocked| blocked.reason == Reason::ManagementAccount));
}

#[test]
fn an_account_is_appointed_right_after_the_stack_that_turns_the_service_on() {
    assert_eq!(
        subjects(&guardduty().lane().steps),
        [
            "EC2 serial console",
            "stack avm-trail",
            "stack avm-guardduty",
            "delegated administrator for GuardDuty",
            "GuardDuty's organization configuration",
            "stack avm-filters",
        ]
    );
}

#[test]
fn for_a_service_that_no_stack_turns_on_an_account_is_appointed_before_the_stacks() {
    let mut world = administers(AdministeredService::SecurityHub);
    world.with_stack("avm-aggregator", "AWS::SecurityHub::FindingAggregator");
    assert_eq!(
        subjects(&world.lane().steps),
        ["delegated administrator for Security Hub", "stack avm-aggregator"]
    );
}

#[test]
fn an_administrator_at_rest_takes_no_step() {
    let mut world = guardduty();
    appointed(&mut world, Some(ID));
    for stack in ["avm-trail", "avm-guardduty", "avm-filters"] {
        world.deploy(stack);
    }
    for setting in world.wanted().region_settings.clone() {
        see_in(world.home(), setting);
    }
    assert_eq!(world.lane(), Lane::default());
}

#[test]
fn what_only_an_administrator_can_ask_is_planned_with_the_appointment() {
    let mut world = guardduty();
    world.deploy("avm-guardduty");
    appointed(&mut world, None);
    let kind = world.wanted().region_settings[0].kind();
    world.home().settings.insert(kind, Err(denied()));
    let lane = world.lane();
    assert!(lane.blocked.is_empty());
    assert!(subjects(&lane.steps).contains(&kind.to_string()));

    appointed(&mut world, Some(ID));
    assert_eq!(blocked(&world.lane().blocked)[0].0, kind.to_string());
}

#[test]
fn nobody_is_deposed() {
    let mut world = guardduty();
    appointed(&mut world, Some(OTHER));
    let lane = world.lane();
    let other = Reason::OtherAdministrator(word(OTHER));
    assert_eq!(
        blocked(&lane.blocked),
        [
            ("delegated administrator for GuardDuty", &other),
            ("GuardDuty's organization configuration", &other),
        ]
    );
    assert_eq!(lane.steps.len(), 4, "the stacks are deployed all the same");
}

#[test]
fn nobody_is_appointed_while_the_stack_that_turns_the_service_on_cannot_be_made() {
    let mut world = guardduty();
    world.wanted().stacks.pop();
    world.break_last_stack();
    let lane = world.lane();
    assert_eq!(subjects(&lane.steps), ["EC2 serial console", "stack avm-trail"]);
    assert_eq!(lane.blocked.len(), 3);
}

#[test]
fn a_service_that_is_on_without_the_stack_is_no_obstacle() {
    let world = guardduty();
    let maker = &world.desired.accounts[&word("security")].stacks[1];
    let there = |resource_type: &str| {
        let reason = Reason::AlreadyThere {
            resource_type: resource_type.to_owned(),
            identifier: "d-1".to_owned(),
            owner: ResourceOwner::Nobody,
            help: String::new(),
        };
        let blocked = vec![Blocked { subject: "stack avm-guardduty".to_owned(), reason }];
        let lane = Lane { blocked, ..Lane::default() };
        unmade(maker, SecurityService::GuardDuty, &lane).is_none()
    };
    assert!(there(DETECTOR));
    assert!(!there("AWS::IAM::Role"));
}

#[test]
fn administrators_are_no_part_of_a_selection_of_stacks() {
    let mut world = guardduty();
    world.desired.administrators.insert(AdministeredService::Config, word("security"));
    world.desired.trusted_services = [word("config.amazonaws.com")].into();
    world.desired.settings_selected = false;
    assert!(world.whole().organization_steps.is_empty());
    assert!(world.plan().steps.is_empty());
    assert_eq!(world.lane().steps.len(), 3);
}
