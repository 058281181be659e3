//! The packs of Config rules and the optional templates, tested in Python: that is where AWS's documentation of the
//! rules, the registry's schemas and the function that a template carries can be had.

use std::process::Command;

use crate::harness::python;

#[test]
fn rule_packs_and_optional_templates_are_as_their_python_tests_want_them() {
    let output = Command::new(python())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/templates"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "unittest", "discover", "--verbose"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for module in
        ["test_cloudfront_ddos", "test_config_rules", "test_deployment", "test_service_catalog"]
    {
        assert!(said.contains(module), "{module} was not found: {said}");
    }
}
