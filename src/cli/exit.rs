//! Exit codes. They are a public contract: `avm --help` lists them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked, which may be nothing.
    Done,
    /// Something was wrong with the request, was refused, failed, or could not be looked at.
    Failure,
    /// With `--detailed-exitcode`: AWS is not known to be as the files say. The plan has something to do, something
    /// that is blocked, or an account that could not be looked at.
    Changes,
}

impl Exit {
    /// The number that the program ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failure => 1,
            Self::Changes => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
