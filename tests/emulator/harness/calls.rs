//! The emulator's record of calls, and answers that are withheld.

use serde::Deserialize;
use serde_json::{Value, json};

use super::http::request;
use super::patience::wait_until;
use super::world::World;

/// A call that the emulator has received.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Call {
    /// The service, as requests are signed for it.
    pub(crate) service: String,
    /// AWS's name of the operation.
    pub(crate) operation: String,
    /// The account that the caller's credentials belong to.
    pub(crate) account: String,
    /// The region.
    pub(crate) region: String,
    /// Whether the operation changes something, by its name.
    pub(crate) mutating: bool,
    /// Whether the caller got the answer.
    pub(crate) answered: bool,
}

impl World {
    /// Every call since the last [`Self::forget_calls`].
    pub(crate) fn calls(&self) -> Vec<Call> {
        serde_json::from_str(&self.control("GET", "calls", "")).unwrap()
    }

    /// The calls that could have changed something.
    pub(crate) fn mutating_calls(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.mutating).collect()
    }

    /// Begins the record anew.
    pub(crate) fn forget_calls(&self) {
        self.control("DELETE", "calls", "");
    }

    /// The next call of an operation is done, and its connection dropped before the answer.
    pub(crate) fn lose_answer(&self, operation: &str) {
        self.let_fail(&json!([{"operation": operation}]));
    }

    /// The nth call of an operation (`*`: of any that changes something) is done, and its caller left waiting.
    pub(crate) fn hold_answer(&self, operation: &str, nth: usize) {
        self.let_fail(&json!([{"operation": operation, "nth": nth, "hold": true}]));
    }

    /// From now on, these faults are ahead: see `launcher/faults.py`.
    pub(crate) fn let_fail(&self, faults: &Value) {
        self.control("POST", "faults", &faults.to_string());
    }

    /// The operations of the faults that no call has met yet.
    pub(crate) fn faults_ahead(&self) -> Vec<String> {
        let ahead: Vec<Value> = serde_json::from_str(&self.control("GET", "faults", "")).unwrap();
        ahead.iter().map(|fault| fault["operation"].as_str().unwrap().to_owned()).collect()
    }

    /// Takes back the faults that no call has met yet.
    pub(crate) fn forget_faults(&self) {
        self.control("DELETE", "faults", "");
    }

    /// The secret access keys and session tokens that the emulator has handed out.
    pub(crate) fn secrets(&self) -> Vec<String> {
        serde_json::from_str(&self.control("GET", "secrets", "")).unwrap()
    }

    /// How many calls have been held.
    pub(super) fn held(&self) -> usize {
        let held: Vec<Call> = serde_json::from_str(&self.control("GET", "held", "")).unwrap();
        held.len()
    }

    /// Waits until `count` calls in all have been held.
    pub(crate) fn wait_until_held(&self, count: usize) {
        wait_until("a call is held", || self.held() >= count);
    }

    pub(super) fn control(&self, method: &str, what: &str, body: &str) -> String {
        request(self.address(), method, &format!("/avm/{what}"), &[], body)
    }
}
