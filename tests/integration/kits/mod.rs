//! The scripts of the CI kits, run as a workflow runs them: bash, the real program, the sandbox, a stand-in for `gh`.
//! That the workflows and pipelines run exactly these scripts is tested in `tests/kits`.

mod apply;
mod comment;
mod documentation;
mod plan;
mod runner;
