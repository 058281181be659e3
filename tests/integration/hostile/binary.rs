//! The program itself, given such files: it says what is wrong and where, in bounded time and with its documented exit
//! code, and does nothing else. In a release it would end without a word where it panics, so it must not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::files::contents;

/// A small folder without a fault.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (file, text) in [
        (
            "landing-zone.yaml",
            "version: 1\norganization: {id: o-exampleorg1, management-account: \"111111111111\"}\n\
             regions: {home: eu-west-1, governed: [eu-west-1]}\nenvironments: {prod: {}}\nwaves: [all]\naccounts:\n  \
             - {name: one, email: one@example.com, ou: Core, environment: prod, baseline: standard, wave: all}\n",
        ),
        (
            "baselines/standard.yaml",
            "version: 1\nstacks:\n  - {name: topic, template: topic.yaml, regions: home}\n",
        ),
        ("templates/topic.yaml", "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n"),
    ] {
        fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
        fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

/// A run of the program that must fail in the documented way.
fn refused(zone: &Path, what: &str, arguments: &[&str]) -> String {
    let output = run(zone, arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{what}, {arguments:?}: {}", cut(&text));
    assert!(!text.contains("panicked") && !text.contains("overflow"), "{what}: {}", cut(&text));
    assert!(text.contains("error: "), "{what}: {}", cut(&text));
    assert!(text.len() < 600_000, "{what}: {} bytes are too much to read", text.len());
    let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!text.contains(steers), "{what}: {text:?}");
    assert!(!zone.join(".avm/sandbox.json").exists(), "{what}: something was done");
    text
}

fn run(zone: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_avm"))
        .args(arguments)
        .current_dir(zone)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(2_000)]
}

#[test]
fn no_file_of_the_folder_can_harm() {
    let folder = folder();
    let zone = folder.path();
    for (what, bytes) in contents() {
        for file in ["landing-zone.yaml", "baselines/standard.yaml", "templates/topic.yaml"] {
            let before = fs::read(zone.join(file)).unwrap();
            fs::write(zone.join(file), &bytes).unwrap();
            let text = refused(zone, what, &["validate"]);
            assert!(text.contains(file), "{what} in {file}: {}", cut(&text));
            fs::write(zone.join(file), before).unwrap();
        }
    }
    fs::write(zone.join("landing-zone.yaml"), "[".repeat(100_000)).unwrap();
    for command in [&["plan", "--sandbox"][..], &["update", "--sandbox", "--yes"]] {
        let text = refused(zone, "lists", command);
        assert!(text.contains("landing-zone.yaml"), "{}", cut(&text));
    }
}

#[test]
fn no_saved_document_can_harm() {
    let folder = folder();
    let zone = folder.path();
    for (what, bytes) in contents() {
        fs::write(zone.join("saved.json"), &bytes).unwrap();
        for command in [
            &["show", "saved.json"][..],
            &["update", "--plan", "saved.json", "--sandbox=none/none.json", "--yes"],
        ] {
            let text = refused(zone, what, command);
            assert!(text.contains("saved.json"), "{what}: {}", cut(&text));
        }
    }
}

#[test]
fn no_file_of_the_simulated_aws_can_harm() {
    let folder = folder();
    let zone = folder.path();
    for (what, bytes) in contents() {
        fs::write(zone.join("aws.json"), &bytes).unwrap();
        let text = refused(zone, what, &["plan", "--sandbox=aws.json"]);
        assert!(text.contains("aws.json"), "{what}: {}", cut(&text));
        assert_eq!(fs::read(zone.join("aws.json")).unwrap(), bytes, "{what}: it was changed");
    }
}

#[test]
fn no_rules_can_harm() {
    let folder = folder();
    let zone = folder.path();
    fs::create_dir(zone.join("guard")).unwrap();
    // Guard reads what it is given with a parser of its own; what is no text does not get there.
    for (what, bytes) in contents() {
        fs::write(zone.join("guard/own.guard"), &bytes).unwrap();
        let text = refused(zone, what, &["validate", "--strict"]);
        assert!(text.contains("guard/own.guard"), "{what}: {}", cut(&text));
    }
}

#[test]
fn a_folder_or_a_pipe_where_a_file_should_be_is_told_at_once() {
    let folder = folder();
    let zone = folder.path();
    for file in ["landing-zone.yaml", "baselines/standard.yaml", "templates/topic.yaml"] {
        let before = fs::read(zone.join(file)).unwrap();
        fs::remove_file(zone.join(file)).unwrap();
        make_pipe(&zone.join(file));
        let text = refused(zone, file, &["validate"]);
        assert!(text.contains("a pipe, a socket or a device, not a file"), "{}", cut(&text));
        fs::remove_file(zone.join(file)).unwrap();
        if !file.starts_with("templates") && !file.starts_with("baselines") {
            fs::create_dir(zone.join(file)).unwrap();
            let text = refused(zone, file, &["validate"]);
            assert!(text.contains("a folder, not a file"), "{}", cut(&text));
            fs::remove_dir(zone.join(file)).unwrap();
        }
        fs::write(zone.join(file), before).unwrap();
    }
    make_pipe(&zone.join("pipe"));
    for command in [
        &["show", "pipe"][..],
        &["update", "--plan", "pipe", "--sandbox", "--yes"],
        &["plan", "--sandbox=pipe"],
        &["show", "."],
        &["show", "/dev/zero"],
        &["plan", "--sandbox=/dev/zero"],
        &["plan", "--sandbox=."],
    ] {
        let text = refused(zone, "a pipe", command);
        assert!(text.contains(", not a file"), "{command:?}: {}", cut(&text));
    }
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}
