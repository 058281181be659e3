//! Stacks that avm has made and that no baseline has any more.

use super::context::Context;
use crate::model::{Region, StackName};
use crate::plan::tree::Lane;
use crate::template::DIGEST_OUTPUT;

/// Notes the stacks of a region that carry the digest of a template, and are not in the account's baseline. They stay,
/// and with them their cost: avm deletes no stack.
pub(super) fn stacks(context: &Context<'_>, region: &Region, lane: &mut Lane) {
    // Of a selection by stacks, the others are in the baseline as well.
    if !context.desired.settings_selected {
        return;
    }
    let Some(Ok(seen)) = context.region(region).map(|seen| &seen.stacks) else { return };
    let wanted = |name: &StackName| {
        let mut stacks = context.account.stacks.iter();
        stacks.any(|stack| stack.name == *name && stack.regions.contains(region))
    };
    let left = seen
        .iter()
        .filter(|(name, stack)| stack.stack.outputs.contains_key(DIGEST_OUTPUT) && !wanted(name));
    lane.notes.extend(left.map(|(name, _)| {
        format!("stack {name} is in no baseline any more, and stays: delete it if nobody needs it")
    }));
}
