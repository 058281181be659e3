//! A file of Guard rules, held against templates.

use std::collections::BTreeSet;

use cfn_guard::{Error, ValidateInput, run_checks};
use include_dir::{Dir, include_dir};

use super::message;
use super::record::{Failure, Record};
use crate::document::{Diagnostic, Source};
use crate::lint::finding::Finding;
use crate::lint::subject::Subject;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/guard");

/// The code of a fault of a rule file itself.
const FAULT: &str = "guard-rules";

/// The rules that come with avm.
pub(in crate::lint) fn built_in() -> Vec<RuleFile> {
    let mut files: Vec<_> = BUILT_IN.files().collect();
    files.sort_by_key(|file| file.path());
    let source = |file: &include_dir::File<'_>| {
        Some(Source::new(&file.path().display().to_string(), file.contents_utf8()?))
    };
    files.into_iter().filter_map(source).map(RuleFile::new).collect()
}

/// A file of rules.
#[derive(Debug)]
pub(in crate::lint) struct RuleFile {
    source: Source,
    rules: Vec<String>,
}

impl RuleFile {
    /// The rules of a text, which need not be valid.
    pub(in crate::lint) fn new(source: Source) -> Self {
        let rules = source.text().lines().filter_map(rule_name).map(str::to_owned).collect();
        Self { source, rules }
    }

    /// The names of its rules, without those that only others call.
    pub(in crate::lint) fn rules(&self) -> &[String] {
        &self.rules
    }

