//! What a template refers to.

use std::collections::BTreeSet;

use super::faults::{Faults, did_you_mean};
use super::function::{FUNCTIONS, call, variables};
use super::long_form::is_extension;
use super::section::Sections;
use crate::document::Node;

/// The parameters that every template has.
const PSEUDO_PARAMETERS: &[&str] = &[
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Refuses references to what the template does not define.
///
/// Not in a template with macros, which may define it, nor in one with modules, whose resources are in none.
pub(super) fn check(sections: &Sections<'_>, faults: &mut Faults<'_>) {
    let is_module = |resource: &Node| {
        let resource_type = resource.get("Type").and_then(Node::text);
        resource_type.is_some_and(|resource_type| resource_type.ends_with("::MODULE"))
    };
    if sections.macros || sections.entries("Resources").any(|(_, _, node)| is_module(node)) {
        return;
    }
    let names = |section| sections.entries(section).map(|(name, ..)| name).collect::<BTreeSet<_>>();
    let mut references = References {
        parameters: names("Parameters"),
        resources: names("Resources"),
        conditions: names("Conditions"),
        mappings: names("Mappings"),
        faults,
    };
    for section in ["Conditions", "Rules"] {
        for (_, _, condition) in sections.entries(section) {
            references.walk(condition, true);
        }
    }
    for (name, _, resource) in sections.entries("Resources") {
        references.resource(name, resource);
    }
    for (_, _, output) in sections.entries("Outputs") {
        references.condition_of(output);
        references.walk(output, false);
    }
}

struct References<'n, 'f, 's> {
    parameters: BTreeSet<&'n str>,
    resources: BTreeSet<&'n str>,
    conditions: BTreeSet<&'n str>,
    mappings: BTreeSet<&'n str>,
    faults: &'f mut Faults<'s>,
}

