//! The SDK's errors in avm's words.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::answer::{answer, is_not_implemented};
use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::Target;

/// Says what a failed call was about.
pub(super) trait Explain<T> {
    /// Turns an SDK error into a [`CloudError`] of `operation` (`ec2:DescribeVpcs`) in `target`.
    fn explain(self, operation: &str, target: &Target) -> Result<T>;
}

impl<T, E> Explain<T> for std::result::Result<T, SdkError<E, HttpResponse>>
where
    E: Error + ProvideErrorMetadata + 'static,
{
    fn explain(self, operation: &str, target: &Target) -> Result<T> {
        self.map_err(|error| cloud_error(&error, operation, target))
    }
}

/// An answer that AWS's documentation does not know.
pub(super) fn unexpected(operation: &str, target: &Target, what: impl fmt::Display) -> CloudError {
    let message = format!("AWS answered with something that avm cannot read: {what}");
    CloudError::new(ErrorKind::Refused, operation, "UnexpectedAnswer", message)
        .at(&target.account, Some(&target.region))
}

/// Reads a word of an answer into a value of the model's.
pub(super) fn read<T>(word: Option<&str>, operation: &str, target: &Target) -> Result<T>
where
    T: FromStr<Err: fmt::Display>,
{
    let word = word.ok_or_else(|| unexpected(operation, target, "a value is missing"))?;
    word.parse().map_err(|error| unexpected(operation, target, error))
}

/// The caller has no credentials, or what should give them failed.
pub(super) fn no_credentials(cause: impl fmt::Display) -> CloudError {
    let message = format!(
        "no AWS credentials: sign in and name the profile (`aws sso login`, AWS_PROFILE), or set \
         AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use --sandbox to try avm without AWS; what was tried: \
         {cause}"
    );
    CloudError::new(ErrorKind::Credentials, "credentials", "NoCredentials", message)
}

fn cloud_error<E>(error: &SdkError<E, HttpResponse>, operation: &str, target: &Target) -> CloudError
where
    E: Error + ProvideErrorMetadata + 'static,
{
    // A session that could not be had has told what it was about.
    if let Some(of_session) = cause::<CloudError>(error) {
        return of_session.clone();
    }
    if let Some(of_provider) = cause::<CredentialsError>(error) {
        return no_credentials(chain(of_provider));
    }
    let (kind, code, message) = match error.raw_response() {
        Some(response) => refusal(error, response, operation),
        None => no_answer(error),
    };
    CloudError {
        request_id: error.request_id().map(str::to_owned),
        ..CloudError::new(kind, operation, &code, message)
    }
    .at(&target.account, Some(&target.region))
}

/// What AWS said.
fn refusal<E>(
    error: &SdkError<E, HttpResponse>,
    response: &HttpResponse,
    operation: &str,
) -> (ErrorKind, String, String)
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let status = response.status().as_u16();
    if is_not_implemented(response) {
        let message = format!("the endpoint does not implement it: HTTP {status} and a web page");
        return (ErrorKind::Refused, "NotImplemented".into(), message);
    }
    let answered = error.as_service_error();
    // Also the words that the SDK does not find, because they come in another protocol's form.
    let answer = answer(response);
    let code = answered.and_then(ProvideErrorMetadata::code);
    let code = code.or(answer.as_ref().map(|answer| answer.code.as_str())).unwrap_or_default();
    let message = answered.and_then(ProvideErrorMetadata::message);
    let message = match message.or(answer.as_ref().map(|answer| answer.message.as_str())) {
        Some(message) if !message.is_empty() => bounded(message),
        _ if code.is_empty() => bounded(&chain(error)),
        _ => "AWS gave no reason".to_owned(),
    };
    let kind = by_code(code, &message, operation).unwrap_or_else(|| by_status(status));
    let code = if code.is_empty() { format!("HTTP {status}") } else { bounded(code) };
    (kind, code, message)
}

/// The most bytes of a message that are kept: AWS's longest, an encoded refusal, has a few thousand.
const MOST_BYTES: usize = 16_384;

/// A message, or the beginning of one that nobody has meant to be read.
fn bounded(message: &str) -> String {
    if message.len() <= MOST_BYTES {
        return message.to_owned();
    }
    let end = message.floor_char_boundary(MOST_BYTES);
    format!("{}... ({} bytes in all)", &message[..end], message.len())
}

/// Why nothing was said.
#[expect(clippy::wildcard_enum_match_arm, reason = "SdkError may grow; what is left has no answer")]
fn no_answer<E>(error: &SdkError<E, HttpResponse>) -> (ErrorKind, String, String)
where
    E: Error + 'static,
{
    let (kind, code) = match error {
        SdkError::TimeoutError(_) => (ErrorKind::Unavailable, "Timeout"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (ErrorKind::Unavailable, "Timeout")
        }
        SdkError::ConstructionFailure(_) => (ErrorKind::Refused, "InvalidRequest"),
        _ => (ErrorKind::Unavailable, "NoConnection"),
    };
    (kind, code.into(), chain(error))
}

