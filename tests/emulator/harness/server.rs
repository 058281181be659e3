//! The emulator's process.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::venv;

/// The organization that the emulator has.
pub(crate) const ORGANIZATION: &str = "o-emulated0001";
/// Its management account. The leading zero is there to be lost by whoever takes it for a number.
pub(crate) const MANAGEMENT_ACCOUNT: &str = "012345678901";
/// The regions that its accounts have: the two governed ones, and two others.
pub(crate) const REGIONS: [&str; 4] = ["eu-central-1", "eu-west-1", "us-east-1", "us-east-2"];

/// How long the emulated AWS takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Speed {
    /// Everything is done by the time one looks.
    AtOnce,
    /// Accounts and stacks can be seen in progress, and lists begin with an empty page.
    LikeAws,
}

/// A running emulator, or the proxy before one. It ends with this value, and also if the test's process dies: its stdin is a pipe from
/// here.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
}

impl Server {
    /// Starts an emulator and waits until it listens.
    pub(super) fn start(speed: Speed) -> Self {
        let mut command = Command::new(venv::python());
        command
            .args(["-m", "launcher", "--port", "0"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("MOTO_ACCOUNT_ID", MANAGEMENT_ACCOUNT)
            .env("AVM_ORGANIZATION_ID", ORGANIZATION)
            .env("AVM_REGIONS", REGIONS.join(","))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Speed::LikeAws = speed {
            command
                .env("AVM_ACCOUNT_SECS", "1")
                .env("AVM_ROLE_SECS", "1")
                .env("AVM_STACK_SECS", "0.5")
                .env("AVM_CHANGE_SET_SECS", "0.5")
                .env("AVM_EMPTY_PAGES", "1")
                .env("AVM_ACCOUNT_PATHS", "0");
        }
        Self::listening(&mut command)
    }

    /// Starts a proxy before the emulator: see `launcher/proxy.py`.
    pub(super) fn start_proxy(upstream: &str) -> Self {
        let mut command = Command::new(venv::python());
        command
            .args(["-m", "launcher.proxy", "--upstream", &format!("http://{upstream}")])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Self::listening(&mut command)
    }

    fn listening(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.expect("the launcher says where it listens").to_owned();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // This child and no other process, whatever its name.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
