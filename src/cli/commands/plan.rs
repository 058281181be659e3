//! `avm plan`: the difference between the files and AWS, and nothing done about it.

use crate::cli::arguments::PlanArguments;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::session::run_id;
use crate::cli::show::{json_of, show};
use crate::cli::survey::{look, observe_limits};
use crate::cli::{diagnostics, file};
use crate::cloud::CloudProvider;
use crate::desired::load;
use crate::render::json::PlanDocument;

pub(in crate::cli) async fn plan<P: CloudProvider>(
    context: &Context<'_, P>,
    arguments: &PlanArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    let folder =
        load(&context.global.directory).map_err(|faults| diagnostics::show(printer, &faults))?;
    // A selection that cannot be right costs no call, nor does a file that cannot be written.
    let selection = arguments.selector.selection();
    let desired = folder.state.select(&selection)?;
    if let Some(path) = &arguments.out {
        file::refuse_unwritable(path)?;
    }
    let limits = observe_limits(arguments.limits.limits(), arguments.deep);
    let survey = look(context, &folder.state, &run_id()?, desired, limits).await?;
    let document = PlanDocument::new(survey.plan, selection, arguments.deep, folder.digest());
    if let Some(path) = &arguments.out {
        file::write(path, &json_of(&document)?)?;
    }
    show(printer, &document, arguments.format)?;
    if let Some(path) = &arguments.out {
        printer.hint(&format!("avm update --plan {} does exactly this", path.display()));
    }
    let summary = document.summary;
    // Of an account that does not let avm in nobody knows whether it is as the files say.
    let changes = !summary.is_empty() || summary.blocked > 0 || summary.unreachable_accounts > 0;
    Ok(if changes && arguments.detailed_exitcode { Exit::Changes } else { Exit::Done })
}