/// Error codes by what avm does about them. The first row that knows a code counts.
const CODES: [(ErrorKind, &[&str]); 8] = [
    (
        ErrorKind::Denied,
        &["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403"],
    ),
    (
        ErrorKind::NotReady,
        &[
            // A new account, for some minutes; also a region that the account has not opted in to.
            "OptInRequired",
            "SubscriptionRequiredException",
            "NotSignedUp",
            "PendingVerification",
            "RegionDisabledException",
            // A new organization, for up to an hour.
            "FinalizingOrganizationException",
        ],
    ),
    (
        ErrorKind::Credentials,
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "InvalidAccessKeyId",
        ],
    ),
    (
        ErrorKind::Throttled,
        &[
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "EC2ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "PriorRequestNotComplete",
        ],
    ),
    (
        ErrorKind::Conflict,
        &[
            "ConcurrentModificationException",
            "ConcurrentModification",
            "ConflictException",
            "OperationInProgressException",
            "OperationAborted",
            "DependencyViolation",
            "IncorrectState",
            // Somebody has moved the account away from where it was.
            "SourceParentNotFoundException",
        ],
    ),
    (ErrorKind::NotFound, &["Gateway.NotAttached", "404"]),
    (
        ErrorKind::Refused,
        &[
            // Cloud Control: it is the type that it does not know, and the service's quota that is used up. The
            // ending and the status would say otherwise.
            "TypeNotFoundException",
            "ServiceLimitExceededException",
        ],
    ),
    (
        ErrorKind::Unavailable,
        &[
            "InternalError",
            "InternalFailure",
            "InternalServiceError",
            "ServiceException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "Unavailable",
            "RequestTimeout",
            "RequestTimeoutException",
        ],
    ),
];

/// Codes that a service gives for a session that it does not know.
const UNKNOWN_SESSION: [&str; 3] =
    ["AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException"];

fn by_code(code: &str, message: &str, operation: &str) -> Option<ErrorKind> {
    if let Some((kind, _)) = CODES.iter().find(|(_, codes)| codes.contains(&code)) {
        return Some(*kind);
    }
    if UNKNOWN_SESSION.contains(&code) {
        // STS and Organizations are asked with the caller's own credentials. All others are asked with a session
        // that STS has just given: then the account is too new, or has not opted in to the region.
        let with_own = operation.starts_with("sts:") || operation.starts_with("organizations:");
        return Some(if with_own { ErrorKind::Credentials } else { ErrorKind::NotReady });
    }
    // CloudFormation has one code for everything that it refuses.
    if code == "ValidationError" && message.contains("does not exist") {
        return Some(ErrorKind::NotFound);
    }
    if code == "ValidationError" && message.contains("_IN_PROGRESS state") {
        return Some(ErrorKind::Conflict);
    }
    match code {
        "" => None,
        _ if code.starts_with("Throttl") => Some(ErrorKind::Throttled),
        _ if code.contains("AlreadyExists") || code.starts_with("Duplicate") => {
            Some(ErrorKind::Conflict)
        }
        _ if code.ends_with("NotFound") || code.ends_with("NotFoundException") => {
            Some(ErrorKind::NotFound)
        }
        _ if code.starts_with("NoSuch") => Some(ErrorKind::NotFound),
        _ => None,
    }
}

fn by_status(status: u16) -> ErrorKind {
    match status {
        401 | 403 => ErrorKind::Denied,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::Throttled,
        // Also a success that cannot be read: what it says is lost.
        ..=399 | 500.. => ErrorKind::Unavailable,
        _ => ErrorKind::Refused,
    }
}

/// An error and its causes in their own words. The SDK's way of printing adds the response, which may hold secrets.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let words = error.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        next = error.source();
    }
    text
}

