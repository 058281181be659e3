//! The rules of `avm validate --strict`, on templates that say which of them they break.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use avm::document::{Diagnostic, Node, Source, parse};
use avm::lint::{Review, built_in_rules, review};
use tempfile::TempDir;

/// A rule, and the resource that breaks it; no resource for what stands outside of resources.
type Break = (String, Option<String>);

/// Every resource of the fixtures lists under `Metadata: Breaks:` what it breaks, and those that do not, break nothing.
#[test]
fn each_rule_finds_what_breaks_it_and_nothing_else() {
    let mut broken = BTreeSet::new();
    for path in files(&root().join("tests/fixtures/strict")) {
        let text = fs::read_to_string(&path).unwrap();
        let (expected, found) = (declared(&text), breaks(&text, &reviewed(&text)));
        assert_eq!(found, expected, "{}", path.display());
        broken.extend(expected.into_iter().map(|(rule, _)| rule));
    }
    let rules: BTreeSet<_> = built_in_rules().into_iter().collect();
    assert_eq!(broken, rules, "every rule is broken by some fixture");
}

#[test]
fn the_templates_that_come_with_avm_have_no_findings() {
    let review = review(&root());
    let told: Vec<_> = review.findings.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(review.templates, files(&root().join("templates")).len());
    assert_eq!(review.rules, built_in_rules().len());
}

#[test]
fn every_rule_has_its_line_in_the_documentation() {
    let text = fs::read_to_string(root().join("docs/strict.md")).unwrap();
    let listed: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, built_in_rules().into_iter().collect());
}

fn reviewed(template: &str) -> Review {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("templates")).unwrap();
    fs::write(folder.path().join("templates/t.yaml"), template).unwrap();
    review(folder.path())
}

fn breaks(text: &str, review: &Review) -> BTreeSet<Break> {
    let root = parse(&Source::new("t", text)).unwrap();
    let resources: Vec<_> = entries(&root, "Resources").map(|(id, _)| id.to_owned()).collect();
    let resource_of = |finding: &Diagnostic| {
        let (id, _) = finding.message.split_once(": ")?;
        resources.iter().find(|resource| *resource == id).cloned()
    };
    let findings = review.findings.iter();
    findings.map(|finding| (finding.code.to_string(), resource_of(finding))).collect()
}

fn declared(text: &str) -> BTreeSet<Break> {
    let root = parse(&Source::new("t", text)).unwrap();
    let resources = entries(&root, "Resources").map(|(id, node)| (Some(id.to_owned()), node));
    let mut declared = BTreeSet::new();
    for (id, node) in resources.chain([(None, &root)]) {
        let rules = node.get("Metadata").and_then(|metadata| metadata.get("Breaks"));
        for rule in rules.map_or(&[][..], Node::items).iter().filter_map(Node::text) {
            declared.insert((rule.to_owned(), id.clone()));
        }
    }
    declared
}

fn entries<'a>(root: &'a Node, section: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let entries = root.get(section).map_or(&[][..], Node::entries);
    entries.iter().filter_map(|(key, node)| Some((key.text()?, node)))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
