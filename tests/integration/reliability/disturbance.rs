//! What goes wrong: each strikes one call of a run.

use std::time::Duration;

use avm::sim::{Call, Fault, FaultKind};

/// Something that goes wrong at one call.
pub(super) struct Disturbance {
    /// A column of the table.
    pub(super) name: &'static str,
    pub(super) kind: FaultKind,
    /// Whether it strikes every such call for a minute, and not only the one.
    pub(super) lasts: bool,
    /// The codes of which one must be told. Where there are none, whoever is struck cannot know, and says what it sees.
    pub(super) codes: &'static [&'static str],
}

/// What services say of too many calls.
const THROTTLES: &[&str] =
    &["Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"];

/// All of them, in the order of the table.
pub(super) const ALL: [Disturbance; 14] = [
    once("death before the effect", FaultKind::Die, &[]),
    once("death after the effect", FaultKind::DieAfter, &[]),
    once("throttled once", FaultKind::Throttle, THROTTLES),
    lasting("throttled for a minute", FaultKind::Throttle, THROTTLES),
    once("server error", FaultKind::ServerError, &["InternalFailure"]),
    lasting("server errors for a minute", FaultKind::ServerError, &["InternalFailure"]),
    once("connection reset", FaultKind::Reset, &["NoConnection"]),
    once("answer lost after the effect", FaultKind::LostAnswer, &["NoConnection"]),
    once("timeout before the effect", FaultKind::TimeoutBefore, &["Timeout"]),
    once("timeout after the effect", FaultKind::TimeoutAfter, &["Timeout"]),
    once("access denied", FaultKind::AccessDenied, &["AccessDenied"]),
    once("credentials expired", FaultKind::ExpiredCredentials, &["ExpiredToken"]),
    once("not seen yet", FaultKind::Invisible, &[]),
    lasting("not seen for a minute", FaultKind::Invisible, &[]),
];

const fn once(name: &'static str, kind: FaultKind, codes: &'static [&'static str]) -> Disturbance {
    Disturbance { name, kind, lasts: false, codes }
}

const fn lasting(
    name: &'static str,
    kind: FaultKind,
    codes: &'static [&'static str],
) -> Disturbance {
    Disturbance { name, kind, lasts: true, codes }
}

impl Disturbance {
    /// Whether the process ends with it.
    pub(super) fn kills(&self) -> bool {
        matches!(self.kind, FaultKind::Die | FaultKind::DieAfter)
    }

    /// The fault at the call of that number, given the calls of an undisturbed run.
    pub(super) fn at(&self, nth: usize, calls: &[Call]) -> Fault {
        if !self.lasts {
            return Fault::new(self.kind).at_call(nth);
        }
        let call = &calls[nth - 1];
        let before = calls[..nth].iter().filter(|other| *other == call).count();
        let fault = Fault::new(self.kind).on(call.operation).at_call(before);
        let fault = call.account.iter().fold(fault, Fault::in_account);
        let fault = call.region.iter().fold(fault, Fault::in_region);
        fault.lasting(Duration::from_mins(1))
    }
}
