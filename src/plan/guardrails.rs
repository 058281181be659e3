//! Checks of a finished plan, by someone who does not trust the planner.
//!
//! Nothing here can be wrong with a user's files or with AWS: a violation is a fault of avm, and a plan that has
//! one is not carried out.

use std::collections::BTreeSet;
use std::fmt;

use super::step::Step;
use super::tree::{AccountPlan, AccountStatus, Plan};
use super::value::PlannedValue;
use crate::cloud::VpcPart;
use crate::model::{AccountName, WaveName};

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks a finished plan.
pub fn check(plan: &Plan) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut earlier: BTreeSet<&WaveName> = BTreeSet::new();
    for wave in &plan.waves {
        for (name, account) in &wave.accounts {
            let broken = check_account(name, account, &earlier);
            violations.extend(broken.into_iter().map(|rule| Violation(format!("{name}: {rule}"))));
        }
        earlier.insert(&wave.name);
    }
    violations
}

fn check_account(
    name: &AccountName,
    account: &AccountPlan,
    earlier: &BTreeSet<&WaveName>,
) -> Vec<String> {
    let mut broken = Vec::new();
    let gets_steps = matches!(account.status, AccountStatus::New | AccountStatus::Active);
    if !gets_steps && account.all_steps().next().is_some() {
        broken.push("an account that is not active or not reachable has steps".to_owned());
    }
    for step in account.all_steps() {
        if account.protected && step.action().is_destructive() {
            broken.push(format!("a protected account has the destructive step {step}"));
        }
        broken.extend(check_vpc(step));
    }
    for (region, lane) in &account.regions {
        let mut made = BTreeSet::new();
        let mut written = BTreeSet::new();
        for step in &lane.steps {
            for value in step.values() {
                let PlannedValue::Output { source, wave } = value else { continue };
                let known_by_then = match wave {
                    Some(wave) => earlier.contains(wave),
                    None => {
                        source.account == *name
                            && source.region == *region
                            && made.contains(&source.stack)
                    }
                };
                if !known_by_then {
                    broken.push(format!(
                        "{region}: {step} takes a value that nothing before it makes"
                    ));
                }
            }
            if let Some(stack) = step.stack() {
                made.insert(stack.clone());
                if !matches!(step, Step::ProtectStack { .. }) && !written.insert(stack.clone()) {
                    broken.push(format!("{region}: two steps write stack {stack}"));
                }
            }
        }
    }
    broken
}

/// A VPC that is known is deleted last, once, and by the id that the plan shows.
fn check_vpc(step: &Step) -> Option<String> {
    let Step::DeleteDefaultVpc { vpc: Some(vpc), parts } = step else { return None };
    let vpcs: Vec<_> = parts.iter().filter(|part| matches!(part, VpcPart::Vpc(_))).collect();
    let right = parts.last() == Some(&VpcPart::Vpc(vpc.clone())) && vpcs.len() == 1;
    (!right).then(|| format!("{step} does not end with that VPC"))
}
