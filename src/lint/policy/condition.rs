//! Conditions of statements.

use super::document::Policy;
use super::rules::Report;
use crate::desired::nearest;
use crate::document::Node;
use crate::template::call;

const RULE: &str = "policy-condition";

/// The operators, without what may stand before and behind them (IAM user guide, "IAM JSON policy elements:
/// Condition operators").
const OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

/// An operator by its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Operator<'a> {
    /// `ForAllValues` or `ForAnyValue`.
    pub(super) quantifier: Option<&'a str>,
    /// The name in the middle.
    pub(super) name: &'a str,
    /// Whether it also holds where the key is missing.
    pub(super) if_exists: bool,
}

impl<'a> Operator<'a> {
    pub(super) fn read(word: &'a str) -> Self {
        let (quantifier, rest) = match word.split_once(':') {
            Some((quantifier, rest)) => (Some(quantifier), rest),
            None => (None, word),
        };
        let stripped = rest.strip_suffix("IfExists");
        Self { quantifier, name: stripped.unwrap_or(rest), if_exists: stripped.is_some() }
    }

    fn is_known(self) -> bool {
        let quantifier =
            self.quantifier.is_none_or(|it| matches!(it, "ForAllValues" | "ForAnyValue"));
        // IAM takes operators in any case.
        let name = OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(self.name));
        quantifier && name && !(self.if_exists && self.name.eq_ignore_ascii_case("Null"))
    }
}

/// Checks the operators.
pub(super) fn check(policy: &Policy<'_>, report: &mut Report<'_>) {
    for statement in &policy.statements {
        let Some(condition) = statement.get("Condition") else { continue };
        if call(condition).is_some() {
            continue;
        }
        for (key, _) in condition.entries() {
            let word = key.text().unwrap_or_default();
            let operator = Operator::read(word);
            if !operator.is_known() && !word.starts_with("Fn::") {
                let help = nearest(operator.name, OPERATORS.iter().copied())
                    .map_or_else(String::new, |near| format!("did you mean {near}?"));
                report.add(RULE, key, format!("there is no condition operator `{word}`"), &help);
            }
        }
    }
}

/// A condition's tests: the operator, the key, the values. What CloudFormation makes is not among them.
pub(super) fn tests(condition: &Node) -> impl Iterator<Item = (Operator<'_>, &str, &Node)> {
    condition.entries().iter().flat_map(|(operator, tests)| {
        let operator = Operator::read(operator.text().unwrap_or_default());
        let keys = tests.entries().iter();
        keys.filter_map(move |(key, values)| Some((operator, key.text()?, values)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::{found, key};

    #[test]
    fn operators_have_quantifiers_before_and_if_exists_behind() {
        let of = |operator: &str| {
            let condition = format!("{{'{operator}': {{aws:PrincipalOrgID: x}}}}");
            key(&format!(
                "- {{Effect: Deny, Principal: '*', Action: kms:Decrypt, Resource: '*', Condition: {condition}}}"
            ))
        };
        for known in ["StringEquals", "ForAnyValue:ArnLikeIfExists", "Null", "stringlike"] {
            assert_eq!(found(RULE, &of(known)), [""; 0], "{known}");
        }
        for unknown in ["StringEqual", "ForOneValue:Bool", "NullIfExists", "Equals"] {
            assert_eq!(found(RULE, &of(unknown)).len(), 1, "{unknown}");
        }
    }
}
