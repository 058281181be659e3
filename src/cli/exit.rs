//! Exit codes. They are a public contract: `avm --help` lists them.

use std::process::ExitCode;

use crate::plan::Summary;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked, which may be nothing.
    Done,
    /// Something was wrong with the request, was refused, failed, or could not be looked at.
    Failure,
    /// With `--detailed-exitcode`: AWS is not known to be as the files say. The plan has something to do, something
    /// that is blocked, or an account that could not be looked at; the run of a report has not done everything.
    Changes,
    /// Ended at once by Ctrl-C (SIGINT), before anything was changed.
    Interrupted,
    /// Ended at once by SIGTERM, before anything was changed.
    Terminated,
}

impl Exit {
    /// How a command ends that has shown a plan, by whether `--detailed-exitcode` was given.
    pub(super) fn of_plan(summary: &Summary, detailed: bool) -> Self {
        // Of an account that does not let avm in nobody knows whether it is as the files say.
        let open = !summary.is_empty() || summary.blocked > 0 || summary.unreachable_accounts > 0;
        if open && detailed { Self::Changes } else { Self::Done }
    }

    /// The number that the program ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failure => 1,
            Self::Changes => 2,
            // What a shell says of a program that a signal has ended: 128 and the signal's number.
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
