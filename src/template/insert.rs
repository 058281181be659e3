//! The file's bytes plus one output.

use super::digest::{DIGEST_OUTPUT, Digest};
use crate::document::{Node, Source};

/// The text of a template with the digest as its first output. Every byte of the file stays, in its order.
///
/// First and not last, because the start of a block is plain to see and its end is not: comments, blank lines and
/// kept line ends belong to it or do not.
pub(super) fn digest_output(source: &Source, root: &Node, digest: &Digest) -> String {
    let text = source.text();
    let value = digest.as_str();
    let is_flow = |node: &Node| text[node.span.start..].starts_with('{');
    match root.get("Outputs") {
        Some(outputs) if is_flow(outputs) => {
            let entry = format!("\"{DIGEST_OUTPUT}\": {{\"Value\": \"{value}\"}}");
            insert_into_braces(text, outputs, &entry)
        }
        Some(outputs) => {
            let indent = indent(text, outputs.span.start);
            let lines =
                [format!("{DIGEST_OUTPUT}:"), format!("{indent}  Value: \"{value}\""), indent];
            insert_lines(text, outputs.span.start, &lines)
        }
        None if is_flow(root) => {
            // What starts with a brace and a quote is JSON: a YAML file must not begin to look like it.
            let is_json = root
                .entries()
                .first()
                .is_some_and(|(key, _)| text[key.span.start..].starts_with('"'));
            let key = if is_json { "\"Outputs\"" } else { "Outputs" };
            let entry = format!("{key}: {{\"{DIGEST_OUTPUT}\": {{\"Value\": \"{value}\"}}}}");
            insert_into_braces(text, root, &entry)
        }
        None => {
            let indent = indent(text, root.span.start);
            let lines = [
                "Outputs:".to_owned(),
                format!("{indent}  {DIGEST_OUTPUT}:"),
                format!("{indent}    Value: \"{value}\""),
                indent,
            ];
            insert_lines(text, root.span.start, &lines)
        }
    }
}

/// Puts `entry` first into a mapping between braces, on a line of its own if the other entries have one.
fn insert_into_braces(text: &str, mapping: &Node, entry: &str) -> String {
    let (before, behind) = text.split_at(mapping.span.start + 1);
    if mapping.entries().is_empty() {
        return format!("{before}{entry}{behind}");
    }
    let blanks = &behind[..behind.len() - behind.trim_start().len()];
    let (line, gap) = if blanks.contains('\n') { (blanks, "") } else { ("", " ") };
    let gap = if behind.starts_with(char::is_whitespace) { "" } else { gap };
    format!("{before}{line}{entry},{gap}{behind}")
}

