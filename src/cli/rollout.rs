//! Carrying out a plan that was agreed to, and telling what came of it.

use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::arguments::{Format, GlobalArguments, ReportFile};
use super::exit::Exit;
use super::failure::Failure;
use super::lease::{Held, give_back, hold, lost};
use super::printer::Printer;
use super::progress::Progress;
use super::protection::protection;
use super::replan::WithinApproval;
use super::run::Context;
use super::session::{Session, connect};
use super::signals::interruptible;
use super::survey::{Survey, look};
use super::{file, retry, secrets, show};
use crate::cloud::{CloudProvider, CloudWriter};
use crate::desired::{DesiredState, Selection};
use crate::execute::{Limits, Loss, Report, Templates, execute};
use crate::plan::Summary;
use crate::policy::Purpose;
use crate::render::json::ReportDocument;
use crate::render::{Paint, Undone, count, text};

/// What a run needs to know beside its plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'a> {
    /// The command.
    pub(super) command: &'static str,
    /// The run's id.
    pub(super) run: &'a str,
    /// What was selected.
    pub(super) selection: &'a Selection,
    /// How much is done side by side.
    pub(super) limits: Limits,
    /// How the report is printed.
    pub(super) format: Format,
    /// Where the report is saved, and in which forms.
    pub(super) reports: &'a [ReportFile],
    /// How long to wait for another run's lease.
    pub(super) lease_wait: Option<Duration>,
}

/// Carries out the survey's plan, and reports. Connects anew, and only if there is something to do: the
/// survey's own connection was made for looking.
pub(super) async fn carry_out<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    survey: &Survey,
    order: Order<'_>,
) -> Result<Exit, Failure> {
    let (report, undone) = if Summary::of(&survey.plan).is_empty() {
        nothing(survey, order)
    } else {
        let protection = protection(&survey.plan, Purpose::Apply);
        let session = connect(context, everything, order.run, order.command, protection).await?;
        match hold(&session, everything, order, context.printer).await? {
            None => run(&session, survey, None, order, context.printer).await?,
            Some(held) => run_leased(context, everything, &session, survey, &held, order).await?,
        }
    };
    conclude(context.global, &report, &undone, order, context.printer)
}

/// The report of a run that has nothing to do.
fn nothing(survey: &Survey, order: Order<'_>) -> (Report, Undone) {
    let report = Report { run: order.run.to_owned(), ..Report::default() };
    (report, Undone::of(&survey.plan))
}

/// Carries out the plan under a lease, which is given back whatever comes of it. Only a run that is stopped at once
/// leaves it, because AWS may still be at what the run has begun.
async fn run_leased<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    session: &Session<P::Cloud>,
    survey: &Survey,
    held: &Held<'_, P::Cloud>,
    order: Order<'_>,
) -> Result<(Report, Undone), Failure> {
    if held.after_another {
        let now = unchanged(context, everything, survey, order).await;
        let empty = now.as_ref().is_ok_and(|now| Summary::of(&now.plan).is_empty());
        let now = match now {
            Ok(now) if !empty => now,
            now => {
                give_back(&held.lease, context.printer).await;
                return now.map(|now| nothing(&now, order));
            }
        };
        return run(session, &now, Some(held), order, context.printer).await;
    }
    run(session, survey, Some(held), order, context.printer).await
}

/// Looks again, since another run was at work after the first look. Refuses another plan than the one that was agreed
/// to, unless nothing is left to do.
async fn unchanged<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    survey: &Survey,
    order: Order<'_>,
) -> Result<Survey, Failure> {
    let desired = survey.desired.clone();
    let now = look(context, everything, order.run, desired, survey.limits).await?;
    let summary = Summary::of(&now.plan);
    if summary.is_empty() {
        context.printer.say("The other run has done all of it.");
    } else if now.plan != survey.plan {
        return Err(Failure::new("AWS has changed while this run waited for its lease")
            .cause("the plan of now differs from the one that was agreed to")
            .hint("nothing was changed in AWS; run the command again to see the plan of now"));
    }
    Ok(now)
}

/// Carries out the plan, and answers what it did and what it left undone.
async fn run<C: CloudWriter>(
    session: &Session<C>,
    survey: &Survey,
    held: Option<&Held<'_, C>>,
    order: Order<'_>,
    printer: &Printer,
) -> Result<(Report, Undone), Failure> {
    let templates = templates(&survey.desired);
    let replan = WithinApproval::of(survey, &session.cloud);
    let cancel = AtomicBool::new(false);
    let progress = Progress::of(&survey.plan, printer);
    let on_event = |event: &_| progress.event(event);
    let work = execute(
        &session.cloud,
        &survey.plan,
        &templates,
        order.limits,
        order.run,
        &replan,
        &cancel,
        &on_event,
    );
    let on_loss =
        || progress.line("The lease is lost. Stopping: what has begun is finished first.");
    let work = under(held, work, &cancel, on_loss);
    let stopping = "Stopping: what has begun is finished first. Again to stop at once.";
    let ended = interruptible(work, &cancel, || progress.line(stopping)).await;
    progress.finish();
    let Some((report, loss)) = ended else {
        let stopped = Failure::new(format!("run {} was stopped at once", order.run))
            .hint("AWS may still be at work; running the command again is safe, and continues");
        return Err(match held {
            None => stopped,
            Some(_) => stopped.hint("the lease ends by itself within 10 minutes: --lease-wait 10m"),
        });
    };
    if let Some(held) = held {
        give_back(&held.lease, printer).await;
    }
    if let Some(loss) = loss {
        printer.failure(&lost(&loss));
    }
    Ok((report, replan.into_undone()))
}

