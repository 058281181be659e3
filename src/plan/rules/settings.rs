//! Settings of an account and of its regions: what CloudFormation has no type for.

use std::fmt::Display;

use super::context::Context;
use super::strictness::{weakens_account, weakens_region};
use crate::cloud::{CloudError, SettingState};
use crate::model::{AccountSetting, Region, RegionSetting};
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{AccountPlan, Blocked, Lane};

/// Plans the account's settings. In an account that is still to be made nobody could ask, so all are steps.
pub(super) fn account_settings(context: &Context<'_>, planned: &mut AccountPlan) {
    if !context.desired.settings_selected {
        return;
    }
    for setting in &context.account.settings {
        let kind = setting.kind();
        let state = context.present().and_then(|present| present.settings.get(&kind));
        match compare(&kind, state, |now| now == setting) {
            Ok(Difference::None) => {}
            Ok(Difference::Decided(note)) => planned.notes.push(note),
            Ok(Difference::From(before)) => {
                let weakened = before.as_ref().filter(|now| weakens_account(setting, now));
                planned.notes.extend(weakened.map(|_| weaker(&kind)));
                if let Some(AccountSetting::AccountAlias(old)) = &before {
                    planned.notes.push(format!(
                        "sign-in addresses with the alias {old} stop to work, and any account of AWS can take it"
                    ));
                }
                let setting = setting.clone();
                planned.steps.push(Step::ChangeAccountSetting { setting, before });
            }
            Err(blocked) => planned.blocked.push(blocked),
        }
    }
}

/// Plans the settings of a region, but for those of a service's administrator: they come when it is one.
///
/// They come first in a lane. They depend on nothing, take a call each, and from then on nothing that the stacks
/// make can be public.
pub(super) fn region_settings(context: &Context<'_>, region: &Region, lane: &mut Lane) {
    if !context.governs(region) {
        return;
    }
    for setting in &context.account.region_settings {
        match setting {
            RegionSetting::GuardDutyOrganization(_) => {}
            RegionSetting::InstanceMetadata(_)
            | RegionSetting::ImagePublicAccess(_)
            | RegionSetting::SnapshotPublicAccess(_)
            | RegionSetting::SerialConsole(_) => {
                let state =
                    context.region(region).and_then(|seen| seen.settings.get(&setting.kind()));
                region_setting(setting, state, lane);
            }
        }
    }
}

/// Plans one setting of a region; `None` for a state that cannot be known yet.
pub(super) fn region_setting(
    setting: &RegionSetting,
    state: Option<&Result<SettingState<RegionSetting>, CloudError>>,
    lane: &mut Lane,
) {
    match compare(&setting.kind(), state, |now| setting.is_met_by(now)) {
        Ok(Difference::None) => {}
        Ok(Difference::Decided(note)) => lane.notes.push(note),
        Ok(Difference::From(before)) => {
            let weakened = before.as_ref().filter(|now| weakens_region(setting, now));
            lane.notes.extend(weakened.map(|_| weaker(&setting.kind())));
            lane.steps.push(Step::ChangeRegionSetting { setting: setting.clone(), before });
        }
        Err(blocked) => lane.blocked.push(blocked),
    }
}

/// What is said beside a step that takes protection away.
fn weaker(kind: &impl Display) -> String {
    format!("what is set now protects more than the files ask for: {kind}")
}

/// How a setting differs from what is wanted.
enum Difference<T> {
    /// Not at all.
    None,
    /// It does, and the account cannot change it.
    Decided(String),
    /// It does; what it is now.
    From(Option<T>),
}

