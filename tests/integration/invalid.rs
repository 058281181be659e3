//! Broken folders: every fault of every file is found, in one go, with its place.
//!
//! `tests/fixtures/invalid/NN-name/expected.txt` lists the faults of a folder as `file:line:column: code: message`.
//! `load` is given a path and nothing else: no cloud, no credentials, no network can have a part in it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use avm::desired::load;
use avm::document::Diagnostics;
use similar::TextDiff;

#[test]
fn every_broken_folder_is_refused_with_all_its_faults() {
    let folders = broken_folders().unwrap();
    assert!(folders.len() >= 20, "there are {} folders only", folders.len());
    let mut differences = String::new();
    for folder in folders {
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
        let found = load(&folder).err().as_ref().map(listing).unwrap_or_default();
        if expected.is_empty() || expected != found {
            let path = folder.join("expected.txt").display().to_string();
            let diff = TextDiff::from_lines(&expected, &found);
            differences += &diff.unified_diff().header(&path, "what `load` says").to_string();
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

fn broken_folders() -> io::Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invalid");
    let mut folders: Vec<_> =
        fs::read_dir(root)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    folders.sort();
    Ok(folders)
}

fn listing(faults: &Diagnostics) -> String {
    let lines = faults.iter().map(|fault| {
        let place = fault.source.place(&fault.span);
        format!("{}:{place}: {}: {}\n", fault.source.name(), fault.code, fault.message)
    });
    lines.collect()
}
