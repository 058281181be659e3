//! Looking at a world, for assertions. Nothing here is a call to AWS.

use std::cell::Ref;

use super::kms;
use super::simulation::Simulation;
use super::world::{Account, Stack, World};
use crate::model::{AccountId, KeyArn, OuPath, Target};

impl Simulation {
    /// The whole world, as it is now. Give it back before the next call.
    pub fn world(&self) -> Ref<'_, World> {
        // Whoever holds the world already looks at it as it was then.
        if self.state.try_borrow_mut().is_ok() {
            self.settle();
        }
        Ref::map(self.state.borrow(), |state| &state.world)
    }

    /// The id of the account of that name.
    pub fn account_id(&self, name: &str) -> Option<AccountId> {
        let world = self.world();
        world.accounts.iter().find(|(_, account)| account.name == name).map(|(id, _)| id.clone())
    }

    /// The account of that name.
    pub fn account(&self, name: &str) -> Option<Account> {
        let world = self.world();
        world.accounts.values().find(|account| account.name == name).cloned()
    }

    /// An account in a region; `None` if there is no account of that name.
    pub fn target(&self, account: &str, region: &str) -> Option<Target> {
        Some(Target { account: self.account_id(account)?, region: region.parse().ok()? })
    }

    /// Where the account of that name stands.
    pub fn ou_of(&self, account: &str) -> Option<OuPath> {
        let parent = self.account(account)?.parent;
        self.world().path(&parent)
    }

    /// A stack.
    pub fn stack(&self, account: &str, region: &str, name: &str) -> Option<Stack> {
        let target = self.target(account, region)?;
        self.world().cell(&target)?.stacks.get(&name.parse().ok()?).map(|stack| Stack::clone(stack))
    }

    /// Whether the region has its default VPC.
    pub fn has_default_vpc(&self, account: &str, region: &str) -> bool {
        let target = self.target(account, region);
        target.is_some_and(|target| self.world().network(&target).default_vpc().is_some())
    }

    /// The key with which EBS encrypts by default, if it does and if the key is not AWS's own.
    pub fn ebs_key(&self, account: &str, region: &str) -> Option<KeyArn> {
        let target = self.target(account, region)?;
        let world = self.world();
        world.cell(&target).filter(|cell| cell.ebs.enabled)?.ebs.key.clone()
    }

    /// The ARN of a key by its alias.
    pub fn key_arn(&self, account: &str, region: &str, alias: &str) -> Option<KeyArn> {
        let target = self.target(account, region)?;
        kms::find(&self.world(), &target, alias).map(|key| key.arn)
    }
}
