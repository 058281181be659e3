//! What the simulated AWS says when it refuses.

use crate::cloud::ErrorKind;

/// A refusal, before the gate adds which call it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: ErrorKind,
    /// AWS's error code.
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into() }
    }
}

/// What a call comes to inside the simulation.
pub(super) type Answer<T> = Result<T, Refusal>;
