//! `avm update`: accounts brought to their baselines, after consent.

use crate::cli::arguments::{Format, UpdateArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::prompt::consent;
use crate::cli::rollout::{Order, carry_out, question};
use crate::cli::run::Context;
use crate::cli::session::run_id;
use crate::cli::show::show;
use crate::cli::survey::{look, observe_limits};
use crate::cli::{diagnostics, file, saved};
use crate::cloud::CloudProvider;
use crate::desired::load;
use crate::render::json::PlanDocument;
use crate::render::text;

pub(in crate::cli) async fn update<P: CloudProvider>(
    context: &Context<'_, P>,
    arguments: &UpdateArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    refuse_markdown(arguments.format, arguments.dry_run)?;
    let saved = arguments.plan.as_deref().map(saved::read).transpose()?;
    let folder =
        load(&context.global.directory).map_err(|faults| diagnostics::show(printer, &faults))?;
    let (selection, deep) = match &saved {
        Some(saved) => (saved.selection.clone(), saved.deep),
        None => (arguments.selector.selection(), false),
    };
    let desired = folder.state.select(&selection)?;
    if let Some(path) = &arguments.report {
        file::refuse_unwritable(path)?;
    }

    let run = run_id()?;
    let limits = arguments.limits.limits();
    let looking = observe_limits(limits, deep);
    let survey = look(context, &folder.state, &run, desired, looking).await?;
    let document = PlanDocument::new(survey.plan.clone(), selection, deep, folder.digest());
    if let Some(saved) = &saved {
        saved::refuse_difference(printer, saved, &document)?;
    }
    if arguments.dry_run {
        show(printer, &document, arguments.format)?;
        return Ok(Exit::Done);
    }
    present(printer, &document, arguments.format, !arguments.yes)?;
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
        report: arguments.report.as_deref(),
    };
    carry_out(context, &folder.state, &survey, order).await
}

/// Shows the plan that consent is asked for. Where standard output is for a report in JSON, on standard error.
pub(super) fn present(
    printer: &Printer,
    document: &PlanDocument,
    format: Format,
    asked: bool,
) -> Result<(), Failure> {
    match format {
        Format::Text | Format::Markdown => show(printer, document, Format::Text),
        Format::Json => {
            let shown = text::plan(&document.plan, printer.err_paint());
            printer.before_asking(shown.trim_end(), asked);
            Ok(())
        }
    }
}

/// Markdown is for a plan that is looked at: there is no report in that form.
pub(super) fn refuse_markdown(format: Format, dry_run: bool) -> Result<(), Failure> {
    if format == Format::Markdown && !dry_run {
        return Err(Failure::new("--format markdown shows a plan, and a run ends with a report")
            .hint("add --dry-run, or use --format json"));
    }
    Ok(())
}
