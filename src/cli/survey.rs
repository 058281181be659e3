//! Desired, observed, plan: what every command that looks at AWS begins with.

use super::failure::Failure;
use super::observing::Observing;
use super::open_files::room_for_calls;
use super::printer::Printer;
use super::run::Context;
use super::session::{LOOKING, Session, connect, connect_to_plan};
use super::signals::until_interrupted;
use crate::cloud::{CloudProvider, CloudReader, Protection};
use crate::desired::DesiredState;
use crate::execute::Limits;
use crate::observed::{Depth, ObserveLimits, ObservedState, observe};
use crate::plan::{Plan, check, plan};

/// What is wanted, what is there, and the difference.
#[derive(Debug)]
pub(super) struct Survey {
    /// The selected part of what the files say.
    pub(super) desired: DesiredState,
    /// What was seen in AWS.
    pub(super) observed: ObservedState,
    /// The difference.
    pub(super) plan: Plan,
    /// How it was looked.
    pub(super) limits: ObserveLimits,
}

/// Connects in order to look and for nothing else, looks, and plans. The connection goes no further.
///
/// `everything` is what the files say, `desired` the selected part of it.
pub(super) async fn look<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    run: &str,
    desired: DesiredState,
    limits: ObserveLimits,
) -> Result<Survey, Failure> {
    let session = connect(context, everything, run, LOOKING, Protection::default()).await?;
    survey(&session, desired, limits, context.printer).await
}

/// The same for `avm plan`, after which nothing follows.
pub(super) async fn look_only<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    run: &str,
    desired: DesiredState,
    limits: ObserveLimits,
) -> Result<Survey, Failure> {
    until_interrupted(async {
        let session = connect_to_plan(context, everything, run).await?;
        survey(&session, desired, limits, context.printer).await
    })
    .await
}

/// Looks, and plans. Asks for no more than a reader: that nothing is written is what the compiler checks here.
async fn survey<C: CloudReader>(
    session: &Session<C>,
    desired: DesiredState,
    limits: ObserveLimits,
    printer: &Printer,
) -> Result<Survey, Failure> {
    let observing = Observing::accounts(printer);
    let progress = |done, total| observing.progress(done, total);
    let organization = session.organization.clone();
    let observed = observe(&session.cloud, &desired, organization, limits, &progress).await?;
    observing.finish();
    planned(desired, observed, limits)
}

impl Survey {
    /// The same look, and the plan for less: `desired` must be a part of what was looked at.
    pub(super) fn narrowed(self, desired: DesiredState) -> Result<Self, Failure> {
        planned(desired, self.observed, self.limits)
    }
}

fn planned(
    desired: DesiredState,
    observed: ObservedState,
    limits: ObserveLimits,
) -> Result<Survey, Failure> {
    let plan = plan(&desired, &observed);
    let violations = check(&plan);
    if !violations.is_empty() {
        let failure = Failure::new("the plan breaks a rule of avm's own, and is not shown or done")
            .hint("this is a fault of avm: please report it with the lines above");
        return Err(violations.iter().fold(failure, Failure::cause));
    }
    Ok(Survey { desired, observed, plan, limits })
}

/// How to look, by what was asked.
pub(super) fn observe_limits(limits: Limits, deep: bool) -> ObserveLimits {
    let depth = if deep { Depth::Template } else { Depth::Digest };
    // More calls than connections would end as failures of the network.
    let calls = room_for_calls().map_or(limits.reads, |room| room.min(limits.reads));
    ObserveLimits { calls, depth }
}
