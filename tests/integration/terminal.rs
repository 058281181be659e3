//! A terminal without a person: command lines in, what was printed out.

mod program;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::rc::Rc;

use avm::cli::{self, Exit, Printer, Verbosity};
use avm::cloud::CloudProvider;

use crate::landing_zone::LandingZone;

/// What a command printed, and how it ended.
#[derive(Debug)]
#[must_use]
pub(crate) struct Said {
    pub(crate) exit: Exit,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl LandingZone {
    /// Runs a command line in the landing zone's folder, on its simulated AWS. Words are apart by blanks.
    pub(crate) async fn avm(&self, line: &str) -> Said {
        self.avm_in("", line).await
    }

    /// The same, in another folder below the landing zone's.
    pub(crate) async fn avm_in(&self, folder: &str, line: &str) -> Said {
        let mut words: Vec<OsString> = vec!["avm".into(), "-C".into(), self.path(folder).into()];
        words.extend(line.split_whitespace().map(Into::into));
        self.run(words).await
    }

    /// Runs a whole command line, as it was printed: `avm -C ... update ...`.
    pub(crate) async fn run(&self, words: Vec<OsString>) -> Said {
        self.run_on(&self.simulation, words).await
    }

    /// Runs a command line in the landing zone's folder, on another AWS.
    pub(crate) async fn avm_on<P: CloudProvider>(&self, provider: &P, line: &str) -> Said {
        let mut words: Vec<OsString> = vec!["avm".into(), "-C".into(), self.path("").into()];
        words.extend(line.split_whitespace().map(Into::into));
        self.run_on(provider, words).await
    }

    async fn run_on<P: CloudProvider>(&self, provider: &P, words: Vec<OsString>) -> Said {
        let arguments = cli::parse(words).unwrap();
        let (out, err) = (Captured::default(), Captured::default());
        let printer = Printer::new(Box::new(out.clone()), Box::new(err.clone()), Verbosity::Normal);
        let exit = cli::run(&arguments, provider, &printer).await;
        let folder = self.path("").display().to_string();
        let read = |captured: &Captured| {
            String::from_utf8(captured.0.borrow().clone()).unwrap().replace(&folder, "ZONE/")
        };
        Said { exit, out: read(&out), err: read(&err) }
    }

    /// How many of the simulated AWS's calls could have changed something.
    pub(crate) fn writes(&self) -> usize {
        self.simulation.calls().iter().filter(|call| call.mutating).count()
    }
}

#[derive(Clone, Default)]
struct Captured(Rc<RefCell<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
