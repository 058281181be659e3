//! What all steps of a run share.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::artifacts::Artifacts;
use super::event::{Event, Location, Outcome};
use super::limits::{CONCURRENT_CREATIONS, CONCURRENT_OPT_INS, Limits};
use super::report::{Report, StepError};
use crate::cloud::Secrets;
use crate::model::{AccountId, AccountName, OuPath, ParentId, Region, TemplateFile};
use crate::plan::{AccountPlan, Plan, Step, WavePlan};

/// What the stacks of a plan are made of beside the plan: the bodies of its templates, where big ones go, and the
/// secrets that no plan holds.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    /// What is sent to AWS, by file.
    pub bodies: BTreeMap<TemplateFile, String>,
    /// The bucket for templates that are too big to be sent.
    pub bucket: Option<String>,
    /// The secrets of the environment.
    pub secrets: Secrets,
}

/// Plans one account again once more can be known of it, and keeps what was approved.
#[expect(async_fn_in_trait, reason = "one task drives all futures: none has to be Send")]
pub trait Replan {
    /// The steps that are now ahead in the account, or in one `region` of it only.
    ///
    /// # Errors
    ///
    /// If the account could not be looked at.
    async fn replan(
        &self,
        account: &AccountName,
        id: &AccountId,
        region: Option<&Region>,
    ) -> Result<AccountPlan, StepError>;
}

/// A run: what it was given, and what it has learnt so far.
#[derive(Debug)]
pub(super) struct Run<'a, C, R> {
    pub(super) cloud: &'a C,
    pub(super) artifacts: Artifacts<'a>,
    pub(super) secrets: &'a Secrets,
    /// Room for regions that are worked on.
    pub(super) lanes: Semaphore,
    /// The run's id.
    pub(super) id: &'a str,
    pub(super) replan: &'a R,
    pub(super) creations: Semaphore,
    /// The regions that the run has begun to opt in to, over all accounts.
    opt_ins: Cell<usize>,
    /// When it began.
    started: Instant,
    cancel: &'a AtomicBool,
    on_event: Listener<'a>,
    report: RefCell<Report>,
    /// The accounts in which something was begun.
    begun: RefCell<BTreeSet<AccountName>>,
    /// The accounts in which something failed.
    failed: RefCell<BTreeSet<AccountName>>,
    /// The ids of accounts, those that the run has made among them.
    accounts: RefCell<BTreeMap<AccountName, AccountId>>,
    /// The organizational units that the run has made.
    units: RefCell<BTreeMap<OuPath, ParentId>>,
}

/// Whoever is told what happens.
struct Listener<'a>(&'a dyn Fn(&Event));

impl std::fmt::Debug for Listener<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listener")
    }
}

