//! Small templates, for tests.

use super::rules;
use crate::document::Source;
use crate::lint::subject::Subject;

/// The words of a template at which a rule finds something.
#[track_caller]
pub(super) fn found<'a>(rule: &str, template: &'a str) -> Vec<&'a str> {
    let subject = match Subject::parse(&Source::new("t", template)) {
        Ok(subject) => subject,
        Err(faults) => panic!("{:#?}", faults.iter().map(ToString::to_string).collect::<Vec<_>>()),
    };
    let mut findings = rules::findings(&subject);
    findings.retain(|finding| finding.rule == rule);
    findings.into_iter().map(|finding| &template[finding.span]).collect()
}

/// A template with one key that has these statements: a list in one line each.
pub(super) fn key(statements: &str) -> String {
    resource("AWS::KMS::Key", "KeyPolicy", statements)
}

/// A template with one resource that has a policy of these statements, a parameter `Partner` that may be empty, and a
/// condition `HasPartner` on it.
pub(super) fn resource(resource_type: &str, property: &str, statements: &str) -> String {
    let indented = format!("          {}\n", statements.replace('\n', "\n          "));
    format!(
        "Parameters:
  Partner: {{Type: String, Default: ''}}
Conditions:
  HasPartner: !Not [!Equals [!Ref Partner, '']]
  IsHome: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  It:
    Type: {resource_type}
    Properties:
      {property}:
        Version: '2012-10-17'
        Statement:
{indented}"
    )
}
