//! Running the program.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::world::World;

/// Longer than any run here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// What a finished run has left.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its exit code.
    pub(crate) code: i32,
    /// What it printed as data.
    pub(crate) stdout: String,
    /// What it printed besides.
    pub(crate) stderr: String,
}

impl Run {
    /// Ends the test unless the program ended with this code.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Everything that a person at a terminal would have seen.
    pub(crate) fn text(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl World {
    /// Runs avm in the folder, with the emulator for AWS, and waits for its end.
    pub(crate) fn avm(&self, arguments: &[&str]) -> Run {
        let mut child = self.start_avm(arguments);
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > PATIENCE {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("avm {arguments:?} did not end: {}", self.printed("stderr"));
            }
            sleep(Duration::from_millis(20));
        };
        let (stdout, stderr) = (self.printed("stdout"), self.printed("stderr"));
        Run { code: status.code().unwrap_or(-1), stdout, stderr }
    }

    /// Starts avm and kills it, with SIGKILL, as soon as the emulator has done its nth call of `operation`.
    pub(crate) fn avm_dies_at(
        &self,
        arguments: &[&str],
        operation: &str,
        nth: usize,
        death: usize,
    ) {
        self.hold_answer(operation, nth);
        let mut child = self.start_avm(arguments);
        self.wait_until_held(death);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn start_avm(&self, arguments: &[&str]) -> Child {
        let print =
            |name: &str| Stdio::from(File::create(self.folder.beside().join(name)).unwrap());
        Command::new(env!("CARGO_BIN_EXE_avm"))
            .arg("-C")
            .arg(self.folder.path())
            .args(arguments)
            .env_clear()
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.address()))
            .env("AWS_ACCESS_KEY_ID", "AKIAEMULATOR00000000")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", self.folder.beside())
            .stdin(Stdio::null())
            .stdout(print("stdout"))
            .stderr(print("stderr"))
            .spawn()
            .unwrap()
    }

    fn printed(&self, name: &str) -> String {
        fs::read_to_string(self.folder.beside().join(name)).unwrap()
    }
}
