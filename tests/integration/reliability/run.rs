//! One run of avm, as `avm update --yes` does it: look, plan, carry out. It may die on the way.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::task::Poll;

use avm::cloud::{CloudError, CloudProvider as _, CloudReader as _};
use avm::execute::{Limits, Report, execute};
use avm::observed::{ObservedState, observe};
use avm::plan::{Plan, check, plan};
use avm::sim::{SimulatedCloud, Simulation};

use super::arrange::Wanted;
use crate::landing_zone::{LIMITS, PlanAgain, connection};

/// How a run ended.
pub(super) enum Ran {
    /// The process died.
    Died,
    /// Too little could be seen to plan anything.
    Unplanned(CloudError),
    /// The plan was carried out as far as possible.
    Ended { plan: Box<Plan>, report: Report },
}

/// Looks, plans, and carries out the plan.
pub(super) async fn run(aws: &Simulation, wanted: &Wanted, id: &str) -> Ran {
    unless_it_dies(aws, to_its_end(aws, wanted, id)).await.unwrap_or(Ran::Died)
}

async fn to_its_end(aws: &Simulation, wanted: &Wanted, id: &str) -> Ran {
    let (observed, plan) = match look(aws, wanted, id).await {
        Ok(seen) => seen,
        Err(error) => return Ran::Unplanned(error),
    };
    match carry_out(aws, wanted, id, &observed, &plan).await {
        Ok(report) => Ran::Ended { plan: Box::new(plan), report },
        Err(error) => Ran::Unplanned(error),
    }
}

/// Carries out a plan. An error is one of connecting.
pub(super) async fn carry_out(
    aws: &Simulation,
    wanted: &Wanted,
    id: &str,
    observed: &ObservedState,
    plan: &Plan,
) -> Result<Report, CloudError> {
    let Wanted { desired, templates } = wanted;
    let cloud = connect(aws, wanted, id, "update").await?;
    let again = PlanAgain { cloud: &cloud, desired, observed, plan };
    let (limits, stop) = (Limits::default(), AtomicBool::new(false));
    Ok(execute(&cloud, plan, templates, limits, id, &again, &stop, &|_| {}).await)
}

/// Looks, and plans.
pub(super) async fn look(
    aws: &Simulation,
    wanted: &Wanted,
    id: &str,
) -> Result<(ObservedState, Plan), CloudError> {
    let cloud = connect(aws, wanted, id, "plan").await?;
    let organization = cloud.organization().await?;
    let observed = observe(&cloud, &wanted.desired, organization, LIMITS, &|_, _| {}).await?;
    let plan = plan(&wanted.desired, &observed);
    assert_eq!(check(&plan), []);
    Ok((observed, plan))
}

async fn connect(
    aws: &Simulation,
    wanted: &Wanted,
    id: &str,
    command: &'static str,
) -> Result<SimulatedCloud, CloudError> {
    let mut connection = connection(&wanted.desired, command);
    id.clone_into(&mut connection.run);
    aws.connect(&connection).await
}

/// The end of `work`, unless the process dies before: then it goes not one step further.
async fn unless_it_dies<T>(aws: &Simulation, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        _ if aws.has_died() => Poll::Ready(None),
        Poll::Ready(end) => Poll::Ready(Some(end)),
        Poll::Pending => Poll::Pending,
    })
    .await
}
