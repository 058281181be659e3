//! Faults for code scanning: SARIF 2.1.0, a run of one tool.
//!
//! The subset is what GitHub reads: rules with their help, a place for each result, and a fingerprint that survives
//! when lines move.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region,
    ReportingConfiguration, ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};
use sha2::{Digest as _, Sha256};

use crate::document::{Diagnostic, Diagnostics};

/// Where the schema of the format is, for editors.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name of the folder that the paths are relative to: the one in which the program was started, which in a
/// pipeline is the root of the sources.
const ROOT: &str = "%SRCROOT%";

/// What `avm validate --strict` looks for, as its documentation says it: `| rule | what it finds |`.
const RULES: &str = include_str!("../../../docs/strict.md");

/// The log of a run that found these faults in the landing zone of `directory`.
pub(in crate::cli) fn log(faults: &Diagnostics, directory: &Path) -> Sarif {
    let codes: BTreeSet<&str> = faults.iter().map(|fault| &*fault.code).collect();
    let places: BTreeMap<&str, i64> = codes.into_iter().zip(0..).collect();
    let rules: Vec<_> = places.keys().map(|code| rule(code)).collect();
    let driver = ToolComponent::builder()
        .name("avm")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules)
        .build();
    let folder = below_here(directory);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<_> = faults
        .iter()
        .map(|fault| {
            let nth = seen.entry(identity(fault)).and_modify(|nth| *nth += 1).or_insert(1);
            finding(fault, &folder, places[&*fault.code], *nth)
        })
        .collect();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind("unicodeCodePoints")
        .results(results)
        .build();
    Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build()
}

fn rule(code: &str) -> ReportingDescriptor {
    let documented = RULES.lines().find_map(|line| {
        let (name, what) = line.strip_prefix("| `")?.split_once("` | ")?;
        (name == code).then(|| what.trim_end_matches([' ', '|']).replace('`', ""))
    });
    let help = match &documented {
        Some(_) => {
            "A rule of `avm validate --strict`; docs/strict.md says more, and how to break it on purpose."
        }
        None => "Found by `avm validate`. The message says what is wrong, and what to do about it.",
    };
    // A code is words: `unknown-key`.
    let short = documented.unwrap_or_else(|| code.replace(['-', '_'], " "));
    let message = |text: &str| MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(code)
        .short_description(message(&short))
        .help(message(help))
        .default_configuration(ReportingConfiguration::builder().level("error").build())
        .build()
}

fn finding(fault: &Diagnostic, folder: &Path, rule: i64, nth: usize) -> Finding {
    let text = match &fault.help {
        Some(help) => format!("{}\n{help}", fault.message),
        None => fault.message.clone(),
    };
    let file = ArtifactLocation::builder()
        .uri(uri(&folder.join(fault.source.name())))
        .uri_base_id(ROOT)
        .build();
    let place = PhysicalLocation::builder().artifact_location(file).region(region(fault)).build();
    let fingerprint = fingerprint(&format!("{}\n{nth}", identity(fault)));
    Finding::builder()
        .rule_id(&*fault.code)
        .rule_index(rule)
        .level(ResultLevel::Error)
        .message(Message::builder().text(text).build())
        .locations(vec![Location::builder().physical_location(place).build()])
        .partial_fingerprints(BTreeMap::from([("avmFault/v1".to_owned(), fingerprint)]))
        .build()
}

/// A fault of a file as a whole is shown at its first line: GitHub shows nothing without one.
fn region(fault: &Diagnostic) -> Region {
    let number = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
    let start = fault.source.place(&fault.span);
    if fault.span.is_empty() && fault.span.start == 0 {
        return Region::builder().start_line(1).build();
    }
    let end = fault.source.place(&(fault.span.end..fault.span.end));
    Region::builder()
        .start_line(number(start.line))
        .start_column(number(start.column))
        .end_line(number(end.line))
        .end_column(number(end.column))
        .build()
}

/// What a fault is, wherever in its file it stands.
fn identity(fault: &Diagnostic) -> String {
    [&*fault.code, fault.source.name(), &fault.message].join("\n")
}

fn fingerprint(identity: &str) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(identity)[..16]);
    format!("{:032x}", u128::from_be_bytes(half))
}

/// The folder as seen from the one in which the program was started; empty if it is not below that.
fn below_here(directory: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let below = directory.strip_prefix(&here).unwrap_or(directory);
    let plain = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !below.components().all(|part| plain(&part)) {
        return PathBuf::new();
    }
    below.components().filter(|part| *part != Component::CurDir).collect()
}

/// A relative path as a URI says it.
fn uri(path: &Path) -> String {
    let parts = path.components().map(|part| encoded(&part.as_os_str().to_string_lossy()));
    parts.collect::<Vec<_>>().join("/")
}

fn encoded(part: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    part.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::document::Source;

    fn value(faults: Vec<Diagnostic>, directory: &str) -> Value {
        serde_json::to_value(log(&faults.into(), Path::new(directory))).unwrap()
    }

    fn fault(text: &str) -> Diagnostic {
        let source = Source::new("templates/größe 1.yaml", text);
        let start = text.find("bus").unwrap();
        Diagnostic::new(&source, &(start..start + 3), "IAM_NO_USER", "no bus").help("walk")
    }

    #[test]
    fn a_result_has_its_rule_its_place_and_what_helps() {
        let log = value(vec![fault("a: b\nx: bus\n")], "./zone");
        let run = &log["runs"][0];
        let rule = &run["tool"]["driver"]["rules"][0];
        assert_eq!((&log["version"], &rule["id"]), (&"2.1.0".into(), &"IAM_NO_USER".into()));
        assert_eq!(rule["shortDescription"]["text"], "there is no IAM user");
        let result = &run["results"][0];
        assert_eq!((&result["ruleIndex"], &result["level"]), (&0.into(), &"error".into()));
        assert_eq!(result["message"]["text"], "no bus\nwalk");
        let place = &result["locations"][0]["physicalLocation"];
        let file = &place["artifactLocation"];
        assert_eq!(file["uri"], "zone/templates/gr%C3%B6%C3%9Fe%201.yaml");
        assert_eq!(file["uriBaseId"], "%SRCROOT%");
        let region =
            serde_json::json!({"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 7});
        assert_eq!(place["region"], region);
    }

    #[test]
    fn a_fingerprint_stays_when_lines_move_and_tells_twins_apart() {
        let prints = |log: Value| -> Vec<Value> {
            let results = log["runs"][0]["results"].as_array().unwrap().clone();
            results.into_iter().map(|result| result["partialFingerprints"].clone()).collect()
        };
        let (before, after) = (fault("x: bus\n"), fault("\n\n# more\nx: bus\n"));
        assert_eq!(prints(value(vec![before.clone()], ".")), prints(value(vec![after], ".")));
        let twin = Diagnostic { span: 0..1, ..before.clone() };
        let both = prints(value(vec![before, twin], "."));
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn a_folder_elsewhere_is_its_own_root_and_a_whole_file_is_its_first_line() {
        let source = Source::new("landing-zone.yaml", "");
        let missing = Diagnostic::new(&source, &(0..0), "missing-file", "there is no such file");
        let log = value(vec![missing], "../zone");
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "landing-zone.yaml");
        assert_eq!(place["region"], serde_json::json!({"startLine": 1}));
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(rule["shortDescription"]["text"], "missing file");
    }
}
