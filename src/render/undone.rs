//! What a run leaves undone although no step of it failed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reason::why;
use crate::execute::Location;
use crate::model::AccountName;
use crate::plan::{AccountPlan, AccountStatus, Blocked, Plan, Reason, Step};

/// Something that the files want and that was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct UndoneThing {
    /// Where.
    pub at: Location,
    /// What it is about: `stack avm-config`, `account`.
    pub what: String,
    /// Why it was not done.
    pub why: String,
}

/// Everything that was left undone, each thing once however often it was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone(BTreeMap<(Location, String), UndoneThing>);

impl Undone {
    /// What a plan cannot do and a later run could: see [`Undone::left_by`].
    pub fn of(plan: &Plan) -> Self {
        let mut undone = Self::default();
        for blocked in &plan.organization_blocked {
            undone.blocked(Location { account: None, region: None }, blocked);
        }
        for (name, account) in plan.accounts() {
            undone.left_by(name, account);
        }
        undone
    }

    /// Adds what the plan of one account cannot do and a later run could: everything in an account that does not
    /// let avm in, and what is blocked.
    ///
    /// What stays as it is on purpose is not undone: a default VPC in use, what is protected, a key that cannot
    /// be used, a region that is not enabled, an account that is not active.
    pub fn left_by(&mut self, name: &AccountName, account: &AccountPlan) {
        let at = |region| Location { account: Some(name.clone()), region };
        if let AccountStatus::Unreachable(error) = &account.status {
            self.add(at(None), "account".to_owned(), format!("does not let avm in: {error}"));
        }
        for blocked in &account.blocked {
            self.blocked(at(None), blocked);
        }
        for (region, lane) in &account.regions {
            for blocked in &lane.blocked {
                self.blocked(at(Some(region.clone())), blocked);
            }
        }
    }

    /// Adds a step that turned out to be needed and that nobody has agreed to.
    pub fn unapproved(&mut self, at: Location, step: &Step) {
        let resources = step.stack_change().map(|change| &change.resources).into_iter().flatten();
        let lost: Vec<_> = resources
            .filter(|resource| resource.may_be_lost())
            .map(|resource| resource.logical_id.as_str())
            .collect();
        let lost = match lost.as_slice() {
            [] => String::new(),
            lost => format!(", or not what it deletes or may delete ({})", lost.join(", ")),
        };
        let why = format!("was not in the plan{lost}; run `avm update` again to see it");
        self.add(at, subject(step), why);
    }

    /// The things.
    pub fn things(&self) -> impl ExactSizeIterator<Item = &UndoneThing> {
        self.0.values()
    }

    /// The accounts in which something was left undone.
    pub fn accounts(&self) -> BTreeSet<&AccountName> {
        self.things().filter_map(|thing| thing.at.account.as_ref()).collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn blocked(&mut self, at: Location, blocked: &Blocked) {
        if stays(&blocked.reason) {
            return;
        }
        let (why, evidence) = why(&blocked.reason);
        let why: String = why.iter().map(ToString::to_string).collect();
        let words: Vec<_> = std::iter::once(why).chain(evidence).collect();
        self.add(at, blocked.subject.clone(), words.join(": "));
    }

    fn add(&mut self, at: Location, what: String, why: String) {
        let key = (at.clone(), what.clone());
        self.0.entry(key).or_insert(UndoneThing { at, what, why });
    }
}

/// Whether what is blocked for this reason is so by a decision of somebody, and no fault.
fn stays(reason: &Reason) -> bool {
    match reason {
        Reason::VpcInUse(_)
        | Reason::Protected
        | Reason::KeyUnusable(_)
        | Reason::RegionNotEnabled
        | Reason::RegionBeingEnabled => true,
        Reason::Unreadable(_)
        | Reason::MissingOutput(_)
        | Reason::StackStuck { .. }
        | Reason::AlreadyThere { .. }
        | Reason::OtherAdministrator(_)
        | Reason::ManagementAccount
        | Reason::NoManagementAccount => false,
    }
}

/// The step's subject without a state, which changes while one looks.
fn subject(step: &Step) -> String {
    if let Step::RecreateStack { change, .. } | Step::AwaitStack { change, .. } = step {
        return format!("stack {}", change.stack);
    }
    step.to_string()
}

impl FromIterator<UndoneThing> for Undone {
    fn from_iter<T: IntoIterator<Item = UndoneThing>>(things: T) -> Self {
        let key = |thing: &UndoneThing| (thing.at.clone(), thing.what.clone());
        Self(things.into_iter().map(|thing| (key(&thing), thing)).collect())
    }
}

impl fmt::Display for UndoneThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.at, self.what, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Replacement;
    use crate::render::fixtures;

    #[test]
    fn what_stays_on_purpose_is_not_undone_and_what_cannot_be_seen_is() {
        let undone = Undone::of(&fixtures::trouble());
        let of = |account: &str| -> Vec<_> {
            let things = undone.things().filter(|thing| {
                thing.at.account.as_ref().is_some_and(|name| name.as_str() == account)
            });
            things.map(|thing| thing.what.as_str()).collect()
        };
        assert_eq!(of("payments-uat"), ["stack avm-config", "stack avm-guard"]);
        assert_eq!(of("stranger | <b>`"), ["account"]);
        assert_eq!(of("retired"), [""; 0]);
        assert_eq!(undone.accounts().len(), 3);
    }

    #[test]
    fn a_stack_that_loses_what_nobody_has_seen_says_what() {
        let plan = fixtures::trouble();
        let mut steps = plan.accounts().flat_map(|(_, account)| account.all_steps());
        let update = steps.find(|step| matches!(step, Step::UpdateStack(_))).unwrap();
        let why = |replacement| {
            let Step::UpdateStack(mut change) = update.clone() else { unreachable!() };
            change.resources.truncate(1);
            change.resources[0].logical_id = "Key".to_owned();
            change.resources[0].replacement = replacement;
            let mut undone = Undone::default();
            let at = Location { account: None, region: None };
            undone.unapproved(at, &Step::UpdateStack(change));
            undone.things().next().unwrap().why.clone()
        };
        assert_eq!(
            why(Replacement::Maybe),
            "was not in the plan, or not what it deletes or may delete (Key); run `avm update` again to see it"
        );
        assert_eq!(
            why(Replacement::Never),
            "was not in the plan; run `avm update` again to see it"
        );
    }

    #[test]
    fn a_step_that_is_met_again_in_another_state_counts_once() {
        let mut undone = Undone::default();
        let at = Location { account: None, region: None };
        let steps = fixtures::trouble().waves.into_iter().flat_map(|wave| wave.accounts);
        let stacks: Vec<_> = steps
            .flat_map(|(_, account)| account.all_steps().cloned().collect::<Vec<_>>())
            .filter(|step| matches!(step, Step::RecreateStack { .. }))
            .collect();
        for step in &stacks {
            undone.unapproved(at.clone(), step);
            let Step::RecreateStack { change, .. } = step.clone() else { continue };
            undone.unapproved(at.clone(), &Step::CreateStack(change));
        }
        assert!(stacks.len() > 1);
        assert_eq!(undone.things().len(), 1);
    }
}
