//! What happens later by itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Moment, Readiness};
use crate::cloud::AlarmState;
use crate::model::{AccountId, ImagePublicAccess, Region, StackName, Target};

/// Something that happens by itself when its time has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// A request to create an account ends.
    Account {
        /// The request's id.
        request: String,
    },
    /// A new account lets more in.
    Readiness {
        /// The account.
        account: AccountId,
        /// Who is let in from then on.
        readiness: Readiness,
    },
    /// A phase of a stack's operation ends.
    Stack {
        /// Where the stack is.
        target: Target,
        /// The stack.
        name: StackName,
        /// The phase, counted: a stack that has moved on since ignores it.
        phase: u64,
    },
    /// A change set is made.
    ChangeSet {
        /// Where its stack is.
        target: Target,
        /// Its stack.
        stack: StackName,
        /// Its id: one that was deleted and made again has another one.
        id: String,
    },
    /// A region is enabled.
    Region {
        /// In which account.
        account: AccountId,
        /// The region.
        region: Region,
    },
    /// A region's block of public machine images has taken effect.
    Images {
        /// Where.
        target: Target,
        /// What holds from then on.
        access: ImagePublicAccess,
    },
    /// An alarm changes its state.
    Alarm {
        /// Where.
        target: Target,
        /// The alarm.
        name: String,
        /// What it says from then on.
        state: AlarmState,
    },
    /// GuardDuty makes members of the accounts in a region.
    Members {
        /// The region.
        region: Region,
        /// Only of this account, which has joined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joined: Option<AccountId>,
    },
}

/// What is due, and when. What is due at the same moment happens in the order in which it was scheduled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Agenda(BTreeMap<Moment, Vec<Due>>);

impl Agenda {
    /// Schedules something.
    pub(in crate::sim) fn add(&mut self, at: Moment, due: Due) {
        self.0.entry(at).or_default().push(due);
    }

    /// Whether anything is due by `now`.
    pub(in crate::sim) fn is_due(&self, now: Moment) -> bool {
        self.0.first_key_value().is_some_and(|(at, _)| *at <= now)
    }

    /// Takes the next thing that is due by `now`.
    pub(in crate::sim) fn next(&mut self, now: Moment) -> Option<(Moment, Due)> {
        let mut entry = self.0.first_entry().filter(|entry| *entry.key() <= now)?;
        let at = *entry.key();
        let due = entry.get_mut().remove(0);
        if entry.get().is_empty() {
            entry.remove();
        }
        Some((at, due))
    }
}