/// The first error of type `T` in the chain below `error`.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    #[test]
    fn each_code_has_its_kind() {
        use ErrorKind::{
            Conflict, Credentials, Denied, NotFound, NotReady, Refused, Throttled, Unavailable,
        };
        for (operation, code, message, kind) in [
            ("sts:AssumeRole", "AccessDenied", "", Some(Denied)),
            ("ec2:DescribeVpcs", "UnauthorizedOperation", "", Some(Denied)),
            ("sts:AssumeRole", "RegionDisabledException", "", Some(NotReady)),
            ("ec2:DescribeVpcs", "OptInRequired", "", Some(NotReady)),
            ("ec2:DescribeVpcs", "PendingVerification", "", Some(NotReady)),
            ("kms:ListKeys", "SubscriptionRequiredException", "", Some(NotReady)),
            ("ec2:DescribeVpcs", "AuthFailure", "", Some(NotReady)),
            ("kms:ListKeys", "UnrecognizedClientException", "", Some(NotReady)),
            ("sts:GetCallerIdentity", "InvalidClientTokenId", "", Some(Credentials)),
            ("sts:AssumeRole", "ExpiredToken", "", Some(Credentials)),
            ("ec2:DeleteSubnet", "InvalidSubnetID.NotFound", "", Some(NotFound)),
            ("ec2:DetachInternetGateway", "Gateway.NotAttached", "", Some(NotFound)),
            ("kms:DescribeKey", "NotFoundException", "", Some(NotFound)),
            ("s3:PutObject", "NoSuchBucket", "", Some(NotFound)),
            (
                "cloudformation:DescribeStacks",
                "ValidationError",
                "Stack with id x does not exist",
                Some(NotFound),
            ),
            (
                "cloudformation:UpdateStack",
                "ValidationError",
                "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.",
                Some(Conflict),
            ),
            ("cloudformation:UpdateStack", "ValidationError", "Parameters: [X]", None),
            ("cloudformation:CreateStack", "AlreadyExistsException", "", Some(Conflict)),
            ("ec2:DeleteSubnet", "DependencyViolation", "", Some(Conflict)),
            ("organizations:MoveAccount", "DuplicateAccountException", "", Some(Conflict)),
            ("organizations:MoveAccount", "SourceParentNotFoundException", "", Some(Conflict)),
            ("organizations:MoveAccount", "TooManyRequestsException", "", Some(Throttled)),
            ("cloudformation:CreateStack", "ThrottlingException", "", Some(Throttled)),
            ("organizations:CreateAccount", "ServiceException", "", Some(Unavailable)),
            ("iam:GetAccountPasswordPolicy", "NoSuchEntity", "", Some(NotFound)),
            ("iam:CreateAccountAlias", "EntityAlreadyExists", "", Some(Conflict)),
            ("iam:CreateAccountAlias", "ConcurrentModification", "", Some(Conflict)),
            ("s3:Get", "NoSuchPublicAccessBlockConfiguration", "", Some(NotFound)),
            ("account:GetAlternateContact", "ResourceNotFoundException", "", Some(NotFound)),
            ("account:EnableRegion", "ConflictException", "", Some(Conflict)),
            ("cloudformation:GetResource", "ResourceNotFoundException", "", Some(NotFound)),
            ("cloudformation:GetResource", "TypeNotFoundException", "", Some(Refused)),
            ("cloudformation:GetResource", "UnsupportedActionException", "", None),
            ("cloudformation:DescribeChangeSet", "ChangeSetNotFound", "", Some(NotFound)),
            ("guardduty:ListDetectors", "BadRequestException", "", None),
            ("organizations:CreateAccount", "ConstraintViolationException", "", None),
        ] {
            assert_eq!(by_code(code, message, operation), kind, "{operation} {code} {message}");
        }
    }

    #[test]
    fn without_a_code_the_status_counts() {
        assert_eq!(by_status(403), ErrorKind::Denied);
        assert_eq!(by_status(404), ErrorKind::NotFound);
        assert_eq!(by_status(503), ErrorKind::Unavailable);
        assert_eq!(by_status(200), ErrorKind::Unavailable);
        assert_eq!(by_status(400), ErrorKind::Refused);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_says_what_where_and_which_request() {
        let refusal = refusal(403, "AccessDenied", "no").header("x-amzn-requestid", "request-7");
        let fake = Fake::new().answer("DescribeStacks", [refusal]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "cloudformation:DescribeStacks in 222222222222 eu-west-1: AccessDenied: no \
             (request id request-7)"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_has_its_code_and_message() {
        let fake = Fake::new()
            .answer("ListTagsForResource", [refusal(400, "TargetNotFoundException", "no account")]);
        let error = fake.cloud().account_tags(&account("222222222222")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("TargetNotFoundException", "no account")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_broken_answer_is_no_empty_answer() {
        let fake = Fake::new().answer("DescribeStacks", [Reply::xml("<DescribeStacks")]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn callers_without_credentials_hear_how_to_get_some() {
        let fake = Fake::new();
        let error = fake.without_credentials().organization().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Credentials, "{error}");
        assert!(error.message.contains("AWS_PROFILE"), "{error}");
        assert!(error.message.contains("--sandbox"), "{error}");
        assert_eq!(fake.count("GetCallerIdentity"), 0);
    }
}