/// Puts lines before the byte `start`, the last one without its end.
fn insert_lines(text: &str, start: usize, lines: &[String]) -> String {
    let line_end = match text.find('\n') {
        Some(index) if text[..index].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let (before, behind) = text.split_at(start);
    format!("{before}{}{behind}", lines.join(line_end))
}

/// Blanks up to the column of the byte `start`.
fn indent(text: &str, start: usize) -> String {
    let line_start = text[..start].rfind(['\n', '\r']).map_or(0, |index| index + 1);
    // The byte-order mark has no column.
    let column = text[line_start..start].chars().filter(|c| *c != '\u{feff}').count();
    " ".repeat(column)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::template::Template;

    /// What is sent for a file, with the digest itself left out.
    fn sent(text: &str) -> String {
        let template = Template::parse(&Source::new("t", text)).unwrap();
        template.body().replace(template.digest().as_str(), "DIGEST")
    }

    const RESOURCES: &str = "Resources:\n  A: {Type: AWS::SNS::Topic}\n";

    #[test]
    fn a_block_of_outputs_gets_one_more_at_its_own_indentation() {
        assert_eq!(
            sent(&format!("{RESOURCES}Outputs: # c\n    # first\n    B:\n        Value: x")),
            format!(
                "{RESOURCES}Outputs: # c\n    # first\n    AvmTemplateDigest:\n      Value: \"DIGEST\"\n    B:\n        Value: x"
            )
        );
    }

    #[test]
    fn a_file_without_outputs_gets_them_first() {
        let text = format!("\u{feff}# c\n---\n{RESOURCES}");
        assert_eq!(
            sent(&text),
            format!(
                "\u{feff}# c\n---\nOutputs:\n  AvmTemplateDigest:\n    Value: \"DIGEST\"\n{RESOURCES}"
            )
        );
        let text = format!("\u{feff}{RESOURCES}");
        assert!(sent(&text).starts_with("\u{feff}Outputs:\n"));
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        let text = format!("{RESOURCES}Outputs:\n  B:\n    Value: x\n").replace('\n', "\r\n");
        assert!(
            sent(&text)
                .contains("Outputs:\r\n  AvmTemplateDigest:\r\n    Value: \"DIGEST\"\r\n  B:\r\n")
        );
    }

    #[test]
    fn braces_get_an_entry_between_braces() {
        let entry = "\"AvmTemplateDigest\": {\"Value\": \"DIGEST\"}";
        assert_eq!(
            sent(&format!("{RESOURCES}Outputs: {{}}")),
            format!("{RESOURCES}Outputs: {{{entry}}}")
        );
        assert_eq!(
            sent(&format!("{RESOURCES}Outputs: {{B: {{Value: x}}}}")),
            format!("{RESOURCES}Outputs: {{{entry}, B: {{Value: x}}}}")
        );
        let json = "{\n  \"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}";
        assert_eq!(
            sent(&format!("{json}\n}}")),
            json.replacen('\n', &format!("\n  \"Outputs\": {{{entry}}},\n"), 1) + "\n}"
        );
        assert_eq!(
            sent(&format!("{json},\n  \"Outputs\": {{\n    \"B\": {{\"Value\": 1}}\n  }}\n}}")),
            format!(
                "{json},\n  \"Outputs\": {{\n    {entry},\n    \"B\": {{\"Value\": 1}}\n  }}\n}}"
            )
        );
    }

    #[test]
    fn outputs_that_nothing_can_be_added_to_are_refused() {
        let text = "Resources: {A: {Type: AWS::SNS::Topic}}\nOutputs: !Transform {Name: M}\n";
        let faults = Template::parse(&Source::new("t", text)).unwrap_err();
        assert_eq!(
            faults[0].to_string(),
            "t:2:10: avm cannot add its output `AvmTemplateDigest` here"
        );
    }

    /// Templates in all the ways in which their outputs may be written.
    fn texts() -> impl Strategy<Value = String> {
        let resources = prop_oneof![
            Just(
                "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: |+\n        x\n\n"
            ),
            Just("Resources: {A: {Type: AWS::SNS::Topic}} # c\n"),
        ];
        let outputs = prop_oneof![
            Just(""),
            Just("Outputs: {}\n"),
            Just("Outputs: { # c\n  B: {Value: x}, }\n"),
            Just("Outputs:\n  B: {Value: x}\n# c\n\n"),
            Just(
                "Outputs:\n      # c\n\n      B:\n         Value: !Sub |\n           x\n      C: {Value: !GetAtt A.TopicArn}"
            ),
            Just("\"Outputs\" :\n 'B': {Value: x}\n"),
            Just("? Outputs\n: B: {Value: x}\n"),
        ];
        let json = prop_oneof![
            Just("{\"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}}"),
            Just(
                "{\n\t\"Outputs\":{},\n\t\"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}\n}\n"
            ),
            Just(
                "{\"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}, \"Outputs\": {\n\n\"B\": {\"Value\": \"x\"}}}"
            ),
            Just("{Resources: {A: {Type: AWS::SNS::Topic}}, # c\n}"),
        ];
        let head = prop_oneof![
            Just(""),
            Just("---\n"),
            Just("# c\n\n"),
            Just("%YAML 1.1\n---\n"),
            Just("Description: x\n")
        ];
        let yaml = (head, resources, outputs, any::<bool>(), 0..4_usize).prop_map(
            |(head, resources, outputs, outputs_first, indent)| {
                let outputs_first = outputs_first && outputs.ends_with('\n');
                let (first, second) =
                    if outputs_first { (outputs, resources) } else { (resources, outputs) };
                if head.is_empty() {
                    let margin = " ".repeat(indent);
                    let lines = [first, second].concat();
                    let lines: Vec<_> = lines.split_inclusive('\n').collect();
                    return margin.clone() + &lines.join(&margin);
                }
                [head, first, second].concat()
            },
        );
        let text = prop_oneof![yaml, json.prop_map(str::to_owned)];
        (text, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(text, mark, carriage_return, trim)| {
                let text = if carriage_return { text.replace('\n', "\r\n") } else { text };
                let text = if trim { text.trim_end().to_owned() } else { text };
                if mark { format!("\u{feff}{text}") } else { text }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_sent_is_the_file_with_one_output_more_and_has_its_digest(text in texts()) {
            let template = Template::parse(&Source::new("t", &text)).unwrap();
            let body = template.body();
            let sent = Template::parse_deployed(&Source::new("t", &body)).unwrap();
            prop_assert_eq!(sent.digest(), template.digest());
            prop_assert_eq!(sent.value(), template.value());
            prop_assert!(body.contains(template.digest().as_str()));
            // One place was opened, and nothing else happened.
            let added = body.len() - text.len();
            let is_file = |start: usize| {
                body.starts_with(&text[..start]) && body.ends_with(&text[start..])
            };
            prop_assert!(added < 160);
            prop_assert!((0..=text.len()).filter(|start| text.is_char_boundary(*start)).any(is_file), "{}", body);
        }
    }
}
