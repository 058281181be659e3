//! One region of one account: its rules, in the order in which their steps are done.

use super::context::Context;
use super::{administration, availability, ebs, left_over, network, opt_in, settings, stack};
use crate::desired::{DesiredKey, DesiredStack};
use crate::model::Region;
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{Blocked, Lane};

/// What has to be done in one region.
///
/// What makes things private comes first, since it depends on nothing. Then the stacks in baseline order, EBS right
/// after the stack that makes its key, a service's administrator right after the stack that turns the service on.
/// The default VPC is last: a region should be watched before it is cleaned, and a VPC that refuses to go must not
/// keep the rest away.
pub(in crate::plan) fn region_lane(context: &Context<'_>, region: &Region) -> Lane {
    let mut lane = Lane::default();
    settings::region_settings(context, region, &mut lane);
    let mut duties = administration::duties(context, region);
    for (service, _) in duties.extract_if(.., |(_, maker)| maker.is_none()) {
        administration::duty(context, region, service, None, &mut lane);
    }
    let key = context.account.ebs_key.as_ref().filter(|_| context.governs(region));
    let mut pending_key = key;
    if key.is_some_and(|key| comes_from_elsewhere(context, region, key)) {
        ebs::encryption(context, region, key, &mut lane);
        pending_key = None;
    }
    let unreadable = context.stacks_unreadable(region);
    if let Some(error) = unreadable {
        lane.blocked.push(Blocked {
            subject: "stacks".to_owned(),
            reason: Reason::Unreadable(error.clone()),
        });
    }
    for stack in stacks(context, region).filter(|_| unreadable.is_none()) {
        let steps = lane.steps.len();
        stack::deployment(context, region, stack, &mut lane);
        if lane.steps.len() > steps {
            availability::skipped(context, region, stack, &mut lane);
        }
        if pending_key.is_some_and(|key| makes(context, stack, key)) {
            ebs::encryption(context, region, pending_key, &mut lane);
            pending_key = None;
        }
        let now = duties.extract_if(.., |(_, maker)| *maker == Some(stack));
        for (service, maker) in now {
            administration::duty(context, region, service, maker, &mut lane);
        }
    }
    for (service, maker) in duties {
        administration::duty(context, region, service, maker, &mut lane);
    }
    ebs::encryption(context, region, pending_key, &mut lane);
    left_over::stacks(context, region, &mut lane);
    network::default_vpc(context, region, &mut lane);
    lane
}

/// What is said about a region that the account has not; `steps` are the account's own.
pub(in crate::plan) fn missing_region(
    context: &Context<'_>,
    region: &Region,
    steps: &[Step],
) -> Lane {
    let mut wanted: Vec<_> = stacks(context, region).map(|stack| stack.name.as_str()).collect();
    if context.governs(region) && !context.account.region_settings.is_empty() {
        wanted.push("settings");
    }
    let mut lane = Lane::default();
    if !wanted.is_empty() {
        lane.blocked.push(Blocked {
            subject: wanted.join(", "),
            reason: opt_in::reason(context, region, steps),
        });
    }
    lane
}

fn stacks<'a>(context: &Context<'a>, region: &Region) -> impl Iterator<Item = &'a DesiredStack> {
    context.account.stacks.iter().filter(|stack| stack.regions.contains(region))
}

/// Whether no stack of this lane can be what makes the key.
fn comes_from_elsewhere(context: &Context<'_>, region: &Region, key: &DesiredKey) -> bool {
    match key {
        DesiredKey::Reference(_) => !stack::makes_anything(context, region),
        DesiredKey::Output { account, .. } => *account != context.account.name,
    }
}

fn makes(context: &Context<'_>, stack: &DesiredStack, key: &DesiredKey) -> bool {
    match key {
        DesiredKey::Reference(_) => false,
        DesiredKey::Output { account, stack: maker, .. } => {
            *account == context.account.name && *maker == stack.name
        }
    }
}
