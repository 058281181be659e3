//! What every test stands on: a server, a folder, the program, and eyes of its own.

mod administration;
mod avm;
mod baseline;
mod calls;
mod folder;
mod http;
mod member;
mod observer;
mod server;
mod services;
mod settings;
mod venv;
mod world;

pub(crate) use administration::GuardDutyOrganization;
pub(crate) use baseline::assert_payments_uat_has_its_baseline;
pub(crate) use server::Speed;
pub(crate) use venv::python;
pub(crate) use world::World;
