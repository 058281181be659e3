//! The far side of the wire: how long a call is on its way, what goes wrong on it, whether AWS lets it in, and what
//! AWS has done when it answers.

use std::future::pending;
use std::time::Duration;

use super::call::Call;
use super::fault::FaultKind;
use super::refusal::{Answer, Refusal};
use super::session::{self, Credentials};
use super::simulation::{Simulation, State};
use super::world::World;
use super::{accounts, sandbox};
use crate::cloud::{CloudError, ErrorKind, Protection};
use crate::model::RoleName;
use crate::pace::{self, Asked};

/// Why an attempt has no good answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// AWS refuses.
    Refused(Refusal),
    /// Nothing came back. Whether it was done, nobody knows.
    NoAnswer { code: &'static str, message: &'static str },
    /// There is nobody left to make it.
    Died,
    /// The file of the sandbox: no answer of AWS.
    Sandbox(Refusal),
}

impl Failure {
    /// There was no answer for as long as one waits.
    pub(super) const TIMEOUT: Self =
        Self::NoAnswer { code: "Timeout", message: "no answer came within 30 seconds" };
    const NO_CONNECTION: Self = Self::NoAnswer {
        code: "NoConnection",
        message: "the connection was closed before an answer came",
    };

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) | Self::Sandbox(refusal) => refusal.code,
            Self::NoAnswer { code, .. } => code,
            Self::Died => "ProcessDied",
        }
    }

    /// Whether AWS says that there are too many calls.
    pub(super) fn is_throttle(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.kind == ErrorKind::Throttled)
    }

    /// Whether AWS calls the credentials expired.
    pub(super) fn is_expiry(&self) -> bool {
        self.code() == "ExpiredToken"
    }

    pub(super) fn error(self, call: &Call) -> CloudError {
        match self {
            Self::Refused(Refusal { kind, code, message }) => call.error(kind, code, message),
            Self::NoAnswer { code, message } => call.error(ErrorKind::Unavailable, code, message),
            Self::Died => call.error(ErrorKind::Unavailable, self.code(), "the process has died"),
            Self::Sandbox(refusal) => sandbox::error(refusal),
        }
    }
}

/// With what a call comes to AWS.
pub(super) struct Sent<'a> {
    /// Whose quotas it counts against.
    pub(super) asked: &'a Asked,
    pub(super) credentials: Credentials,
    /// The role of the session, in the accounts.
    pub(super) role: &'a RoleName,
    /// What the session's own policy denies.
    pub(super) protection: &'a Protection,
}

/// What becomes of a call that AWS has served, or has not.
enum Fate<T> {
    Answered(Result<T, Failure>),
    /// The answer never comes.
    Silence,
}

impl Simulation {
    /// Carries a call to the world as it is when the call arrives, and its answer back.
    pub(super) async fn send<T>(
        &self,
        call: &Call,
        sent: &Sent<'_>,
        effect: &mut impl FnMut(&mut World) -> Answer<T>,
    ) -> Result<T, Failure> {
        if self.state.borrow().faults.dead() {
            return Err(Failure::Died);
        }
        let clashes = self.clashes(call);
        let latency = self.state.borrow().world.settings.latency;
        self.pass(latency).await;
        self.settle();
        let fate = {
            let state = &mut *self.state.borrow_mut();
            let admit = |world: &World, call: &Call| {
                sent.credentials.check(world.clock)?;
                accounts::admit(world, call, sent.role)?;
                accounts::permit(world, call, sent.protection)
            };
            state.meet(call, sent.asked, clashes, admit, effect)
        };
        match fate {
            Fate::Answered(answer) => answer,
            Fate::Silence => pending().await,
        }
    }

    /// Whether Organizations is still at another change.
    fn clashes(&self, call: &Call) -> bool {
        let now = self.now();
        let state = &mut *self.state.borrow_mut();
        if !pace::is_serial(call.operation) || !state.world.settings.throttles {
            return false;
        }
        if state.changing_until > now {
            return true;
        }
        state.changing_until = now.after(state.world.settings.latency);
        false
    }

    /// Lets virtual time pass.
    #[expect(clippy::disallowed_methods, reason = "the simulated network takes its time")]
    pub(super) async fn pass(&self, time: Duration) {
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
    }
}

