//! The packs of Config rules, the optional templates and the tables of resource types, tested in Python: that is where
//! AWS's documentation of the rules, the registry's schemas and the function that a template carries can be had.
//! Likewise what AWS says of every action that `avm policy` prints.

use std::process::Command;

use crate::harness::python;

#[test]
fn rule_packs_and_optional_templates_are_as_their_python_tests_want_them() {
    let output = Command::new(python())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/templates"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("AVM", env!("CARGO_BIN_EXE_avm"))
        .args(["-m", "unittest", "discover", "--verbose"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for module in [
        "test_cloudfront_ddos",
        "test_config_rules",
        "test_deployment",
        "test_permissions",
        "test_resource_types",
        "test_service_catalog",
    ] {
        assert!(said.contains(module), "{module} was not found: {said}");
    }
}