fn compare<T: Clone>(
    kind: &impl Display,
    state: Option<&Result<SettingState<T>, CloudError>>,
    met_by: impl Fn(&T) -> bool,
) -> Result<Difference<T>, Blocked> {
    match state {
        None => Ok(Difference::From(None)),
        Some(Err(error)) => {
            Err(Blocked { subject: kind.to_string(), reason: Reason::Unreadable(error.clone()) })
        }
        Some(Ok(state)) if state.value.as_ref().is_some_and(met_by) => Ok(Difference::None),
        Some(Ok(state)) if state.managed_by_organization => {
            Ok(Difference::Decided(format!("decided by a policy of the organization: {kind}")))
        }
        Some(Ok(state)) => Ok(Difference::From(state.value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        HttpTokens, ImagePublicAccess, InstanceMetadata, S3PublicAccess, SerialConsole,
        SnapshotPublicAccess,
    };
    use crate::plan::rules::fixture::{World, blocked, denied, see, see_in, subjects, word};

    const BLOCKED: AccountSetting = AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED);
    const PRIVATE: RegionSetting =
        RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::BlockAllSharing);

    fn alias(alias: &str) -> AccountSetting {
        AccountSetting::AccountAlias(alias.to_owned())
    }

    fn metadata(http_tokens: Option<HttpTokens>, hop_limit: Option<u8>) -> RegionSetting {
        RegionSetting::InstanceMetadata(InstanceMetadata { http_tokens, hop_limit })
    }

    #[test]
    fn settings_that_are_as_wanted_take_no_step() {
        let mut world = World::at_rest();
        world.wanted().settings = vec![BLOCKED, alias("acme-security")];
        world.wanted().region_settings = vec![PRIVATE, metadata(Some(HttpTokens::Required), None)];
        see(world.seen(), BLOCKED);
        see(world.seen(), alias("acme-security"));
        see_in(world.home(), PRIVATE);
        // Of what the files leave open, any value is right.
        see_in(world.home(), metadata(Some(HttpTokens::Required), Some(2)));
        let plan = world.plan();
        assert!(plan.steps.is_empty() && plan.regions.is_empty(), "{plan:?}");
    }

    #[test]
    fn a_setting_that_differs_is_changed_and_shows_what_it_was() {
        let mut world = World::at_rest();
        world.wanted().settings = vec![alias("acme-security")];
        see(world.seen(), alias("old"));
        let (setting, before) = (alias("acme-security"), Some(alias("old")));
        let plan = world.plan();
        assert_eq!(plan.steps, [Step::ChangeAccountSetting { setting, before }]);
        assert!(plan.notes[0].contains("the alias old stop to work"), "{:?}", plan.notes);
    }

    #[test]
    fn a_setting_that_is_stricter_than_wanted_is_changed_and_the_plan_says_so() {
        let policy = |minimum_length| {
            let policy = crate::model::PasswordPolicy { minimum_length, ..Default::default() };
            AccountSetting::PasswordPolicy(policy)
        };
        let shared = RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::BlockNewSharing);
        let mut world = World::at_rest();
        world.wanted().settings = vec![policy(14)];
        world.wanted().region_settings = vec![shared];
        see(world.seen(), policy(20));
        see_in(world.home(), PRIVATE);
        let plan = world.plan();
        assert_eq!(subjects(&plan.steps), ["IAM password policy"]);
        let note = "what is set now protects more than the files ask for:";
        assert_eq!(plan.notes, [format!("{note} IAM password policy")]);
        let lane = world.lane();
        assert_eq!(lane.notes, [format!("{note} block public access for EBS snapshots")]);

        see(world.seen(), policy(8));
        assert!(world.plan().notes.is_empty());
    }

    #[test]
    fn a_setting_that_was_never_set_is_changed_from_nothing() {
        let mut world = World::at_rest();
        world.wanted().settings = vec![BLOCKED];
        let state = SettingState { value: None, managed_by_organization: false };
        world.seen().settings.insert(BLOCKED.kind(), Ok(state));
        let step = Step::ChangeAccountSetting { setting: BLOCKED, before: None };
        assert_eq!(world.plan().steps, [step]);
    }

    #[test]
    fn what_the_organization_decides_is_noted_where_it_differs_and_left_alone() {
        let mut world = World::at_rest();
        world.wanted().region_settings = vec![PRIVATE];
        let mut decide = |decided: SnapshotPublicAccess| {
            let now = RegionSetting::SnapshotPublicAccess(decided);
            let state = SettingState { value: Some(now), managed_by_organization: true };
            world.home().settings.insert(PRIVATE.kind(), Ok(state));
            world.lane()
        };
        let lane = decide(SnapshotPublicAccess::Unblocked);
        assert!(lane.steps.is_empty() && lane.blocked.is_empty());
        assert_eq!(
            lane.notes,
            ["decided by a policy of the organization: block public access for EBS snapshots"]
        );
        assert_eq!(decide(SnapshotPublicAccess::BlockAllSharing), Lane::default());
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_blocked_by_the_name_of_its_step_and_blocks_nothing_else() {
        let mut world = World::at_rest();
        world.wanted().settings = vec![BLOCKED, alias("acme")];
        world.wanted().region_settings = vec![PRIVATE];
        world.seen().settings.insert(BLOCKED.kind(), Err(denied()));
        see(world.seen(), alias("old"));
        let plan = world.plan();
        let step = Step::ChangeAccountSetting { setting: BLOCKED, before: None }.to_string();
        assert_eq!(blocked(&plan.blocked), [(step.as_str(), &Reason::Unreadable(denied()))]);
        assert_eq!(subjects(&plan.steps), ["account alias"]);
        assert_eq!(subjects(&world.lane().steps), ["block public access for EBS snapshots"]);
    }

    #[test]
    fn an_account_that_is_still_to_be_made_gets_all_settings_after_it_is_made() {
        let mut world = World::at_rest();
        world.without_account();
        let role = AccountSetting::ServiceLinkedRole(word("config.amazonaws.com"));
        world.wanted().settings = vec![BLOCKED, role];
        world.wanted().region_settings = vec![PRIVATE];
        assert_eq!(
            subjects(&world.plan().steps),
            [
                "account security <security@example.com>",
                "S3 account public access block",
                "service-linked role of config.amazonaws.com",
            ]
        );
        let step = Step::ChangeRegionSetting { setting: PRIVATE, before: None };
        assert_eq!(world.lane().steps, [step]);
    }

    #[test]
    fn only_governed_regions_that_are_selected_are_set() {
        let mut world = World::at_rest();
        world.wanted().region_settings = vec![PRIVATE];
        let regions: Vec<_> = world.plan().regions.into_keys().collect();
        assert_eq!(regions, [world.desired.home.clone()]);
        world.desired.selected_regions = Some([word("us-east-1")].into());
        assert!(world.plan().regions.is_empty());
    }

    #[test]
    fn settings_are_no_part_of_a_selection_of_stacks() {
        let mut world = World::at_rest();
        world.wanted().settings = vec![BLOCKED];
        world.wanted().region_settings = vec![PRIVATE];
        world.desired.settings_selected = false;
        assert!(world.plan().all_steps().next().is_none());
    }

    #[test]
    fn what_makes_a_region_private_comes_before_its_stacks() {
        let mut world = World::at_rest();
        let images = RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing);
        let console = RegionSetting::SerialConsole(SerialConsole::Disabled);
        world.wanted().region_settings = vec![images, console];
        world.with_stack("avm-trail", "AWS::CloudTrail::Trail");
        assert_eq!(
            subjects(&world.lane().steps),
            ["block public access for AMIs", "EC2 serial console", "stack avm-trail"]
        );
    }
}
