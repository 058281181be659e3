//! The commands of `docs/ci.md`.

use std::ffi::OsString;
use std::fs;

use avm::cli;

#[test]
fn every_command_line_of_the_documentation_is_one() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).unwrap();
    let quoted = text.split('`').skip(1).step_by(2).filter(|code| !code.contains('\n'));
    let lines: Vec<_> = text.lines().chain(quoted).map(str::trim).collect();
    let lines: Vec<_> = lines.into_iter().filter(|line| line.starts_with("avm ")).collect();
    assert!(lines.len() >= 6, "{lines:?}");
    for line in lines {
        let words = line.split(" > ").next().unwrap().split_whitespace();
        // `avm update --plan` stands for `avm update --plan FILE`.
        let file = line.ends_with("--plan").then_some("plan.json");
        let words: Vec<OsString> = words.chain(file).map(Into::into).collect();
        assert!(cli::parse(words).is_ok(), "{line}");
    }
}
