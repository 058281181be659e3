//! The proxy that fails as AWS does: its rules, and what it has done.

use serde::Deserialize;
use serde_json::{Value, json};

use super::http::request;
use super::world::World;

/// A call that has failed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Fired {
    /// The service, as requests are signed for it.
    pub(crate) service: String,
    /// AWS's name of the operation.
    pub(crate) operation: String,
}

impl World {
    /// From now on, the proxy follows these rules and no others.
    pub(crate) fn proxy_follows(&self, rules: &[Value]) {
        self.tell_proxy("POST", "rules", &json!(rules).to_string());
    }

    /// What the proxy has done by its rules, oldest first.
    pub(crate) fn fired(&self) -> Vec<Fired> {
        serde_json::from_str(&self.tell_proxy("GET", "fired?limit=2000", "")).unwrap()
    }

    fn tell_proxy(&self, method: &str, what: &str, body: &str) -> String {
        request(self.endpoint(), method, &format!("/_microburst/{what}"), &[], body)
    }
}
