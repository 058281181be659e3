//! Regions that an account has to opt in to.

use std::collections::BTreeSet;

use super::context::Context;
use crate::cloud::{CloudError, RegionOptState};
use crate::model::Region;
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{AccountPlan, Blocked};

/// The regions that AWS opts in to or out of at the same time for one account; more are refused (account
/// management quotas).
const AT_ONCE: usize = 6;

/// Plans that the account opts in to the governed regions that it has not.
///
/// AWS needs minutes to hours, so nothing else can be planned for such a region in the same run.
pub(super) fn regions(context: &Context<'_>, planned: &mut AccountPlan) {
    let missing = match missing(context) {
        Ok(missing) => missing,
        Err((regions, error)) => {
            planned.blocked.extend(regions.iter().map(|region| Blocked {
                subject: subject(region),
                reason: Reason::Unreadable(error.clone()),
            }));
            return;
        }
    };
    for region in &missing.leaving {
        planned.notes.push(format!(
            "AWS is opting out of region {region}: the account can opt in again after that"
        ));
    }
    let (now, later) = missing.asked_for.split_at(missing.asked_for.len().min(missing.room));
    let steps = now.iter().map(|region| Step::EnableRegion { region: region.clone() });
    planned.steps.extend(steps);
    if !later.is_empty() {
        let later: Vec<_> = later.iter().map(Region::as_str).collect();
        planned.notes.push(format!(
            "opt-in to {} waits for a later run: AWS works on {AT_ONCE} regions of an account at a time",
            later.join(", ")
        ));
    }
}

/// Why nothing can be planned in a governed region that the account has not.
pub(super) fn reason(context: &Context<'_>, region: &Region, steps: &[Step]) -> Reason {
    let state = match context.present().map(|present| &present.opt_in) {
        Some(Ok(states)) => states.get(region),
        Some(Err(_)) | None => None,
    };
    // A region that has just been enabled is listed before it is served.
    let coming = matches!(state, Some(RegionOptState::Enabling | RegionOptState::Enabled));
    let started = steps.contains(&Step::EnableRegion { region: region.clone() });
    if coming || started { Reason::RegionBeingEnabled } else { Reason::RegionNotEnabled }
}

/// The governed regions that the account has not.
#[derive(Default)]
struct Missing<'a> {
    /// Those to opt in to, in order.
    asked_for: Vec<Region>,
    /// Those that AWS is taking away.
    leaving: Vec<&'a Region>,
    /// How many more AWS takes at the same time.
    room: usize,
}

type Unknown<'a> = (Vec<&'a Region>, &'a CloudError);

fn missing<'a>(context: &Context<'a>) -> Result<Missing<'a>, Unknown<'a>> {
    if !context.account.opt_in || !context.desired.settings_selected {
        return Ok(Missing::default());
    }
    let enabled: BTreeSet<&Region> = match context.present() {
        Some(present) => present.regions.keys().collect(),
        None => context.observed.regions_of_a_new_account.iter().collect(),
    };
    let missing = context
        .desired
        .governed
        .iter()
        .filter(|region| context.desired.selects(region) && !enabled.contains(region));
    let missing: Vec<&Region> = missing.collect();
    let states = match context.present().map(|present| &present.opt_in) {
        None => {
            let asked_for = missing.into_iter().cloned().collect();
            return Ok(Missing { asked_for, leaving: Vec::new(), room: AT_ONCE });
        }
        Some(Err(error)) => return Err((missing, error)),
        Some(Ok(states)) => states,
    };
    let being = |state| states.values().filter(|other| **other == state).count();
    let under_way = being(RegionOptState::Enabling) + being(RegionOptState::Disabling);
    let of_state = |wanted: RegionOptState| {
        missing.iter().copied().filter(move |region| states.get(*region) == Some(&wanted))
    };
    Ok(Missing {
        asked_for: of_state(RegionOptState::Disabled).cloned().collect(),
        leaving: of_state(RegionOptState::Disabling).collect(),
        room: AT_ONCE.saturating_sub(under_way),
    })
}

