//! `avm show`: what an earlier command has saved, in any form. Needs neither AWS nor the folder.

use crate::cli::arguments::ShowArguments;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::saved::{self, Saved};
use crate::cli::show;

pub(in crate::cli) fn show<P>(
    context: &Context<'_, P>,
    arguments: &ShowArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    match saved::read(&arguments.file)? {
        Saved::Plan(plan) => {
            show::show(printer, &plan, arguments.format)?;
            Ok(Exit::of_plan(&plan.summary, arguments.detailed_exitcode))
        }
        Saved::Report(report) => {
            printer.data(&show::report(&report, arguments.format, printer.out_paint())?)?;
            let open = arguments.detailed_exitcode && !report.succeeded;
            Ok(if open { Exit::Changes } else { Exit::Done })
        }
    }
}
