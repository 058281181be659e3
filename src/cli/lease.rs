//! The lease of a run that writes: taken after consent, kept while the run goes on, given back at its end.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::failure::Failure;
use super::printer::Printer;
use super::rollout::Order;
use super::session::Session;
use super::signals::interruptible;
use crate::cloud::{CloudError, CloudWriter, ErrorKind};
use crate::desired::DesiredState;
use crate::execute::{Claim, Holder, Lease, Loss, Taken, take};

/// A lease that was got.
#[derive(Debug)]
pub(super) struct Held<'a, C> {
    pub(super) lease: Lease<'a, C>,
    /// Whether another run had it before: then what was looked at may be as that run has found it, and not as it has
    /// left it.
    pub(super) after_another: bool,
}

/// Refuses to wait for what the files do not ask for.
pub(super) fn refuse_to_wait(
    everything: &DesiredState,
    wait: Option<Duration>,
) -> Result<(), Failure> {
    if wait.is_some() && everything.lease_bucket.is_none() {
        return Err(Failure::new("--lease-wait: landing-zone.yaml declares no lease")
            .hint("declare one, `lease: {bucket: NAME}`, or run without --lease-wait"));
    }
    Ok(())
}

/// Takes the lease if the files have one. Nothing has been written before.
pub(super) async fn hold<'a, C: CloudWriter>(
    session: &'a Session<C>,
    everything: &DesiredState,
    order: Order<'_>,
    printer: &Printer,
) -> Result<Option<Held<'a, C>>, Failure> {
    let Some(bucket) = &everything.lease_bucket else { return Ok(None) };
    let organization = &session.organization;
    let caller = &organization.caller_arn;
    let claim = Claim::new(bucket, &organization.id, order.run, order.command, caller);
    let waited = RefCell::new(None);
    let on_wait = |holder: &Holder| {
        // Once for each run that is waited for.
        let name = holder.run().to_owned();
        if waited.borrow().as_ref() != Some(&name) {
            printer.say(&format!("Waiting for {holder} ..."));
            waited.replace(Some(name));
        }
    };
    let cancel = AtomicBool::new(false);
    let stopped = || cancel.load(Ordering::SeqCst);
    let patience = order.lease_wait.unwrap_or_default();
    // Not dropped where it stands: a lease that was just taken has to be given back.
    let work = take(&session.cloud, &claim, patience, stopped, on_wait);
    let taken = interruptible(work, &cancel, || printer.say("Stopping.")).await;
    let interrupted = || Failure::new("interrupted; nothing was changed in AWS");
    match taken {
        None => Err(interrupted().hint("if this run has taken the lease, it ends in 10 minutes")),
        Some(Err(error)) => Err(unavailable(error, &claim)),
        Some(Ok(Taken::Ours(lease))) if stopped() => {
            give_back(&lease, printer).await;
            Err(interrupted())
        }
        Some(Ok(Taken::Ours(lease))) => {
            Ok(Some(Held { lease, after_another: waited.into_inner().is_some() }))
        }
        Some(Ok(Taken::Theirs(_))) if stopped() => Err(interrupted()),
        Some(Ok(Taken::Theirs(holder))) => Err(refused(&holder, &claim)),
    }
}

fn refused(holder: &Holder, claim: &Claim) -> Failure {
    Failure::new("another run is writing to this organization")
        .cause(format!("{holder}, holds the lease {}", claim.address()))
        .cause(format!("it ends in {} unless that run renews it", holder.left()))
        .hint("nothing was changed in AWS; run again when the other one is done, or wait for it: --lease-wait 30m")
        .hint("a run that was killed renews nothing: its lease is taken over when it ends")
}

fn unavailable(error: CloudError, claim: &Claim) -> Failure {
    let kind = error.kind;
    let failure = Failure::from(error)
        .hint(format!("without its lease, {}, the run has changed nothing", claim.address()));
    match kind {
        ErrorKind::NotFound => failure.hint(
            "avm does not make the bucket: make it in the management account, in the home region, or name another \
             one in landing-zone.yaml (lease)",
        ),
        ErrorKind::Denied => failure.hint("`avm policy apply --management` prints what is needed"),
        ErrorKind::Credentials
        | ErrorKind::Throttled
        | ErrorKind::NotReady
        | ErrorKind::Conflict
        | ErrorKind::Unavailable
        | ErrorKind::Refused => failure,
    }
}

/// Gives the lease back. If that fails, what was done is done all the same.
pub(super) async fn give_back<C: CloudWriter>(lease: &Lease<'_, C>, printer: &Printer) {
    if let Err(error) = lease.release().await {
        let minutes = lease.left().as_secs().div_ceil(60);
        printer.complain(&format!(
            "the lease was not given back, and ends by itself in {minutes} min: {error}"
        ));
    }
}

/// Why a run stops that has lost its lease.
pub(super) fn lost(loss: &Loss) -> Failure {
    let failure = Failure::new("the run has lost its lease, and was stopped");
    let failure = match loss {
        Loss::TakenOver(holder) => failure.cause(format!("it was taken over by {holder}")),
        Loss::Gone => failure.cause("somebody has deleted it"),
        Loss::NotRenewed(None) => failure.cause("it could not be renewed: S3 did not answer"),
        Loss::NotRenewed(Some(error)) => failure.cause(format!("it could not be renewed: {error}")),
    };
    failure.hint("what had begun was finished; running the command again does what is left")
}
