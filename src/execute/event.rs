//! What happens while a plan is carried out.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::report::StepError;
use crate::model::{AccountId, AccountName, Region, WaveName};
use crate::plan::Step;

/// Something that happened. Events of one lane come in order; lanes interleave.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A wave begins.
    WaveStarted {
        /// The wave.
        wave: WaveName,
        /// When, since the beginning of the run.
        started: Duration,
    },
    /// Every account of a wave has nothing more to do in this run.
    WaveEnded {
        /// The wave.
        wave: WaveName,
        /// When, since the beginning of the run.
        ended: Duration,
    },
    /// A wave is over and left alone for a while before the next one begins. Told about once a minute.
    WaveSoaks {
        /// The wave.
        wave: WaveName,
        /// The time that is left.
        left: Duration,
    },
    /// Nothing more begins, because of what became of a wave or of what its gate says.
    Halted {
        /// Why.
        why: String,
    },
    /// A step begins.
    StepStarted {
        /// Where.
        at: Location,
        /// What.
        step: Step,
    },
    /// A step that takes its time has something to say: a stack's state, an account request's state.
    StepProgress {
        /// Where.
        at: Location,
        /// What it says.
        message: String,
    },
    /// A step ended.
    StepEnded {
        /// Where.
        at: Location,
        /// What.
        step: Step,
        /// How.
        outcome: Outcome,
        /// When it began, since the beginning of the run.
        started: Duration,
        /// How long it took.
        elapsed: Duration,
    },
    /// An account has been made, or was found: from now on its id is known.
    AccountKnown {
        /// Its name.
        name: AccountName,
        /// Its id.
        id: AccountId,
    },
    /// After an account could be used, more (or less) turned out to be done there than was expected.
    Replanned {
        /// The account.
        account: AccountName,
        /// The number of steps that are now ahead in it.
        steps: usize,
    },
    /// An account has nothing more to do in this run.
    AccountEnded {
        /// The account.
        account: AccountName,
    },
}

/// Where a step is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Location {
    /// The account; `None` for the organization's own steps.
    pub account: Option<AccountName>,
    /// The region; `None` for steps of an account as a whole.
    pub region: Option<Region>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing left to do.
    Unchanged,
    /// It failed, and with it all that follows in its lane.
    Failed(StepError),
    /// It was not tried, because something before it failed, the run was cancelled, or AWS has no room for it yet.
    Skipped {
        /// What it waited for.
        why: String,
    },
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.account, &self.region) {
            (Some(account), Some(region)) => write!(f, "{account} {region}"),
            (Some(account), None) => write!(f, "{account}"),
            (None, _) => f.write_str("organization"),
        }
    }
}
