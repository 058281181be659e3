//! What every rule may look at.

use crate::cloud::CloudError;
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountId, Region, StackName};
use crate::observed::{
    ObservedAccount, ObservedRegion, ObservedStack, ObservedState, PresentAccount,
};

/// Desired and observed, and the account that a rule is about.
#[derive(Clone, Copy, Debug)]
pub(in crate::plan) struct Context<'a> {
    pub(in crate::plan) desired: &'a DesiredState,
    /// The organization as it was when the run began.
    pub(in crate::plan) observed: &'a ObservedState,
    pub(in crate::plan) account: &'a DesiredAccount,
    /// The account as it is now.
    pub(in crate::plan) seen: Option<&'a ObservedAccount>,
}

impl<'a> Context<'a> {
    /// The account as it is; `None` while it is still to be made.
    pub(in crate::plan) fn present(&self) -> Option<&'a PresentAccount> {
        match self.seen {
            Some(ObservedAccount::Present(present)) => Some(present),
            _ => None,
        }
    }

    /// A region of the account as it is; `None` if there is no account yet.
    pub(super) fn region(&self, region: &Region) -> Option<&'a ObservedRegion> {
        self.present()?.regions.get(region)
    }

    /// A stack as it is; `None` if there is none.
    pub(super) fn stack(&self, region: &Region, name: &StackName) -> Option<&'a ObservedStack> {
        self.region(region)?.stack(name)
    }

    /// Why the stacks of a region are not known, if they are not.
    pub(super) fn stacks_unreadable(&self, region: &Region) -> Option<&'a CloudError> {
        self.region(region)?.stacks.as_ref().err()
    }

    /// The account's id, once there is an account.
    pub(super) fn id(&self) -> Option<&'a AccountId> {
        self.present().map(|present| &present.id)
    }

    /// Whether the baseline's settings are about this region.
    pub(super) fn governs(&self, region: &Region) -> bool {
        self.desired.settings_selected && self.desired.governed.contains(region)
    }

    /// Whether this is the management account: by what the files say, or by what AWS does. A missing word in a
    /// file must not make it an account like any other.
    pub(in crate::plan) fn is_management(&self) -> bool {
        self.account.management || self.id() == Some(&self.observed.organization.management_account)
    }

    /// Whether destructive steps are refused.
    pub(in crate::plan) fn protected(&self) -> bool {
        self.account.protected || self.is_management() || self.stands_in_protected_unit()
    }

    /// Whether the account is now in a protected unit, wherever the files want it: it leaves the protection when it
    /// has been moved.
    fn stands_in_protected_unit(&self) -> bool {
        let units = &self.desired.protected_units;
        if units.is_empty() {
            return false;
        }
        let Some(present) = self.present() else { return false };
        let mut nodes = self.observed.nodes.iter().filter(|(_, id)| **id == present.parent);
        nodes.any(|(path, _)| units.iter().any(|unit| path.is_within(unit)))
    }
}
