//! An AWS on the other side of the HTTP client, that answers from a script. For tests: everything between a port's
//! method and the wire is the real SDK.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;

use super::cloud::AwsCloud;
use super::provider::signed;
use super::retry;
use crate::cloud::{Connection, Protection};
use crate::model::{AccountId, Target};
use crate::pace::Pacer;
use crate::policy::{Origin, table};

/// What comes back over the wire, or does not.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// An answer.
    Http { status: u16, headers: Vec<(&'static str, &'static str)>, body: Body },
    /// The connection breaks after the request was sent.
    Reset,
    /// Nothing, ever.
    Silence,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Text(String),
    /// Worded as the service that is asked words its refusals.
    Refusal {
        code: String,
        message: String,
    },
}

impl Reply {
    pub(super) fn json(body: &str) -> Self {
        Self::http(200, "application/x-amz-json-1.1", body)
    }

    pub(super) fn xml(body: &str) -> Self {
        Self::http(200, "text/xml", body)
    }

    /// A web page, as emulators and load balancers answer.
    pub(super) fn page(status: u16) -> Self {
        Self::http(status, "text/html; charset=utf-8", "<!doctype html><h1>Sorry</h1>")
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::http(status, "application/xml", "")
    }

    fn http(status: u16, content_type: &'static str, body: &str) -> Self {
        let headers = vec![("content-type", content_type)];
        Self::Http { status, headers, body: Body::Text(body.to_owned()) }
    }

    /// The same with one more header.
    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name, value));
        }
        self
    }

    /// The same with a piece of its body replaced.
    pub(super) fn with(mut self, old: &str, new: &str) -> Self {
        if let Self::Http { body: Body::Text(text), .. } = &mut self {
            assert!(text.contains(old), "{old} is not in {text}");
            *text = text.replace(old, new);
        }
        self
    }
}

/// AWS says no.
pub(super) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    let body = Body::Refusal { code: code.to_owned(), message: message.to_owned() };
    Reply::Http { status, headers: Vec::new(), body }
}

/// An answer of `DescribeStacks`.
pub(super) fn stacks(members: &str) -> Reply {
    Reply::xml(&format!(
        "<DescribeStacksResponse><DescribeStacksResult><Stacks>{members}</Stacks>\
         </DescribeStacksResult></DescribeStacksResponse>"
    ))
}

/// An answer of an EC2 operation that lists things.
pub(super) fn ec2_items(operation: &str, set: &str, items: &str) -> Reply {
    Reply::xml(&format!("<{operation}Response><{set}>{items}</{set}></{operation}Response>"))
}

/// An answer of `DescribeVpcs`: ids, and whether they are marked as default.
pub(super) fn vpcs(vpcs: &[(&str, bool)]) -> Reply {
    let item = |(id, default): &(&str, bool)| {
        format!("<item><vpcId>{id}</vpcId><isDefault>{default}</isDefault></item>")
    };
    ec2_items("DescribeVpcs", "vpcSet", &vpcs.iter().map(item).collect::<String>())
}

/// An answer of Cloud Control's `ListResources`.
pub(super) fn resources(identifiers: &[&str]) -> Reply {
    let one = |id: &&str| serde_json::json!({"Identifier": id});
    let all: Vec<_> = identifiers.iter().map(one).collect();
    Reply::json(&serde_json::json!({"ResourceDescriptions": all}).to_string())
}

/// An answer of Cloud Control's `GetResource`.
pub(super) fn resource(identifier: &str, properties: &serde_json::Value) -> Reply {
    let all = serde_json::json!({"Identifier": identifier, "Properties": properties.to_string()});
    Reply::json(&serde_json::json!({"ResourceDescription": all}).to_string())
}

/// An answer of `AssumeRole`.
pub(super) fn assumed(account: &AccountId, end: SystemTime) -> Reply {
    let end = DateTime::from(end).fmt(Format::DateTime).unwrap();
    Reply::xml(&format!(
        "<AssumeRoleResponse><AssumeRoleResult>\
         <AssumedRoleUser><AssumedRoleId>AROA:avm</AssumedRoleId>\
         <Arn>arn:aws:sts::{account}:assumed-role/OrganizationAccountAccessRole/avm</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
         <SessionToken>token</SessionToken><Expiration>{end}</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    ))
}

/// The member account in the home region.
pub(super) fn target() -> Target {
    Target { account: account("222222222222"), region: "eu-west-1".parse().unwrap() }
}

pub(super) fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The operation's name; where it is not sent, the HTTP method and path (`GET /detector`), for S3 the method.
    pub(super) operation: String,
    pub(super) uri: String,
    pub(super) body: String,
    /// The user agent.
    pub(super) agent: String,
}

/// The answer to a call, and to how many calls before it.
type Otherwise = Arc<dyn Fn(&Call, usize) -> Reply + Send + Sync>;

/// The script, and what was asked. Clones share both.
#[derive(Clone, Default)]
pub(super) struct Fake {
    script: Arc<Mutex<BTreeMap<String, VecDeque<Reply>>>>,
    otherwise: Option<Otherwise>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Fake {
    /// Answers nothing but `AssumeRole`, for any account and an hour.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Has `operation` answered so from now on, one reply after the other; the last one stays.
    pub(super) fn answer(self, operation: &str, replies: impl Into<VecDeque<Reply>>) -> Self {
        self.script.lock().unwrap().insert(operation.to_owned(), replies.into());
        self
    }

    /// Has everything answered that the script says nothing of.
    pub(super) fn otherwise(
        self,
        answer: impl Fn(&Call, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self { otherwise: Some(Arc::new(answer)), ..self }
    }

    pub(super) fn calls(&self, operation: &str) -> Vec<Call> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.operation == operation).cloned().collect()
    }

