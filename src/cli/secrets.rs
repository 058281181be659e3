//! The secrets that parameters take from the environment.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::Failure;
use crate::cloud::{Secret, Secrets};
use crate::desired::{DesiredState, DesiredValue, SecretSource};
use crate::model::EnvironmentVariable;
use crate::plan::{Plan, PlannedValue, Step};
use crate::render::count;

/// The secrets that the files name, as far as they are set. A variable that is set to nothing is not: that is how CI
/// systems give a secret that they do not have.
pub(super) fn of(desired: &DesiredState) -> Secrets {
    let variables: BTreeSet<_> = sources(desired).map(|source| &source.variable).collect();
    let set = |variable: &EnvironmentVariable| Some((variable.clone(), read(variable)?));
    variables.into_iter().filter_map(set).collect()
}

#[expect(clippy::disallowed_methods, reason = "this is cli, which reads the environment")]
fn read(variable: &EnvironmentVariable) -> Option<Secret> {
    let value = std::env::var(variable.as_str()).ok().filter(|value| !value.is_empty());
    value.map(Secret::new)
}

/// Refuses to carry out a plan that needs secrets which are not there. An update of a stack that has its secret already
/// needs none.
pub(super) fn refuse_missing(
    desired: &DesiredState,
    plan: &Plan,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let mut missing: BTreeMap<&EnvironmentVariable, BTreeSet<String>> = BTreeMap::new();
    for step in plan.accounts().flat_map(|(_, account)| account.all_steps()) {
        for value in step.values() {
            if let PlannedValue::Secret { variable, kept: false } = value
                && secrets.get(variable).is_none()
            {
                missing.entry(variable).or_default().insert(about(step));
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let what = count(missing.len(), "environment variable");
    let mut failure = Failure::new(format!("the plan needs {what} that {} not set", are(&missing)));
    for (variable, stacks) in missing {
        let places = sources(desired).filter(|source| source.variable == *variable);
        let places: BTreeSet<_> = places.map(|source| source.place.as_str()).collect();
        let places: Vec<_> = places.into_iter().collect();
        let stacks: Vec<_> = stacks.into_iter().collect();
        failure =
            failure.cause(format!("{}: {variable}, for {}", places.join(", "), stacks.join(", ")));
    }
    Err(failure.hint(
        "nothing was changed; set the variable for this command alone, so that it is in no file and no history",
    ))
}

fn are<T>(things: &BTreeMap<&EnvironmentVariable, T>) -> &'static str {
    if things.len() == 1 { "is" } else { "are" }
}

fn about(step: &Step) -> String {
    step.stack().map(|stack| format!("stack {stack}")).unwrap_or_default()
}

fn sources(desired: &DesiredState) -> impl Iterator<Item = &SecretSource> {
    let stacks = desired.accounts.values().flat_map(|account| &account.stacks);
    stacks.flat_map(|stack| stack.parameters.values()).filter_map(|value| match value {
        DesiredValue::Secret(source) => Some(source),
        DesiredValue::Literal(_)
        | DesiredValue::Account(_)
        | DesiredValue::TemplateUrl(_)
        | DesiredValue::Output { .. } => None,
    })
}
