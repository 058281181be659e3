//! The environment's key for a purpose: whose stack has it, and whether it is there in time.

use std::collections::BTreeSet;

use super::baseline::User;
use super::outputs::{SWITCHED_OFF, has_output, in_order, position_of, producer};
use super::zone::Keys;
use crate::desired::files::KeyPurpose;
use crate::desired::shape::{At, Located};
use crate::document::Diagnostic;
use crate::model::{AccountName, EnvironmentName, Region, StackName};

/// The stack that has an account's own keys. The central account has one for each environment, whose name is added.
pub(super) const KEYS_STACK: &str = "avm-kms-keys";

/// The name of the stack with the keys of an environment, where one account has those of all.
pub(super) fn central_stack(environment: &EnvironmentName) -> String {
    format!("{KEYS_STACK}-{environment}")
}

/// The name of the stack with an account's own keys.
pub(super) fn own_stack() -> Option<StackName> {
    KEYS_STACK.parse().ok()
}

/// What takes a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taker<'a> {
    /// Its position, if it is a stack: then the key's stack has to come before it.
    pub(super) position: Option<usize>,
    /// Its environment, if that is not the account's.
    pub(super) environment: Option<&'a EnvironmentName>,
    /// Where it needs the key.
    pub(super) regions: &'a BTreeSet<Region>,
}

/// Checks that every account of the baseline finds the key.
pub(super) fn check<'a>(
    user: &User<'a>,
    taker: Taker<'_>,
    purpose: &'a Located<KeyPurpose>,
    faults: &mut Vec<Diagnostic>,
) {
    let central = match user.zone.keys {
        Keys::PerAccount => return check_stack(user, taker, purpose, None, KEYS_STACK, faults),
        // What is wrong with the account has been told where it is named.
        Keys::Central(account) => account
            .map(|account| &account.value)
            .filter(|name| user.zone.accounts.contains_key(name)),
    };
    let Some(central) = central else { return };
    let environments = match taker.environment {
        Some(environment) => BTreeSet::from([environment]),
        None => user.zone.environments_of(user.name),
    };
    for environment in environments {
        let name = central_stack(environment);
        check_stack(user, taker, purpose, Some(central), &name, faults);
    }
}