impl State {
    /// A call meets its fault, if there is one for it.
    fn meet<T>(
        &mut self,
        call: &Call,
        asked: &Asked,
        clashes: bool,
        admit: impl Fn(&World, &Call) -> Answer<()>,
        effect: &mut impl FnMut(&mut World) -> Answer<T>,
    ) -> Fate<T> {
        let fault = self.faults.strike(call, self.world.clock);
        match fault {
            Some(FaultKind::Die) => return Fate::Answered(Err(Failure::Died)),
            Some(FaultKind::Reset) => return Fate::Answered(Err(Failure::NO_CONNECTION)),
            Some(FaultKind::TimeoutBefore) => return Fate::Silence,
            _ => {}
        }
        self.calls.add(call, self.world.settings.keep_calls);
        if let Some(refusal) = fault.and_then(|fault| refused(fault, call)) {
            return Fate::Answered(Err(self.refuse(call, refusal)));
        }
        if let Err(refusal) = self.let_in(call, asked, clashes) {
            return Fate::Answered(Err(self.refuse(call, refusal)));
        }
        let answer = if fault == Some(FaultKind::Invisible) && !call.mutating {
            self.seen_late(|world| admit(world, call).and_then(|()| effect(world)))
        } else {
            self.remember(call);
            let world = &mut self.world;
            admit(world, call).and_then(|()| effect(world))
        };
        if let Err(refusal) = self.save(call) {
            return Fate::Answered(Err(Failure::Sandbox(refusal)));
        }
        match fault {
            Some(FaultKind::LostAnswer) => Fate::Answered(Err(Failure::NO_CONNECTION)),
            Some(FaultKind::TimeoutAfter) => Fate::Silence,
            Some(FaultKind::DieAfter) => Fate::Answered(Err(Failure::Died)),
            _ => Fate::Answered(answer.map_err(|refusal| self.refuse(call, refusal))),
        }
    }

    fn refuse(&mut self, call: &Call, refusal: Refusal) -> Failure {
        if refusal.kind == ErrorKind::Throttled {
            *self.throttles.entry(call.operation).or_default() += 1;
        }
        Failure::Refused(refusal)
    }

    fn let_in(&mut self, call: &Call, asked: &Asked, clashes: bool) -> Answer<()> {
        if !self.world.settings.throttles {
            return Ok(());
        }
        if !self.quotas.take(asked, self.world.clock) {
            return Err(throttle(call));
        }
        if clashes {
            return Err(Refusal::new(
                ErrorKind::Conflict,
                "ConcurrentModificationException",
                "AWS Organizations can't complete your request because another request is already in progress",
            ));
        }
        Ok(())
    }

    fn save(&mut self, call: &Call) -> Answer<()> {
        self.unsaved |= call.mutating;
        let Some(file) = self.file.as_ref().filter(|_| self.unsaved) else { return Ok(()) };
        sandbox::save(&self.world, file)?;
        self.unsaved = false;
        Ok(())
    }
}

/// What AWS says if it is at fault; `None` if the fault is another's.
fn refused(fault: FaultKind, call: &Call) -> Option<Refusal> {
    match fault {
        FaultKind::Throttle => Some(throttle(call)),
        FaultKind::ServerError => Some(Refusal::new(
            ErrorKind::Unavailable,
            "InternalFailure",
            "an internal error has occurred",
        )),
        FaultKind::RegionDown => Some(Refusal::new(
            ErrorKind::Unavailable,
            "ServiceUnavailable",
            "the service is unable to process the request",
        )),
        FaultKind::AccessDenied => Some(Refusal::new(
            ErrorKind::Denied,
            "AccessDenied",
            "the caller is not authorized to do this",
        )),
        FaultKind::ExpiredCredentials => Some(session::expired()),
        FaultKind::Reset
        | FaultKind::LostAnswer
        | FaultKind::TimeoutBefore
        | FaultKind::TimeoutAfter
        | FaultKind::Invisible
        | FaultKind::Die
        | FaultKind::DieAfter => None,
    }
}

/// How the service says that there are too many calls.
fn throttle(call: &Call) -> Refusal {
    let service = call.operation.split(':').next().unwrap_or_default();
    let (code, message) = match service {
        "organizations" | "account" => (
            "TooManyRequestsException",
            "You've sent too many requests in too short a period of time",
        ),
        "ec2" => ("RequestLimitExceeded", "Request limit exceeded."),
        "cloudformation" | "iam" | "sts" => ("Throttling", "Rate exceeded"),
        _ => ("ThrottlingException", "Rate exceeded"),
    };
    Refusal::new(ErrorKind::Throttled, code, message)
}
