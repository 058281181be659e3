//! What went wrong, as a person is told.

use std::fmt::Display;

use super::exit::Exit;
use crate::cloud::{CloudError, ErrorKind};
use crate::desired::SelectionError;

/// The end of a command that did not do what was asked: printed as `error:`, `caused by:` and `hint:` lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What could not be done: a sentence fragment without a full stop. Empty if all has been said already.
    pub message: String,
    /// Why, the nearest cause first.
    pub causes: Vec<String>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// How the program ends.
    pub exit: Exit,
}

impl Failure {
    /// A failure without cause or hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), hints: Vec::new(), exit: Exit::Failure }
    }

    /// Adds why.
    #[must_use]
    pub(super) fn cause(mut self, cause: impl Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<CloudError> for Failure {
    fn from(error: CloudError) -> Self {
        if error.operation == "sandbox" {
            return sandbox(&error);
        }
        let mut place = String::new();
        if let Some(account) = &error.account {
            place = format!(" in account {account}");
        }
        if let Some(region) = &error.region {
            place.push(' ');
            place.push_str(region.as_str());
        }
        let mut failure = Self::new(format!("{} failed{place}", error.operation))
            .cause(format!("{}: {}", error.code, error.message));
        if let Some(request_id) = &error.request_id {
            failure = failure.cause(format!("AWS request id {request_id}"));
        }
        failure.hints = hints(&error);
        failure
    }
}

impl From<Vec<SelectionError>> for Failure {
    fn from(errors: Vec<SelectionError>) -> Self {
        let hints = errors.iter().filter_map(|error| match error {
            SelectionError::Nothing { option, pattern, .. }
                if pattern.contains(',') && !pattern.contains('{') =>
            {
                Some(format!("for either write --{option} '{{{pattern}}}', or repeat the option"))
            }
            SelectionError::Nothing { option, nearest: Some(nearest), .. } => {
                Some(format!("did you mean --{option} {nearest}?"))
            }
            SelectionError::NoAccount => {
                Some("an account is selected if it matches every option that is given, and no --exclude-...".to_owned())
            }
            SelectionError::Nothing { .. } | SelectionError::Pattern { .. } => None,
        });
        let hints = hints.collect();
        let words: Vec<_> = errors.iter().map(ToString::to_string).collect();
        Self { hints, ..Self::new(words.join("; ")) }
    }
}

/// A fault of the simulated AWS's file. Its code is a word between rooms, and nobody is sent to AWS for it.
fn sandbox(error: &CloudError) -> Failure {
    let failure = Failure::new("the simulated AWS cannot be used").cause(&error.message);
    match error.kind {
        ErrorKind::Unavailable => failure.hint("give another file: --sandbox=FILE"),
        ErrorKind::Credentials
        | ErrorKind::Denied
        | ErrorKind::Throttled
        | ErrorKind::NotReady
        | ErrorKind::Conflict
        | ErrorKind::NotFound
        | ErrorKind::Refused => failure
            .hint("delete the file, and what is simulated in it, or give another: --sandbox=FILE"),
    }
}

/// What helps against a failed call, by its kind.
fn hints(error: &CloudError) -> Vec<String> {
    let hint = match error.kind {
        ErrorKind::Credentials => {
            return vec![
                "sign in to the management account (`aws sso login`), then set AWS_PROFILE, or set \
                 AWS_ACCESS_KEY_ID and its like"
                    .to_owned(),
                "--sandbox does the same on a simulated AWS, without credentials".to_owned(),
            ];
        }
        ErrorKind::Denied if error.operation == "sts:AssumeRole" => {
            "the role must exist in the account, and its trust policy must allow the caller; accounts that were \
             invited into the organization have no such role of their own"
        }
        ErrorKind::Denied => "the caller's policies, and the organization's, must allow this call",
        ErrorKind::Throttled => "wait a little, or lower --parallelism and --read-parallelism",
        ErrorKind::Unavailable => "look at the network; running the command again is safe",
        ErrorKind::NotReady | ErrorKind::Conflict => {
            "something is still on its way in AWS; running the command again is safe"
        }
        ErrorKind::NotFound | ErrorKind::Refused => return Vec::new(),
    };
    vec![hint.to_owned()]
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::cli::captured::Captured;
    use crate::cli::printer::{Printer, Verbosity};

    fn printed(failure: &Failure) -> String {
        let captured = Captured::default();
        let nowhere = Box::new(io::sink());
        Printer::new(nowhere, Box::new(captured.clone()), Verbosity::Quiet).failure(failure);
        captured.text()
    }

    #[test]
    fn a_role_that_cannot_be_assumed_is_told_with_account_code_and_request() {
        let error = CloudError {
            request_id: Some("0f-1".into()),
            ..CloudError::new(
                ErrorKind::Denied,
                "sts:AssumeRole",
                "AccessDenied",
                "not authorized\nto perform \u{1b}[31msts:AssumeRole",
            )
            .at(&"333333333333".parse().unwrap(), None)
        };
        insta::assert_snapshot!(printed(&error.into()));
    }

    #[test]
    fn without_credentials_both_ways_to_go_on_are_named() {
        let error = CloudError::new(ErrorKind::Credentials, "credentials", "NoCredentials", "none");
        let shown = printed(&error.into());
        assert!(shown.contains("aws sso login"), "{shown}");
        assert!(shown.contains("--sandbox"), "{shown}");
    }

    #[test]
    fn a_fault_of_the_sandbox_does_not_send_anybody_to_aws() {
        let error =
            CloudError::new(ErrorKind::Refused, "sandbox", "SandboxForm", "a.json: damaged");
        let shown = printed(&error.into());
        assert!(shown.contains("a.json") && shown.contains("--sandbox=FILE"), "{shown}");
        assert!(!shown.contains("SandboxForm") && !shown.contains("aws"), "{shown}");
    }

    #[test]
    fn a_list_with_commas_is_told_how_to_say_either() {
        let error = SelectionError::Nothing {
            option: "account",
            pattern: "a,b".into(),
            nearest: Some("a-b".into()),
        };
        let hints = Failure::from(vec![error]).hints;
        assert_eq!(hints, ["for either write --account '{a,b}', or repeat the option"]);
    }
}
