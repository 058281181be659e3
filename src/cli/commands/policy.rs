//! `avm policy`: what the roles that run avm must be allowed for this folder. Without AWS.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::arguments::{PolicyArguments, PolicyFormat, PurposeName};
use crate::cli::diagnostics;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::show::no_json;
use crate::desired::load;
use crate::policy::{MAX_CHARACTERS, MAX_POLICIES, Policy, Purpose, Role, policies};
use crate::render::{count, json};

/// What is printed where one document is not all.
#[derive(Debug, Serialize)]
struct Listing<'a> {
    policies: &'a [Policy],
}

pub(in crate::cli) fn policy<P>(
    context: &Context<'_, P>,
    arguments: &PolicyArguments,
) -> Result<Exit, Failure> {
    let printer = context.printer;
    let folder =
        load(&context.global.directory).map_err(|faults| diagnostics::show(printer, &faults))?;
    let purpose = purpose(arguments.purpose);
    let wanted = |role| match role {
        Role::Management => !arguments.member,
        Role::Member => !arguments.management,
    };
    let mut all = Vec::new();
    for role in [Role::Management, Role::Member].into_iter().filter(|role| wanted(*role)) {
        let of_role = policies(&folder.state, purpose, role);
        if of_role.len() > MAX_POLICIES {
            printer.hint(&format!(
                "{} for one role: IAM attaches {MAX_POLICIES}, unless AWS raises the quota",
                count(of_role.len(), "policy")
            ));
        }
        all.extend(of_role);
    }
    let one_role = arguments.management || arguments.member;
    let text = match (arguments.format, all.as_slice()) {
        (PolicyFormat::Text, policies) => text(policies),
        (PolicyFormat::Json, [policy]) if one_role => {
            json::pretty(&policy.document).map_err(no_json)?
        }
        (PolicyFormat::Json, policies) => json::pretty(&Listing { policies }).map_err(no_json)?,
    };
    printer.data(&text)?;
    if one_role && all.len() > 1 {
        printer.hint(&format!(
            "the role needs {} documents, because IAM takes {MAX_CHARACTERS} characters in one",
            all.len()
        ));
    }
    Ok(Exit::Done)
}

fn purpose(name: PurposeName) -> Purpose {
    match name {
        PurposeName::Plan => Purpose::Plan,
        PurposeName::Preview => Purpose::Preview,
        PurposeName::Apply => Purpose::Apply,
    }
}

fn text(policies: &[Policy]) -> String {
    let mut text = String::new();
    for policy in policies {
        let role = match policy.attached_to {
            Role::Management => "the role of the management account",
            Role::Member => "the role in member accounts",
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{}: for {role}, {} of {MAX_CHARACTERS} characters\n",
            policy.name, policy.characters
        );
        for statement in &policy.document.statements {
            let _ = writeln!(text, "  {}: {}", statement.sid, statement.why);
            for action in &statement.actions {
                let _ = writeln!(text, "    {action}");
            }
            for resource in statement.resources.iter().filter(|resource| *resource != "*") {
                let _ = writeln!(text, "    on {resource}");
            }
            for (operator, keys) in &statement.conditions {
                for (key, values) in keys {
                    let _ = writeln!(text, "    if {operator} {key}: {}", values.join(", "));
                }
            }
            text.push('\n');
        }
    }
    text
}
