//! The key for EBS encryption.

use super::baseline::User;
use super::outputs::{has_output, name_of, producer, producing_stack};
use super::purpose::{self, Taker};
use crate::desired::files::{KeyEntry, KeyOutputEntry, KeyPurpose, KeySource};
use crate::desired::shape::{At, Located};
use crate::document::Diagnostic;
use crate::model::{AccountName, KeyArn, Region, StackName};

/// Where the key comes from.
#[derive(Debug)]
pub(super) enum KeyRecipe<'a> {
    Reference(&'a str),
    Env(&'a Located<String>),
    Purpose(KeyPurpose),
    Output { account: Option<&'a AccountName>, stack: &'a StackName, key: &'a str },
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
        KeyEntry::From(KeySource::Key(purpose)) => {
            let taker = Taker { position: None, environment: None, regions: &user.zone.governed };
            purpose::check(user, taker, purpose, faults);
            Some(KeyRecipe::Purpose(purpose.value))
        }
        KeyEntry::From(KeySource::Output(output)) => key_output(user, &output.value, faults),
    }
}

/// The key out of a stack: of an account of an earlier wave, or an own one, which may come anywhere in the baseline
/// since EBS comes after it wherever it is.
fn key_output<'a>(
    user: &User<'a>,
    output: &'a KeyOutputEntry,
    faults: &mut Vec<Diagnostic>,
) -> Option<KeyRecipe<'a>> {
    let account = output.account.as_ref().map(Located::at);
    let baseline = producer(user, account, faults)?;
    let name = output.stack.as_ref()?;
    let (_, stack) = producing_stack(user, baseline, account, name_of(name), faults)?;
    let key = output.key.as_ref()?;
    has_output(user, stack, At { value: &key.value, span: &key.span }, faults);
    let regions = stack.regions.as_ref()?;
    let mut governed = user.zone.governed.iter();
    if let Some(missing) = governed.find(|region| !regions.contains(*region)) {
        let message = format!("{} is not deployed in {missing}", name.value);
        let fault = user.fault(&name.span, "output-region", message);
        faults.push(fault.help(
            "EBS is encrypted in every governed region, with a key of that region: say regions: governed there",
        ));
    }
    Some(KeyRecipe::Output {
        account: output.account.as_ref().map(|account| &account.value),
        stack: &name.value,
        key: &key.value,
    })
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

#[cfg(test)]
mod tests {
    use crate::desired::DesiredKey;
    use crate::desired::fixture::Fixture;

    /// EBS of the standard accounts is encrypted with what a stack of the security account has.
    fn with_key(output: &str) -> Fixture {
        let fixture = Fixture::organized();
        let output = format!("{{output: {output}}}");
        fixture.replace("baselines/standard.yaml", "{key: ec2}", &output);
        fixture
    }

    #[test]
    fn the_key_may_come_from_another_account() {
        let fixture = with_key("{account: security, stack: avm-kms-keys-uat, key: Ec2KeyArn}");
        let key = DesiredKey::Output {
            account: "security".parse().unwrap(),
            stack: "avm-kms-keys-uat".parse().unwrap(),
            key: "Ec2KeyArn".to_owned(),
        };
        assert_eq!(fixture.account("Orders-UAT").ebs_key, Some(key));
    }

    #[test]
    fn it_has_to_be_there_everywhere_and_in_time() {
        let fixture = with_key("{account: security, stack: avm-kms-keys-uat, key: Ec2KeyArn}");
        fixture.replace("baselines/standard.yaml", "{key: s3}", "none");
        fixture.replace("landing-zone.yaml", "[core, rest]", "[rest, core]");
        assert_eq!(fixture.codes(), ["wave-order"]);
        let fixture = with_key("{account: security, stack: bucket, key: KeyArn}");
        assert_eq!(fixture.codes(), ["output-region", "unknown-output"]);
        let fixture = with_key("{account: secruity, stack: bucket, key: KeyArn}");
        assert_eq!(fixture.codes(), ["unknown-account"]);
    }

    #[test]
    fn accounts_that_wait_for_each_other_s_keys_are_told() {
        let fixture = with_key("{account: security, stack: avm-kms-keys-uat, key: Ec2KeyArn}");
        fixture.replace(
            "landing-zone.yaml",
            "baseline: standard",
            "baseline: standard, wave: core",
        );
        let back = "{output: {account: Orders-UAT, stack: bucket, key: Arn}}";
        fixture.replace("baselines/security.yaml", "{key: ec2}", back);
        assert!(fixture.codes().iter().any(|code| code == "circle"), "{:?}", fixture.codes());
    }
}
