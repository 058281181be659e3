//! What every test stands on: a server, a folder, the program, and eyes of its own.

mod avm;
mod baseline;
mod calls;
mod folder;
mod http;
mod observer;
mod server;
mod services;
mod venv;
mod world;

pub(crate) use baseline::assert_payments_uat_has_its_baseline;
pub(crate) use server::Speed;
pub(crate) use venv::python;
pub(crate) use world::World;
