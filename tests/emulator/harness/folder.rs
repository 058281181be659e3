//! The folder that avm works in: a copy of `examples/acme`, about the emulator's organization.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::server::{MANAGEMENT_ACCOUNT, ORGANIZATION};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme");

/// A folder of its own for each test.
#[derive(Debug)]
pub(super) struct Folder {
    place: TempDir,
}

impl Folder {
    /// Copies the example.
    pub(super) fn new() -> Self {
        let folder = Self { place: TempDir::new().unwrap() };
        copy(Path::new(EXAMPLE), &folder.path());
        folder.edit("landing-zone.yaml", "o-exampleorg1", ORGANIZATION);
        folder.edit("landing-zone.yaml", "111111111111", MANAGEMENT_ACCOUNT);
        folder
    }

    /// The landing zone's folder.
    pub(super) fn path(&self) -> PathBuf {
        self.place.path().join("acme")
    }

    /// A folder beside it, for what the program prints, and for its home.
    pub(super) fn beside(&self) -> &Path {
        self.place.path()
    }

    /// Replaces a text that the file has exactly once.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{file} has {from:?} once");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Replaces a text wherever the file has it.
    pub(super) fn edit_everywhere(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Leaves a baseline with these stacks only.
    pub(super) fn keep_stacks(&self, baseline: &str, names: &[&str]) {
        let path = self.path().join(baseline);
        let text = fs::read_to_string(&path).unwrap();
        let (head, stacks) = text.split_once("\nstacks:\n").unwrap();
        let is_kept = |stack: &&str| names.contains(&stack.lines().next().unwrap());
        let kept: Vec<_> = stacks.split("  - name: ").skip(1).filter(is_kept).collect();
        assert!(kept.len() >= names.len(), "{baseline} has {names:?}");
        let kept = kept.join("  - name: ");
        fs::write(path, format!("{head}\nstacks:\n  - name: {kept}")).unwrap();
    }

    /// Writes a file.
    pub(super) fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }

    /// Copies a file within the folder.
    pub(super) fn copy_file(&self, from: &str, to: &str) {
        fs::copy(self.path().join(from), self.path().join(to)).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