fn subject(region: &Region) -> String {
    Step::EnableRegion { region: region.clone() }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RegionSetting, SerialConsole};
    use crate::plan::rules::fixture::{World, blocked, denied, subjects, word};

    const OPT_IN: [&str; 8] = [
        "af-south-1",
        "ap-east-1",
        "ap-south-2",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "me-south-1",
    ];

    /// The first `number` opt-in regions are governed, and the account has none of them.
    fn world(number: usize) -> World {
        let mut world = World::at_rest();
        world.wanted().opt_in = true;
        world.wanted().region_settings =
            vec![RegionSetting::SerialConsole(SerialConsole::Disabled)];
        for region in &OPT_IN[..number] {
            world.desired.governed.insert(word(region));
            set(&mut world, region, RegionOptState::Disabled);
        }
        world
    }

    fn set(world: &mut World, region: &str, state: RegionOptState) {
        world.seen().opt_in.as_mut().unwrap().insert(word(region), state);
    }

    fn reason_in(world: &World, region: &str) -> Reason {
        let plan = world.plan();
        let lane = &plan.regions[&word(region)];
        assert!(lane.steps.is_empty());
        assert_eq!(lane.blocked[0].subject, "settings");
        lane.blocked[0].reason.clone()
    }

    #[test]
    fn a_governed_region_is_opted_in_to_and_what_belongs_there_waits() {
        let world = world(1);
        assert_eq!(subjects(&world.plan().steps), ["opt-in to region af-south-1"]);
        assert_eq!(reason_in(&world, "af-south-1"), Reason::RegionBeingEnabled);
    }

    #[test]
    fn nothing_is_opted_in_to_unless_the_baseline_says_so() {
        let mut world = world(1);
        world.wanted().opt_in = false;
        assert!(world.plan().steps.is_empty());
        assert_eq!(reason_in(&world, "af-south-1"), Reason::RegionNotEnabled);
    }

    #[test]
    fn a_region_that_aws_is_enabling_is_waited_for() {
        let mut world = world(1);
        for state in [RegionOptState::Enabling, RegionOptState::Enabled] {
            set(&mut world, "af-south-1", state);
            assert!(world.plan().steps.is_empty());
            assert_eq!(reason_in(&world, "af-south-1"), Reason::RegionBeingEnabled);
        }
    }

    #[test]
    fn six_regions_are_under_way_at_a_time_and_the_rest_is_noted() {
        let mut world = world(8);
        set(&mut world, "ca-west-1", RegionOptState::Enabling);
        let plan = world.plan();
        assert_eq!(plan.steps.len(), 5);
        assert_eq!(
            plan.notes,
            [
                "opt-in to eu-south-2, me-south-1 waits for a later run: AWS works on 6 regions of an \
              account at a time"
            ]
        );
        assert_eq!(reason_in(&world, "me-south-1"), Reason::RegionNotEnabled);
    }

    #[test]
    fn a_region_that_aws_is_taking_away_is_not_opted_in_to() {
        let mut world = world(1);
        set(&mut world, "af-south-1", RegionOptState::Disabling);
        let plan = world.plan();
        assert!(plan.steps.is_empty());
        assert_eq!(plan.notes.len(), 1);
        assert_eq!(reason_in(&world, "af-south-1"), Reason::RegionNotEnabled);
    }

    #[test]
    fn a_refusal_to_tell_of_regions_is_told_and_the_others_are_planned() {
        let mut world = world(1);
        world.seen().opt_in = Err(denied());
        assert_eq!(
            blocked(&world.plan().blocked),
            [("opt-in to region af-south-1", &Reason::Unreadable(denied()))]
        );
        assert_eq!(subjects(&world.lane().steps), ["EC2 serial console"]);
    }

    #[test]
    fn an_account_that_is_still_to_be_made_opts_in_after_it_is_made() {
        let mut world = world(2);
        world.without_account();
        assert_eq!(
            subjects(&world.plan().steps)[1..],
            ["opt-in to region af-south-1", "opt-in to region ap-east-1"]
        );
        assert_eq!(reason_in(&world, "ap-east-1"), Reason::RegionBeingEnabled);
    }

    #[test]
    fn regions_that_are_not_selected_are_not_opted_in_to() {
        let mut world = world(2);
        world.desired.selected_regions = Some([word("ap-east-1")].into());
        assert_eq!(subjects(&world.plan().steps), ["opt-in to region ap-east-1"]);
    }
}
