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
            let mut broken = check_account(name, account, &earlier);
            if account.id.as_ref() == Some(&plan.organization.management_account) {
                broken.extend(account.all_steps().filter_map(check_administrator));
            }
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
        broken.extend(check_imports(step));
    }
    broken.extend(check_settings(&account.steps));
    for (region, lane) in &account.regions {
        let twice = check_settings(&lane.steps);
        broken.extend(twice.into_iter().map(|rule| format!("{region}: {rule}")));
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

/// AWS lets no management account administer a service; a plan that tried would have to name another account.
fn check_administrator(step: &Step) -> Option<String> {
    matches!(step, Step::RegisterAdministrator { .. } | Step::SetServiceAdministrator { .. })
        .then(|| format!("the management account is made {step}"))
}

/// Two steps that change the same setting would undo each other in every run.
fn check_settings(steps: &[Step]) -> Vec<String> {
    let mut changed = BTreeSet::new();
    let settings = steps.iter().filter(|step| {
        matches!(step, Step::ChangeAccountSetting { .. } | Step::ChangeRegionSetting { .. })
    });
    settings
        .map(ToString::to_string)
        .filter(|setting| !changed.insert(setting.clone()))
        .map(|setting| format!("two steps change the {setting}"))
        .collect()
}

/// An import imports something, and no resource of the template twice.
fn check_imports(step: &Step) -> Option<String> {
    let Step::ImportStack { imports, .. } = step else { return None };
    let names: BTreeSet<_> = imports.iter().map(|import| &import.logical_id).collect();
    if imports.is_empty() {
        return Some(format!("{step} imports nothing"));
    }
    (names.len() != imports.len()).then(|| format!("{step} imports two things for one resource"))
}

/// A VPC that is known is deleted last, once, and by the id that the plan shows.
fn check_vpc(step: &Step) -> Option<String> {
    let Step::DeleteDefaultVpc { vpc: Some(vpc), parts } = step else { return None };
    let vpcs: Vec<_> = parts.iter().filter(|part| matches!(part, VpcPart::Vpc(_))).collect();
    let right = parts.last() == Some(&VpcPart::Vpc(vpc.clone())) && vpcs.len() == 1;
    (!right).then(|| format!("{step} does not end with that VPC"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::desired::OrganizationPin;
    use crate::model::{AccountSetting, RegionSetting, SecurityService, SerialConsole};
    use crate::plan::WaveConditions;
    use crate::plan::tree::{FORMAT_VERSION, Lane, WavePlan};

    /// A plan of one account, with steps of its own and in one region.
    fn plan(id: &str, steps: Vec<Step>, lane: Vec<Step>) -> Plan {
        let account = AccountPlan {
            id: Some(id.parse().unwrap()),
            ou: "Core".parse().unwrap(),
            protected: false,
            status: AccountStatus::Active,
            steps,
            blocked: Vec::new(),
            regions: [("eu-west-1".parse().unwrap(), Lane { steps: lane, ..Lane::default() })]
                .into(),
            notes: Vec::new(),
        };
        let accounts = BTreeMap::from([("security".parse().unwrap(), account)]);
        Plan {
            format_version: FORMAT_VERSION.to_owned(),
            organization: OrganizationPin {
                id: "o-exampleorg1".parse().unwrap(),
                management_account: "111111111111".parse().unwrap(),
                access_role: "OrganizationAccountAccessRole".parse().unwrap(),
            },
            organization_steps: Vec::new(),
            organization_blocked: Vec::new(),
            waves: vec![WavePlan {
                name: "core".parse().unwrap(),
                conditions: WaveConditions::default(),
                accounts,
            }],
        }
    }

    fn broken(plan: &Plan) -> Vec<String> {
        check(plan).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_plan_that_makes_the_management_account_an_administrator_is_refused() {
        let register =
            vec![Step::RegisterAdministrator { service: "config.amazonaws.com".parse().unwrap() }];
        let service = SecurityService::GuardDuty;
        let appoint = vec![Step::SetServiceAdministrator { service }];
        assert_eq!(broken(&plan("222222222222", register.clone(), appoint.clone())), [""; 0]);
        assert_eq!(
            broken(&plan("111111111111", register, appoint)),
            [
                "security: the management account is made delegated administrator for \
                 config.amazonaws.com",
                "security: the management account is made delegated administrator for GuardDuty",
            ]
        );
    }

    #[test]
    fn a_plan_that_changes_a_setting_twice_is_refused() {
        let alias = |alias: &str| Step::ChangeAccountSetting {
            setting: AccountSetting::AccountAlias(alias.to_owned()),
            before: None,
        };
        let console = Step::ChangeRegionSetting {
            setting: RegionSetting::SerialConsole(SerialConsole::Disabled),
            before: None,
        };
        assert_eq!(broken(&plan("222222222222", vec![alias("a")], vec![console.clone()])), [""; 0]);
        assert_eq!(
            broken(&plan(
                "222222222222",
                vec![alias("a"), alias("b")],
                vec![console.clone(), console]
            )),
            [
                "security: two steps change the account alias",
                "security: eu-west-1: two steps change the EC2 serial console",
            ]
        );
    }
}
