//! One region of one account: its rules, in the order in which their steps are done.

use super::context::Context;
use super::{ebs, network, stack};
use crate::desired::DesiredKey;
use crate::model::Region;
use crate::plan::reason::Reason;
use crate::plan::tree::{Blocked, Lane};

/// What has to be done in one region.
///
/// The stacks come in baseline order, EBS right after the stack that makes its key, and the default VPC last: a
/// region should be watched before it is cleaned, and a VPC that refuses to go must not keep the rest away.
pub(in crate::plan) fn region_lane(context: &Context<'_>, region: &Region, enabled: bool) -> Lane {
    let mut lane = Lane::default();
    let stacks = context.account.stacks.iter().filter(|stack| stack.regions.contains(region));
    if !enabled {
        lane.blocked.push(Blocked {
            subject: stacks.map(|stack| stack.name.as_str()).collect::<Vec<_>>().join(", "),
            reason: Reason::RegionNotEnabled,
        });
        return lane;
    }
    let key = context.account.ebs_key.as_ref().filter(|_| governs(context, region));
    let mut pending_key = key;
    if let Some(DesiredKey::Reference(_)) = key
        && !stack::makes_anything(context, region)
    {
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
    for stack in stacks.filter(|_| unreadable.is_none()) {
        stack::deployment(context, region, stack, &mut lane);
        if let Some(DesiredKey::Output { stack: maker, .. }) = pending_key
            && *maker == stack.name
        {
            ebs::encryption(context, region, pending_key, &mut lane);
            pending_key = None;
        }
    }
    ebs::encryption(context, region, pending_key, &mut lane);
    network::default_vpc(context, region, &mut lane);
    lane
}

/// Whether the baseline's EBS setting is about this region.
fn governs(context: &Context<'_>, region: &Region) -> bool {
    context.desired.settings_selected && context.desired.governed.contains(region)
}
