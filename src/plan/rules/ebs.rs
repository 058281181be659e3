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
        Some(DesiredKey::Output { account, stack, key }) => {
            let source = OutputSource {
                account: account.clone(),
                region: region.clone(),
                stack: stack.clone(),
                key: key.clone(),
            };
            let key = if *account == context.account.name {
                values::own_output(context, &source, lane)
            } else {
                values::foreign_output(context, source)
            };
            match key {
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
            // Nobody can look with the eyes of an account that is not there yet. The executor looks.
            Ok(arn) if in_use(&arn) || seen.is_none() => arn,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Key;
    use crate::plan::rules::fixture::{OTHER, World, home, subjects, word};

    /// Volumes shall be encrypted with a key that another account, of an earlier wave, holds for all.
    fn world() -> World {
        let mut world = World::at_rest();
        world.wanted().wave = word("rest");
        world.wanted().ebs_key = Some(DesiredKey::Output {
            account: word("keys"),
            stack: word("avm-kms-keys-prod"),
            key: "Ec2KeyArn".to_owned(),
        });
        world.home().ebs = Ok(Some(EbsEncryption { enabled: false, key: None }));
        world
    }

    fn arn() -> String {
        format!("arn:aws:kms:eu-west-1:{OTHER}:key/1")
    }

    fn tell(world: &mut World, value: Option<String>) {
        let source = OutputSource {
            account: word("keys"),
            region: home(),
            stack: word("avm-kms-keys-prod"),
            key: "Ec2KeyArn".to_owned(),
        };
        world.observed.outputs.insert(source, Ok(value));
    }

    fn see(world: &mut World, state: &str) {
        let (state, spec) = (state.to_owned(), "SYMMETRIC_DEFAULT".to_owned());
        let key = ObservedKey::Present(Key { arn: word(&arn()), state, spec });
        world.home().keys.insert(KeyReference(arn()), key);
    }

    #[test]
    fn a_key_of_another_account_is_used_where_it_can_be() {
        let mut world = world();
        tell(&mut world, Some(arn()));
        see(&mut world, "Enabled");
        let (key, before) = (PlannedValue::Known(arn()), None);
        let step = Step::EncryptEbsByDefault { key, before, enable: true };
        assert_eq!(world.lane().steps, [step]);

        see(&mut world, "PendingDeletion");
        assert!(matches!(world.lane().blocked[0].reason, Reason::KeyUnusable(_)));
    }

    #[test]
    fn a_key_of_another_account_that_is_in_use_takes_no_step() {
        let mut world = world();
        tell(&mut world, Some(arn()));
        world.home().ebs = Ok(Some(EbsEncryption { enabled: true, key: Some(arn()) }));
        assert_eq!(world.lane(), Lane::default());
    }

    #[test]
    fn a_key_of_another_account_comes_before_the_stacks() {
        let mut world = world();
        tell(&mut world, Some(arn()));
        see(&mut world, "Enabled");
        world.with_stack("avm-trail", "AWS::CloudTrail::Trail");
        assert_eq!(subjects(&world.lane().steps).last().unwrap(), "stack avm-trail");
    }

    #[test]
    fn a_key_of_another_account_is_believed_in_an_account_that_is_still_to_be_made() {
        let mut world = world();
        tell(&mut world, Some(arn()));
        world.without_account();
        let step = &world.lane().steps[0];
        assert_eq!(step.values(), [&PlannedValue::Known(arn())]);
    }

    #[test]
    fn a_key_that_another_account_makes_in_an_earlier_wave_is_waited_for() {
        let mut world = world();
        tell(&mut world, None);
        let missing = world.lane().blocked;
        assert!(matches!(missing[0].reason, Reason::MissingOutput(_)));

        world.add_earlier("keys", "avm-kms-keys-prod");
        let step = world.lane().steps.remove(0);
        assert!(
            matches!(step.values()[..], [PlannedValue::Output { wave: Some(wave), .. }] if wave.as_str() == "core")
        );
    }
}