impl References<'_, '_, '_> {
    fn resource(&mut self, name: &str, resource: &Node) {
        self.condition_of(resource);
        if let Some(depends_on) = resource.get("DependsOn") {
            let is_list = depends_on.text().is_none();
            let targets =
                if is_list { depends_on.items() } else { std::slice::from_ref(depends_on) };
            for target in targets {
                if target.text() == Some(name) {
                    self.faults.add(target, "reference", "a resource cannot depend on itself");
                } else {
                    self.resource_name(target, target.text().unwrap_or_default());
                }
            }
        }
        self.walk(resource, false);
    }

    /// The condition that decides whether a resource or an output is made.
    fn condition_of(&mut self, node: &Node) {
        if let Some(condition) = node.get("Condition") {
            self.condition(condition);
        }
    }

    /// Looks at a value; `in_condition` says whether `Condition: x` in it is a reference. Elsewhere it may be part
    /// of a policy statement.
    fn walk(&mut self, node: &Node, in_condition: bool) {
        let Some((function, argument)) = call(node) else {
            for (_, value) in node.entries() {
                self.walk(value, in_condition);
            }
            for item in node.items() {
                self.walk(item, in_condition);
            }
            return;
        };
        let items = argument.items();
        match function {
            "Ref" => self.reference(argument, argument.text().unwrap_or_default()),
            "Condition" if in_condition && argument.text().is_some() => self.condition(argument),
            "Condition" => self.walk(argument, in_condition),
            "Fn::GetAtt" => {
                if let [resource, attribute] = items {
                    self.resource_name(resource, resource.text().unwrap_or_default());
                    self.walk(attribute, false);
                } else {
                    let message = "`Fn::GetAtt` takes a resource and an attribute";
                    self.faults.add(argument, "function", message);
                }
            }
            "Fn::Sub" => self.substitution(argument),
            "Fn::If" => {
                if let [condition, then, otherwise] = items {
                    self.condition(condition);
                    self.walk(then, false);
                    self.walk(otherwise, false);
                } else {
                    let message = "`Fn::If` takes a condition and two values";
                    self.faults.add(argument, "function", message);
                }
            }
            "Fn::FindInMap" => {
                if let Some(mapping) = items.first()
                    && let Some(name) = mapping.text()
                    && !self.mappings.contains(name)
                {
                    let message = format!("`{name}` is not a mapping of this template");
                    let help = did_you_mean(name, self.mappings.iter().copied());
                    self.faults.add_at(&mapping.span, "reference", message, help);
                }
                self.walk(argument, false);
            }
            "Fn::And" | "Fn::Or" | "Fn::Not" => self.walk(argument, true),
            _ if is_extension(function) => self.faults.add_with_help(
                node,
                "function",
                format!("`{function}` is not there without a transform"),
                "add `Transform: AWS::LanguageExtensions`",
            ),
            _ if FUNCTIONS.contains(&function) => self.walk(argument, in_condition),
            _ => {
                let help = did_you_mean(function, FUNCTIONS.iter().copied());
                let message = format!("there is no function `{function}`");
                self.faults.add_at(&node.span, "function", message, help);
            }
        }
    }

    /// `Fn::Sub`: a text, or a text and a mapping of names that only it knows.
    fn substitution(&mut self, argument: &Node) {
        let (text, locals) = match argument.items() {
            [text, locals] => (text, Some(locals)),
            _ => (argument, None),
        };
        let Some(pattern) = text.text() else {
            let message = "`Fn::Sub` takes a text, or a list of a text and a mapping";
            return self.faults.add(argument, "function", message);
        };
        let names: BTreeSet<_> = variables(pattern).into_iter().collect();
        for name in names {
            if locals.is_some_and(|locals| locals.get(name).is_some()) {
                continue;
            }
            let place = self.variable(text, name);
            let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
            if name.is_empty() || !name.chars().all(is_known) {
                let message = format!("`${{{name}}}` is not a name");
                let help = format!("write `${{!{name}}}` for a literal `${{{name}}}`");
                self.faults.add_with_help(&place, "function", message, help);
            } else if let Some((resource, _)) = name.split_once('.') {
                self.resource_name(&place, resource);
            } else {
                self.reference(&place, name);
            }
        }
        if let Some(locals) = locals {
            self.walk(locals, false);
        }
    }

    /// The place of `${name}` in a text; the whole text if it is not written there as it is.
    fn variable(&self, text: &Node, name: &str) -> Node {
        let written = format!("${{{name}}}");
        let source = self.faults.source.text();
        let mut place = text.clone();
        if let Some(index) = source.get(text.span.clone()).and_then(|slice| slice.find(&written)) {
            let start = text.span.start + index;
            place.span = start..start + written.len();
        }
        place
    }

    fn reference(&mut self, node: &Node, name: &str) {
        let is_known = self.parameters.contains(name)
            || self.resources.contains(name)
            || PSEUDO_PARAMETERS.contains(&name);
        if !is_known {
            let known = self.parameters.iter().chain(&self.resources).chain(PSEUDO_PARAMETERS);
            let help = did_you_mean(name, known.copied());
            let message =
                format!("`{name}` is neither a parameter nor a resource of this template");
            self.faults.add_at(&node.span, "reference", message, help);
        }
    }

    fn resource_name(&mut self, node: &Node, name: &str) {
        if !self.resources.contains(name) {
            let help = did_you_mean(name, self.resources.iter().copied());
            let message = format!("`{name}` is not a resource of this template");
            self.faults.add_at(&node.span, "reference", message, help);
        }
    }

    fn condition(&mut self, node: &Node) {
        let name = node.text().unwrap_or_default();
        if !self.conditions.contains(name) {
            let help = did_you_mean(name, self.conditions.iter().copied());
            let message = format!("`{name}` is not a condition of this template");
            self.faults.add_at(&node.span, "reference", message, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, parse};
    use crate::template::long_form::expand;

    fn faults(text: &str) -> Vec<String> {
        let source = Source::new("t", text);
        let mut faults = Faults::new(&source);
        let root = expand(parse(&source).unwrap(), &mut faults);
        check(&Sections::new(&root), &mut faults);
        faults.into_vec().iter().map(ToString::to_string).collect()
    }

    const DEFINED: &str = "Parameters: {P: {Type: String}}\nMappings: {M: {a: {b: c}}}\nConditions:\n  \
                           C: !Equals [!Ref P, x]\n  D: !Not [!Condition C]\n  E: {Condition: D}\nResources:\n  ";

    #[test]
    fn references_to_what_is_there_are_fine() {
        let text = "R:\n    Type: A1::B1::C1\n    Condition: C\n    DependsOn: [S]\n    Properties:\n      \
                    a: !Sub '${P}-${!literal}-${S.Arn}-${AWS::Region}-${S}'\n      b: !Sub ['${x}${P}', {x: !Ref S}]\n      \
                    c: !GetAtt S.A.B\n      d: !GetAtt [S, !Ref P]\n      e: !If [C, !Ref AWS::NoValue, 1]\n      \
                    f: !FindInMap [M, a, !Ref P]\n      g: {Statement: [{Condition: {StringEquals: {a: !Ref P}}}]}\n      \
                    h: {Condition: anything}\n      i: !FindInMap [!Ref P, a, b]\n  S: {Type: 'A1::B1::C1'}\n";
        assert_eq!(faults(&format!("{DEFINED}{text}")), [""; 0]);
    }

    #[test]
    fn references_to_what_is_not_there_are_refused_at_their_place() {
        let text = "R:\n    Type: A1::B1::C1\n    Condition: X\n    DependsOn: [Q, R]\n    Properties:\n      \
                    a: !Sub |\n        one\n        ${Missing}\n      b: !Sub ['${x}', {y: !Ref Q}]\n      c: !GetAtt P.A\n      \
                    d: !If [Y, 1, 2]\n      e: !FindInMap [N, a, b]\n      f: !Ref AWS::Regoin\n      g: !Sub '${a b}'\n      \
                    h: {Fn::Foo: 1}\n      i: !If [C, 1]\n      j: !Length [1]\nOutputs: {O: {Condition: Z, Value: !Ref X}}\n";
        assert_eq!(
            faults(&format!("{DEFINED}{text}").replace("!Condition C", "!Condition B")),
            [
                "t:5:23: `B` is not a condition of this template",
                "t:10:16: `X` is not a condition of this template",
                "t:11:17: `Q` is not a resource of this template",
                "t:11:20: a resource cannot depend on itself",
                "t:15:9: `Missing` is neither a parameter nor a resource of this template",
                "t:16:17: `x` is neither a parameter nor a resource of this template",
                "t:16:33: `Q` is neither a parameter nor a resource of this template",
                "t:17:18: `P` is not a resource of this template",
                "t:18:15: `Y` is not a condition of this template",
                "t:19:22: `N` is not a mapping of this template",
                "t:20:15: `AWS::Regoin` is neither a parameter nor a resource of this template",
                "t:21:16: `${a b}` is not a name",
                "t:22:10: there is no function `Fn::Foo`",
                "t:23:14: `Fn::If` takes a condition and two values",
                "t:24:10: `Fn::Length` is not there without a transform",
                "t:25:26: `Z` is not a condition of this template",
                "t:25:41: `X` is neither a parameter nor a resource of this template",
            ]
        );
    }

    #[test]
    fn nothing_is_said_of_templates_that_macros_or_modules_complete() {
        assert_eq!(
            faults("Transform: M\nResources: {R: {Type: 'A1::B1::C1', DependsOn: X}}\n"),
            [""; 0]
        );
        assert_eq!(faults("Resources: {R: {Type: 'A1::B1::C1::MODULE', DependsOn: X}}\n"), [""; 0]);
    }
}
