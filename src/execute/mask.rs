//! What AWS says, with no secret of the run in it.
//!
//! AWS masks `NoEcho` values where it describes a stack. What a resource's own service says of a value that it refuses, and
//! what a change set says of a property, AWS hands on as it is.

use super::report::StepError;
use crate::cloud::{CloudError, ResourceFailure, Secrets};
use crate::plan::{Answer, PreviewedChange, PreviewedDetail};

/// A failure, to be told.
pub(super) fn error(error: StepError, secrets: &Secrets) -> StepError {
    let mask = |text: String| secrets.masked(&text);
    match error {
        StepError::Cloud(error) => {
            StepError::Cloud(CloudError { message: mask(error.message), ..error })
        }
        StepError::Stack { stack, state, state_reason, failures } => StepError::Stack {
            stack,
            state,
            state_reason: state_reason.map(mask),
            failures: failures
                .into_iter()
                .map(|failure| ResourceFailure { reason: mask(failure.reason), ..failure })
                .collect(),
        },
        StepError::Deadline { what, seconds, last } => {
            StepError::Deadline { what, seconds, last: mask(last) }
        }
        StepError::AccountRefused { reason } => StepError::AccountRefused { reason: mask(reason) },
        StepError::Changed(why) => StepError::Changed(mask(why)),
        StepError::Blocked(why) => StepError::Blocked(mask(why)),
        StepError::Refused(why) => StepError::Refused(mask(why)),
        StepError::MissingValue { what, why } => StepError::MissingValue { what, why: mask(why) },
    }
}

/// CloudFormation's answer to a question, to be told.
pub(super) fn answer(answer: Answer, secrets: &Secrets) -> Answer {
    let mask = |text: String| secrets.masked(&text);
    match answer {
        Answer::Changes(changes) => {
            let detail = |detail: PreviewedDetail| PreviewedDetail {
                before: detail.before.map(mask),
                after: detail.after.map(mask),
                ..detail
            };
            let change = |change: PreviewedChange| PreviewedChange {
                physical_id: change.physical_id.map(mask),
                details: change.details.into_iter().map(detail).collect(),
                ..change
            };
            Answer::Changes(changes.into_iter().map(change).collect())
        }
        Answer::NoChange => Answer::NoChange,
        Answer::Refused { reason, findings } => Answer::Refused {
            reason: mask(reason),
            findings: findings.into_iter().map(mask).collect(),
        },
        Answer::NotAsked(why) => Answer::NotAsked(mask(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{ErrorKind, Secret, StackState};
    use crate::plan::{Action, Replacement};

    const SECRET: &str = "correct-horse";

    fn secrets() -> Secrets {
        std::iter::once(("A".parse().unwrap(), Secret::new(SECRET.to_owned()))).collect()
    }

    fn said() -> String {
        format!("the password {SECRET} is too weak")
    }

    #[test]
    fn a_service_that_repeats_the_password_it_refuses_is_not_repeated() {
        let failure = ResourceFailure {
            logical_id: "Database".into(),
            resource_type: "AWS::RDS::DBInstance".into(),
            reason: said(),
        };
        let call = CloudError::new(ErrorKind::Refused, "cloudformation:CreateStack", "No", said());
        for told in [
            StepError::Cloud(call),
            StepError::Stack {
                stack: "db".parse().unwrap(),
                state: StackState::RollbackComplete,
                state_reason: Some(said()),
                failures: vec![failure],
            },
            StepError::AccountRefused { reason: said() },
            StepError::Deadline { what: "it".into(), seconds: 1, last: said() },
            StepError::Changed(said()),
            StepError::Blocked(said()),
            StepError::Refused(said()),
            StepError::MissingValue { what: "key".into(), why: said() },
        ] {
            let told = serde_json::to_string(&error(told, &secrets())).unwrap();
            assert!(told.contains("****") && !told.contains(SECRET), "{told}");
        }
    }

    #[test]
    fn a_change_set_that_shows_a_secret_property_does_not_show_it_further() {
        let detail = PreviewedDetail {
            path: "/Properties/MasterUserPassword".into(),
            before: Some(said()),
            after: Some(SECRET.into()),
            replacement: Replacement::Never,
        };
        let change = PreviewedChange {
            logical_id: "Database".into(),
            resource_type: "AWS::RDS::DBInstance".into(),
            physical_id: Some(SECRET.into()),
            action: Action::Update,
            replacement: Replacement::Never,
            scope: Vec::new(),
            policy_action: None,
            details: vec![detail],
        };
        for told in [
            Answer::Changes(vec![change]),
            Answer::Refused { reason: said(), findings: vec![said()] },
            Answer::NotAsked(said()),
        ] {
            let told = serde_json::to_string(&answer(told, &secrets())).unwrap();
            assert!(told.contains("****") && !told.contains(SECRET), "{told}");
        }
    }
}
