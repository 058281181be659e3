//! The whole run: the organization's steps, then wave after wave, accounts side by side.

use std::sync::atomic::AtomicBool;

use futures_util::stream::{self, StreamExt as _};
use tracing::{Instrument as _, info_span};

use super::event::{Event, Location, Outcome};
use super::gate;
use super::lane::{STOPPED, run_steps};
use super::limits::Limits;
use super::outlook::{outlook, tell_impossible};
use super::report::{Report, StepError};
use super::run::{Replan, Run, Templates};
use super::steps::account_id;
use crate::cloud::CloudWriter;
use crate::model::{AccountName, Region};
use crate::plan::{AccountPlan, AccountStatus, Plan, Step, WavePlan};

/// Carries out a plan, and tells what it did.
///
/// A step that fails ends its lane; a step of an account as a whole that fails ends the account; a setting that
/// fails ends nothing. When more accounts of a wave have failed than it tolerates, no other account begins, in this wave
/// or a later one; nor does a later wave if a gate is closed. Nothing else stops. `cancel` lets the steps that have
/// begun come to their end and starts no other.
#[expect(
    clippy::too_many_arguments,
    reason = "a run has that many independent parts, each given once"
)]
pub async fn execute<C: CloudWriter, R: Replan>(
    cloud: &C,
    plan: &Plan,
    templates: &Templates,
    limits: Limits,
    run: &str,
    replan: &R,
    cancel: &AtomicBool,
    on_event: &dyn Fn(&Event),
) -> Report {
    let run = Run::new(cloud, plan, templates, limits, run, replan, cancel, on_event);
    let everywhere = Location { account: None, region: None };
    // Whatever holds the run back from here on: what has begun is finished, and nothing else begins.
    let mut halted = gate::closed(&run, plan).await;
    if let Some(why) = &halted {
        run.tell(&Event::Halted { why: why.clone() });
        run.skip(&everywhere, &plan.organization_steps, why);
    } else {
        for step in &plan.organization_steps {
            // Each is on its own: a unit that cannot be made fails the accounts that belong there, and no other.
            run_steps(&run, &everywhere, None, std::slice::from_ref(step)).await;
        }
    }
    for (index, wave) in plan.waves.iter().enumerate() {
        if wave.working().next().is_none() {
            continue;
        }
        run.tell(&Event::WaveStarted { wave: wave.name.clone(), started: run.elapsed() });
        let span = info_span!("wave", wave = %wave.name);
        span.in_scope(|| tracing::info!(accounts = wave.accounts.len(), "wave begun"));
        run_wave(&run, wave, halted.as_deref()).instrument(span.clone()).await;
        span.in_scope(|| tracing::info!("wave ended"));
        run.tell(&Event::WaveEnded { wave: wave.name.clone(), ended: run.elapsed() });
        if halted.is_none() && gate::follows(plan, index) {
            halted = match gate::over_tolerance(&run, wave) {
                None if run.cancelled() => None,
                None => gate::hold(&run, wave).await,
                over => over,
            };
            if let Some(why) = &halted {
                run.tell(&Event::Halted { why: why.clone() });
            }
        }
    }
    run.into_report()
}

/// Accounts side by side. Those that begin too late to be tolerated do not begin.
async fn run_wave<C: CloudWriter, R: Replan>(
    run: &Run<'_, C, R>,
    wave: &WavePlan,
    halted: Option<&str>,
) {
    stream::iter(wave.working())
        .for_each_concurrent(None, |(name, account)| async move {
            let why = halted.map(str::to_owned).or_else(|| gate::over_tolerance(run, wave));
            if let Some(why) = why {
                skip_account(run, name, account, &why);
            } else {
                let id = account.id.as_ref().map(tracing::field::display);
                let span = info_span!("account", account = %name, id);
                run_account(run, wave, name, account).instrument(span).await;
            }
            run.tell(&Event::AccountEnded { account: name.clone() });
        })
        .await;
}

