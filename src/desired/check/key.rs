//! The key for EBS encryption.

use super::baseline::User;
use super::outputs::{has_output, producing_stack};
use crate::desired::files::{KeyEntry, KeySource};
use crate::desired::shape::Located;
use crate::document::Diagnostic;
use crate::model::{KeyArn, Region, StackName};

/// Where the key comes from.
#[derive(Debug)]
pub(super) enum KeyRecipe<'a> {
    Reference(&'a str),
    Env(&'a Located<String>),
    Output { stack: &'a StackName, key: &'a str },
}

/// Checks the key of a baseline.
pub(super) fn key<'a>(
    user: &User<'a>,
    entry: &'a Located<KeyEntry>,
    faults: &mut Vec<Diagnostic>,
) -> Option<KeyRecipe<'a>> {
    match &entry.value {
        KeyEntry::Literal(text) => {
            let wrong = wrong_key(text, user.zone.governed.iter());
            faults.extend(wrong.map(|message| user.fault(&entry.span, "invalid-key", message)));
            Some(KeyRecipe::Reference(text))
        }
        KeyEntry::From(KeySource::Env(key)) => Some(KeyRecipe::Env(key)),
        KeyEntry::From(KeySource::Output(output)) => {
            let name = output.value.stack.as_ref()?;
            let (_, stack) = producing_stack(user, user.name, None, name, faults)?;
            let key = output.value.key.as_ref()?;
            has_output(user, stack, key, faults);
            let regions = stack.regions.as_ref()?;
            let mut governed = user.zone.governed.iter();
            if let Some(missing) = governed.find(|region| !regions.contains(*region)) {
                let message = format!("{} is not deployed in {missing}", name.value);
                let fault = user.fault(&name.span, "output-region", message);
                faults.push(fault.help(
                    "EBS is encrypted in every governed region, with a key of that region: \
                     say regions: governed there",
                ));
            }
            Some(KeyRecipe::Output { stack: &name.value, key: &key.value })
        }
    }
}

/// Why `text` cannot be the key in all of `regions`, if so.
pub(super) fn wrong_key<'r>(
    text: &str,
    mut regions: impl Iterator<Item = &'r Region>,
) -> Option<String> {
    if text.strip_prefix("alias/").is_some_and(|name| !name.is_empty()) {
        return None;
    }
    let Ok(arn) = text.parse::<KeyArn>() else {
        return Some(format!("{text:?} is neither alias/NAME nor the ARN of a key"));
    };
    let elsewhere = regions.find(|region| arn.region().as_ref() != Some(*region))?;
    Some(format!("the key cannot be used in {elsewhere}: a key works in its own region only"))
}
