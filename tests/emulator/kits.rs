//! The CI kits by the linters of what they are made of, which are Python packages or come in them.

use std::process::Command;

use crate::harness::python;

#[test]
fn the_kits_are_as_their_linters_and_their_python_tests_want_them() {
    let output = Command::new(python())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kits"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "unittest", "discover", "--verbose"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for module in ["test_calls", "test_docs", "test_gitlab_comment", "test_lint"] {
        assert!(said.contains(module), "{module} was not found: {said}");
    }
}