/// Checks one stack that has the key, of `account` or of the account itself.
fn check_stack<'a>(
    user: &User<'a>,
    taker: Taker<'_>,
    purpose: &'a Located<KeyPurpose>,
    account: Option<&'a AccountName>,
    name: &str,
    faults: &mut Vec<Diagnostic>,
) {
    let span = &purpose.span;
    let account = account.map(|value| At { value, span });
    let Some(baseline) = producer(user, account, faults) else { return };
    let Some(stacks) = user.catalog.stacks(baseline) else { return };
    let key = purpose.value.output();
    let Some((found, stack)) = position_of(stacks, name) else {
        let whose = account.map_or("this baseline".to_owned(), |account| account.value.to_string());
        let message = format!("{whose} has no stack {name}");
        let help = match account {
            _ if user.catalog.is_switched_off(baseline, name) => SWITCHED_OFF.to_owned(),
            None => format!(
                "the key is the output {key} of that stack: put it before those that take it"
            ),
            Some(_) => format!(
                "the key is the output {key} of that stack: with `keys: central` the baseline {baseline} \
                 needs a stack {KEYS_STACK} with `for-each: environment`"
            ),
        };
        faults.push(user.fault(span, "unknown-stack", message).help(help));
        return;
    };
    if let Some(position) = taker.position.filter(|_| baseline == user.name) {
        in_order(user, position, found, At { value: name, span }, faults);
    }
    has_output(user, stack, At { value: key, span }, faults);
    let Some(there) = &stack.regions else { return };
    if let Some(missing) = taker.regions.iter().find(|region| !there.contains(*region)) {
        let message = format!("{name} is not deployed in {missing}");
        let help = "a key works in its own region only: say regions: governed there";
        faults.push(user.fault(span, "output-region", message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;
    use crate::desired::{DesiredAccount, DesiredKey, DesiredValue, OutputRegion, load};

    /// Where the bucket's key and the one for EBS come from.
    fn keys(account: &DesiredAccount) -> (DesiredValue, DesiredKey) {
        let bucket = account.stacks.last().unwrap();
        (bucket.parameters["Key"].clone(), account.ebs_key.clone().unwrap())
    }

    fn expected(account: &str, stack: &str) -> (DesiredValue, DesiredKey) {
        let (account, stack) = (account.parse().unwrap(), stack.parse().unwrap());
        let value = DesiredValue::Output {
            account,
            stack,
            key: "S3KeyArn".to_owned(),
            region: OutputRegion::Same,
        };
        let DesiredValue::Output { account, stack, .. } = value.clone() else { unreachable!() };
        (value, DesiredKey::Output { account, stack, key: "Ec2KeyArn".to_owned() })
    }

    /// Every account has its own keys.
    fn per_account() -> Fixture {
        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", "keys: {central: security}\n", "");
        fixture.replace("baselines/security.yaml", "when: {keys: central}", "adopt: import");
        fixture.replace("baselines/security.yaml", "    for-each: environment\n", "");
        fixture
    }

    fn message(fixture: &Fixture) -> String {
        load(fixture.path()).unwrap_err().iter().next().unwrap().to_string()
    }

    #[test]
    fn central_keys_are_those_of_the_accounts_environment() {
        let fixture = Fixture::organized();
        let security = expected("security", "avm-kms-keys-prod");
        assert_eq!(keys(&fixture.account("security")), security);
        let orders = expected("security", "avm-kms-keys-uat");
        assert_eq!(keys(&fixture.account("Orders-UAT")), orders);
    }

    #[test]
    fn own_keys_are_those_of_the_accounts_own_stack() {
        let fixture = per_account();
        assert_eq!(keys(&fixture.account("security")), expected("security", "avm-kms-keys"));
        assert_eq!(keys(&fixture.account("Orders-UAT")), expected("Orders-UAT", "avm-kms-keys"));
    }

    #[test]
    fn other_accounts_keys_are_foreign_outputs_in_every_governed_region() {
        let state = Fixture::organized().load().state;
        let orders = &state.accounts[&"Orders-UAT".parse().unwrap()];
        let mut sources = orders.foreign_outputs();
        sources.extend(state.foreign_ebs_keys(orders));
        let sources: Vec<_> =
            sources.iter().map(|source| format!("{} {}", source.region, source.key)).collect();
        assert_eq!(
            sources,
            [
                "eu-west-1 Ec2KeyArn",
                "eu-west-1 S3KeyArn",
                "us-east-1 Ec2KeyArn",
                "us-east-1 S3KeyArn"
            ]
        );
        let security = &state.accounts[&"security".parse().unwrap()];
        assert!(security.foreign_outputs().is_empty());
        assert!(state.foreign_ebs_keys(security).is_empty());
    }

    #[test]
    fn a_stack_for_an_environment_takes_the_key_of_that_one() {
        let fixture = Fixture::organized();
        fixture.replace(
            "baselines/security.yaml",
            "regions: home, parameters: {Key",
            "regions: home, for-each: environment, parameters: {Key",
        );
        let security = fixture.account("security");
        let values: Vec<_> =
            security.stacks[2..].iter().map(|stack| stack.parameters["Key"].clone()).collect();
        let prod = expected("security", "avm-kms-keys-prod").0;
        assert_eq!(values, [prod, expected("security", "avm-kms-keys-uat").0]);
    }

    #[test]
    fn a_key_that_comes_too_late_or_elsewhere_or_not_at_all_is_a_fault() {
        let fixture = per_account();
        fixture.replace(
            "baselines/standard.yaml",
            "regions: governed\n    when: {keys",
            "regions: home\n    when: {keys",
        );
        let text = message(&fixture);
        assert!(text.ends_with("avm-kms-keys is not deployed in us-east-1"), "{text}");

        let fixture = per_account();
        fixture.replace("templates/keys.yaml", "  S3KeyArn: {Value: !GetAtt Key.Arn}\n", "");
        let text = message(&fixture);
        assert!(text.ends_with("templates/keys.yaml has no output S3KeyArn"), "{text}");

        let fixture = per_account();
        let late = "  - {name: avm-kms-keys, template: keys.yaml, regions: governed, parameters: {Environment: prod}}\n";
        let first = "stacks:\n  - {name: bucket, template: bucket.yaml, regions: home, parameters: {Key: {key: s3}}}\n";
        fixture.write("baselines/security.yaml", &format!("version: 1\n{first}{late}"));
        assert_eq!(fixture.codes(), ["stack-order"]);

        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", "[core, rest]", "[rest, core]");
        let text = message(&fixture);
        let late = "security is in wave core, and Orders-UAT, which takes from it, is in wave core";
        assert!(text.ends_with(late), "{text}");
    }
}
