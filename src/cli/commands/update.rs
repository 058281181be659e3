//! `avm update`: accounts brought to their baselines, after consent.

use crate::cli::arguments::{Format, UpdateArguments};
use crate::cli::change_limits::refuse_too_much;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::lease::refuse_to_wait;
use crate::cli::previews::{ask, refuse_to_ask};
use crate::cli::printer::Printer;
use crate::cli::prompt::consent;
use crate::cli::rollout::{Order, carry_out, question, refuse_missing_secrets};
use crate::cli::run::Context;
use crate::cli::show::show;
use crate::cli::survey::{look, observe_limits};
use crate::cli::{agreed, diagnostics, file, saved};
use crate::cloud::CloudProvider;
use crate::desired::load;
use crate::render::json::PlanDocument;
use crate::render::text;

pub(in crate::cli) async fn update<P: CloudProvider>(
    context: &Context<'_, P>,
    arguments: &UpdateArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    refuse_to_ask(arguments.previews, arguments.dry_run)?;
    let saved = arguments.plan.as_deref().map(saved::read_plan).transpose()?;
    let folder =
        load(&context.global.directory).map_err(|faults| diagnostics::show(printer, &faults))?;
    if let Some(saved) = &saved {
        agreed::refuse_incomparable(saved, &folder.state.organization)?;
    }
    let (selection, deep) = match &saved {
        Some(saved) => (saved.selection.clone(), saved.deep),
        None => (arguments.selector.selection(), false),
    };
    let desired = folder.state.select(&selection)?;
    refuse_to_wait(&folder.state, arguments.lease_wait)?;
    for report in &arguments.reports {
        file::refuse_unwritable(&report.path)?;
    }

    let run = context.run.to_owned();
    let limits = arguments.limits.limits();
    let allowed = arguments.limits.of_changes(folder.state.limits);
    let looking = observe_limits(limits, deep);
    let survey = look(context, &folder.state, &run, desired, looking).await?;
    let mut document = PlanDocument::new(survey.plan.clone(), selection, deep, folder.digest());
    if let Some(saved) = &saved {
        agreed::refuse_difference(printer, saved, &document)?;
    }
    if arguments.dry_run {
        let asked = arguments.previews;
        document.previews = ask(context, &folder.state, &survey, &run, limits, asked).await?;
        show(printer, &document, arguments.format)?;
        refuse_too_much(&document.summary, allowed)?;
        return Ok(Exit::of_plan(&document.summary, arguments.detailed_exitcode));
    }
    present(printer, &document, arguments.format, !arguments.yes)?;
    refuse_too_much(&document.summary, allowed)?;
    refuse_missing_secrets(&survey)?;
    if !document.summary.is_empty()
        && !consent(printer, arguments.yes, &question(&document.summary))?
    {
        return Err(Failure::new("nothing was changed"));
    }
    let order = Order {
        command: "update",
        run: &run,
        selection: &document.selection,
        limits,
        format: arguments.format,
        reports: &arguments.reports,
        lease_wait: arguments.lease_wait,
    };
    carry_out(context, &folder.state, &survey, order).await
}

/// Shows the plan that consent is asked for. Where standard output is for a report in another form, on standard error.
pub(super) fn present(
    printer: &Printer,
    document: &PlanDocument,
    format: Format,
    asked: bool,
) -> Result<(), Failure> {
    match format {
        Format::Text => show(printer, document, Format::Text),
        Format::Json | Format::Html | Format::Junit | Format::Markdown => {
            let shown = text::plan(document, printer.err_paint(), printer.detail());
            printer.before_asking(shown.trim_end(), asked);
            Ok(())
        }
    }
}
