//! Values that were not known when the plan was made: looked up where a step before has put them.

use std::collections::BTreeMap;

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::account_id;
use crate::cloud::{CloudReader, CloudWriter, KeyReference, ParameterInput, Secrets};
use crate::desired::OutputSource;
use crate::model::{EnvironmentVariable, Target};
use crate::plan::{PlannedValue, StackChange};

/// What is done to a stack, as far as its secrets depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// It is made: there is no value that could stay.
    Create,
    /// It is updated.
    Update,
    /// It is made by importing what is there.
    Import,
}

impl Operation {
    /// For request tokens.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Import => "import",
        }
    }
}

/// The parameters of a stack, all of them known by now.
pub(super) async fn parameters<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    change: &StackChange,
    operation: Operation,
) -> Result<BTreeMap<String, ParameterInput>, StepError> {
    let mut known = BTreeMap::new();
    for (name, value) in &change.parameters {
        let value = match value {
            PlannedValue::Known(value) => value.clone(),
            PlannedValue::OwnAccountId => account_id(run, at)?.to_string(),
            PlannedValue::TemplateUrl { template, digest } => {
                run.artifacts.stored(run.cloud, template, digest).await?
            }
            PlannedValue::Output { source, .. } => output(run, source).await?,
            PlannedValue::KeyBehind(alias) => alias.to_string(),
            PlannedValue::Secret { variable, kept } => {
                let kept = *kept && operation == Operation::Update;
                known.insert(name.clone(), secret(run.secrets, name, variable, kept)?);
                continue;
            }
        };
        known.insert(name.clone(), value.into());
    }
    Ok(known)
}

/// The secret, or what the stack has: nobody has to have the secrets of stacks that change for another reason.
pub(super) fn secret(
    secrets: &Secrets,
    parameter: &str,
    variable: &EnvironmentVariable,
    kept: bool,
) -> Result<ParameterInput, StepError> {
    match secrets.get(variable) {
        Some(secret) => Ok(ParameterInput::Secret(secret.clone())),
        None if kept => Ok(ParameterInput::Previous),
        None => Err(StepError::MissingValue {
            what: format!("parameter {parameter}"),
            why: format!("the environment variable {variable} is not set"),
        }),
    }
}

/// How EBS's key is to be asked for.
pub(super) async fn key<C: CloudReader, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    value: &PlannedValue,
) -> Result<KeyReference, StepError> {
    match value {
        PlannedValue::Known(key) => Ok(KeyReference(key.clone())),
        PlannedValue::KeyBehind(alias) => Ok(alias.clone()),
        PlannedValue::Output { source, .. } => output(run, source).await.map(KeyReference),
        // Only a parameter can be one of these.
        PlannedValue::OwnAccountId
        | PlannedValue::TemplateUrl { .. }
        | PlannedValue::Secret { .. } => Ok(KeyReference(target.account.to_string())),
    }
}

async fn output<C: CloudReader, R>(
    run: &Run<'_, C, R>,
    source: &OutputSource,
) -> Result<String, StepError> {
    let missing = |why: &str| StepError::MissingValue {
        what: format!(
            "output {} of stack {} in {} {}",
            source.key, source.stack, source.account, source.region
        ),
        why: why.to_owned(),
    };
    let account =
        run.account(&source.account).ok_or_else(|| missing("the account was not made"))?;
    let target = Target { account, region: source.region.clone() };
    let stack = run.cloud.stack(&target, &source.stack).await?;
    let stack = stack.ok_or_else(|| missing("the stack was not made"))?;
    stack.outputs.get(&source.key).cloned().ok_or_else(|| missing("the stack has no such output"))
}
