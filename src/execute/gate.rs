//! What has to hold between two waves: no more failures than are tolerated, a time of rest, an alarm that is OK.

use std::time::Duration;

use tokio::time::Instant;

use super::event::Event;
use super::run::Run;
use super::wait;
use crate::cloud::{AlarmState, CloudReader};
use crate::model::Target;
use crate::plan::{AlarmGate, Plan, WavePlan};

/// How often the alarm is looked at while a wave soaks. An alarm is evaluated once a minute, as a rule.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// What a look at an alarm found that is not OK, in words.
enum Closed {
    /// It went off.
    Alarm(String),
    /// Nobody can tell that it is OK.
    Unknown(String),
}

/// Why no wave may begin: an alarm that is not there or not OK before anything was done. Nothing is written then.
///
/// A gate whose account is still to be made is asked when its wave is over.
pub(super) async fn closed<C: CloudReader, R>(run: &Run<'_, C, R>, plan: &Plan) -> Option<String> {
    for (index, wave) in plan.waves.iter().enumerate() {
        let Some(gate) = &wave.conditions.gate else { continue };
        let asked = gate.account_id.is_some() && follows(plan, index);
        if !asked || run.cancelled() {
            continue;
        }
        if let Err(closed) = look(run, gate).await {
            return Some(format!("the gate of wave {} is closed: {}", wave.name, closed.why()));
        }
    }
    None
}

/// Whether a later wave has anything to do.
pub(super) fn follows(plan: &Plan, index: usize) -> bool {
    plan.waves.iter().skip(index + 1).any(|wave| wave.working().next().is_some())
}

/// Why nothing more begins: more accounts of the wave have failed than may.
pub(super) fn over_tolerance<C, R>(run: &Run<'_, C, R>, wave: &WavePlan) -> Option<String> {
    let failed = run.failed_accounts(wave);
    if failed == 0 {
        return None;
    }
    let of = wave.working().count();
    let tolerance = wave.conditions.failure_tolerance;
    let most = tolerance.of(of);
    if failed <= most {
        return None;
    }
    let noun = if of == 1 { "account" } else { "accounts" };
    let told = tolerance.to_string();
    let means = if told == most.to_string() { String::new() } else { format!(" ({most})") };
    Some(format!(
        "wave {}: {failed} of {of} {noun} failed, its failure tolerance is {told}{means}",
        wave.name
    ))
}

/// Waits until the wave has soaked, and answers why the next one may not begin, if it may not. A run that is told to
/// stop waits no longer.
pub(super) async fn hold<C: CloudReader, R>(
    run: &Run<'_, C, R>,
    wave: &WavePlan,
) -> Option<String> {
    let gate = wave.conditions.gate.as_ref();
    let went_off = |why: String| format!("wave {}: {why}", wave.name);
    if let Some(soak) = wave.conditions.soak.filter(|_| run.has_changed(wave)) {
        let end = Instant::now() + soak.duration();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            run.tell(&Event::WaveSoaks { wave: wave.name.clone(), left });
            if let Some(gate) = gate
                && let Err(Closed::Alarm(why)) = look(run, gate).await
            {
                return Some(went_off(why));
            }
            let left = end.saturating_duration_since(Instant::now());
            if !wait::pause(left.min(LOOK_EVERY), || run.cancelled()).await {
                return None;
            }
        }
    }
    look(run, gate?).await.err().map(|closed| went_off(closed.why()))
}

async fn look<C: CloudReader, R>(run: &Run<'_, C, R>, gate: &AlarmGate) -> Result<(), Closed> {
    let Some(account) = gate.account_id.clone().or_else(|| run.account(&gate.account)) else {
        return Err(Closed::Unknown(format!("{gate}: there is no such account")));
    };
    let target = Target { account, region: gate.region.clone() };
    match run.cloud.alarm_state(&target, &gate.alarm).await {
        Ok(Some(AlarmState::Ok)) => Ok(()),
        Ok(Some(state @ AlarmState::Alarm)) => Err(Closed::Alarm(format!("{gate} is {state}"))),
        Ok(Some(state @ AlarmState::InsufficientData)) => {
            Err(Closed::Unknown(format!("{gate} is {state}")))
        }
        Ok(None) => Err(Closed::Unknown(format!("{gate} does not exist"))),
        Err(error) => Err(Closed::Unknown(format!("{gate} could not be read: {error}"))),
    }
}

impl Closed {
    fn why(self) -> String {
        match self {
            Self::Alarm(why) | Self::Unknown(why) => why,
        }
    }
}
