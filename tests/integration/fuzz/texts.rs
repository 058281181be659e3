//! Parsers that are given a text.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use avm::document::{Diagnostic, Source, parse};
use avm::model::{
    AccountId, AccountName, BaselineName, Email, EnvironmentName, KeyArn, OrganizationId, OuPath,
    ParentId, Region, RoleName, ServicePrincipal, StackName, TemplateFile, VpcId, WaveName,
};
use avm::plan::differences_of;
use avm::template::Template;
use serde_json::Value;

use super::campaign::{Target, files};

/// What became of a text: the codes of its faults, which must all lie within it.
pub(super) fn outcome<T>(source: &Source, result: Result<T, Vec<Diagnostic>>) -> Result<T, String> {
    result.map_err(|faults| {
        assert!(!faults.is_empty(), "refused without a reason");
        let lines = source.text().matches('\n').count() + 1;
        let codes = faults.iter().map(|fault| {
            assert!(fault.source.text().get(fault.span.clone()).is_some(), "{fault:?}");
            assert!(fault.source.place(&fault.span).line <= lines, "{fault}");
            fault.code.as_ref()
        });
        codes.collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn document() {
    let seeds =
        [files("examples/acme"), files("examples/acme/baselines"), files("schema")].concat();
    Target { name: "document", seeds, cases: 100 }.run(|text| {
        let source = Source::new("a", text);
        assert_eq!(parse(&source), parse(&source), "two readings differ");
        outcome(&source, parse(&source))
            .map_or_else(|codes| codes, |root| root.describe().to_owned())
    });
}

#[test]
fn template() {
    Target { name: "template", seeds: files("templates"), cases: 40 }.run(|text| {
        let source = Source::new("a", text);
        let deployed = Template::parse_deployed(&source);
        match outcome(&source, Template::parse(&source)) {
            Err(codes) => codes,
            Ok(template) => {
                // What is sent carries what is meant.
                let sent =
                    Template::parse_deployed(&Source::new("sent", &template.body())).unwrap();
                assert_eq!((sent.value(), sent.digest()), (template.value(), template.digest()));
                // And what CloudFormation gives back as JSON means the same.
                let json =
                    Template::parse_deployed(&Source::new("json", &template.value().to_string()))
                        .unwrap();
                assert_eq!(json.value(), template.value());
                assert!(deployed.is_ok(), "what avm takes from a file it takes from AWS");
                format!("{} resources", template.resources().len().min(9))
            }
        }
    });
}

#[test]
fn words() {
    Target { name: "words", seeds: Vec::new(), cases: 2_000 }.run(|text| {
        let text = text.trim_end_matches('\n');
        let parsed = [
            same::<AccountId>(text),
            same::<AccountName>(text),
            same::<BaselineName>(text),
            same::<Email>(text),
            same::<EnvironmentName>(text),
            same::<KeyArn>(text),
            same::<OrganizationId>(text),
            same::<OuPath>(text),
            same::<ParentId>(text),
            same::<Region>(text),
            same::<RoleName>(text),
            same::<ServicePrincipal>(text),
            same::<StackName>(text),
            same::<TemplateFile>(text),
            same::<VpcId>(text),
            same::<WaveName>(text),
        ];
        if let Ok(path) = text.parse::<OuPath>() {
            assert_eq!(path.ancestry().last().unwrap_or(&path), &path);
            assert!(path.names().count() <= 5 || path.parent().is_some());
        }
        if let Ok(arn) = text.parse::<KeyArn>() {
            drop((arn.region(), arn.account()));
        }
        if let Ok(region) = text.parse::<Region>() {
            assert!(!region.partition().is_empty() && !region.dns_suffix().is_empty());
        }
        parsed.map(|is| if is { '1' } else { '0' }).iter().collect()
    });
}

/// Whether the text is one, and then reads the same when it is printed.
fn same<T: FromStr + Display + PartialEq + Debug>(text: &str) -> bool {
    let Ok(value) = text.parse::<T>() else { return false };
    assert_eq!(value.to_string().parse::<T>().ok().as_ref(), Some(&value), "{text:?}");
    true
}

#[test]
fn statements() {
    Target { name: "statements", seeds: Vec::new(), cases: 800 }.run(|text| {
        let Ok(Value::Array(pair)) = serde_json::from_str::<Value>(text) else {
            return "no pair".into();
        };
        let [before, after] = &pair[..] else { return "no pair".into() };
        let place = "/Resources/Key/Properties/KeyPolicy";
        let same = differences_of(place, before, before);
        assert!(same.is_empty(), "{before} differs from itself: {same:?}");
        let found = differences_of("/Properties/KeyPolicy", before, after);
        assert_eq!(found, differences_of("/Properties/KeyPolicy", before, after));
        format!("{} differences", found.len().min(20))
    });
}
