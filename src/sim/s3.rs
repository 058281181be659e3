//! Templates in buckets.

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Bucket, World};
use crate::cloud::{ErrorKind, Result};

pub(super) async fn upload(
    aws: &SimulatedCloud,
    bucket: &str,
    key: &str,
    body: &str,
) -> Result<String> {
    aws.call(Call::write("s3:PutObject"), |world| {
        let found = self::bucket(world, bucket)?;
        found.objects.insert(key.to_owned(), body.to_owned());
        let suffix = found.region.dns_suffix();
        Ok(format!("https://{bucket}.s3.{}.{suffix}/{key}", found.region))
    })
    .await
}

pub(super) fn bucket<'a>(world: &'a mut World, name: &str) -> Answer<&'a mut Bucket> {
    world.buckets.get_mut(name).ok_or_else(|| {
        Refusal::new(
            ErrorKind::NotFound,
            "NoSuchBucket",
            format!("The specified bucket does not exist: {name}"),
        )
    })
}

/// The object at an address that [`upload`] has answered.
pub(super) fn object<'a>(world: &'a World, url: &str) -> Option<&'a str> {
    let (host, key) = url.strip_prefix("https://")?.split_once('/')?;
    let (bucket, _) = host.split_once(".s3.")?;
    world.buckets.get(bucket)?.objects.get(key).map(String::as_str)
}
