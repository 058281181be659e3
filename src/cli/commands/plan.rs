//! `avm plan`: the difference between the files and AWS, and nothing done about it.

use crate::cli::arguments::PlanArguments;
use crate::cli::change_limits::refuse_too_much;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::previews::ask;
use crate::cli::retry::line;
use crate::cli::run::Context;
use crate::cli::show::{json_of, show};
use crate::cli::survey::{look_only, observe_limits};
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
    let (run, limits) = (context.run.to_owned(), arguments.limits.limits());
    let looking = observe_limits(limits, arguments.deep);
    let survey = look_only(context, &folder.state, &run, desired, looking).await?;
    let asked = arguments.previews;
    let previews = ask(context, &folder.state, &survey, &run, limits, asked).await?;
    let document = PlanDocument {
        previews,
        ..PlanDocument::new(survey.plan, selection, arguments.deep, folder.digest())
    };
    if let Some(path) = &arguments.out {
        file::write(path, &json_of(&document)?)?;
    }
    show(printer, &document, arguments.format)?;
    if let Some(path) = &arguments.out {
        let mut words = vec!["avm".to_owned()];
        words.extend(context.global.repeated());
        words.extend(["update".to_owned(), "--plan".to_owned(), path.display().to_string()]);
        printer.hint(&format!("this does exactly that: {}", line(&words)));
    }
    refuse_too_much(&document.summary, arguments.limits.of_changes(folder.state.limits))?;
    Ok(Exit::of_plan(&document.summary, arguments.detailed_exitcode))
}
