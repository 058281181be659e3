//! Values that were not known when the plan was made: looked up where a step before has put them.

use std::collections::BTreeMap;

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::account_id;
use crate::cloud::{CloudReader, CloudWriter, KeyReference};
use crate::desired::OutputSource;
use crate::model::Target;
use crate::plan::{PlannedValue, StackChange};

/// The parameters of a stack, all of them known by now.
pub(super) async fn parameters<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    change: &StackChange,
) -> Result<BTreeMap<String, String>, StepError> {
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
        };
        known.insert(name.clone(), value);
    }
    Ok(known)
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
        PlannedValue::OwnAccountId | PlannedValue::TemplateUrl { .. } => {
            Ok(KeyReference(target.account.to_string()))
        }
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
