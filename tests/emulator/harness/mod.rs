//! What every test stands on: a server, a folder, the program, and eyes of its own.

mod administration;
mod avm;
mod baseline;
mod calls;
mod change_sets;
mod folder;
mod http;
mod member;
mod observer;
mod patience;
mod permissions;
mod proxy;
mod server;
mod services;
mod settings;
mod state;
mod venv;
mod world;

pub(crate) use administration::GuardDutyOrganization;
pub(crate) use avm::Run;
pub(crate) use baseline::assert_payments_uat_has_its_baseline;
pub(crate) use member::Member;
pub(crate) use patience::wait_until;
pub(crate) use permissions::Allowed;
pub(crate) use server::Speed;
pub(crate) use venv::python;
pub(crate) use world::World;
