//! Templates that are too big for a request, kept in S3.

use aws_sdk_s3::primitives::ByteStream;

use super::cloud::AwsCloud;
use super::error::Explain as _;
use crate::cloud::{ErrorKind, Result};

/// The key names the content, so an object that is there is the template already.
pub(super) async fn upload_template(
    cloud: &AwsCloud,
    bucket: &str,
    key: &str,
    body: &str,
) -> Result<String> {
    let target = cloud.management();
    let client = cloud.s3(&target);
    let url = format!("https://{bucket}.s3.{}.{}/{key}", target.region, target.region.dns_suffix());
    let there = client.head_object().bucket(bucket).key(key).send().await;
    match there.explain("s3:HeadObject", &target) {
        Ok(_) => return Ok(url),
        // Without the right to list a bucket, S3 says 403 of an object that is not there.
        Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Denied) => {}
        Err(error) => return Err(error),
    }
    let body = ByteStream::from(body.as_bytes().to_vec());
    let stored = client.put_object().bucket(bucket).key(key).body(body).send().await;
    stored.explain("s3:PutObject", &target)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal};
    use crate::cloud::{CloudWriter as _, ErrorKind};

    const URL: &str = "https://acme-artifacts.s3.eu-west-1.amazonaws.com/templates/abc.yaml";

    async fn upload(fake: &Fake) -> crate::cloud::Result<String> {
        fake.cloud().upload_template("acme-artifacts", "templates/abc.yaml", "Resources: {}").await
    }

    #[tokio::test(start_paused = true)]
    async fn a_template_that_is_not_there_is_stored_in_the_home_region() {
        for missing in [404, 403] {
            let fake = Fake::new()
                .answer("HEAD", [Reply::empty(missing)])
                .answer("PUT", [Reply::empty(200)]);
            assert_eq!(upload(&fake).await.unwrap(), URL);
            assert_eq!(fake.count("PUT"), 1);
            let call = &fake.calls("PUT")[0];
            assert!(call.uri.starts_with(URL), "{}", call.uri);
            assert!(call.body.contains("Resources: {}"), "{}", call.body);
            assert_eq!(fake.count("AssumeRole"), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_template_that_is_there_is_left_alone() {
        let fake = Fake::new().answer("HEAD", [Reply::empty(200)]);
        assert_eq!(upload(&fake).await.unwrap(), URL);
        assert_eq!(fake.count("PUT"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_that_is_not_there_is_not_found() {
        let fake = Fake::new()
            .answer("HEAD", [Reply::empty(404)])
            .answer("PUT", [refusal(404, "NoSuchBucket", "no bucket")]);
        assert_eq!(upload(&fake).await.unwrap_err().kind, ErrorKind::NotFound);
    }

    #[tokio::test(start_paused = true)]
    async fn at_an_address_of_the_users_own_the_bucket_is_in_the_path() {
        let operation = "HEAD /acme-artifacts/a.yaml";
        let fake = Fake::new().answer(operation, [Reply::empty(200)]);
        let mut cloud = fake.cloud();
        cloud.base = cloud.base.into_builder().endpoint_url("http://127.0.0.1:9").build();
        cloud.upload_template("acme-artifacts", "a.yaml", "").await.unwrap();
        assert_eq!(fake.calls(operation)[0].uri, "http://127.0.0.1:9/acme-artifacts/a.yaml");
    }
}
