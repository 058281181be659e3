//! CloudFormation: stacks that go through their states, and what their resources do to the world.
//!
//! `requests` and `change_sets` are the calls; `check` and `parameters` refuse at once what AWS refuses at once; `engine` moves
//! stacks from phase to phase when the world's clock comes to it; `deployment` makes their resources, and `imports` finds those
//! that are there already. `scope`, `condition` and `reference` understand the template's functions. `effects` knows the
//! resource types that do something to the world outside of their stack, `exclusive` those of which there can be only so
//! many, `identity` and `attribute` how AWS calls them.

mod attribute;
mod change_sets;
mod changes;
mod check;
mod condition;
mod deployment;
mod effects;
mod engine;
mod exclusive;
#[cfg(test)]
mod fixture;
mod identity;
mod importable;
mod imports;
mod parameters;
mod reference;
mod requests;
mod scope;
#[cfg(test)]
mod shipped;
mod state;

pub(super) use change_sets::{
    change_set, change_set_contents, change_set_is_due, change_sets, create_change_set,
    delete_change_set, execute_change_set,
};
pub(super) use engine::{arrange, phase_ends};
pub(super) use exclusive::{Scope as ClaimScope, exclusive};
pub(super) use identity::{name_of, physical_id};
pub(super) use requests::{
    create, delete, failures, has_resources, protect, stack, stacks, start_creation, template,
    update,
};
