//! Parameters that a stack gives, beside those that its template has.

use super::baseline::User;
use crate::desired::files::{StackEntry, ValueEntry, ValueSource};
use crate::desired::nearest::{nearest, suggest};
use crate::desired::shape::Located;
use crate::document::Diagnostic;
use crate::template::{Parameter, Template};

/// Where a secret can come from.
const FROM_ELSEWHERE: &str = "write {secret: {environment-variable: NAME}}, or let the template read it from Secrets \
     Manager";

/// Every parameter that is given exists, none that must be given is missing, and no secret is in a file or shown by AWS.
pub(super) fn check(
    user: &User<'_>,
    stack: &Located<StackEntry>,
    template: &Template,
    faults: &mut Vec<Diagnostic>,
) {
    for (name, value) in &stack.value.parameters.0 {
        let Some(parameter) = template.parameters().get(&name.value) else {
            faults.push(unknown(user, template, name.value.as_str(), &name.span));
            continue;
        };
        let Some(value) = value else { continue };
        let is_secret = matches!(value.value, ValueEntry::From(ValueSource::Secret(_)));
        if parameter.no_echo && !is_secret {
            let fault = user.fault(
                &name.span,
                "secret",
                format!("{} is NoEcho: a secret does not belong in a file", name.value),
            );
            let help = if matches!(value.value, ValueEntry::From(ValueSource::Output(_))) {
                "AWS hides such a value, so avm could never tell whether it changed: \
                 let the template read it from Secrets Manager"
            } else {
                FROM_ELSEWHERE
            };
            faults.push(fault.help(help));
        } else if is_secret && !parameter.no_echo {
            let message = format!("{} is not NoEcho: AWS would show the secret", name.value);
            let fault = user.fault(&name.span, "secret-shown", message);
            faults.push(fault.help(format!("add NoEcho: true in {}", template.source().name())));
        } else if let ValueEntry::Literal(literal) = &value.value
            && let Some(wrong) = wrong_value(parameter, &literal.0)
        {
            let message = format!("{} does not take {:?}: {wrong}", name.value, literal.0);
            let fault = user.fault(&value.span, "value-not-allowed", message);
            let allowed = parameter.allowed_values.iter().map(String::as_str);
            faults.push(match nearest(&literal.0, allowed) {
                Some(near) => fault.help(format!("did you mean {near}?")),
                None => fault,
            });
        }
    }
    missing(user, stack, template, faults);
}

/// Why the template would refuse the value, if it would.
pub(super) fn wrong_value(parameter: &Parameter, value: &str) -> Option<String> {
    let is_list = parameter.parameter_type == "CommaDelimitedList"
        || parameter.parameter_type.starts_with("List<");
    let items: Vec<_> =
        if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let is_number = matches!(parameter.parameter_type.as_str(), "Number" | "List<Number>");
    if is_number && !items.iter().all(|item| item.parse::<f64>().is_ok()) {
        return Some("it is a number".into());
    }
    let allowed = &parameter.allowed_values;
    let refused = !allowed.is_empty()
        && !items.iter().all(|item| allowed.iter().any(|allowed| allowed == item));
    refused.then(|| format!("it takes {}", allowed.join(", ")))
}

fn unknown(
    user: &User<'_>,
    template: &Template,
    name: &str,
    span: &std::ops::Range<usize>,
) -> Diagnostic {
    let message = format!("{} has no parameter {name}", template.source().name());
    let fault = user.fault(span, "unknown-parameter", message);
    suggest(fault, name, template.parameters().keys().map(String::as_str))
}

fn missing(
    user: &User<'_>,
    stack: &Located<StackEntry>,
    template: &Template,
    faults: &mut Vec<Diagnostic>,
) {
    let place = stack.value.place(&stack.span);
    for (name, parameter) in template.parameters() {
        let given = stack.value.parameters.0.iter().any(|(given, _)| given.value == *name);
        if given || parameter.default.is_some() {
            continue;
        }
        faults.push(if parameter.no_echo {
            let message = format!("{name} is NoEcho, has no default and is not given");
            user.fault(place, "secret", message).help(FROM_ELSEWHERE)
        } else {
            let message = format!("the parameter {name} has no default and is not given");
            user.fault(place, "missing-parameter", message)
        });
    }
}