    pub(super) fn count(&self, operation: &str) -> usize {
        self.calls(operation).len()
    }

    pub(super) fn connection(command: &'static str) -> Connection {
        Connection {
            organization: "o-exampleorg1".parse().unwrap(),
            management_account: account("111111111111"),
            management_email: None,
            access_role: "OrganizationAccountAccessRole".parse().unwrap(),
            home: "eu-west-1".parse().unwrap(),
            run: "run1".into(),
            command,
            protection: Protection::default(),
        }
    }

    /// A cloud whose requests end here.
    pub(super) fn cloud(&self) -> AwsCloud {
        self.cloud_for("update")
    }

    pub(super) fn cloud_for(&self, command: &'static str) -> AwsCloud {
        let credentials = Credentials::new("AKIATEST", "secret", None, None, "test");
        AwsCloud::new(
            &self.base(SharedCredentialsProvider::new(credentials)),
            Self::connection(command),
            Pacer::default(),
        )
    }

    /// A cloud whose caller has no credentials.
    pub(super) fn without_credentials(&self) -> AwsCloud {
        AwsCloud::new(
            &self.base(SharedCredentialsProvider::new(Nothing)),
            Self::connection("update"),
            Pacer::default(),
        )
    }

    fn base(&self, credentials: SharedCredentialsProvider) -> SdkConfig {
        signed(SdkConfig::builder(), "run1")
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(aws_config::Region::new("eu-west-1"))
            .credentials_provider(credentials)
            .http_client(self.clone())
            .retry_config(retry::config())
            .timeout_config(retry::timeouts())
            .build()
    }

    fn reply(&self, call: &Call) -> Reply {
        let mut script = self.script.lock().unwrap();
        match script.get_mut(&call.operation) {
            Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some(replies) => replies[0].clone(),
            None if call.operation == "AssumeRole" => {
                // RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2F...
                let (_, arn) = call.body.split_once("iam%3A%3A").unwrap();
                assumed(&account(&arn[..12]), SystemTime::now() + Duration::from_hours(1))
            }
            None => match &self.otherwise {
                Some(answer) => answer(call, self.calls.lock().unwrap().len()),
                None => panic!("the script has no answer to {call:?}"),
            },
        }
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake").field("calls", &self.calls).finish_non_exhaustive()
    }
}

impl HttpClient for Fake {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Fake {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let call = read(&request);
        assert_known(&call);
        self.calls.lock().unwrap().push(call.clone());
        let reply = self.reply(&call);
        let words = words_of_refusal(&request);
        HttpConnectorFuture::new(async move {
            match reply {
                Reply::Http { status, headers, body } => {
                    let body = match body {
                        Body::Text(text) => text,
                        Body::Refusal { code, message } => words(&code, &message),
                    };
                    let status = StatusCode::try_from(status).unwrap();
                    let mut response = HttpResponse::new(status, SdkBody::from(body));
                    for (name, value) in headers {
                        response.headers_mut().insert(name, value);
                    }
                    Ok(response)
                }
                Reply::Reset => Err(ConnectorError::io("connection reset by peer".into())),
                Reply::Silence => std::future::pending().await,
            }
        })
    }
}

fn words_of_refusal(request: &HttpRequest) -> fn(&str, &str) -> String {
    let json = ["//account.", "//guardduty.", "//securityhub."];
    if request.headers().get("x-amz-target").is_some()
        || json.iter().any(|host| request.uri().contains(host))
    {
        return |code, message| format!(r#"{{"__type":"{code}","message":"{message}"}}"#);
    }
    if request.uri().contains("//ec2.") {
        return |code, message| {
            format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>\
                 </Errors><RequestID>r</RequestID></Response>"
            )
        };
    }
    if request.uri().contains(".s3.") {
        return |code, message| {
            format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
        };
    }
    |code, message| {
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        )
    }
}

fn read(request: &HttpRequest) -> Call {
    let body = request.body().bytes().unwrap_or_default();
    let body = String::from_utf8_lossy(body).into_owned();
    let target = request.headers().get("x-amz-target").and_then(|target| target.split('.').nth(1));
    let action = body.strip_prefix("Action=").and_then(|rest| rest.split('&').next());
    let operation = target.or(action).map_or_else(|| rest_operation(request), str::to_owned);
    let agent = request.headers().get("x-amz-user-agent").unwrap_or_default().to_owned();
    Call { operation, uri: request.uri().to_owned(), body, agent }
}

/// No call goes out that the table of permissions does not know. REST calls have no name here; for those the table is
/// held against the sources (`tests/integration/permissions.rs`).
fn assert_known(call: &Call) {
    let has_name = call.operation.chars().all(|c| c.is_ascii_alphanumeric());
    let is_method = call.operation.chars().all(|c| c.is_ascii_uppercase());
    let suffix = format!(":{}", call.operation);
    let mut calls = table().flat_map(|group| group.calls);
    let known = calls.any(
        |known| matches!(known.origin, Origin::Avm(operation) if operation.ends_with(&suffix)),
    );
    assert!(known || !has_name || is_method, "the table of permissions has no {}", call.operation);
}

/// What is asked in a protocol that does not name its operations: `GET /detector`; for S3 only the method.
fn rest_operation(request: &HttpRequest) -> String {
    let (method, uri) = (request.method(), request.uri());
    if uri.contains(".s3.") {
        return method.to_owned();
    }
    let host_and_path = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = host_and_path.split_once('/').map_or("", |(_, path)| path);
    format!("{method} /{}", path.split('?').next().unwrap_or_default())
}

/// A provider that has found nothing.
#[derive(Debug)]
struct Nothing;

impl ProvideCredentials for Nothing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nothing found")))
    }
}
