//! CloudFormation: stacks that go through their states, and what their resources do to the world.
//!
//! `requests` are the calls; `check` refuses at once what AWS refuses at once; `engine` moves stacks from phase to phase when
//! the world's clock comes to it; `deployment` makes their resources. `scope`, `condition` and `reference` understand the template's
//! functions; `effects` knows the resource types that do something to the world outside of their stack.

mod attribute;
mod check;
mod condition;
mod deployment;
mod effects;
mod engine;
mod exclusive;
#[cfg(test)]
mod fixture;
mod reference;
mod requests;
mod scope;
#[cfg(test)]
mod shipped;
mod state;

pub(super) use engine::{arrange, phase_ends};
pub(super) use exclusive::{Scope as ClaimScope, exclusive};
pub(super) use requests::{
    create, delete, failures, protect, stack, stacks, start_creation, template, update,
};
