//! The values of a template's parameters, and the rules that they must keep.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::check::invalid;
use super::scope::{Scope, Site};
use crate::cloud::{MASK, ParameterInput};
use crate::sim::refusal::{Answer, Refusal};
use crate::sim::world::ReadTemplate;
use crate::template::Parameter;

/// A parameter's value may have so many bytes (CloudFormation quotas).
const MAX_VALUE_BYTES: usize = 4_096;

/// Every parameter's value, defaults included. `before` are those of the stack as it is, for `UsePreviousValue`.
pub(super) fn values(
    read: &ReadTemplate,
    given: &BTreeMap<String, ParameterInput>,
    before: &BTreeMap<String, String>,
) -> Answer<BTreeMap<String, String>> {
    let declared = read.template.parameters();
    let unknown: Vec<_> =
        given.keys().filter(|name| !declared.contains_key(*name)).cloned().collect();
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        return Err(invalid(format!("Parameters: [{names}] do not exist in the template")));
    }
    let (mut values, mut missing) = (BTreeMap::new(), Vec::new());
    for (name, parameter) in declared {
        let value = match given.get(name) {
            Some(ParameterInput::Value(value)) => Some(value.as_str()),
            Some(ParameterInput::Secret(secret)) => Some(secret.expose()),
            Some(ParameterInput::Previous) => {
                let there = before.get(name).ok_or_else(|| never_given(name))?;
                values.insert(name.clone(), there.clone());
                continue;
            }
            None => parameter.default.as_deref(),
        };
        match value {
            Some(value) => {
                check(read, name, parameter, value)?;
                values.insert(name.clone(), value.to_owned());
            }
            None => missing.push(name.clone()),
        }
    }
    if !missing.is_empty() {
        let names = missing.join(", ");
        return Err(invalid(format!("Parameters: [{names}] must have values")));
    }
    Ok(values)
}

fn never_given(name: &str) -> Refusal {
    invalid(format!(
        "Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in \
         the previous template"
    ))
}

/// Forgets the values of `NoEcho` parameters. What stays tells one value from another, and no value from the many others
/// that leave the same sixteen bits: enough for a stack to change with its secret, and nothing to guess passwords by in
/// the file of a sandbox.
pub(super) fn hide(read: &ReadTemplate, values: &mut BTreeMap<String, String>) {
    for (name, value) in values {
        let hidden = read.template.parameters().get(name).is_some_and(|known| known.no_echo);
        if hidden && !value.starts_with(MASK) {
            let digest = Sha256::digest(value.as_bytes());
            *value = format!("{MASK}{:02x}{:02x}", digest[0], digest[1]);
        }
    }
}

fn check(read: &ReadTemplate, name: &str, parameter: &Parameter, value: &str) -> Answer<()> {
    let all = read.template.value().get("Parameters");
    let rules = all.and_then(|all| all.get(name)).unwrap_or(&Value::Null);
    let Some(fault) = fault(read, name, parameter, rules, value) else { return Ok(()) };
    match rules.get("ConstraintDescription").and_then(Value::as_str) {
        Some(said) => {
            Err(invalid(format!("Parameter {name} failed to satisfy constraint: {said}")))
        }
        None => Err(invalid(format!("Parameter '{name}' {fault}"))),
    }
}

fn fault(
    read: &ReadTemplate,
    name: &str,
    parameter: &Parameter,
    rules: &Value,
    value: &str,
) -> Option<String> {
    let fault = |text: &str| Some(text.to_owned());
    if value.len() > MAX_VALUE_BYTES {
        return fault("must be at most 4096 bytes");
    }
    let kind = parameter.parameter_type.as_str();
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let items: Vec<_> =
        if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let allowed = &parameter.allowed_values;
    if !allowed.is_empty() && !items.iter().all(|item| allowed.iter().any(|one| one == item)) {
        return fault("must be one of AllowedValues");
    }
    if matches!(kind, "Number" | "List<Number>") {
        let numbers: Result<Vec<f64>, _> = items.iter().map(|item| item.parse()).collect();
        let Ok(numbers) = numbers else { return fault("must be a number") };
        let (least, most) = (number(rules, "MinValue"), number(rules, "MaxValue"));
        if numbers.iter().any(|one| least.is_some_and(|least| *one < least)) {
            return fault("must be a number not less than MinValue");
        }
        if numbers.iter().any(|one| most.is_some_and(|most| *one > most)) {
            return fault("must be a number not greater than MaxValue");
        }
    }
    if kind == "String" {
        let length = f64::from(u16::try_from(value.chars().count()).unwrap_or(u16::MAX));
        if number(rules, "MinLength").is_some_and(|least| length < least) {
            return fault("must contain at least MinLength characters");
        }
        if number(rules, "MaxLength").is_some_and(|most| length > most) {
            return fault("must contain at most MaxLength characters");
        }
    }
    // A pattern is one for the whole value, and for every item of a list.
    let pattern = read.patterns.get(name)?;
    let fits = items.iter().all(|item| pattern.is_match(item));
    let text = rules.get("AllowedPattern").and_then(Value::as_str).unwrap_or_default();
    (!fits).then(|| format!("must match pattern {text}"))
}

