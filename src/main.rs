//! The program: reads the command line, chooses the cloud, and ends with an exit code.

use std::process::ExitCode;

use avm::aws::Aws;
use avm::cli::{self, Arguments, Exit, Failure, Printer};
use avm::sim::Sandbox;
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let printer = Printer::standard(&arguments);
    let exit = start(&arguments, &printer).unwrap_or_else(|failure| {
        printer.failure(&failure);
        failure.exit
    });
    exit.into()
}

fn start(arguments: &Arguments, printer: &Printer) -> Result<Exit, Failure> {
    let logging = cli::start_logging(arguments)?;
    let sandbox = arguments.sandbox_file();
    let runtime = runtime(sandbox.is_some())
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    let exit = match sandbox {
        Some(file) => runtime.block_on(cli::run(arguments, &Sandbox { file }, printer)),
        None => runtime.block_on(cli::run(arguments, &Aws::default(), printer)),
    };
    // Whatever still waits for a name server or a file is not waited for.
    runtime.shutdown_background();
    logging.finish(printer)?;
    Ok(exit)
}

/// The simulated AWS lives on a clock that jumps: an hour of waiting is over as soon as everybody waits.
fn runtime(simulated: bool) -> std::io::Result<Runtime> {
    if simulated {
        Builder::new_current_thread().enable_all().start_paused(true).build()
    } else {
        Builder::new_multi_thread().enable_all().build()
    }
}
