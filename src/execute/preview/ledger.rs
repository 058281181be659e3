//! What previews have begun and not removed yet. It outlives them: whoever stops one in the middle is told by it what is
//! left behind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::model::{AccountName, StackName, Target};

/// A change set of ours, and the stack that is there for nothing but it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// The account's name.
    pub account: AccountName,
    /// The account and region.
    pub target: Target,
    /// Its stack.
    pub stack: StackName,
    /// Its name.
    pub change_set: String,
    /// Whether its stack was not there before: it then is `REVIEW_IN_PROGRESS`, and goes with it.
    pub made_stack: bool,
}

/// What has been begun, and what was found of earlier runs.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What is begun, and why it could not be removed if that was tried.
    open: RefCell<BTreeMap<Leftover, Option<String>>>,
    tidied: RefCell<Vec<Leftover>>,
}

impl Ledger {
    /// Something is begun: told before AWS is.
    pub(super) fn begin(&self, begun: &Leftover) {
        self.open.borrow_mut().insert(begun.clone(), None);
    }

    /// It is gone.
    pub(super) fn gone(&self, begun: &Leftover) {
        self.open.borrow_mut().remove(begun);
    }

    /// It could not be removed.
    pub(super) fn stays(&self, begun: &Leftover, why: String) {
        self.open.borrow_mut().insert(begun.clone(), Some(why));
    }

    /// Something of an earlier run was removed.
    pub(super) fn tidied(&self, found: Leftover) {
        self.tidied.borrow_mut().push(found);
    }

    /// What is left behind, as far as is known, and why.
    pub fn left(&self) -> Vec<(Leftover, Option<String>)> {
        self.open.borrow().iter().map(|(left, why)| (left.clone(), why.clone())).collect()
    }

    /// What earlier runs had left behind, and is gone now.
    pub fn removed(&self) -> Vec<Leftover> {
        let mut removed = self.tidied.borrow().clone();
        removed.sort();
        removed
    }
}

impl Leftover {
    /// The command that removes it. Deleting a stack that was never made takes its change sets along.
    pub fn command(&self) -> String {
        let Self { target, stack, change_set, .. } = self;
        let at = format!("--region {} --stack-name {stack}", target.region);
        if self.made_stack {
            format!("aws cloudformation delete-stack {at}")
        } else {
            format!("aws cloudformation delete-change-set {at} --change-set-name {change_set}")
        }
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, target, stack, change_set, .. } = self;
        let Target { account: id, region } = target;
        write!(f, "{account} ({id}) {region}: change set {change_set} of stack {stack}")?;
        if self.made_stack {
            f.write_str(", and the stack, which is empty and REVIEW_IN_PROGRESS")?;
        }
        Ok(())
    }
}
