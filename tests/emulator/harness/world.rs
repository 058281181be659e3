//! A test's own world: an emulator and a folder.

use std::path::PathBuf;

use super::folder::Folder;
use super::observer::Observer;
use super::server::{Server, Speed};

/// An emulated AWS with an organization and no member account, and a landing zone that describes it.
#[derive(Debug)]
pub(crate) struct World {
    server: Server,
    /// What is between avm and the emulator.
    proxy: Option<Server>,
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
        Self { server, proxy: None, folder: Folder::new(), aws }
    }

    /// Starts a world that avm reaches through a proxy, which does nothing until it is told to.
    pub(crate) fn behind_a_proxy() -> Self {
        let world = Self::new(Speed::AtOnce);
        let proxy = Server::start_proxy(world.address());
        Self { proxy: Some(proxy), ..world }
    }

    /// Where avm finds AWS.
    pub(super) fn endpoint(&self) -> &str {
        &self.proxy.as_ref().unwrap_or(&self.server).address
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

    /// The path of a file beside the landing zone.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.beside().join(name)
    }

    /// Copies a file of the landing zone.
    pub(crate) fn copy_file(&self, from: &str, to: &str) {
        self.folder.copy_file(from, to);
    }
}
