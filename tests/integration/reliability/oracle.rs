//! What may be said and done after one thing has gone wrong.

use std::collections::BTreeSet;

use avm::cloud::CloudError;
use avm::execute::{AccountReport, FailedStep, Location, Report, StepError};
use avm::plan::{AccountStatus, Plan, Reason, Step};
use avm::sim::Call;

use super::arrange::Undisturbed;
use super::disturbance::Disturbance;
use crate::landing_zone::lines;

/// How a disturbed run came out.
pub(super) enum Verdict {
    /// It did all that an undisturbed one does.
    Complete,
    /// It did not; what it left undone is in these places (`shop eu-west-1`).
    Incomplete(BTreeSet<String>),
}

/// The call that went wrong, and how.
pub(super) struct Struck<'a> {
    pub(super) call: &'a Call,
    pub(super) by: &'a Disturbance,
}

impl Struck<'_> {
    /// Holds an error against the call: it names the operation, the account, the region and the code.
    fn is_told_by(&self, error: &str) -> Result<(), String> {
        if self.by.codes.is_empty() {
            return Ok(());
        }
        let account = self.call.account.as_ref().map(ToString::to_string);
        let region = self.call.region.as_ref().map(ToString::to_string);
        let words = [Some(self.call.operation.to_owned()), account, region];
        let missing = words.into_iter().flatten().find(|word| !error.contains(word.as_str()));
        if let Some(word) = missing {
            return Err(format!("{word} is not in the message: {error}"));
        }
        if self.by.codes.iter().any(|code| error.contains(code)) {
            return Ok(());
        }
        Err(format!("none of {:?} is in the message: {error}", self.by.codes))
    }

    /// Holds a run that could not even plan against what went wrong.
    pub(super) fn unplanned(&self, error: &CloudError) -> Result<(), String> {
        self.is_told_by(&error.to_string())
    }

    /// Holds a run that came to its end against what went wrong, and against the plan of an undisturbed one.
    pub(super) fn ended(
        &self,
        plan: &Plan,
        report: &Report,
        undisturbed: &Undisturbed,
    ) -> Result<Verdict, String> {
        let shown = lines(plan);
        let expected = &undisturbed.plan;
        if let Some(line) = shown.iter().find(|line| !expected.contains(line)) {
            return Err(format!("an undisturbed plan has no such step: {line}"));
        }
        // What could not be seen is missing in the plan, and the plan says why.
        let unseen: BTreeSet<_> =
            expected.iter().filter(|line| !shown.contains(line)).map(|line| place(line)).collect();
        if !unseen.is_empty() {
            let told = errors(plan);
            if !told.iter().any(|error| self.is_told_by(error).is_ok()) {
                return Err(format!("the plan lacks steps in {unseen:?} and says only {told:?}"));
            }
        }
        let mut places = unseen;
        let untrusted = places.contains("organization");
        let mut is_told = !places.is_empty();
        for failed in report.failures() {
            let told = self.is_told_by(&failed.error.to_string());
            is_told |= told.is_ok();
            let follows = report.failures().any(|other| depends(failed, other));
            let mistrusted = untrusted && administers(&failed.step);
            if !follows && !mistrusted {
                told?;
            }
            places.insert(failed.at.to_string());
        }
        if !is_told && report.failures().next().is_some() {
            return Err("no failure tells what went wrong".to_owned());
        }
        for skipped in report.parts().flat_map(|part| &part.skipped) {
            let hindered = report.failures().any(|failed| hinders(plan, &failed.at, &skipped.at));
            if !hindered && !skipped.why.ends_with("run again later") {
                return Err(format!("nothing that failed is in the way of {skipped}"));
            }
            places.insert(skipped.at.to_string());
        }
        let told = subjects(report);
        let planned = planned(plan);
        let mut planned = planned.intersection(&undisturbed.done);
        if let Some(lost) = planned.find(|subject| !told.contains(*subject)) {
            return Err(format!("neither done nor failed nor skipped: {lost}"));
        }
        Ok(if places.is_empty() { Verdict::Complete } else { Verdict::Incomplete(places) })
    }
}