/// Does the work while the lease is kept. If it is lost, the work is told to stop in good order.
async fn under<C: CloudWriter, T>(
    held: Option<&Held<'_, C>>,
    work: impl Future<Output = T>,
    cancel: &AtomicBool,
    on_loss: impl Fn(),
) -> (T, Option<Loss>) {
    let mut work = pin!(work);
    let keep = async {
        match held {
            Some(held) => held.lease.keep().await,
            None => pending().await,
        }
    };
    let loss = tokio::select! {
        biased;
        done = &mut work => return (done, None),
        loss = keep => loss,
    };
    cancel.store(true, Ordering::SeqCst);
    on_loss();
    (work.await, Some(loss))
}

/// Refuses a plan that would come to a stack whose secret nobody has given.
pub(super) fn refuse_missing_secrets(survey: &Survey) -> Result<(), Failure> {
    secrets::refuse_missing(&survey.desired, &survey.plan, &secrets::of(&survey.desired))
}

/// Says what came of it, all of it, before anything that keeps it from being saved or printed ends the command.
fn conclude(
    global: &GlobalArguments,
    report: &Report,
    undone: &Undone,
    order: Order<'_>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    // The files first: they must not depend on somebody reading standard output.
    let document = ReportDocument::new(report.clone(), undone);
    let saved = save(&document, order.reports);
    let told = tell(&document, order.format, printer);
    printer.complain(&text::undone(undone));
    if let Some(retry) = retry::command(global, order.selection, report, undone) {
        printer.hint(&format!("this does what is left: {retry}"));
    }
    saved.and(told)?;
    Ok(if report.succeeded() && undone.is_empty() { Exit::Done } else { Exit::Failure })
}

/// The question before a plan is carried out: it names what is lost.
pub(super) fn question(summary: &Summary) -> String {
    let accounts = count(summary.changed_accounts, "account");
    let lost = [(summary.delete + summary.replace, "thing"), (summary.lost_resources, "resource")];
    let lost = lost.into_iter().filter(|(number, _)| *number > 0);
    let lost: Vec<_> = lost.map(|(number, noun)| count(number, noun)).collect();
    if lost.is_empty() {
        return format!("Carry out this plan in {accounts}?");
    }
    format!("Carry out this plan in {accounts}? It deletes {}.", lost.join(" and "))
}

/// Saves every report that can be saved, and answers the first failure.
fn save(document: &ReportDocument, files: &[ReportFile]) -> Result<(), Failure> {
    let save = |file: &ReportFile| {
        let text = show::report(document, file.format, Paint::Plain)?;
        file::write(&file.path, &text)
    };
    files.iter().map(save).fold(Ok(()), Result::and)
}

fn tell(document: &ReportDocument, format: Format, printer: &Printer) -> Result<(), Failure> {
    let report = &document.report;
    match format {
        // The plan has said already that there is nothing to do.
        Format::Text if *report == untouched(report) => Ok(()),
        // What was left undone follows where whoever pipes the report away still sees it.
        Format::Text => printer.data(&format!("\n{}", text::report(report, printer.out_paint()))),
        Format::Json | Format::Html | Format::Junit | Format::Markdown => {
            printer.data(&show::report(document, format, printer.out_paint())?)
        }
    }
}

/// The report of the same run, had it done nothing at all.
fn untouched(report: &Report) -> Report {
    Report { run: report.run.clone(), ..Report::default() }
}

/// What is sent to CloudFormation for the templates of a plan.
pub(super) fn templates(desired: &DesiredState) -> Templates {
    let bodies = desired.templates.iter().map(|(file, template)| (file.clone(), template.body()));
    let bucket = desired.artifacts_bucket.clone();
    Templates { bodies: bodies.collect(), bucket, secrets: secrets::of(desired) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::parse;
    use crate::cli::captured::Captured;
    use crate::cli::printer::Verbosity;
    use crate::execute::{Event, Location, Outcome};
    use crate::plan::{PlannedValue, Step};

    #[test]
    fn a_report_that_cannot_be_saved_is_told_all_the_same() {
        let mut report = Report::default();
        report.record(&Event::StepEnded {
            at: Location { account: Some("payments".parse().unwrap()), region: None },
            step: Step::EncryptEbsByDefault {
                key: PlannedValue::OwnAccountId,
                before: None,
                enable: true,
            },
            outcome: Outcome::Skipped { why: "a test".into() },
            started: Duration::ZERO,
            elapsed: Duration::ZERO,
        });
        let folder = tempfile::tempdir().unwrap();
        let order = Order {
            command: "update",
            run: "1a2b3c4d",
            selection: &Selection::default(),
            limits: Limits::default(),
            format: Format::Text,
            reports: &[format!("{}/gone/report.json", folder.path().display()).parse().unwrap()],
            lease_wait: None,
        };
        let (out, err) = (Captured::default(), Captured::default());
        let printer = Printer::new(Box::new(out.clone()), Box::new(err.clone()), Verbosity::Normal);
        let global = parse(["avm", "update"].map(Into::into)).unwrap().global;
        let failure = conclude(&global, &report, &Undone::default(), order, &printer).unwrap_err();
        assert!(failure.message.ends_with("gone/report.json"), "{failure:?}");
        assert!(out.text().contains("1 not tried"), "{}", out.text());
        assert!(err.text().contains("avm update --account payments"), "{}", err.text());
    }
}
