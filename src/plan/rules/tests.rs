//! What holds for all rules together.

use super::fixture::{World, word};
use crate::cloud::RegionOptState;
use crate::desired::AdministeredService;
use crate::model::{
    AccountSetting, AutoEnable, GuardDutyOrganization, HttpTokens, InstanceMetadata,
    PasswordPolicy, RegionSetting, S3PublicAccess, SerialConsole,
};
use crate::plan::{Plan, Reason, Summary};

/// A security account with everything that an account can be set to, and nothing of it done.
fn everything() -> World {
    let mut world = World::at_rest();
    for service in [
        AdministeredService::AccessAnalyzer,
        AdministeredService::Cloudtrail,
        AdministeredService::Config,
        AdministeredService::Guardduty,
        AdministeredService::SecurityHub,
    ] {
        let trusted = service.trusted().iter().map(|service| word(service));
        world.desired.trusted_services.extend(trusted);
        world.desired.administrators.insert(service, word("security"));
    }
    world.desired.governed.insert(word("af-south-1"));
    world.seen().opt_in = Ok([(word("af-south-1"), RegionOptState::Disabled)].into());
    let wanted = world.wanted();
    wanted.opt_in = true;
    wanted.settings = vec![
        AccountSetting::ServiceLinkedRole(word("config.amazonaws.com")),
        AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED),
        AccountSetting::PasswordPolicy(PasswordPolicy::default()),
        AccountSetting::AccountAlias("acme-security".to_owned()),
    ];
    let features = [("S3_DATA_EVENTS".to_owned(), AutoEnable::None)].into();
    wanted.region_settings = vec![
        RegionSetting::InstanceMetadata(InstanceMetadata {
            http_tokens: Some(HttpTokens::Required),
            hop_limit: None,
        }),
        RegionSetting::SerialConsole(SerialConsole::Disabled),
        RegionSetting::GuardDutyOrganization(GuardDutyOrganization {
            auto_enable: AutoEnable::All,
            features,
        }),
    ];
    world.with_stack("avm-guardduty", "AWS::GuardDuty::Detector");
    world.with_stack("avm-security-hub", "AWS::SecurityHub::Hub");
    world
}

fn reasons(plan: &Plan) -> Vec<&Reason> {
    plan.accounts().flat_map(|(_, account)| account.all_blocked()).map(|b| &b.reason).collect()
}

#[test]
fn a_plan_that_was_carried_out_leaves_nothing_to_plan() {
    let mut world = everything();
    let plan = world.whole();
    // Trusted access 7, registrations 4, one region, four settings; in the home region two settings, two stacks,
    // two appointments and what GuardDuty's administrator does.
    assert_eq!(Summary::of(&plan).steps(), 7 + 4 + 1 + 4 + 7);
    world.carry_out(&plan);
    let plan = world.whole();
    assert!(Summary::of(&plan).is_empty(), "{plan:?}");
    assert_eq!(reasons(&plan), [&Reason::RegionBeingEnabled]);
}

#[test]
fn what_a_new_account_is_shown_covers_what_it_turns_out_to_need() {
    let mut world = everything();
    let seen = world.observed.accounts.clone();
    world.without_account();
    let shown = world.plan();
    world.observed.accounts = seen;
    let fresh = world.plan();
    assert!(fresh.all_steps().count() > 10);
    assert_eq!(crate::plan::approve(fresh, &shown).unapproved, []);
}
