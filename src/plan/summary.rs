//! A plan in numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::tree::{AccountStatus, Plan};

/// A plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// Things to make.
    pub create: usize,
    /// Things to change.
    pub update: usize,
    /// Things to delete and make anew.
    pub replace: usize,
    /// Things to delete.
    pub delete: usize,
    /// Things to take over as they are.
    #[serde(default)]
    pub import: usize,
    /// Resources of stacks that stay which are deleted, or made anew.
    #[serde(default)]
    pub lost_resources: usize,
    /// Things to wait for.
    pub wait: usize,
    /// Things that cannot be done.
    pub blocked: usize,
    /// Accounts that were selected.
    pub accounts: usize,
    /// Accounts with something to do.
    pub changed_accounts: usize,
    /// Accounts that do not let avm in: whether they are as the files say is not known.
    pub unreachable_accounts: usize,
    /// Accounts that get no steps because they are suspended, closing or closed.
    pub not_active_accounts: usize,
}

impl Summary {
    /// Counts a plan.
    pub fn of(plan: &Plan) -> Self {
        let mut summary = Self::default();
        let of_accounts = plan.accounts().flat_map(|(_, account)| account.all_steps());
        for step in plan.organization_steps.iter().chain(of_accounts) {
            *summary.counter(step.action()) += 1;
            summary.lost_resources += step.lost_resources().count();
        }
        summary.blocked += plan.organization_blocked.len();
        for (_, account) in plan.accounts() {
            summary.accounts += 1;
            summary.blocked += account.all_blocked().count();
            summary.changed_accounts += usize::from(account.all_steps().next().is_some());
            match account.status {
                AccountStatus::New | AccountStatus::Active => {}
                AccountStatus::NotActive(_) => summary.not_active_accounts += 1,
                AccountStatus::Unreachable(_) => summary.unreachable_accounts += 1,
            }
        }
        summary
    }

    /// The number of steps.
    pub fn steps(&self) -> usize {
        self.create + self.update + self.replace + self.delete + self.import + self.wait
    }

    /// The number of changes: steps that are more than waiting.
    pub fn changes(&self) -> usize {
        self.steps() - self.wait
    }

    /// The number of things and resources that are deleted or made anew.
    pub fn destroys(&self) -> usize {
        self.replace + self.delete + self.lost_resources
    }

    /// Whether there is nothing to do (blocked things do not count as something to do).
    pub fn is_empty(&self) -> bool {
        self.steps() == 0
    }

    fn counter(&mut self, action: Action) -> &mut usize {
        match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Replace => &mut self.replace,
            Action::Delete => &mut self.delete,
            Action::Import => &mut self.import,
            Action::Wait => &mut self.wait,
        }
    }
}
