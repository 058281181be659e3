//! `avm create`: one account, declared in the file or added to it, and whatever it needs first.

mod entry;
mod faults;
mod needs;

use entry::declare;
use needs::with_what_it_needs;

use super::update::present;
use crate::cli::arguments::CreateArguments;
use crate::cli::change_limits::refuse_too_much;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::file;
use crate::cli::lease::refuse_to_wait;
use crate::cli::previews::{ask, refuse_to_ask};
use crate::cli::prompt::consent;
use crate::cli::rollout::{Order, carry_out, question, refuse_missing_secrets};
use crate::cli::run::Context;
use crate::cli::show::show;
use crate::cli::survey::{Survey, observe_limits};
use crate::cloud::CloudProvider;
use crate::model::AccountName;
use crate::plan::AccountStatus;
use crate::render::json::PlanDocument;

pub(in crate::cli) async fn create<P: CloudProvider>(
    context: &Context<'_, P>,
    arguments: &CreateArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    refuse_to_ask(arguments.previews, arguments.dry_run)?;
    let declared = declare(context, &arguments.name, &arguments.entry)?;
    let folder = &declared.folder;
    refuse_to_wait(&folder.state, arguments.lease_wait)?;
    for report in &arguments.reports {
        file::refuse_unwritable(&report.path)?;
    }

    let run = context.run.to_owned();
    let limits = arguments.limits.limits();
    let allowed = arguments.limits.of_changes(folder.state.limits);
    let looking = observe_limits(limits, false);
    let (selection, survey) =
        with_what_it_needs(context, &folder.state, &arguments.name, &run, looking).await?;
    let digest = folder.digest();
    let mut document = PlanDocument::new(survey.plan.clone(), selection, false, digest);
    declared.show(printer, !arguments.yes);
    if arguments.dry_run {
        let asked = arguments.previews;
        document.previews = ask(context, &folder.state, &survey, &run, limits, asked).await?;
        show(printer, &document, arguments.format)?;
        refuse_too_much(&document.summary, allowed)?;
        // An account that is as it should be may be in no file yet.
        let undeclared = declared.changes_the_file() && arguments.detailed_exitcode;
        let exit = Exit::of_plan(&document.summary, arguments.detailed_exitcode);
        return Ok(if undeclared { Exit::Changes } else { exit });
    }
    present(printer, &document, arguments.format, !arguments.yes)?;
    refuse_too_much(&document.summary, allowed)?;
    refuse_unusable(&survey, &arguments.name)?;
    refuse_missing_secrets(&survey)?;
    let question = match (document.summary.is_empty(), declared.changes_the_file()) {
        (false, _) => Some(question(&document.summary)),
        (true, true) => Some(format!("Declare {} in landing-zone.yaml?", arguments.name)),
        (true, false) => None,
    };
    if let Some(question) = question
        && !consent(printer, arguments.yes, &question)?
    {
        return Err(Failure::new("nothing was changed"));
    }
    declared.write(printer)?;
    let order = Order {
        command: "create",
        run: &run,
        selection: &document.selection,
        limits,
        format: arguments.format,
        reports: &arguments.reports,
        lease_wait: arguments.lease_wait,
    };
    carry_out(context, &folder.state, &survey, order).await
}

/// An account that gets no steps cannot be brought into being by running this again.
fn refuse_unusable(survey: &Survey, name: &AccountName) -> Result<(), Failure> {
    let Some(account) = survey.plan.account(name) else { return Ok(()) };
    let id = account.id.as_ref().map(ToString::to_string).unwrap_or_default();
    match &account.status {
        AccountStatus::New | AccountStatus::Active => Ok(()),
        AccountStatus::NotActive(state) => {
            Err(Failure::new(format!("{name} exists as account {id}, and its state is {state}"))
                .hint("an e-mail address belongs to one account for ever: use another one"))
        }
        AccountStatus::Unreachable(error) => Err(Failure {
            message: format!("{name} exists as account {id}, and does not let avm in"),
            ..Failure::from(error.clone())
        }),
    }
}
