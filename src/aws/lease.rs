//! Leases: objects that S3 writes and deletes on a condition only.
//!
//! `PutObject` with `If-None-Match: *` writes what is not there yet, with `If-Match` what has that `ETag`; else it answers
//! 412 `PreconditionFailed`. Of two at once one is answered 409 `ConditionalRequestConflict`, or 404 if what it would
//! replace was deleted (S3's user guide, "How to prevent object overwrites with conditional writes"). `DeleteObject` with
//! `If-Match` needs `s3:GetObject` as well ("How to perform conditional deletes"). In a bucket with versions, an object
//! whose newest version is a marker of its deletion is not there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use crate::cloud::{CloudError, ErrorKind, LeasePlace, LeaseWrite, Result, StoredLease};
use crate::model::Target;

const GET: &str = "s3:GetObject";
const PUT: &str = "s3:PutObject";
const DELETE: &str = "s3:DeleteObject";

/// A lease has a few hundred bytes. What is longer was put there by somebody else, and is not read.
const MOST_BYTES: i64 = 16_384;

pub(super) async fn lease(cloud: &AwsCloud, place: &LeasePlace) -> Result<Option<StoredLease>> {
    let (target, clock) = (cloud.management(), ServerClock::default());
    let request = cloud.s3(&target).get_object().bucket(&place.bucket).key(&place.key);
    let answer = request.customize().interceptor(clock.clone()).send().await;
    let found = match answer.explain(GET, &target) {
        Ok(found) => found,
        Err(error) if error.code == "NoSuchKey" => return Ok(None),
        Err(error) => return Err(error),
    };
    let version = found.e_tag().unwrap_or_default().to_owned();
    let written = found.last_modified().and_then(|at| SystemTime::try_from(*at).ok());
    let written = written.ok_or_else(|| unexpected(GET, &target, "an object without a date"))?;
    let now = clock.told(GET, &target)?;
    let fits = found.content_length().is_some_and(|length| length <= MOST_BYTES);
    let text = if fits { read(found.body, &target).await? } else { String::new() };
    // The two have whole seconds, and an answer is dated before it is made.
    let age = now.duration_since(written).unwrap_or_default();
    Ok(Some(StoredLease { text, version, written, age }))
}

pub(super) async fn write(
    cloud: &AwsCloud,
    place: &LeasePlace,
    text: &str,
    before: Option<&str>,
) -> Result<LeaseWrite> {
    let (target, clock) = (cloud.management(), ServerClock::default());
    let request = cloud.s3(&target).put_object().bucket(&place.bucket).key(&place.key);
    let request = match before {
        Some(version) => request.if_match(version),
        None => request.if_none_match("*"),
    };
    let request = request
        .content_type("application/json")
        .body(ByteStream::from(text.as_bytes().to_vec()))
        .customize()
        .interceptor(clock.clone());
    match request.send().await.explain(PUT, &target) {
        Ok(written) => {
            let version = written.e_tag().unwrap_or_default().to_owned();
            Ok(LeaseWrite::Written { version, at: clock.told(PUT, &target)? })
        }
        Err(error) if has_changed(&error) => Ok(LeaseWrite::Changed),
        Err(error) => Err(error),
    }
}