impl<'a, C, R> Run<'a, C, R> {
    #[expect(
        clippy::too_many_arguments,
        reason = "called once, by `execute`, which has the same ones"
    )]
    pub(super) fn new(
        cloud: &'a C,
        plan: &Plan,
        templates: &'a Templates,
        limits: Limits,
        id: &'a str,
        replan: &'a R,
        cancel: &'a AtomicBool,
        on_event: &'a dyn Fn(&Event),
    ) -> Self {
        let accounts = plan.waves.iter().flat_map(|wave| &wave.accounts);
        let ids = accounts.filter_map(|(name, account)| Some((name.clone(), account.id.clone()?)));
        Self {
            cloud,
            artifacts: Artifacts::of(templates),
            secrets: &templates.secrets,
            lanes: Semaphore::new(limits.lanes.clamp(1, Semaphore::MAX_PERMITS)),
            id,
            replan,
            creations: Semaphore::new(CONCURRENT_CREATIONS),
            opt_ins: Cell::new(0),
            started: Instant::now(),
            cancel,
            on_event: Listener(on_event),
            report: RefCell::new(Report { run: id.to_owned(), ..Report::default() }),
            begun: RefCell::default(),
            failed: RefCell::default(),
            accounts: RefCell::new(ids.collect()),
            units: RefCell::default(),
        }
    }

    pub(super) fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    pub(super) fn tell(&self, event: &Event) {
        match event {
            Event::StepStarted { at: Location { account: Some(name), .. }, .. } => {
                self.begun.borrow_mut().insert(name.clone());
            }
            Event::StepEnded {
                at: Location { account: Some(name), .. },
                outcome: Outcome::Failed(_),
                ..
            } => {
                self.failed.borrow_mut().insert(name.clone());
            }
            Event::AccountKnown { .. }
            | Event::StepStarted { .. }
            | Event::StepProgress { .. }
            | Event::StepEnded { .. }
            | Event::Replanned { .. }
            | Event::AccountEnded { .. }
            | Event::WaveStarted { .. }
            | Event::WaveSoaks { .. }
            | Event::WaveEnded { .. }
            | Event::Halted { .. } => {}
        }
        self.report.borrow_mut().record(event);
        (self.on_event.0)(event);
    }

    /// The time since the run began.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Tells how a step ended that did not take any time.
    pub(super) fn ended_at_once(&self, at: &Location, step: &Step, outcome: Outcome) {
        self.tell(&Event::StepEnded {
            at: at.clone(),
            step: step.clone(),
            outcome,
            started: self.elapsed(),
            elapsed: Duration::ZERO,
        });
    }

    pub(super) fn progress(&self, at: &Location, message: impl Into<String>) {
        self.tell(&Event::StepProgress { at: at.clone(), message: message.into() });
    }

    /// Tells that `steps` are not tried.
    pub(super) fn skip<'s>(
        &self,
        at: &Location,
        steps: impl IntoIterator<Item = &'s Step>,
        why: &str,
    ) {
        for step in steps {
            self.ended_at_once(at, step, Outcome::Skipped { why: why.to_owned() });
        }
    }

    pub(super) fn account(&self, name: &AccountName) -> Option<AccountId> {
        self.accounts.borrow().get(name).cloned()
    }

    pub(super) fn account_made(&self, name: &AccountName, id: &AccountId) {
        self.accounts.borrow_mut().insert(name.clone(), id.clone());
        self.tell(&Event::AccountKnown { name: name.clone(), id: id.clone() });
    }

    pub(super) fn unit(&self, path: &OuPath) -> Option<ParentId> {
        self.units.borrow().get(path).cloned()
    }

    pub(super) fn unit_made(&self, path: &OuPath, id: ParentId) {
        self.units.borrow_mut().insert(path.clone(), id);
    }

    /// Takes one of the opt-ins that a run may begin, if there is one left.
    pub(super) fn may_opt_in(&self) -> bool {
        let begun = self.opt_ins.get();
        self.opt_ins.set((begun + 1).min(CONCURRENT_OPT_INS));
        begun < CONCURRENT_OPT_INS
    }

    /// Gives one back that AWS did not begin.
    pub(super) fn opt_in_refused(&self) {
        self.opt_ins.set(self.opt_ins.get().saturating_sub(1));
    }

    /// The accounts of a wave in which anything has failed so far.
    pub(super) fn failed_accounts(&self, wave: &WavePlan) -> usize {
        self.failed.borrow().iter().filter(|name| wave.accounts.contains_key(*name)).count()
    }

    /// Whether anything was begun in an account.
    pub(super) fn has_begun(&self, name: &AccountName) -> bool {
        self.begun.borrow().contains(name)
    }

    /// Whether the run has changed anything in a wave.
    pub(super) fn has_changed(&self, wave: &WavePlan) -> bool {
        let accounts = &self.report.borrow().accounts;
        let of_wave = accounts.iter().filter(|(name, _)| wave.accounts.contains_key(name));
        of_wave.flat_map(|(_, account)| &account.done).any(|done| done.changed)
    }

    pub(super) fn into_report(self) -> Report {
        let cancelled = self.cancelled();
        let ids = self.accounts.into_inner();
        let mut report = self.report.into_inner();
        report.cancelled = cancelled && report.parts().any(|part| !part.skipped.is_empty());
        for (name, account) in &mut report.accounts {
            account.id = ids.get(name).cloned();
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::OrganizationPin;
    use crate::plan::FORMAT_VERSION;

    #[test]
    fn a_run_opts_in_to_no_more_regions_than_aws_takes_at_a_time() {
        let plan = Plan {
            format_version: FORMAT_VERSION.to_owned(),
            organization: OrganizationPin {
                id: "o-exampleorg1".parse().unwrap(),
                management_account: "111111111111".parse().unwrap(),
                access_role: "OrganizationAccountAccessRole".parse().unwrap(),
            },
            organization_steps: Vec::new(),
            organization_blocked: Vec::new(),
            waves: Vec::new(),
        };
        let (templates, limits) = (Templates::default(), Limits::default());
        let (cancel, deaf) = (AtomicBool::new(false), |_: &Event| {});
        let run = Run::new(&(), &plan, &templates, limits, "run", &(), &cancel, &deaf);
        let begun = std::iter::repeat_with(|| run.may_opt_in()).take(100);
        assert_eq!(begun.filter(|may| *may).count(), CONCURRENT_OPT_INS);
    }
}
