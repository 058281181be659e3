//! All templates of a folder, and all rules.

use std::path::Path;

use super::guard::{self, RuleFile};
use super::subject::Subject;
use super::suppression::{self, Suppressions};
use super::{policy, secrets};
use crate::desired::sources;
use crate::document::Diagnostic;

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// How many templates were looked at; those that cannot be read are not among them.
    pub templates: usize,
    /// How many rules each of them was held against.
    pub rules: usize,
    /// Everything that was found, with the faults of templates and rule files that cannot be read.
    pub findings: Vec<Diagnostic>,
}

/// Looks at every template of a folder, whether a baseline names it or not.
pub fn review(directory: &Path) -> Review {
    let (templates, mut findings) = sources(directory, "templates", &[".yaml", ".yml", ".json"]);
    let (own, faults) = sources(directory, "guard", &[".guard"]);
    findings.extend(faults);
    let mut files = guard::built_in();
    files.extend(own.into_iter().map(RuleFile::new));
    files.retain(|file| file.check().map_err(|fault| findings.push(fault)).is_ok());
    let mut looked_at = 0;
    for source in templates {
        match Subject::parse(&source) {
            Ok(subject) => {
                looked_at += 1;
                findings.extend(look(&subject, &files));
            }
            Err(faults) => findings.extend(faults),
        }
    }
    let rules = files.iter().map(|file| file.rules().len()).sum::<usize>() + parsed().count();
    Review { templates: looked_at, rules, findings }
}

/// The names of the rules that come with avm, in order.
pub fn built_in_rules() -> Vec<String> {
    let files = guard::built_in();
    let guard = files.iter().flat_map(RuleFile::rules).cloned();
    let mut rules: Vec<_> = guard.chain(parsed().map(str::to_owned)).collect();
    rules.sort();
    rules
}

/// The rules that are no rules of Guard.
fn parsed() -> impl Iterator<Item = &'static str> {
    policy::RULES.iter().chain(secrets::RULES).copied().chain([suppression::RULE])
}

/// What all rules say of one template, except for what it breaks on purpose.
fn look(subject: &Subject, files: &[RuleFile]) -> Vec<Diagnostic> {
    let source = subject.template.source();
    let (suppressions, unexplained) = Suppressions::read(subject);
    let mut findings = unexplained;
    let mut faults = Vec::new();
    for file in files {
        match file.findings(subject) {
            Ok(found) => findings.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    findings.extend(policy::findings(subject));
    findings.extend(secrets::findings(subject));
    findings.retain(|finding| !suppressions.cover(finding));
    faults.extend(findings.into_iter().map(|finding| finding.into_diagnostic(source)));
    faults
}