fn number(rules: &Value, rule: &str) -> Option<f64> {
    match rules.get(rule)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Makes the assertions of the template's `Rules`.
pub(super) fn assert_rules(
    read: &ReadTemplate,
    site: Site<'_>,
    parameters: &BTreeMap<String, String>,
) -> Answer<()> {
    let rules = read.template.value().get("Rules").and_then(Value::as_object);
    let Some(rules) = rules else { return Ok(()) };
    let exports = BTreeMap::new();
    let scope = Scope {
        template: &read.template,
        digest: None,
        site,
        parameters,
        exports: &exports,
        made: BTreeMap::new(),
    };
    for (name, rule) in rules {
        let applies = rule.get("RuleCondition").map_or(Ok(true), |one| scope.asserted(one));
        if !applies.map_err(invalid)? {
            continue;
        }
        for assertion in rule.get("Assertions").and_then(Value::as_array).into_iter().flatten() {
            let claim = assertion.get("Assert").unwrap_or(&Value::Null);
            if !scope.asserted(claim).map_err(invalid)? {
                let said = assertion.get("AssertDescription").and_then(Value::as_str);
                let said = said.unwrap_or("an assertion does not hold");
                return Err(invalid(format!("Rule {name} failed: {said}")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Setup, input};
    use crate::cloud::{CloudWriter as _, StackInput};

    const GROUP: &str = "
Parameters:
  Environment: {Type: String, AllowedValues: [uat, prod]}
  Days: {Type: Number, Default: 30, MinValue: 7, MaxValue: '90'}
  Name: {Type: String, Default: config, MinLength: 3, AllowedPattern: '[a-z-]*'}
  Accounts: {Type: CommaDelimitedList, Default: '', AllowedPattern: '(\\d{12})?', ConstraintDescription: twelve digits}
  Odd: {Type: String, Default: ab, AllowedPattern: '(?!x)a.*'}
Rules:
  LongInProduction:
    RuleCondition: !Equals [!Ref Environment, prod]
    Assertions:
      - {Assert: !Contains [[60, 90], !Ref Days], AssertDescription: production keeps its logs}
      - {Assert: !Not [!Equals [!Ref Name, config]]}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref Name}}
";

    async fn refusal(stack: &StackInput) -> String {
        let setup = Setup::new();
        setup.aws.create_stack(&setup.target, stack).await.unwrap_err().message
    }

    #[tokio::test(start_paused = true)]
    async fn parameters_must_be_known_given_and_allowed() {
        let uat = ("Environment", "uat");
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[], "Parameters: [Environment] must have values"),
            (&[uat, ("Colour", "red")], "Parameters: [Colour] do not exist in the template"),
            (&[("Environment", "dev")], "Parameter 'Environment' must be one of AllowedValues"),
            (&[uat, ("Days", "many")], "Parameter 'Days' must be a number"),
            (&[uat, ("Days", "91")], "Parameter 'Days' must be a number not greater than MaxValue"),
            (&[uat, ("Name", "ab")], "Parameter 'Name' must contain at least MinLength characters"),
            (&[uat, ("Name", "my config")], "Parameter 'Name' must match pattern [a-z-]*"),
            (
                &[uat, ("Accounts", "111111111111,12")],
                "Parameter Accounts failed to satisfy constraint: twelve digits",
            ),
        ];
        for (parameters, message) in cases {
            assert_eq!(refusal(&input("group", GROUP, parameters)).await, message);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn rules_are_asserted_where_they_apply() {
        let prod = ("Environment", "prod");
        for (parameters, message) in [
            ([prod, ("Days", "30")], "Rule LongInProduction failed: production keeps its logs"),
            ([prod, ("Days", "90")], "Rule LongInProduction failed: an assertion does not hold"),
        ] {
            assert_eq!(refusal(&input("group", GROUP, &parameters)).await, message);
        }
        let setup = Setup::new();
        let accounts = ("Accounts", "111111111111, 222222222222");
        for parameters in [
            [("Environment", "uat"), accounts, ("Days", "7")],
            [prod, ("Name", "x-y"), ("Days", "60")],
        ] {
            let name = format!("group-{}", parameters[0].1);
            let stack = input(&name, GROUP, &parameters);
            setup.aws.create_stack(&setup.target, &stack).await.unwrap();
        }
    }
}