pub(super) async fn delete(cloud: &AwsCloud, place: &LeasePlace, version: &str) -> Result<bool> {
    let target = cloud.management();
    let request = cloud.s3(&target).delete_object().bucket(&place.bucket).key(&place.key);
    match request.if_match(version).send().await.explain(DELETE, &target) {
        Ok(_) => Ok(true),
        Err(error) if has_changed(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether S3 refuses because the condition does not hold, or did not hold long enough.
fn has_changed(error: &CloudError) -> bool {
    ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].contains(&error.code.as_str())
}

async fn read(body: ByteStream, target: &Target) -> Result<String> {
    let bytes = body.collect().await.map_err(|error| {
        CloudError::new(ErrorKind::Unavailable, GET, "NoConnection", error.to_string())
            .at(&target.account, Some(&target.region))
    })?;
    Ok(String::from_utf8_lossy(&bytes.into_bytes()).into_owned())
}

/// The `Date` of S3's answer: what its clock says, whatever ours says.
#[derive(Clone, Debug, Default)]
struct ServerClock(Arc<Mutex<Option<SystemTime>>>);

impl ServerClock {
    fn told(&self, operation: &str, target: &Target) -> Result<SystemTime> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.ok_or_else(|| unexpected(operation, target, "an answer without a Date"))
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "avm: the server's clock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        let date = date.and_then(|date| SystemTime::try_from(date).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::fake::{Fake, Reply, refusal};
    use super::*;
    use crate::cloud::CloudWriter as _;

    fn place() -> LeasePlace {
        LeasePlace { bucket: "acme-avm".into(), key: "avm/lease/o-1.json".into() }
    }

    fn dated(reply: Reply) -> Reply {
        reply.header("date", "Sun, 22 Nov 2026 14:05:30 GMT")
    }

    #[tokio::test(start_paused = true)]
    async fn the_age_of_a_lease_is_by_the_clock_of_s3_alone() {
        let found = dated(Reply::json("{}"))
            .header("last-modified", "Sun, 22 Nov 2026 14:00:00 GMT")
            .header("content-length", "2")
            .header("etag", "\"abc\"");
        let fake = Fake::new().answer("GET", [found]);
        let found = fake.cloud().lease(&place()).await.unwrap().unwrap();
        assert_eq!(found.age, Duration::from_secs(330));
        assert_eq!((found.text.as_str(), found.version.as_str()), ("{}", "\"abc\""));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_there_is_no_lease_and_what_may_not_be_read_is_an_error() {
        let fake = Fake::new().answer("GET", [refusal(404, "NoSuchKey", "no such key")]);
        assert_eq!(fake.cloud().lease(&place()).await.unwrap(), None);
        for code in ["AccessDenied", "NoSuchBucket"] {
            let fake = Fake::new().answer("GET", [refusal(403, code, "no")]);
            assert_eq!(fake.cloud().lease(&place()).await.unwrap_err().code, code);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_condition_that_does_not_hold_is_an_answer_and_no_error() {
        for (status, code) in
            [(412, "PreconditionFailed"), (409, "ConditionalRequestConflict"), (404, "NoSuchKey")]
        {
            let fake = Fake::new()
                .answer("PUT", [refusal(status, code, "no")])
                .answer("DELETE", [refusal(status, code, "no")]);
            let cloud = fake.cloud();
            let write = cloud.write_lease(&place(), "{}", Some("\"abc\"")).await.unwrap();
            assert_eq!(write, LeaseWrite::Changed);
            assert!(!cloud.delete_lease(&place(), "\"abc\"").await.unwrap());
            assert_eq!((fake.count("PUT"), fake.count("DELETE")), (1, 1));
        }
        let fake = Fake::new().answer("PUT", [refusal(404, "NoSuchBucket", "no bucket")]);
        let error = fake.cloud().write_lease(&place(), "{}", None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_written_to_its_key_and_known_by_its_etag() {
        let written = dated(Reply::empty(200)).header("etag", "\"abc\"");
        let fake = Fake::new().answer("PUT", [written]);
        let write = fake.cloud().write_lease(&place(), "{\"run\":1}", None).await.unwrap();
        let LeaseWrite::Written { version, .. } = write else { panic!("{write:?}") };
        assert_eq!(version, "\"abc\"");
        let call = &fake.calls("PUT")[0];
        assert!(call.uri.contains("acme-avm.s3.eu-west-1.amazonaws.com/avm/lease/o-1.json"));
        assert!(call.body.contains("{\"run\":1}"), "{}", call.body);
    }
}
