//! EBS encryption by default, with the environment's own key.

use super::context::Context;
use super::values;
use crate::cloud::{EbsEncryption, KeyReference};
use crate::desired::{DesiredKey, OutputSource};
use crate::model::{KeyArn, Region};
use crate::observed::{ObservedKey, ObservedRegion};
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{Blocked, Lane};
use crate::plan::value::PlannedValue;

/// Plans that EBS encrypts with `key`; nothing for `None`.
pub(super) fn encryption(
    context: &Context<'_>,
    region: &Region,
    key: Option<&DesiredKey>,
    lane: &mut Lane,
) {
    let seen = context.region(region);
    let unreadable = seen.and_then(|seen| seen.ebs.as_ref().err());
    let outcome = match key {
        None => return,
        Some(_) if let Some(error) = unreadable => Err(Reason::Unreadable(error.clone())),
        Some(DesiredKey::Output { stack, key }) => {
            let source = OutputSource {
                account: context.account.name.clone(),
                region: region.clone(),
                stack: stack.clone(),
                key: key.clone(),
            };
            match values::own_output(context, &source, lane) {
                Ok(PlannedValue::Known(arn)) => with_key(region, seen, &KeyReference(arn)),
                Ok(pending) => Ok(Some(step(seen, pending))),
                Err(reason) => Err(reason),
            }
        }
        Some(DesiredKey::Reference(reference)) => {
            let reference = KeyReference(reference.clone());
            let found = seen.and_then(|seen| seen.keys.get(&reference));
            match found {
                // A stack of this lane may be what makes it.
                None | Some(ObservedKey::Absent) if makes_a_stack(lane) => {
                    Ok(Some(step(seen, PlannedValue::KeyBehind(reference))))
                }
                _ => with_key(region, seen, &reference),
            }
        }
    };
    match outcome {
        Ok(step) => lane.steps.extend(step),
        Err(reason) => {
            lane.blocked.push(Blocked { subject: "EBS encryption by default".to_owned(), reason });
        }
    }
}

/// Plans for a key that can be looked at. The key that EBS already uses may not have been looked at: then it is
/// known by its ARN.
fn with_key(
    region: &Region,
    seen: Option<&ObservedRegion>,
    reference: &KeyReference,
) -> Result<Option<Step>, Reason> {
    let ebs = seen.and_then(ebs_of);
    let in_use = |arn: &KeyArn| ebs.is_some_and(|ebs| ebs.uses(arn));
    let arn = match seen.and_then(|seen| seen.keys.get(reference)) {
        Some(ObservedKey::Present(key)) => {
            if let Some(why) = key.unusable_for_ebs(region) {
                return Err(Reason::KeyUnusable(format!("{reference}: {why}")));
            }
            key.arn.clone()
        }
        Some(ObservedKey::Unreadable(error)) => return Err(Reason::Unreadable(error.clone())),
        Some(ObservedKey::Absent) => {
            return Err(Reason::KeyUnusable(format!("there is no key {reference}")));
        }
        None => match reference.0.parse::<KeyArn>() {
            Ok(arn) if in_use(&arn) => arn,
            _ => return Err(Reason::KeyUnusable(format!("{reference} is not a key's ARN"))),
        },
    };
    Ok((!in_use(&arn)).then(|| step(seen, PlannedValue::Known(arn.into()))))
}

fn step(seen: Option<&ObservedRegion>, key: PlannedValue) -> Step {
    let ebs = seen.and_then(ebs_of);
    Step::EncryptEbsByDefault {
        key,
        before: ebs.filter(|ebs| ebs.enabled).and_then(|ebs| ebs.key.clone()),
        enable: ebs.is_none_or(|ebs| !ebs.enabled),
    }
}

fn ebs_of(seen: &ObservedRegion) -> Option<&EbsEncryption> {
    seen.ebs.as_ref().ok()?.as_ref()
}

/// Whether the lane, as far as it is planned, makes a stack: its template may make the key.
fn makes_a_stack(lane: &Lane) -> bool {
    lane.steps.iter().any(|step| step.stack().is_some())
}
