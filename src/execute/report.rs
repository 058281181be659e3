//! What a run did, what failed, and how to go on.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{Event, Location, Outcome};
use crate::cloud::{CloudError, ResourceFailure};
use crate::model::{AccountId, AccountName, WaveName};
use crate::plan::Step;

/// What a run did. It is told once and not needed again: AWS is the record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The run's id, which is in session names and request tokens.
    pub run: String,
    /// The organization's own steps.
    pub organization: AccountReport,
    /// The waves in their order: when each began and ended.
    #[serde(default)]
    pub waves: Vec<WaveTime>,
    /// The accounts that had something to do.
    pub accounts: BTreeMap<AccountName, AccountReport>,
    /// Whether the run was told to stop.
    pub cancelled: bool,
}

/// When a wave began and ended, in milliseconds since the beginning of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WaveTime {
    /// The wave.
    pub wave: WaveName,
    /// When its first step could begin.
    pub started: u64,
    /// When its last step had ended; `None` if the run ended before.
    pub ended: Option<u64>,
}

/// What was done in one account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AccountReport {
    /// Its id, once known.
    pub id: Option<AccountId>,
    /// Its wave; `None` for the organization, and in reports of before format 1.2.
    #[serde(default)]
    pub wave: Option<WaveName>,
    /// The steps that were done.
    pub done: Vec<DoneStep>,
    /// The steps that failed.
    pub failed: Vec<FailedStep>,
    /// The steps that were not tried.
    pub skipped: Vec<SkippedStep>,
}

/// A step that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DoneStep {
    /// Where.
    pub at: Location,
    /// What.
    pub step: Step,
    /// Whether anything had to be changed.
    pub changed: bool,
    /// When it began, in milliseconds since the beginning of the run.
    #[serde(default)]
    pub started: u64,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FailedStep {
    /// Where.
    pub at: Location,
    /// What.
    pub step: Step,
    /// Why.
    pub error: StepError,
    /// When it began, in milliseconds since the beginning of the run.
    #[serde(default)]
    pub started: u64,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub milliseconds: u64,
}

/// A step that was not tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SkippedStep {
    /// Where.
    pub at: Location,
    /// What.
    pub step: Step,
    /// What it waited for.
    pub why: String,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum StepError {
    /// A call failed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// CloudFormation gave up on a stack.
    #[error("stack {stack} ended in {state}: {}", reasons(failures, state_reason.as_deref()))]
    Stack {
        /// The stack.
        stack: crate::model::StackName,
        /// The state in which it ended.
        state: crate::cloud::StackState,
        /// CloudFormation's reason for the state.
        state_reason: Option<String>,
        /// The resources that failed, first failure first.
        failures: Vec<ResourceFailure>,
    },
    /// AWS gave up on an account.
    #[error("AWS could not create the account: {reason}")]
    AccountRefused {
        /// AWS's `FailureReason`.
        reason: String,
    },
    /// Something took longer than it may.
    #[error("{what} after {seconds} s: {last}")]
    Deadline {
        /// What did not happen: `the account did not answer`.
        what: String,
        /// The time that it had.
        seconds: u64,
        /// What was last heard.
        last: String,
    },
    /// The world is not as the plan saw it, so the step was not done.
    #[error("not as planned: {0}")]
    Changed(String),
    /// When more was known, the step turned out to be impossible.
    #[error("cannot be done: {0}")]
    Blocked(String),
    /// The executor refuses the step, whatever the plan says.
    #[error("refused: {0}")]
    Refused(String),
    /// A value that the step needs did not appear.
    #[error("no value for {what}: {why}")]
    MissingValue {
        /// The parameter or key.
        what: String,
        /// Why.
        why: String,
    },
}

fn reasons(failures: &[ResourceFailure], state_reason: Option<&str>) -> String {
    match (failures, state_reason) {
        ([], Some(reason)) => reason.to_owned(),
        ([], None) => "CloudFormation gives no reason".to_owned(),
        (failures, _) => failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Report {
    /// Takes note of what happened.
    pub fn record(&mut self, event: &Event) {
        match event {
            Event::AccountKnown { name, id } => {
                self.account(name).id = Some(id.clone());
            }
            Event::StepEnded { at, step, outcome, started, elapsed } => {
                let (at, step) = (at.clone(), step.clone());
                let [started, milliseconds] = [*started, *elapsed].map(milliseconds);
                let account = match &at.account {
                    Some(name) => self.account(name),
                    None => &mut self.organization,
                };
                match outcome.clone() {
                    Outcome::Failed(error) => {
                        account.failed.push(FailedStep { at, step, error, started, milliseconds });
                    }
                    Outcome::Skipped { why } => account.skipped.push(SkippedStep { at, step, why }),
                    done @ (Outcome::Done | Outcome::Unchanged) => account.done.push(DoneStep {
                        at,
                        step,
                        changed: done == Outcome::Done,
                        started,
                        milliseconds,
                    }),
                }
            }
            Event::WaveStarted { wave, started } => self.waves.push(WaveTime {
                wave: wave.clone(),
                started: milliseconds(*started),
                ended: None,
            }),
            Event::WaveEnded { wave, ended } => {
                let begun = self.waves.iter_mut().find(|time| time.wave == *wave);
                if let Some(time) = begun {
                    time.ended = Some(milliseconds(*ended));
                }
            }
            Event::StepStarted { .. }
            | Event::StepProgress { .. }
            | Event::WaveSoaks { .. }
            | Event::Halted { .. }
            | Event::Replanned { .. }
            | Event::AccountEnded { .. } => {}
        }
    }

    /// The part of an account. Waves come one after the other, so it belongs to the one that began last.
    fn account(&mut self, name: &AccountName) -> &mut AccountReport {
        let wave = self.waves.last().map(|time| &time.wave);
        let account = self.accounts.entry(name.clone()).or_default();
        account.wave = account.wave.take().or_else(|| wave.cloned());
        account
    }

    /// Every part of the report: the organization's own, then each account's.
    pub fn parts(&self) -> impl Iterator<Item = &AccountReport> {
        std::iter::once(&self.organization).chain(self.accounts.values())
    }

    /// Every failed step.
    pub fn failures(&self) -> impl Iterator<Item = &FailedStep> {
        self.parts().flat_map(|part| &part.failed)
    }

    /// Whether everything was done.
    pub fn succeeded(&self) -> bool {
        !self.cancelled
            && self.parts().all(|part| part.failed.is_empty() && part.skipped.is_empty())
    }

    /// The accounts in which something was not done: what a retry has to select.
    pub fn unfinished(&self) -> impl Iterator<Item = &AccountName> {
        self.accounts
            .iter()
            .filter(|(_, part)| !part.failed.is_empty() || !part.skipped.is_empty())
            .map(|(name, _)| name)
    }
}

impl fmt::Display for SkippedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.at, self.step, self.why)
    }
}
