//! Values of parameters: known, or known later, or not to be had.

use std::collections::BTreeMap;

use super::context::Context;
use super::stack::{is_kept_back, will_be_made};
use crate::desired::{AccountFact, DesiredStack, DesiredValue, OutputSource, SecretSource};
use crate::model::Region;
use crate::observed::ObservedAccount;
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::Lane;
use crate::plan::value::PlannedValue;

/// A parameter's value for a stack in `region`.
pub(super) fn planned(
    context: &Context<'_>,
    value: &DesiredValue,
    region: &Region,
    lane: &Lane,
) -> Result<PlannedValue, Reason> {
    match value {
        DesiredValue::Literal(text) => Ok(PlannedValue::Known(text.clone())),
        DesiredValue::Account(AccountFact::Id) => Ok(context
            .id()
            .map_or(PlannedValue::OwnAccountId, |id| PlannedValue::Known(id.to_string()))),
        // Whether there is a value to keep is told by the stack, not by what is wanted.
        DesiredValue::Secret(SecretSource { variable, .. }) => {
            Ok(PlannedValue::Secret { variable: variable.clone(), kept: false })
        }
        DesiredValue::TemplateUrl(file) => match context.desired.templates.get(file) {
            Some(template) => Ok(PlannedValue::TemplateUrl {
                template: file.clone(),
                digest: template.digest().clone(),
            }),
            // Validation has made sure that there is one.
            None => Ok(PlannedValue::Known(String::new())),
        },
        DesiredValue::Output { .. } => match value.source(region) {
            Some(source) if source.account == context.account.name => {
                own_output(context, &source, lane)
            }
            Some(source) => foreign_output(context, source),
            None => Ok(PlannedValue::Known(String::new())),
        },
    }
}

/// The values of a stack's parameters, as far as they are known.
pub(super) fn known(
    parameters: &BTreeMap<String, PlannedValue>,
) -> BTreeMap<String, Option<String>> {
    let known = |value: &PlannedValue| match value {
        PlannedValue::Known(value) => Some(value.clone()),
        PlannedValue::OwnAccountId
        | PlannedValue::Output { .. }
        | PlannedValue::TemplateUrl { .. }
        | PlannedValue::Secret { .. }
        | PlannedValue::KeyBehind(_) => None,
    };
    parameters.iter().map(|(name, value)| (name.clone(), known(value))).collect()
}

/// An output of a stack of the same account and region. It comes before whatever takes it, so `lane` says whether
/// it is going to be made: a stack that is blocked is not.
pub(super) fn own_output(
    context: &Context<'_>,
    source: &OutputSource,
    lane: &Lane,
) -> Result<PlannedValue, Reason> {
    let made = context
        .account
        .stacks
        .iter()
        .find(|stack| stack.name == source.stack && stack.regions.contains(&source.region));
    let comes = lane.steps.iter().any(|step| {
        step.stack() == Some(&source.stack) && !matches!(step, Step::ProtectStack { .. })
    });
    let seen = context.stack(&source.region, &source.stack);
    let value = seen.and_then(|seen| seen.stack.outputs.get(&source.key));
    let pending = || Ok(PlannedValue::Output { source: source.clone(), wave: None });
    match (made, value) {
        (Some(stack), None) if comes && promises(context, stack, source) => pending(),
        (Some(stack), Some(_)) if will_be_made(context, &source.region, stack) => {
            if comes {
                pending()
            } else {
                Err(Reason::MissingOutput(source.clone()))
            }
        }
        (_, Some(value)) => Ok(PlannedValue::Known(value.clone())),
        (_, None) => Err(Reason::MissingOutput(source.clone())),
    }
}

/// Whether the stack's template, once deployed, has the output.
fn promises(context: &Context<'_>, stack: &DesiredStack, source: &OutputSource) -> bool {
    context
        .desired
        .templates
        .get(&stack.template)
        .is_some_and(|template| template.outputs().contains(&source.key))
}

/// An output of another account's stack.
pub(super) fn foreign_output(
    context: &Context<'_>,
    source: OutputSource,
) -> Result<PlannedValue, Reason> {
    match context.observed.outputs.get(&source) {
        Some(Ok(Some(value))) => Ok(PlannedValue::Known(value.clone())),
        Some(Err(error)) => Err(Reason::Unreadable(error.clone())),
        Some(Ok(None)) | None => {
            // Validation has made sure that the account is in an earlier wave.
            let maker = context.desired.accounts.get(&source.account).filter(|maker| {
                let seen = context.observed.accounts.get(&maker.name);
                let there = Context { account: maker, seen, ..*context };
                context.desired.selects(&source.region)
                    && maker.stacks.iter().any(|stack| {
                        stack.name == source.stack
                            && stack.regions.contains(&source.region)
                            && !is_kept_back(&there, &source.region, stack)
                    })
                    && matches!(
                        seen,
                        Some(ObservedAccount::Absent { .. } | ObservedAccount::Present(_))
                    )
            });
            match maker {
                Some(maker) => Ok(PlannedValue::Output { wave: Some(maker.wave.clone()), source }),
                None => Err(Reason::MissingOutput(source)),
            }
        }
    }
}
