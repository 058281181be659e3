//! `avm completions`: what a shell needs to know.

use clap::CommandFactory as _;
use clap_complete::generate;

use crate::cli::arguments::{Arguments, CompletionsArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;

pub(in crate::cli) fn completions<P>(
    context: &Context<'_, P>,
    arguments: &CompletionsArguments,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut Arguments::command(), "avm", &mut script);
    context.printer.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