fn skip_account<C, R>(run: &Run<'_, C, R>, name: &AccountName, account: &AccountPlan, why: &str) {
    let at =
        |region: Option<&Region>| Location { account: Some(name.clone()), region: region.cloned() };
    run.skip(&at(None), &account.steps, why);
    for (region, lane) in &account.regions {
        run.skip(&at(Some(region)), &lane.steps, why);
    }
}

/// One account: its own steps, then its regions side by side.
async fn run_account<C: CloudWriter, R: Replan>(
    run: &Run<'_, C, R>,
    wave: &WavePlan,
    name: &AccountName,
    account: &AccountPlan,
) {
    let at =
        |region: Option<&Region>| Location { account: Some(name.clone()), region: region.cloned() };
    let nowhere = account.steps.iter().find(|step| has_no_place(run, step));
    if let Some(step) = nowhere {
        // Nobody makes an account that has no place to go to.
        let error = StepError::Blocked("its organizational unit could not be made".to_owned());
        fail(run, &at(None), step, &error);
        let others = account.steps.iter().filter(|other| *other != step).cloned().collect();
        let rest = AccountPlan { steps: others, ..account.clone() };
        return skip_account(run, name, &rest, "the account's place is missing");
    }
    if !run_steps(run, &at(None), Some(account), &account.steps).await {
        let lanes = AccountPlan { steps: Vec::new(), ..account.clone() };
        let why = if run.cancelled() { STOPPED } else { "a step of the account failed" };
        return skip_account(run, name, &lanes, why);
    }
    if account.status != AccountStatus::New {
        return run_lanes(run, wave, name, account).await;
    }
    // Now that the account answers, the planner can say what it could only expect.
    let fresh = match account_id(run, &at(None)) {
        Ok(id) => outlook(run, name, &id, None).await,
        Err(error) => Err(error),
    };
    match fresh {
        Ok(fresh) => {
            let steps = fresh.regions.values().map(|lane| lane.steps.len()).sum();
            run.tell(&Event::Replanned { account: name.clone(), steps });
            for (region, lane) in &fresh.regions {
                let shown = account.regions.get(region).map_or(&[][..], |lane| &lane.steps);
                tell_impossible(run, &at(Some(region)), shown, lane);
            }
            run_lanes(run, wave, name, &fresh).await;
        }
        Err(error) => {
            for (region, lane) in &account.regions {
                let [first, rest @ ..] = lane.steps.as_slice() else { continue };
                fail(run, &at(Some(region)), first, &error);
                run.skip(&at(Some(region)), rest, "the account could not be looked at");
            }
        }
    }
}

/// Whether the step moves the account to a unit that an earlier step should have made, and has not.
fn has_no_place<C, R>(run: &Run<'_, C, R>, step: &Step) -> bool {
    matches!(step, Step::MoveAccount { to, to_id: None, .. } if run.unit(to).is_none())
}

fn fail<C, R>(run: &Run<'_, C, R>, at: &Location, step: &Step, error: &StepError) {
    run.ended_at_once(at, step, Outcome::Failed(error.clone()));
}

/// Regions side by side.
async fn run_lanes<C: CloudWriter, R: Replan>(
    run: &Run<'_, C, R>,
    wave: &WavePlan,
    name: &AccountName,
    account: &AccountPlan,
) {
    stream::iter(&account.regions)
        .for_each_concurrent(None, |(region, lane)| async move {
            // Whatever account it is in: an account with few regions left leaves its room to others. The semaphore is
            // never closed.
            let _room = run.lanes.acquire().await;
            let at = Location { account: Some(name.clone()), region: Some(region.clone()) };
            // Accounts that queue for room have not begun: by the time that there is some, others may have failed.
            match gate::over_tolerance(run, wave).filter(|_| !run.has_begun(name)) {
                Some(why) => run.skip(&at, &lane.steps, &why),
                None => {
                    run_steps(run, &at, Some(account), &lane.steps).await;
                }
            }
        })
        .await;
}
