//! Running the program.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::patience::wait_until;
use super::world::World;

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

/// A run that goes on. It ends with this value.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    world: &'a World,
    arguments: &'a [&'a str],
    calls_before: usize,
    child: Child,
}

impl Running<'_> {
    /// Waits for its end.
    ///
    /// Ends the test if it has called what the landing zone's own policies would not allow.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Run {
        let (world, arguments) = (self.world, self.arguments);
        let mut ended = None;
        wait_until(&format!("avm {arguments:?} ends"), || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        world.assert_allowed(arguments, &world.calls()[self.calls_before..]);
        let (stdout, stderr) = (world.printed("stdout"), world.printed("stderr"));
        Run { code: ended.unwrap().code().unwrap_or(-1), stdout, stderr }
    }

    /// Sends it a signal, by its name without `SIG`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success(), "SIG{name} to avm");
    }

    /// Waits until it has said something on standard error.
    #[track_caller]
    pub(crate) fn wait_until_said(&self, words: &str) {
        wait_until(words, || self.world.printed("stderr").contains(words));
    }

    /// Kills it, with SIGKILL.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // One that has ended is none to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl World {
    /// Runs avm in the folder, with the emulator for AWS, and waits for its end.
    ///
    /// Ends the test if it has called what the landing zone's own policies would not allow.
    #[track_caller]
    pub(crate) fn avm(&self, arguments: &[&str]) -> Run {
        self.start(arguments).finish()
    }

    /// Starts avm in the folder, with the emulator for AWS.
    pub(crate) fn start<'a>(&'a self, arguments: &'a [&'a str]) -> Running<'a> {
        self.start_with(arguments, &[])
    }

    /// The same, with more in its environment.
    pub(crate) fn start_with<'a>(
        &'a self,
        arguments: &'a [&'a str],
        environment: &[(&str, &str)],
    ) -> Running<'a> {
        let calls_before = self.calls().len();
        let child = self.start_avm(arguments, environment);
        Running { world: self, arguments, calls_before, child }
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
        let run = self.start(arguments);
        self.wait_until_held(death);
        run.kill();
    }

    /// Starts avm, and kills it with SIGKILL as soon as a call is held; answers how it has ended if none is.
    #[track_caller]
    pub(crate) fn avm_dies_or_ends(&self, arguments: &[&str], moment: &Value) -> Option<Run> {
        let held = self.held();
        self.let_fail(moment);
        let mut run = self.start(arguments);
        let mut dies = false;
        wait_until(&format!("avm {arguments:?} meets {moment} or ends"), || {
            dies = self.held() > held;
            dies || run.child.try_wait().unwrap().is_some()
        });
        if dies {
            run.kill();
            return None;
        }
        self.forget_faults();
        Some(run.finish())
    }

    fn start_avm(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
        let print =
            |name: &str| Stdio::from(File::create(self.folder.beside().join(name)).unwrap());
        Command::new(env!("CARGO_BIN_EXE_avm"))
            .arg("-C")
            .arg(self.folder.path())
            .args(arguments)
            .env_clear()
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.endpoint()))
            .env("AWS_ACCESS_KEY_ID", "AKIAEMULATOR00000000")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", self.folder.beside())
            .envs(environment.iter().copied())
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
