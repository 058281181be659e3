//! Policies of the organization that decide settings.

use super::world::{OrganizationPolicy, World};
use crate::model::AccountId;

/// What the policies say that hold for an account: `find` picks the value out of one. The nearest node decides,
/// as with the inheritance operator `@@assign`.
pub(super) fn decided<'a, T>(
    world: &'a World,
    account: &AccountId,
    find: impl Fn(&'a OrganizationPolicy) -> Option<&'a T>,
) -> Option<&'a T> {
    let mut node = Some(&world.accounts.get(account)?.parent);
    while let Some(here) = node {
        let attached = world.administration.policies.get(here).into_iter().flatten();
        if let Some(value) = attached.rev().find_map(&find) {
            return Some(value);
        }
        node = world.units.get(here).map(|unit| &unit.parent);
    }
    None
}
