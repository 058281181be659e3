//! The pages of `--format html`, opened in a browser: `tests/pages/` is what a person does there.
//!
//! The browser is Debian's Chromium, driven over loopback; the pages are files. That nothing is loaded from anywhere
//! is part of what is looked at.

mod samples;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::python;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme");

/// What avm prints about the example, on a simulated AWS.
fn avm(folder: &Path, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_avm"))
        .args(["-C", EXAMPLE, &format!("--sandbox={}", folder.join("sandbox.json").display())])
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// The pages that the tests open, by name.
fn write_pages(folder: &Path) {
    let write = |name: &str, page: &str| fs::write(folder.join(name), page).unwrap();
    let plan = avm(folder, &["plan", "--format", "json"]);
    write("vending.html", &avm(folder, &["plan", "--format", "html"]));
    write("trouble.html", &samples::trouble(&plan));
    let thousand = samples::thousand();
    assert!(
        thousand.len() < 1_000_000,
        "17,000 places are not said one by one: {}",
        thousand.len()
    );
    write("thousand.html", &thousand);
    let report = folder.join("report.json");
    // In two regions, which is all that the page needs, it takes half the time.
    let here = ["--region", "eu-west-1", "--region", "us-east-1"];
    let update =
        ["update", "--yes", "--quiet", "--format", "html", "--report", report.to_str().unwrap()];
    write("run.html", &avm(folder, &[&update[..], &here[..]].concat()));
    write("failed.html", &samples::failed(&fs::read_to_string(report).unwrap()));
}

#[test]
fn a_reviewer_finds_what_he_looks_for_in_the_pages_and_nothing_leaves_them() {
    for program in ["chromium", "chromedriver"] {
        let found = Command::new(program).arg("--version").output();
        let install = "apt-get install chromium chromium-driver";
        assert!(found.is_ok_and(|it| it.status.success()), "no {program}: {install}");
    }
    // They stay there: who changes a page looks at it.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    write_pages(&folder);
    let run = Command::new(python())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("AVM_PAGES", &folder)
        .args(["-m", "unittest", "--verbose"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    assert!(!said.contains("Ran 0 tests"), "{said}");
}
