//! A test's own world: an emulator and a folder.

use super::folder::Folder;
use super::observer::Observer;
use super::server::{Server, Speed};

/// An emulated AWS with an organization and no member account, and a landing zone that describes it.
#[derive(Debug)]
pub(crate) struct World {
    server: Server,
    /// The landing zone.
    pub(super) folder: Folder,
    /// The test's own look at AWS.
    pub(crate) aws: Observer,
}

impl World {
    /// Starts a world.
    pub(crate) fn new(speed: Speed) -> Self {
        let server = Server::start(speed);
        let aws = Observer::new(&server.address);
        Self { server, folder: Folder::new(), aws }
    }

    /// Where the emulator listens.
    pub(super) fn address(&self) -> &str {
        &self.server.address
    }

    /// Replaces a text that a file of the landing zone has exactly once.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        self.folder.edit(file, from, to);
    }

    /// Replaces a text wherever a file of the landing zone has it.
    pub(crate) fn edit_everywhere(&self, file: &str, from: &str, to: &str) {
        self.folder.edit_everywhere(file, from, to);
    }

    /// Leaves a baseline of the landing zone with these stacks only, for a test that is about no other: each takes
    /// its time.
    pub(crate) fn keep_stacks(&self, baseline: &str, names: &[&str]) {
        self.folder.keep_stacks(baseline, names);
    }

    /// Writes a file of the landing zone.
    pub(crate) fn write(&self, file: &str, text: &str) {
        self.folder.write(file, text);
    }

    /// Copies a file of the landing zone.
    pub(crate) fn copy_file(&self, from: &str, to: &str) {
        self.folder.copy_file(from, to);
    }
}
