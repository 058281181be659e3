//! The example that the documentation shows.

use std::fs;
use std::path::{Path, PathBuf};

use avm::desired::load;
use avm::document::Diagnostics;

#[test]
fn the_acme_example_has_no_fault() {
    let folder = load(&root().join("examples/acme"));
    let faults: Vec<_> = folder
        .as_ref()
        .err()
        .into_iter()
        .flat_map(Diagnostics::iter)
        .map(ToString::to_string)
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_acme_example_has_the_baselines_and_templates_that_come_with_avm() {
    for folder in ["baselines", "templates"] {
        for entry in fs::read_dir(root().join("examples/acme").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let shipped = root().join(folder).join(path.file_name().unwrap());
            if shipped.exists() {
                let same = fs::read(&path).unwrap() == fs::read(&shipped).unwrap();
                assert!(same, "{} differs from {}", path.display(), shipped.display());
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
