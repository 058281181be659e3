//! What a template leaves out in a region because AWS does not offer it there.

use super::context::Context;
use crate::desired::DesiredStack;
use crate::model::Region;
use crate::plan::tree::Lane;

/// Notes what the stack will lack in this region. The template says so itself, in the metadata of the resource: its
/// condition is false there for that reason and no other.
pub(super) fn skipped(
    context: &Context<'_>,
    region: &Region,
    stack: &DesiredStack,
    lane: &mut Lane,
) {
    let Some(template) = context.desired.templates.get(&stack.template) else { return };
    let missing = template.resources().iter().filter(|(_, resource)| resource.is_absent_in(region));
    lane.notes.extend(missing.map(|(name, resource)| {
        format!("{name} ({}) is skipped: AWS does not offer it in {region}", resource.resource_type)
    }));
}
