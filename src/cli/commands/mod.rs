//! The commands, one file each. Those that change AWS read the same: load, look, show, ask, do.

mod completions;
mod create;
mod init;
mod plan;
mod policy;
mod schema;
mod show;
mod update;
mod validate;

pub(super) use completions::completions;
pub(super) use create::create;
pub(super) use init::init;
pub(super) use plan::plan;
pub(super) use policy::policy;
pub(super) use schema::schema;
pub(super) use show::show;
pub(super) use update::update;
pub(super) use validate::validate;
