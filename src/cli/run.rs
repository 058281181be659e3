//! From a command to its end.

use tracing::Instrument as _;
use tracing::field::Empty;

use super::arguments::{Arguments, Command, GlobalArguments};
use super::commands;
use super::exit::Exit;
use super::failure::Failure;
use super::printer::Printer;
use crate::cloud::CloudProvider;

/// Carries out one command line against a cloud, and prints what there is to say.
pub async fn run<P: CloudProvider>(arguments: &Arguments, provider: &P, printer: &Printer) -> Exit {
    let context = Context { global: &arguments.global, run: &arguments.run, provider, printer };
    let command = arguments.command.name();
    let span = tracing::info_span!("run", run = arguments.run, command, organization = Empty);
    // Boxed, since it is big: whoever awaits this would carry its size otherwise.
    let done = Box::pin(carry_out(&context, &arguments.command));
    done.instrument(span).await.unwrap_or_else(|failure| {
        printer.failure(&failure);
        failure.exit
    })
}

async fn carry_out<P: CloudProvider>(
    context: &Context<'_, P>,
    command: &Command,
) -> Result<Exit, Failure> {
    match command {
        Command::Init => commands::init(context),
        Command::Validate(arguments) => commands::validate(context, arguments),
        Command::Plan(arguments) => commands::plan(context, arguments).await,
        Command::Show(arguments) => commands::show(context, arguments),
        Command::Create(arguments) => commands::create(context, arguments).await,
        Command::Update(arguments) => commands::update(context, arguments).await,
        Command::Policy(arguments) => commands::policy(context, arguments),
        Command::Schema(arguments) => commands::schema(context, arguments),
        Command::Completions(arguments) => commands::completions(context, arguments),
    }
}

/// What every command is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a, P> {
    /// The options that every command has.
    pub(super) global: &'a GlobalArguments,
    /// The run's id.
    pub(super) run: &'a str,
    /// The way to AWS, or to a simulated one.
    pub(super) provider: &'a P,
    /// The way to the user.
    pub(super) printer: &'a Printer,
}
