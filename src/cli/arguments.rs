//! The command line as data.

mod commands;
mod global;
mod report_file;
mod usage;
mod words;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
pub(super) use commands::{
    CompletionsArguments, CreateArguments, EntryArguments, PlanArguments, PolicyArguments,
    PreviewArguments, SchemaArguments, ShowArguments, UpdateArguments, ValidateArguments,
};
pub(super) use global::GlobalArguments;
pub(super) use report_file::ReportFile;
use usage::{color, refuse_selection_of_saved_plan, with_tip};
pub(super) use words::{
    ColorWhen, Format, ListFormat, LogFormat, PolicyFormat, PurposeName, SchemaName,
};

use super::exit::Exit;

/// An account vending machine for AWS Organizations.
///
/// A folder of YAML says what every account must look like: landing-zone.yaml names the organization and its
/// accounts, baselines/ what accounts of a kind get, templates/ the CloudFormation behind it. avm compares that
/// with AWS, shows the difference, and makes it so.
#[derive(Debug, Parser)]
#[command(name = "avm", version, max_term_width = 100, after_help = AFTER_HELP)]
#[command(propagate_version = true, disable_help_subcommand = false)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) global: GlobalArguments,
    #[command(subcommand)]
    pub(super) command: Command,
    /// The id of the run that these words begin: in the log, in session names, tokens and the user agent.
    #[arg(skip)]
    pub(super) run: String,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a landing zone to start from
    #[command(after_help = commands::INIT_EXAMPLES)]
    Init,
    /// Check the folder, without AWS
    #[command(after_help = commands::VALIDATE_EXAMPLES)]
    Validate(ValidateArguments),
    /// Show what would be changed, and change nothing
    #[command(after_help = commands::PLAN_EXAMPLES)]
    Plan(Box<PlanArguments>),
    /// Show a saved plan or report, in any form
    #[command(after_help = commands::SHOW_EXAMPLES)]
    Show(ShowArguments),
    /// Make one account, or finish one that was begun
    #[command(after_help = commands::CREATE_EXAMPLES)]
    Create(Box<CreateArguments>),
    /// Bring accounts to their baselines, wave by wave
    #[command(after_help = commands::UPDATE_EXAMPLES)]
    Update(Box<UpdateArguments>),
    /// Print the IAM policies that avm needs for this folder
    #[command(after_help = commands::POLICY_EXAMPLES)]
    Policy(PolicyArguments),
    /// Print the JSON Schemas of avm's files
    #[command(after_help = commands::SCHEMA_EXAMPLES)]
    Schema(SchemaArguments),
    /// Print what a shell needs to complete avm's commands
    #[command(after_help = commands::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArguments),
}

impl Command {
    /// The word that it is asked for with.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Validate(_) => "validate",
            Self::Plan(_) => "plan",
            Self::Show(_) => "show",
            Self::Create(_) => "create",
            Self::Update(_) => "update",
            Self::Policy(_) => "policy",
            Self::Schema(_) => "schema",
            Self::Completions(_) => "completions",
        }
    }
}

const AFTER_HELP: &str = "\
Start here:
  avm init && avm plan --sandbox    a first plan, without an AWS account
  avm help plan                     more about a command

Exit codes:
  0  done, or nothing to do
  1  bad input, refused, failed, or left undone: an account that cannot be
     reached, something unreadable, a step that the plan could not show
  2  with --detailed-exitcode only: something to do, blocked, or not reachable
  130, 143  ended by Ctrl-C or SIGTERM before anything was changed; a run that
     changes something finishes what it has begun, and ends with 1

Environment:
  AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, ...  credentials, as for every AWS tool
  AVM_LOG                                          what to log, such as avm=debug
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE               colours";

/// Reads the command line. Help and usage errors are printed here: then the program is to end with the answer.
///
/// # Errors
///
/// [`Exit::Done`] if help or the version was asked for, [`Exit::Failure`] for a usage error.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, Exit> {
    let read = read(&words.into_iter().collect::<Vec<_>>());
    read.and_then(|arguments| Ok(Arguments { run: run_id()?, ..arguments })).map_err(|error| {
        // Nothing can be done about a terminal that has gone away.
        drop(error.print());
        if error.use_stderr() { Exit::Failure } else { Exit::Done }
    })
}

/// Eight hexadecimal digits that no other run is likely to have.
fn run_id() -> Result<String, clap::Error> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| {
        let message = format!("no random number for the run's id: {error}");
        Arguments::command().error(clap::error::ErrorKind::Io, message)
    })?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}

fn read(words: &[OsString]) -> Result<Arguments, clap::Error> {
    let mut command = Arguments::command().color(color(words));
    let matches =
        command.try_get_matches_from_mut(words).map_err(|error| with_tip(error, words))?;
    refuse_selection_of_saved_plan(&mut command, &matches)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

#[cfg(test)]
mod tests;