    /// Whether Guard understands the file.
    pub(in crate::lint) fn check(&self) -> Result<(), Diagnostic> {
        match self.run("{}") {
            Ok(record) if record.is_empty() => {
                Err(Diagnostic::new(&self.source, &(0..0), FAULT, "there is no rule in the file"))
            }
            Err(Error::ParseError(text)) => Err(self.syntax_error(&text)),
            // Without a template, a rule may miss what it asks for.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// The rules that a template breaks.
    pub(in crate::lint) fn findings(&self, subject: &Subject) -> Result<Vec<Finding>, Diagnostic> {
        let name = subject.template.source().name();
        let fault = |why: String| {
            let message = format!("Guard cannot hold these rules against {name}: {why}");
            Diagnostic::new(&self.source, &(0..0), FAULT, message)
        };
        // Not the file's text: Guard's own reader of YAML does not know all that CloudFormation does.
        let template = subject.template.value().to_string();
        let record = self.run(&template).map_err(|error| fault(error.to_string()))?;
        let record: Record =
            serde_json::from_str(&record).map_err(|error| fault(error.to_string()))?;
        let mut told = BTreeSet::new();
        let findings = record.failures().into_iter().map(|failure| finding(subject, failure));
        Ok(findings
            .filter(|it| told.insert((it.rule.clone(), it.span.start, it.message.clone())))
            .collect())
    }

    /// Guard's record of every clause, as JSON. Its shorter report ends after 8 KiB (`cfn-guard` 3.2.1 reads what its
    /// `BufWriter` holds and has not passed on), so the long one it is.
    fn run(&self, template: &str) -> Result<String, Error> {
        let data = ValidateInput { content: template, file_name: "template" };
        let rules = ValidateInput { content: self.source.text(), file_name: self.source.name() };
        run_checks(data, rules, true)
    }

    fn syntax_error(&self, text: &str) -> Diagnostic {
        let at = place(self.source.text(), text).unwrap_or_default();
        Diagnostic::new(&self.source, &(at..at), FAULT, "Guard does not understand this rule")
            .help("docs/strict.md shows one, and Guard's own documentation has the language")
    }
}

/// The name in `rule NAME when ...`; a rule with parameters is not one of its own.
fn rule_name(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("rule ")?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    (!name.is_empty() && !behind.trim_start().starts_with('(')).then_some(name)
}

/// The byte that Guard's message speaks of: `... at line 3 at column 7 ...`.
fn place(text: &str, message: &str) -> Option<usize> {
    let number = |label: &str| -> Option<usize> {
        let behind = message.split_once(label)?.1;
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        behind[..end].parse().ok()
    };
    let (line, column) = (number("at line ")?, number("at column ")?);
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within = text[start..].char_indices().nth(column.checked_sub(1)?);
    Some(within.map_or(text.len(), |(at, _)| start + at))
}

fn finding(subject: &Subject, failure: Failure) -> Finding {
    let Failure { rule, path, message, clause } = failure;
    let (message, help) = message.as_deref().map(message::split).unwrap_or_default();
    let message =
        if message.is_empty() { format!("this does not hold: {clause}") } else { message };
    let resource = path.strip_prefix("/Resources/").and_then(|path| path.split('/').next());
    Finding {
        rule: rule.into(),
        resource: resource.map(str::to_owned),
        span: subject.place(&path),
        message,
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> RuleFile {
        RuleFile::new(Source::new("guard/own.guard", text))
    }

    fn subject(template: &str) -> Subject {
        Subject::parse(&Source::new("templates/t.yaml", template)).unwrap()
    }

    fn told(rules: &str, template: &str) -> Vec<String> {
        let findings = file(rules).findings(&subject(template)).unwrap();
        findings
            .into_iter()
            .map(|finding| {
                format!("{} {}: {}", finding.rule, &template[finding.span], finding.message)
            })
            .collect()
    }

    #[test]
    fn rules_that_others_call_are_not_counted() {
        let text = "rule A { x exists }\n  rule B_1 when %x !empty {\n# rule C\nrule helper(x) {\nrule  D{\n";
        assert_eq!(file(text).rules(), ["A", "B_1", "D"]);
    }

    #[test]
    fn what_comes_with_avm_is_understood() {
        let files = built_in();
        assert!(files.len() > 5, "{files:#?}");
        for file in files {
            assert_eq!(file.check(), Ok(()));
            assert!(!file.rules().is_empty(), "{file:?}");
        }
    }

    #[test]
    fn a_file_that_guard_does_not_understand_is_a_fault_at_its_place() {
        let fault =
            file("rule A {\n  Resources exists\n}\nrule B {\n  Resources.* exist\n}\n").check();
        let fault = fault.unwrap_err();
        assert_eq!(fault.code, FAULT);
        assert!(fault.source.place(&fault.span).line >= 4, "{fault}");
        assert_eq!(
            file("# nothing\n").check().unwrap_err().message,
            "there is no rule in the file"
        );
    }

    #[test]
    fn short_forms_are_seen_in_their_long_form() {
        let template = "Resources:
  It:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub ['${A}-x', {A: !GetAtt Other.TopicName}]
  Other: {Type: AWS::SNS::Topic}
";
        let rules = "rule R {
  Resources.It.Properties.TopicName.'Fn::Sub'[1].A.'Fn::GetAtt'[1] == 'TopicArn' <<it is another>>
}";
        assert_eq!(told(rules, template), ["R Other.TopicName: it is another"]);
    }

    #[test]
    fn a_rule_without_words_of_its_own_is_told_in_those_of_guard() {
        let template = "Resources: {It: {Type: AWS::SNS::Topic}}";
        let rules = "rule R { Resources.*.Properties.TopicName exists }";
        let words = "R It: this does not hold: Resources.*.Properties.TopicName EXISTS";
        assert_eq!(told(rules, template), [words]);
    }

    #[test]
    fn a_rule_that_is_called_speaks_in_the_name_of_its_caller() {
        let rules = "rule inner(topics) { %topics.Properties exists <<bare>> }
rule OUTER { inner(Resources.*) }";
        assert_eq!(told(rules, "Resources: {It: {Type: AWS::SNS::Topic}}"), ["OUTER It: bare"]);
    }

    #[test]
    fn of_many_findings_none_is_lost() {
        let topic = |index| format!("  Topic{index}: {{Type: AWS::SNS::Topic}}\n");
        let template = ["Resources:\n".to_owned()].into_iter().chain((0..300).map(topic));
        let rules = "rule R { Resources.*.Properties exists <<bare>> }";
        assert_eq!(told(rules, &template.collect::<String>()).len(), 300);
    }

    #[test]
    fn a_rule_that_cannot_be_evaluated_is_a_fault_of_its_file() {
        let rules = "rule R { %nowhere exists }";
        let template = subject("Resources: {It: {Type: AWS::SNS::Topic}}");
        let fault = file(rules).findings(&template).unwrap_err();
        assert!(fault.message.contains("templates/t.yaml"), "{fault}");
        assert_eq!(fault.source.name(), "guard/own.guard");
    }
}