/// Where a line of a plan is about: what stands before its symbol.
pub(super) fn place(line: &str) -> String {
    let words = line.split(' ').take_while(|word| word.starts_with(|c: char| c.is_alphanumeric()));
    words.collect::<Vec<_>>().join(" ")
}

/// Every error that a plan tells.
fn errors(plan: &Plan) -> Vec<String> {
    let mut errors = Vec::new();
    let mut blocked: Vec<_> = plan.organization_blocked.iter().collect();
    for (_, account) in plan.accounts() {
        if let AccountStatus::Unreachable(error) = &account.status {
            errors.push(error.to_string());
        }
        blocked.extend(account.all_blocked());
    }
    errors.extend(blocked.into_iter().filter_map(|blocked| {
        let Reason::Unreadable(error) = &blocked.reason else { return None };
        Some(error.to_string())
    }));
    errors
}

/// Whether a failure there is a reason not to try a step here: it is in the same lane, or in the account as a whole, or
/// in an earlier wave, or the account has no place to go to.
fn hinders(plan: &Plan, there: &Location, here: &Location) -> bool {
    let Some(failed) = &there.account else { return true };
    let Some(skipped) = &here.account else { return false };
    if failed == skipped {
        return there.region.is_none() || there.region == here.region;
    }
    let wave = |name| plan.waves.iter().position(|wave| wave.accounts.contains_key(name));
    wave(failed) < wave(skipped)
}

/// Whether a step may have failed because another one did, and say so in its own words.
fn depends(step: &FailedStep, other: &FailedStep) -> bool {
    let told = step.error.to_string();
    match (&other.step, &step.step) {
        // The unit above, or the account's own, could not be made.
        (
            Step::CreateOrganizationalUnit { path, .. },
            Step::CreateOrganizationalUnit { path: below, .. },
        ) => below.parent().as_ref() == Some(path) && told.contains("organizational unit"),
        (Step::CreateOrganizationalUnit { path, .. }, Step::MoveAccount { to, .. }) => {
            to == path && told.contains("organizational unit")
        }
        // Only services that are trusted have administrators.
        (Step::TrustService { .. }, step) => administers(step),
        // A stack of the same region has an output that it takes.
        (other_step, _) => {
            step.at == other.at
                && matches!(step.error, StepError::Blocked(_))
                && other_step.stack().is_some_and(|stack| told.contains(stack.as_str()))
        }
    }
}

fn administers(step: &Step) -> bool {
    matches!(step, Step::RegisterAdministrator { .. } | Step::SetServiceAdministrator { .. })
}

/// What a report tells of, done or not, by subject.
pub(super) fn subjects(report: &Report) -> BTreeSet<String> {
    let of = |part: &AccountReport| {
        let done = part.done.iter().map(|done| subject(&done.at, &done.step));
        let failed = part.failed.iter().map(|failed| subject(&failed.at, &failed.step));
        let skipped = part.skipped.iter().map(|skipped| subject(&skipped.at, &skipped.step));
        done.chain(failed).chain(skipped).collect::<Vec<_>>()
    };
    report.parts().flat_map(of).collect()
}

/// What a plan is to do, by subject.
fn planned(plan: &Plan) -> BTreeSet<String> {
    let everywhere = Location { account: None, region: None };
    let steps = plan.organization_steps.iter().map(|step| subject(&everywhere, step));
    let mut planned: BTreeSet<_> = steps.collect();
    for (name, account) in plan.accounts() {
        let at = |region| Location { account: Some(name.clone()), region };
        planned.extend(account.steps.iter().map(|step| subject(&at(None), step)));
        for (region, lane) in &account.regions {
            let at = at(Some(region.clone()));
            planned.extend(lane.steps.iter().map(|step| subject(&at, step)));
        }
    }
    planned
}

/// A step by what it is about: the id of a new account's default VPC is known only while the plan is carried out.
fn subject(at: &Location, step: &Step) -> String {
    if let Step::DeleteDefaultVpc { .. } = step {
        return format!("{at}: default VPC");
    }
    if let Step::EncryptEbsByDefault { .. } = step {
        return format!("{at}: EBS encryption");
    }
    format!("{at}: {step}")
}
