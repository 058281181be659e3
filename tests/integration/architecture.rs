//! The rules of ARCHITECTURE.md, read off the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may name, beside itself and `model`. `cloud.rs` and `src/cloud/` are one room.
const ARROWS: [(&str, &[&str]); 16] = [
    ("model", &[]),
    ("document", &[]),
    ("template", &["document"]),
    ("desired", &["document", "template"]),
    ("lint", &["desired", "document", "template"]),
    ("cloud", &["template"]),
    ("pace", &[]),
    ("observed", &["cloud", "desired", "document", "template"]),
    ("plan", &["cloud", "desired", "observed", "template"]),
    ("policy", &["desired", "template"]),
    ("execute", &["cloud", "desired", "plan", "template"]),
    ("render", &["cloud", "desired", "execute", "plan", "template"]),
    ("aws", &["cloud", "document", "pace", "template"]),
    ("sim", &["cloud", "document", "pace", "template"]),
    (
        "cli",
        &[
            "cloud", "desired", "document", "execute", "lint", "observed", "plan", "policy",
            "render",
        ],
    ),
    ("lib", &[]),
];

/// Files that only tests are made of, although they do not stand at the end of another. What a test names is its own
/// affair.
const TESTS: [&str; 3] = ["aws/fake.rs", "aws/hostile.rs", "execute/lease/tests.rs"];

/// The longest file that still may be one idea.
const MAX_LINES: usize = 500;

struct File {
    path: PathBuf,
    room: String,
    /// The lines that are code: no comments, no tests at the end.
    code: Vec<(usize, String)>,
    lines: usize,
}

#[test]
fn rooms_name_only_the_rooms_that_they_may() {
    let allowed: BTreeMap<_, _> = ARROWS.into_iter().collect();
    let mut broken = Vec::new();
    for file in sources() {
        let Some(allowed) = allowed.get(file.room.as_str()) else {
            broken.push(format!("{}: no such room in the table", file.path.display()));
            continue;
        };
        for (number, line) in &file.code {
            for named in named_rooms(line) {
                if named != file.room && named != "model" && !allowed.contains(&named.as_str()) {
                    let path = file.path.display();
                    broken.push(format!("{path}:{number}: {} may not name {named}", file.room));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_aws_names_an_sdk() {
    let names = ["aws_sdk_", "aws_config", "aws_smithy_", "aws_types", "aws_credential_types"];
    assert_confined(&names, &["aws"]);
}

#[test]
fn only_the_cli_prints_and_reads_the_environment() {
    assert_confined(
        &["println!", "eprintln!", "print!(", "std::io::stdout", "std::env::"],
        &["cli"],
    );
}

#[test]
fn the_planner_is_pure() {
    let impure = ["async ", ".await", "Instant", "SystemTime", "getrandom", "std::fs", "RefCell"];
    let found = occurrences(&impure, |file| file.room == "plan");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_the_planner_and_the_adapters_look_at_stack_states() {
    // Every state must have its answer in one place; elsewhere they are compared one by one.
    let found = occurrences(&["StackState::ALL"], |file| {
        !["cloud", "plan", "aws", "sim"].contains(&file.room.as_str())
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_too_long_for_one_idea() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|file| file.lines > MAX_LINES)
        .map(|file| format!("{}: {} lines", file.path.display(), file.lines))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_test_itself_sees_the_arrows() {
    // A reader that finds nothing would pass everything.
    let seen: BTreeSet<_> = sources()
        .iter()
        .flat_map(|file| {
            let named = file.code.iter().flat_map(|(_, line)| named_rooms(line));
            named.map(|named| (file.room.clone(), named)).collect::<Vec<_>>()
        })
        .collect();
    for (from, to) in
        [("plan", "observed"), ("execute", "plan"), ("cli", "desired"), ("aws", "cloud")]
    {
        assert!(seen.contains(&(from.to_owned(), to.to_owned())), "{from} -> {to} was not seen");
    }
}

fn assert_confined(words: &[&str], rooms: &[&str]) {
    let found = occurrences(words, |file| {
        !rooms.contains(&file.room.as_str())
            && file.path.file_name().is_some_and(|n| n != "main.rs")
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn occurrences(words: &[&str], wanted: impl Fn(&File) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources().into_iter().filter(wanted) {
        for (number, line) in &file.code {
            for word in words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{number}: {word}", file.path.display()));
            }
        }
    }
    found
}

/// The rooms that a line of code names: `crate::plan::Step`, `use crate::{cloud, plan}`.
fn named_rooms(line: &str) -> Vec<String> {
    let rooms: Vec<_> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut named = Vec::new();
    for rest in line.split("crate::").skip(1) {
        let words: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => {
                group.split(',').map(|item| item.trim().split("::").next().unwrap()).collect()
            }
            None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
        };
        named.extend(words.into_iter().filter(|word| rooms.contains(word)).map(str::to_owned));
    }
    named
}

fn sources() -> Vec<File> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&package.join("src"), &mut files);
    assert!(files.len() > 30, "only {} files were found", files.len());
    files.into_iter().map(|path| read(package, &path)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

fn read(package: &Path, path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    let relative = path.strip_prefix(package.join("src")).unwrap();
    let top = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    let room = match top.strip_suffix(".rs").unwrap_or(top) {
        "main" => "lib",
        folder => folder,
    };
    let lines = text.lines().count();
    let code = text
        .lines()
        .enumerate()
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|_| !TESTS.iter().any(|tests| relative == Path::new(tests)))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(number, line)| (number + 1, line.to_owned()))
        .collect();
    File { path: relative.to_owned(), room: room.to_owned(), code, lines }
}
